import { realTimers } from './timers.ts';

/** What is awaited did not come in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** What `work` ends with, or a `TimeoutError` after `timeMs`; the work itself goes on unheard. */
export async function within<T>(timeMs: number, work: Promise<T>, timers = realTimers): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    cancel = timers.after(timeMs, () => reject(new TimeoutError('no answer in time')));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
