import type { Timers } from '../ports.ts';

/** Timers of real time, whatever the server's clock or the simulator's says. */
export const realTimers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Calls back every `everyMs`, the first time after that long; returns its stop function. */
export function repeat(timers: Timers, everyMs: number, callback: () => void): () => void {
  let cancel = timers.after(everyMs, function again() {
    cancel = timers.after(everyMs, again);
    callback();
  });
  return () => cancel();
}
