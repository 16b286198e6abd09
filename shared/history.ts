/**
 * What happened to a shop, as this machine saw it: the lines of its history. Kept 90 days, shown on the history page and
 * in the timeline. Nothing in it is a token, a secret or a hash. Times are epoch ms of the server's clock.
 */
import type { Code } from './codes.ts';
import type { MallState } from './mall-state.ts';
import type { Channel, Stage } from './warnings.ts';

/** Who did it, as far as that is known: this install, or another whose host may be known by name. */
export interface Doer {
  readonly isHere: boolean;
  readonly host: string | null;
}

export type HistoryEntry =
  | { readonly kind: 'refreshed'; readonly at: number; readonly by: Doer }
  | { readonly kind: 'connected'; readonly at: number; readonly by: Doer; readonly account: string | null }
  /** A set that another program of the shop wrote. */
  | { readonly kind: 'adopted'; readonly at: number }
  | { readonly kind: 'disconnected'; readonly at: number; readonly by: Doer }
  | { readonly kind: 'failed'; readonly at: number; readonly code: Code; readonly by: Doer }
  | { readonly kind: 'state'; readonly at: number; readonly state: MallState; readonly reason: Code | null }
  /** This program was not running, or its host slept. */
  | { readonly kind: 'gap'; readonly at: number; readonly until: number }
  | { readonly kind: 'warned'; readonly at: number; readonly stage: Stage; readonly channel: Channel }
  | {
      readonly kind: 'warning_failed';
      readonly at: number;
      readonly stage: Stage;
      readonly channel: Channel;
      readonly code: Code;
    };

export type HistoryKind = HistoryEntry['kind'];

/** The three kinds that say that a new set is in use. */
export type SetEntry = Extract<HistoryEntry, { kind: 'refreshed' | 'connected' | 'adopted' }>;

export function isSetEntry(entry: HistoryEntry): entry is SetEntry {
  return entry.kind === 'refreshed' || entry.kind === 'connected' || entry.kind === 'adopted';
}

const DAY_MS = 24 * 60 * 60_000;

export const HISTORY_KEPT_MS = 90 * DAY_MS;
/** Hourly refreshes of 90 days are 2160; a storm of failures must not fill the disk. */
export const MOST_ENTRIES = 6000;

/** What is still kept, oldest first. */
export function keptOf<Entry extends { readonly at: number }>(
  entries: readonly Entry[],
  now: number,
): readonly Entry[] {
  return entries.filter(({ at }) => at >= now - HISTORY_KEPT_MS).slice(-MOST_ENTRIES);
}

/** A program that was silent for longer than this was off or asleep; a keeper looks every minute. */
export const GAP_FROM_MS = 10 * 60_000;

/** A mark in the picture of a shop's last 14 days, beside its refreshes. */
export type PastMark =
  | { readonly kind: 'consent' | 'failure'; readonly at: number }
  | { readonly kind: 'gap'; readonly at: number; readonly until: number };

/** What the picture shows of the time since `from`. A set that was adopted counts as a consent: somebody gave one. */
export function pastOf(
  entries: readonly HistoryEntry[],
  from: number,
): { readonly refreshes: readonly number[]; readonly marks: readonly PastMark[] } {
  const recent = entries.filter((entry) => (entry.kind === 'gap' ? entry.until : entry.at) >= from);
  return {
    // A set is written down when it is seen, and dated when it was issued.
    refreshes: recent
      .filter(({ kind }) => kind === 'refreshed')
      .map(({ at }) => at)
      .sort((a, b) => a - b),
    marks: recent.flatMap((entry): readonly PastMark[] => {
      switch (entry.kind) {
        case 'connected':
        case 'adopted':
          return [{ kind: 'consent', at: entry.at }];
        case 'failed':
          return [{ kind: 'failure', at: entry.at }];
        case 'gap':
          return [{ kind: 'gap', at: Math.max(entry.at, from), until: entry.until }];
        default:
          return [];
      }
    }),
  };
}
