import { setTimeout as sleep } from 'node:timers/promises';

export interface PollOptions {
  readonly timeoutMs: number;
  /** What is waited for, for the error: "the tray item". */
  readonly what: string;
  /** Pause between two looks; default 25 ms. */
  readonly everyMs?: number;
}

/**
 * Looks until `condition` gives something other than undefined, null or false, and returns that. A look that throws
 * counts as "not yet"; its error is the cause of the one thrown when the time is over.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: PollOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const endAt = performance.now() + options.timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const seen = await within(endAt - performance.now(), condition);
      if (seen !== undefined && seen !== null && seen !== false) {
        return seen as Exclude<T, undefined | null | false>;
      }
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= endAt) {
      const why = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new Error(`${options.what} did not come within ${options.timeoutMs} ms${why}`, {
        cause: lastError,
      });
    }
    await sleep(options.everyMs ?? 25);
  }
}

/** One look may hang (a bus call to a process that is gone); the wait as a whole must not. */
async function within<T>(timeMs: number, look: () => T | Promise<T>): Promise<T> {
  const abort = new AbortController();
  const late = sleep(Math.max(timeMs, 1), undefined, { signal: abort.signal }).then(() => {
    throw new Error('a look did not return');
  });
  late.catch(() => {});
  try {
    return await Promise.race([look(), late]);
  } finally {
    abort.abort();
  }
}
