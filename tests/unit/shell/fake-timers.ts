import type { Timers } from '../../../electron/ports.ts';

export interface HandTimers extends Timers {
  /** Lets this much time pass, at once. */
  pass(ms: number): void;
}

/** Timers that run when the test says so. */
export function handTimers(): HandTimers {
  let now = 0;
  let waiting: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    after(delayMs, callback) {
      const one = { at: now + delayMs, callback };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((each) => each !== one);
      };
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const due = waiting.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        now = due.at;
        waiting = waiting.filter((each) => each !== due);
        due.callback();
      }
      now = end;
    },
  };
}
