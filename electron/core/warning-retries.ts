/** When a warning that failed is tried again: each by itself, so that a channel that is down keeps no other waiting. */
import type { Warning } from '../../shared/warnings.ts';

const MINUTE_MS = 60_000;
/** Waits after failures of one warning on one channel; the last one stays. */
const LONGEST_WAIT_MS = 30 * MINUTE_MS;
const WAITS_MS = [1, 2, 5, 10].map((minutes) => minutes * MINUTE_MS);

export interface WarningRetries {
  mayTry(field: string, now: number): boolean;
  /** How often it has failed by now. */
  failed(field: string, now: number): number;
  /** Forgets all but these: what is due no more is not tried again. */
  keepOnly(due: readonly Warning[]): void;
  /** When the next one is to be tried; null when there is none. */
  nextAt(): number | null;
}

export function createWarningRetries(): WarningRetries {
  const waiting = new Map<string, { readonly failures: number; readonly at: number }>();
  return {
    mayTry(field, now) {
      const at = waiting.get(field)?.at ?? now;
      // A wait that seems longer was counted by a clock that was set back since.
      return at <= now || at - now > LONGEST_WAIT_MS;
    },
    failed(field, now) {
      const failures = (waiting.get(field)?.failures ?? 0) + 1;
      waiting.set(field, { failures, at: now + (WAITS_MS[failures - 1] ?? LONGEST_WAIT_MS) });
      return failures;
    },
    keepOnly(due) {
      const fields = new Set(due.map(({ field }) => field));
      for (const field of [...waiting.keys()]) if (!fields.has(field)) waiting.delete(field);
    },
    nextAt: () => (waiting.size === 0 ? null : Math.min(...[...waiting.values()].map(({ at }) => at))),
  };
}
