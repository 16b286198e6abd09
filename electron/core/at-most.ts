import type { Timers } from '../ports.ts';

/** Resolves when `work` has ended, however it did, or after `timeMs`; the work itself goes on. */
export function atMost(timeMs: number, work: Promise<unknown>, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(timeMs, resolve);
    const end = (): void => {
      cancel();
      resolve();
    };
    work.then(end, end);
  });
}
