import { until } from '../../support/poll.ts';

/** Long enough for a machine that does other things too; never waited out when all is well. */
export const PATIENCE_MS = 30_000;

/** Looks until it is so, with this suite's patience. */
export function eventually<T>(what: string, condition: () => T | Promise<T>) {
  return until(condition, { timeoutMs: PATIENCE_MS, everyMs: 100, what });
}
