import type { StoreStatus, StoreView } from './command-line.ts';
import { type CountdownReading, countdownErrorMs, type Evidence } from './judge.ts';
import type { RecordedRequest, SimulatorClient } from './simulator-client.ts';
import type { Shown, StatusWindow } from './status-window.ts';
import type { Transcript } from './transcript.ts';

/** Collects what a run shows: each value goes to the transcript, and what will be judged is kept. */
export interface EvidenceBook {
  note(what: string, value: string | number, source: string): void;
  /** For a value with its source: `waitFor(...).then(book.see('window'))`. */
  see(what: string): (shown: Shown) => void;
  storeStatus(what: string): Promise<StoreStatus>;
  storedDeadline(): Promise<number | null>;
  countdown(window: StatusWindow): Promise<void>;
  moveClock(byMs: number): Promise<void>;
  requests(): Promise<readonly RecordedRequest[]>;
  /** Looks for the last time, after everything has ended. */
  close(): Promise<Evidence>;
}

const STATUS_SOURCE = 'dist/cli.js status --json';
const REQUESTS_SOURCE = 'simulator: GET /__requests';

export function createEvidence(parts: {
  readonly transcript: Transcript;
  readonly simulator: SimulatorClient;
  readonly store: StoreView;
}): EvidenceBook {
  const { transcript, simulator, store } = parts;
  const countdowns: CountdownReading[] = [];
  const storedDeadline = async () => (await store.status()).refresh_token_expires_at;
  const storeStatus = async (what: string) => {
    const status = await store.status();
    transcript.observe(what, describe(status), `${STATUS_SOURCE}, exit code ${status.exitCode}`);
    return status;
  };
  return {
    note: transcript.observe,
    see:
      (what) =>
      ({ value, source }) =>
        transcript.observe(what, value, source),
    storeStatus,
    storedDeadline,
    async countdown(window) {
      const reading = await window.readCountdown({ now: simulator.now, deadlineAt: storedDeadline });
      countdowns.push(reading);
      transcript.observe(
        '  its countdown',
        `${reading.shownSeconds} s to ${iso(reading.shownDeadlineAt)}`,
        'DOM: data-remaining-s and data-deadline-at of [data-testid=countdown]',
      );
      transcript.observe(
        '  by server and store',
        `off by ${countdownErrorMs(reading)} ms`,
        `simulator: GET /__clock; ${STATUS_SOURCE}`,
      );
    },
    async moveClock(byMs) {
      const now = await simulator.advance(byMs);
      transcript.observe(`clock moved by ${byMs / 60_000} min`, iso(now), 'simulator: POST /__clock');
    },
    requests: simulator.requests,
    async close() {
      const requests = await simulator.requests();
      for (const request of requests) {
        transcript.observe(`token request ${request.number}`, describeRequest(request), REQUESTS_SOURCE);
      }
      const status = await storeStatus('store at the end');
      const servedToken = await store.token();
      transcript.observe(
        'access token from the store',
        servedToken === requests.at(-1)?.issued?.accessToken ? 'the one issued last' : 'another one',
        `dist/cli.js token, compared with ${REQUESTS_SOURCE}`,
      );
      // Looking must not have cost a token request.
      return { requests: await simulator.requests(), store: status, servedToken, countdowns };
    },
  };
}

function describe(status: StoreStatus): string {
  const { state, reason, refresh_token_expires_at: deadlineAt, store } = status;
  const until = deadlineAt === null ? 'no deadline' : `until ${iso(deadlineAt)}`;
  return [state, ...(reason === null ? [] : [reason]), until, `${store.kind} store`].join(', ');
}

/** Its shape alone: a record holds tokens. */
function describeRequest({ grantType, at, outcome, applied }: RecordedRequest): string {
  const answer = [outcome.status ?? 'no status', outcome.error, outcome.delivery].filter(Boolean).join(' ');
  return `${grantType ?? 'no grant type'} at ${iso(at)}: ${answer}, ${applied ? 'applied' : 'not applied'}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
