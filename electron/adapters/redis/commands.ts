/** The scripts as commands of the client, and what crosses between it and them. */
import type { Result } from 'ioredis';
import type { CommitOutcome, StoreCommit, StoreView } from '../../ports.ts';
import { ANCHOR_ALERTS, CLAIM_ALERT, IMPORT_ALERTS, READ_ALERTS, SETTLE_ALERT } from './alert-scripts.ts';
import { ASIDE, COMMIT, LEASE, SPENT_LIST, VIEW } from './scripts.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    mallView(...args: readonly string[]): Result<unknown, Context>;
    mallSpent(...args: readonly string[]): Result<unknown, Context>;
    mallCommit(...args: readonly string[]): Result<unknown, Context>;
    mallLease(...args: readonly string[]): Result<unknown, Context>;
    mallAside(...args: readonly (string | Buffer)[]): Result<unknown, Context>;
    mallReadAlerts(...args: readonly string[]): Result<unknown, Context>;
    mallClaimAlert(...args: readonly string[]): Result<unknown, Context>;
    mallSettleAlert(...args: readonly string[]): Result<unknown, Context>;
    mallImportAlerts(...args: readonly string[]): Result<unknown, Context>;
    mallAnchorAlerts(...args: readonly string[]): Result<unknown, Context>;
  }
}

const numberOfKeys = 5;

/** For the client's constructor: sent as EVALSHA, and as EVAL where the server does not know the script yet. */
export const SCRIPTS = {
  mallView: { lua: VIEW, numberOfKeys },
  mallSpent: { lua: SPENT_LIST, numberOfKeys },
  mallCommit: { lua: COMMIT, numberOfKeys },
  mallLease: { lua: LEASE, numberOfKeys },
  mallAside: { lua: ASIDE, numberOfKeys },
  mallReadAlerts: { lua: READ_ALERTS, numberOfKeys: 1 },
  mallClaimAlert: { lua: CLAIM_ALERT, numberOfKeys: 1 },
  mallSettleAlert: { lua: SETTLE_ALERT, numberOfKeys: 1 },
  mallImportAlerts: { lua: IMPORT_ALERTS, numberOfKeys: 1 },
  mallAnchorAlerts: { lua: ANCHOR_ALERTS, numberOfKeys: 1 },
};

/** A commit as the script reads it; both texts travel beside it. */
interface ScriptChange {
  readonly expect: {
    readonly text: 'any' | 'absent' | 'same';
    readonly generation?: number;
    readonly leaseOwner?: string;
    readonly unspent?: string;
    readonly meta: readonly (readonly [field: string, value: string | null])[];
  };
  readonly write: 'keep' | 'set' | 'delete';
  /** Field, value, field, value. */
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly spend: readonly string[];
  readonly admit?: { readonly id: string; readonly limit?: number };
  readonly withdraw?: string;
  readonly release?: string;
  readonly announce?: number;
  readonly channel: string;
}

export function scriptChangeOf(change: StoreCommit, channel: string): ScriptChange {
  const { expect, text, admit, withdraw, announce, releaseLease } = change;
  const patch = Object.entries(change.meta ?? {});
  return {
    expect: {
      text: expect.text === undefined ? 'any' : expect.text === null ? 'absent' : 'same',
      meta: Object.entries(expect.meta ?? {}).map(([field, value]) => [field, value ?? null]),
      ...(expect.generation === undefined ? {} : { generation: expect.generation }),
      ...(expect.leaseOwner === undefined ? {} : { leaseOwner: expect.leaseOwner }),
      ...(expect.unspent === undefined ? {} : { unspent: expect.unspent }),
    },
    write: text === undefined ? 'keep' : text === null ? 'delete' : 'set',
    set: patch.flatMap(([field, value]) => (typeof value === 'string' ? [field, value] : [])),
    remove: patch.flatMap(([field, value]) => (value === null ? [field] : [])),
    spend: change.spend ?? [],
    ...(admit ? { admit: { id: admit.id, ...(admit.limit === null ? {} : { limit: admit.limit }) } } : {}),
    ...(withdraw === undefined ? {} : { withdraw }),
    ...(announce === undefined ? {} : { announce }),
    ...(releaseLease === undefined ? {} : { release: releaseLease }),
    channel,
  };
}

// ---------------------------------------------------------------- the scripts' replies

export function parseOutcome(reply: unknown): CommitOutcome {
  const [kind, freeAt, standing] = parseList(reply);
  const view = parseView(standing);
  if (kind === 'done' || kind === 'moved') return { kind, view };
  if (kind === 'limited' && typeof freeAt === 'number') return { kind, freeAt, view };
  throw new Error('the commit script answered in an unknown form');
}

export function parseLease(reply: unknown): { readonly mine: boolean; readonly view: StoreView } {
  const [mine, standing] = parseList(reply);
  return { mine: mine === 1, view: parseView(standing) };
}

export function parseView(reply: unknown): StoreView {
  const [text, wrongType, leaseOwner, at, meta] = parseList(reply);
  if (typeof at !== 'number') throw new Error('a script answered without its time');
  return {
    text: typeof text === 'string' ? text : null,
    wrongType: wrongType === 1,
    meta: Object.fromEntries(pairsOf(parseTexts(meta))),
    leaseOwner: typeof leaseOwner === 'string' ? leaseOwner : null,
    at,
  };
}

/** The ledger's time, and its fields as they stand there. */
export function parseAlerts(reply: unknown): {
  readonly at: number;
  readonly fields: ReadonlyMap<string, string>;
} {
  const [at, flat] = parseList(reply);
  if (typeof at !== 'number') throw new Error('a script answered without its time');
  return { at, fields: new Map(pairsOf(parseTexts(flat))) };
}

export function parseTexts(reply: unknown): readonly string[] {
  return parseList(reply).filter((each) => typeof each === 'string');
}

function parseList(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new Error('a script answered in an unknown form');
  return reply;
}

/** A hash as Redis replies with it. Fields of another program are handed on too: reading takes what it knows. */
function pairsOf(flat: readonly string[]): readonly (readonly [field: string, value: string])[] {
  return flat.flatMap((field, index) => (index % 2 === 0 ? [[field, flat[index + 1] ?? ''] as const] : []));
}
