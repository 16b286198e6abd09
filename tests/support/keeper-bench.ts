/**
 * A keeper (or several on one store) over fake ports and a hand-moved clock, at a token endpoint that rotates strictly
 * and records every presentation. For tests of the core alone: everything happens when the test says so.
 */
import { fingerprintOf } from '../../electron/core/hash.ts';
import { createKeeper, type Keeper } from '../../electron/core/keeper.ts';
import type {
  Attempt,
  Clock,
  Identity,
  Log,
  RevokedToken,
  Timers,
  TokenEndpoint,
  WireResult,
} from '../../electron/ports.ts';
import type { Code } from '../../shared/codes.ts';
import {
  createMemoryJournal,
  createMemoryStore,
  type MemoryJournal,
  type MemoryStore,
} from './memory-store.ts';

export const HOUR = 60 * 60_000;
export const DAY = 24 * HOUR;
/** 2026-03-01 12:00 in Seoul. */
export const START = Date.UTC(2026, 2, 1, 3, 0, 0);

export const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };

export interface FakeClock extends Clock {
  at: number;
  advance(ms: number): void;
}

export function createFakeClock(at = START): FakeClock {
  return {
    at,
    now() {
      return this.at;
    },
    verified: () => true,
    skewMs: () => 0,
    monotonicMs() {
      return this.at;
    },
    hostMs() {
      return this.at;
    },
    storeOffsetMs: () => 0,
    advance(ms) {
      this.at += ms;
    },
  };
}

export interface Presentation {
  readonly refreshToken: string;
  readonly at: number;
  readonly applied: boolean;
}

/** What the server does with the next request: an answer of its own making, or a way to lose the true one. */
export type Misbehaviour = (truth: () => WireResult) => WireResult | Promise<WireResult>;

export interface FakeServer extends TokenEndpoint {
  readonly presented: Presentation[];
  /** Tokens that were to be revoked, in the order they came. */
  readonly revoked: RevokedToken[];
  /** What the next revocation is answered with; 200 where nothing waits. */
  readonly nextRevoke: WireResult[];
  readonly next: Misbehaviour[];
  kind: 'rolling' | 'fixed';
  /** A set as an earlier consent would have brought it, in the documented JSON form of the store. */
  issue(at?: number): { text: string; refreshToken: string; accessToken: string };
  isLive(refreshToken: string): boolean;
}

const naive = (at: number) => new Date(at + 9 * HOUR).toISOString().slice(0, 23);

export function createFakeServer(now: () => number): FakeServer {
  const live = new Map<string, { deadlineAt: number; consentedAt: number }>();
  let serial = 0;
  const mint = (at: number, deadlineAt: number, consentedAt: number) => {
    serial += 1;
    const pair = { accessToken: `access-${serial}`, refreshToken: `refresh-${serial}` };
    live.set(pair.refreshToken, { deadlineAt, consentedAt });
    return { ...pair, expiresAt: at + 2 * HOUR, deadlineAt };
  };
  const body = (pair: ReturnType<typeof mint>) =>
    JSON.stringify({
      access_token: pair.accessToken,
      expires_at: naive(pair.expiresAt),
      refresh_token: pair.refreshToken,
      refresh_token_expires_at: naive(pair.deadlineAt),
      mall_id: 'myshop',
      user_id: 'owner',
      scopes: ['mall.read_product'],
      issued_at: naive(now()),
    });
  const answered = (status: number, text: string): WireResult => ({
    kind: 'answered',
    answer: { status, date: now(), retryAfterMs: null, body: text },
  });
  const server: FakeServer = {
    presented: [],
    revoked: [],
    nextRevoke: [],
    next: [],
    kind: 'rolling',
    issue(at = now()) {
      const pair = mint(at, at + 14 * DAY, at);
      const text = JSON.stringify({
        access_token: pair.accessToken,
        expires_at: pair.expiresAt,
        refresh_token: pair.refreshToken,
        refresh_token_expires_at: pair.deadlineAt,
      });
      return { text, ...pair };
    },
    isLive: (refreshToken) => live.has(refreshToken),
    async refresh(_client, refreshToken) {
      let applied = false;
      const truth = (): WireResult => {
        const found = live.get(refreshToken);
        if (!found || found.deadlineAt <= now()) {
          return answered(400, '{"error":"invalid_grant","error_description":"Invalid refresh_token"}');
        }
        applied = true;
        live.delete(refreshToken);
        const deadlineAt = server.kind === 'rolling' ? now() + 14 * DAY : found.deadlineAt;
        return answered(200, body(mint(now(), deadlineAt, found.consentedAt)));
      };
      const at = now();
      const result = await (server.next.shift() ?? ((real) => real()))(truth);
      if (result.kind !== 'not_sent') server.presented.push({ refreshToken, at, applied });
      return result;
    },
    exchange: () => Promise.resolve(answered(200, body(mint(now(), now() + 14 * DAY, now())))),
    async revoke(_client, token) {
      server.revoked.push(token);
      const result = server.nextRevoke.shift() ?? answered(200, '{}');
      // A pair is `access-1` and `refresh-1`.
      if (result.kind === 'answered' && result.answer.status === 200)
        live.delete(token.value.replace('access-', 'refresh-'));
      return result;
    },
  };
  return server;
}

export const lose: Misbehaviour = (truth) => {
  truth();
  return { kind: 'lost', detail: 'reset' };
};
export const loseBefore: Misbehaviour = () => ({ kind: 'lost', detail: 'reset' });
export const unreachable: Misbehaviour = () => ({
  kind: 'not_sent',
  code: 'network.dns',
  detail: 'ENOTFOUND',
});
export const answer =
  (status: number, error: object | string, retryAfterMs: number | null = null): Misbehaviour =>
  () => ({
    kind: 'answered',
    answer: {
      status,
      date: null,
      retryAfterMs,
      body: typeof error === 'string' ? error : JSON.stringify(error),
    },
  });

export interface Bench {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly server: FakeServer;
  /** A keeper of an install of its own (or of the same install and journal, as after a restart). */
  keeper(options?: {
    install?: string;
    host?: string;
    pid?: number;
    journal?: MemoryJournal;
    secret?: string;
    mayNotRedeem?: Code;
    onlyLooks?: boolean;
    isClockTrusted?: () => boolean;
    /** Shared by the cores of one process. */
    atWork?: Set<string>;
    timers?: Timers;
  }): Keeper & {
    readonly journal: MemoryJournal;
  };
  /** Process ids that run, by install. */
  readonly alive: Set<number>;
  /** Moves what every host takes for the time, and not the server's own. */
  moveHosts(ms: number): void;
}

export function createBench(): Bench {
  const clock = createFakeClock();
  const store = createMemoryStore(() => clock.now());
  let hostsAheadMs = 0;
  const server = createFakeServer(() => clock.now() - hostsAheadMs);
  const alive = new Set<number>();
  let pids = 100;
  return {
    clock,
    store,
    server,
    alive,
    moveHosts(ms) {
      clock.advance(ms);
      hostsAheadMs += ms;
    },
    keeper({
      install = 'aaaa',
      host = 'pc',
      pid = ++pids,
      journal = createMemoryJournal(),
      secret = 'secret',
      mayNotRedeem,
      onlyLooks = false,
      isClockTrusted = () => true,
      atWork = new Set<string>(),
      timers = movedTimers(clock),
    } = {}) {
      alive.add(pid);
      const identity: Identity = {
        install,
        host,
        pid,
        owner: `${install}-${host}-${pid}`,
        atWork,
        isAlive: (id) => alive.has(id),
      };
      const keeper = createKeeper({
        mall: 'myshop',
        clock,
        timers,
        store,
        journal,
        endpoint: server,
        identity,
        log: SILENT,
        client: () => ({ mall: 'myshop', clientId: 'client', clientSecret: secret }),
        fingerprintOf,
        mayNotRedeem: () => mayNotRedeem ?? null,
        onlyLooks,
        isClockTrusted,
        learn: () => {},
      });
      return Object.assign(keeper, { journal });
    },
  };
}

/** Timers that fire on the next turn of the event loop and move the clock by what they waited for. */
export function movedTimers(clock: FakeClock): Timers {
  return {
    after(delayMs, callback) {
      const handle = setImmediate(() => {
        clock.advance(delayMs);
        callback();
      });
      return () => clearImmediate(handle);
    },
  };
}

/** Moves the clock and lets the keepers look, in steps as their scheduler would. */
export async function pass(
  bench: Bench,
  ms: number,
  keepers: readonly Keeper[],
  stepMs = 30_000,
): Promise<void> {
  const end = bench.clock.now() + ms;
  while (bench.clock.now() < end) {
    bench.clock.at = Math.min(end, bench.clock.now() + stepMs);
    for (const keeper of keepers) if (keeper.view().nextLookAt <= bench.clock.now()) await keeper.look();
  }
}

export function attemptsOf(journal: MemoryJournal): readonly Attempt[] {
  return [...journal.files.values()];
}
