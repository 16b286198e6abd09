/** One timer for all malls: looks whose time has come are started by a tick of at most 30 s (design, "Time"). */
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
  readonly keepers: () => readonly Pick<Keeper, 'view' | 'look'>[];
  readonly clock: Clock;
  readonly timers: Timers;
}): Scheduler {
  let cancel: () => void = () => {};
  let isStopped = false;

  function tick(): void {
    const now = deps.clock.now();
    for (const keeper of deps.keepers()) if (keeper.view().nextLookAt <= now) void keeper.look().then(plan);
    plan();
  }

  function plan(): void {
    cancel();
    if (isStopped) return;
    const now = deps.clock.now();
    // What is due already is being looked at; its end plans anew.
    const upcoming = deps
      .keepers()
      .map((keeper) => keeper.view().nextLookAt - now)
      .filter((ms) => ms > 0);
    cancel = deps.timers.after(Math.max(SHORTEST_MS, Math.min(TICK_MS, ...upcoming)), tick);
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
