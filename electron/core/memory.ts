import type { Code } from '../../shared/codes.ts';
import type { Attempt, StoreView } from '../ports.ts';
import type { Hold, Turn } from './sight.ts';

/**
 * What a keeper remembers between two looks. All of it can be lost without losing a token: what must not be lost lies
 * in the journal and in the store.
 */
export interface Memory {
  /** A view that a step brought back, good for the next look only. */
  freshView: StoreView | null;
  turn: Turn | null;
  hold: Hold | null;
  /** Attempts this process is at (a refresh's, or a consent's): nobody's orphans. */
  readonly active: Set<string>;
  /** Attempts whose last change the journal could not take: kept here until it can. */
  readonly unsaved: Map<string, Attempt>;
  /** Refresh tokens the store named as redeemed. */
  readonly spent: Set<string>;
  /** When the newest set was first seen here, and before when it is not presented. */
  noticed: { readonly hash: string; readonly at: number; readonly notBefore: number } | null;
  /** When the lease was asked for, by both clocks. */
  lease: { readonly monotonicMs: number; readonly wallMs: number } | null;
  /** Another keeper held the lease a moment ago. */
  isNeighbourAtWork: boolean;
  consents: number;
  isAskedFor: boolean;
  storeLatencyMs: number | null;
  /** Codes of things that happened, with when: shown for a while. */
  readonly happened: Map<Code, number>;
  lastAttemptAt: number;
}

export function emptyMemory(): Memory {
  return {
    freshView: null,
    turn: null,
    hold: null,
    active: new Set(),
    unsaved: new Map(),
    spent: new Set(),
    noticed: null,
    lease: null,
    isNeighbourAtWork: false,
    consents: 0,
    isAskedFor: false,
    storeLatencyMs: null,
    happened: new Map(),
    lastAttemptAt: 0,
  };
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Waits after failures before anything was sent (design, section 3, "When it fails"). */
const WAITS_MS = [
  5 * SECOND_MS,
  15 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
] as const;

export function nextHold(before: Hold | null, code: Code, now: number): Hold {
  const failures = before ? before.failures + 1 : 1;
  const wait = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? 10 * MINUTE_MS;
  return { code, until: now + wait, since: before?.since ?? now, failures };
}
