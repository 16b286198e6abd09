import type { Code } from '../../shared/codes.ts';
import type { PresentationIntent } from '../../shared/meta.ts';
import type { Attempt, StoreView } from '../ports.ts';
import type { Asker, Hold, Turn } from './sight.ts';

/**
 * What a keeper remembers between two looks. All of it can be lost without losing a token: what must not be lost lies
 * in the journal and in the store.
 */
export interface Memory {
  /** A view that a step brought back, good for the next look only. */
  freshView: StoreView | null;
  turn: Turn | null;
  hold: Hold | null;
  /** Attempts whose last change the journal could not take: kept here until it can. */
  readonly unsaved: Map<string, Attempt>;
  /** Refresh tokens the store named as redeemed. */
  readonly spent: Set<string>;
  /** What the store was asked about redeemed tokens, at which generation: it is asked once. */
  askedForSpent: { readonly generation: number; readonly hashes: ReadonlySet<string> };
  /** The intent that stood in the store when it answered last. */
  standing: PresentationIntent | null;
  /** Since when the newest set has been looked at, when last, and before when it is not presented. */
  noticed: {
    readonly hash: string;
    readonly at: number;
    readonly lookedAt: number;
    readonly notBefore: number;
  } | null;
  /** When the lease was asked for, by every clock there is. */
  lease: Readonly<Record<'monotonicMs' | 'hostMs' | 'serverMs', number>> | null;
  /** Another keeper held the lease a moment ago. */
  isNeighbourAtWork: boolean;
  consents: number;
  isDisconnecting: boolean;
  /** The set that was wished to be refreshed, and by whom: whatever comes after it is what was wished for. */
  askedFor: { readonly refreshTokenHash: string | null; readonly by: Asker } | null;
  storeLatencyMs: number | null;
  /** Codes of things that happened, with when: shown for a while. */
  readonly happened: Map<Code, number>;
  lastAttemptAt: number;
  /** Why the journal's folder cannot be read: what it holds is not known then; null while it can. */
  journalTrouble: Code | null;
}

/** Of no store's generation: every token is to be asked about. */
export const NOTHING_ASKED: Memory['askedForSpent'] = { generation: -1, hashes: new Set() };

export function emptyMemory(): Memory {
  return {
    freshView: null,
    turn: null,
    hold: null,
    unsaved: new Map(),
    spent: new Set(),
    askedForSpent: NOTHING_ASKED,
    standing: null,
    noticed: null,
    lease: null,
    isNeighbourAtWork: false,
    consents: 0,
    isDisconnecting: false,
    askedFor: null,
    storeLatencyMs: null,
    happened: new Map(),
    lastAttemptAt: 0,
    journalTrouble: null,
  };
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Waits after failures before anything was sent (docs/keeper.md, 12). */
const WAITS_MS = [
  5 * SECOND_MS,
  15 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
] as const;

/** A hold that ended longer ago than this belongs to another time: the host slept, or another keeper refreshed. */
const HOLD_FORGOTTEN_MS = 2 * MINUTE_MS;

/** What still holds; null where nothing does any more: what is over says nothing of the next wait. */
export function standingHold(hold: Hold | null, now: number): Hold | null {
  return hold && hold.until > now ? hold : null;
}

/** The wait after one more failure; the first of a new run waits least and is news since `now`. */
export function nextHold(before: Hold | null, code: Code, now: number): Hold {
  const run = before && now - before.until <= HOLD_FORGOTTEN_MS ? before : null;
  const failures = run ? run.failures + 1 : 1;
  const wait = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? 10 * MINUTE_MS;
  return { code, until: now + wait, since: run?.since ?? now, failures };
}
