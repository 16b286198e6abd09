/** The simulated clock: set or moved by tests, running on real elapsed time in between. */
export interface SimulatedClock {
  now(): number;
  setNow(at: number): void;
  advance(ms: number): void;
}

/** Elapsed time comes from the monotonic clock, so a jump of the host's own clock changes nothing here. */
export function createClock(startAt: number): SimulatedClock {
  let at = startAt;
  let readAt = performance.now();
  const now = (): number => Math.floor(at + (performance.now() - readAt));
  const setNow = (to: number): void => {
    at = to;
    readAt = performance.now();
  };
  return { now, setNow, advance: (ms) => setNow(now() + ms) };
}
