/** One timer for all malls: looks whose time has come are started by a tick of at most 30 s (docs/keeper.md, 22). */
import type { Clock, Timers } from '../ports.ts';
import type { Keeper } from './keeper.ts';

const TICK_MS = 30_000;
const SHORTEST_MS = 50;

export interface Scheduler {
  /** Looks at what is due now; call it after sleep and when the clock jumped. */
  tick(): void;
  stop(): void;
}

export function startScheduler(deps: {
  readonly keepers: () => readonly Pick<Keeper, 'nextLookAt' | 'look'>[];
  readonly clock: Clock;
  readonly timers: Timers;
}): Scheduler {
  let cancel: () => void = () => {};
  let isStopped = false;
  /** When the timer fires, by the host's monotonic clock. */
  let firesAtMs = Number.POSITIVE_INFINITY;

  /** All malls are passed through here alone, so that a thousand looks do not each pass through a thousand malls. */
  function tick(): void {
    cancel();
    firesAtMs = Number.POSITIVE_INFINITY;
    const now = deps.clock.now();
    let next = now + TICK_MS;
    for (const keeper of deps.keepers()) {
      const at = keeper.nextLookAt();
      // What is due already is being looked at; its end plans anew.
      if (at <= now) void keeper.look().then(() => wakeAt(keeper.nextLookAt()));
      else next = Math.min(next, at);
    }
    wakeAt(next);
  }

  /** Moves the timer forward, never back: a tick that finds nothing to do costs nothing. */
  function wakeAt(at: number): void {
    if (isStopped) return;
    const delayMs = Math.max(SHORTEST_MS, Math.min(TICK_MS, at - deps.clock.now()));
    const firesMs = deps.clock.monotonicMs() + delayMs;
    if (firesMs >= firesAtMs) return;
    cancel();
    firesAtMs = firesMs;
    cancel = deps.timers.after(delayMs, tick);
  }

  tick();
  return {
    tick,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
