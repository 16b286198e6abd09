import type { IssuedSet } from './cafe24-state.ts';
import type { Delivered } from './http.ts';

/** One request to the token endpoint, as the server saw it. Times are epoch ms of the simulated clock. */
export interface TokenRequestRecord {
  readonly number: number;
  /** When it arrived, by the simulated clock. */
  readonly at: number;
  readonly mallId: string;
  readonly clientId: string | null;
  readonly grantType: string | null;
  /** The refresh token or the code that was presented. */
  readonly presented: string | null;
  readonly outcome: TokenRequestOutcome;
  /** Whether it took effect: a code was used, or an access token issued for a refresh token. */
  readonly applied: boolean;
  readonly issued: IssuedSet | null;
}

export interface TokenRequestOutcome {
  /** null while it is pending, and for a connection dropped without an answer. */
  readonly status: number | null;
  /** `error` of the answer where it states one. */
  readonly error: string | null;
  readonly delivery: 'pending' | Delivered;
}

export interface RequestLog {
  readonly records: readonly TokenRequestRecord[];
  /** Opens a record and returns the way to amend it. */
  open(start: Omit<TokenRequestRecord, 'number' | 'outcome' | 'applied' | 'issued'>): OpenRecord;
  clear(): void;
}

export interface OpenRecord {
  current(): TokenRequestRecord;
  amend(change: Partial<Pick<TokenRequestRecord, 'outcome' | 'applied' | 'issued'>>): void;
}

export function createRequestLog(): RequestLog {
  const records: TokenRequestRecord[] = [];
  let opened = 0;
  return {
    records,
    open(start) {
      let record: TokenRequestRecord = {
        number: ++opened,
        ...start,
        outcome: { status: null, error: null, delivery: 'pending' },
        applied: false,
        issued: null,
      };
      records.push(record);
      return {
        current: () => record,
        amend(change) {
          const index = records.indexOf(record);
          record = { ...record, ...change };
          if (index >= 0) records[index] = record;
        },
      };
    },
    clear() {
      records.length = 0;
    },
  };
}
