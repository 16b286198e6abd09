/** A window that dies again and again is not built again and again: three times a minute, then only on a click. */
const REBUILDS = 3;
const WITHIN_MS = 60_000;

/**
 * Whether one more rebuild is allowed at `now`, and the history to keep then.
 * @param history monotonic times of the rebuilds so far, ms
 */
export function admitRebuild(
  history: readonly number[],
  now: number,
): { readonly allowed: boolean; readonly history: readonly number[] } {
  const recent = history.filter((at) => now - at < WITHIN_MS);
  const allowed = recent.length < REBUILDS;
  return { allowed, history: allowed ? [...recent, now] : recent };
}
