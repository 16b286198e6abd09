/**
 * Time of a keeper's process that passes as usual while there is work and leaps when there is none: hours of keeping cost
 * what their work costs, and how late something was stays true to the millisecond. The product's own timers follow it;
 * those of libraries (timeouts of commands and connections) stay real.
 */
import { Redis } from 'ioredis';
import { realTimers } from '../../../electron/adapters/timers.ts';

export interface VirtualTime {
  /** Of the product's timers. */
  pendingTimers(): number;
  /** Commands sent to Redis so far: by second of virtual time (epoch seconds), how many. */
  commands(): ReadonlyMap<number, number>;
  /** Resolves once nothing is being done, with the epoch ms of the next timer. */
  idle(): Promise<number>;
  /** Nothing leaps until this has ended. */
  hold<T>(work: Promise<T>): Promise<T>;
  leap(ms: number): void;
}

interface Timer {
  readonly at: number;
  /** A leap ends there. */
  readonly isWorth: boolean;
  readonly callback: () => void;
}

/** Commands and announcements: what else is connected is a request under way. */
const STANDING_CONNECTIONS = 2;
const QUIET_TURNS = 4;
/** The simulator is asked for its clock this often, a real server never: nothing to stop a leap for. */
const CLOCK_POLL_MS = 1000;

/** Takes the process's clocks and the product's timers over, for good. */
export function takeTime(): VirtualTime {
  let leaptMs = 0;
  const [wall, monotonic] = [Date.now, performance.now.bind(performance)];
  Date.now = () => wall() + leaptMs;
  performance.now = () => monotonic() + leaptMs;

  const pending = new Map<Timer, NodeJS.Timeout>();
  function arm(timer: Timer): void {
    clearTimeout(pending.get(timer));
    const fire = () => {
      pending.delete(timer);
      timer.callback();
    };
    pending.set(timer, setTimeout(fire, Math.max(0, timer.at - Date.now())));
  }
  realTimers.after = (delayMs, callback) => {
    const timer: Timer = { at: Date.now() + delayMs, isWorth: delayMs !== CLOCK_POLL_MS, callback };
    arm(timer);
    return () => {
      clearTimeout(pending.get(timer));
      pending.delete(timer);
    };
  };

  const commands = new Map<number, number>();
  let unanswered = 0;
  let held = 0;
  const { sendCommand } = Redis.prototype;
  Redis.prototype.sendCommand = function send(this: Redis, ...[command, stream]) {
    const second = Math.floor(Date.now() / 1000);
    commands.set(second, (commands.get(second) ?? 0) + 1);
    unanswered += 1;
    // The store's own clock cannot leap: what the scripts add to it does.
    const at = 2 + Number(command.args[1]);
    if (/^eval(sha)?$/.test(command.name)) command.args[at] = String(Number(command.args[at]) + leaptMs);
    const answer = sendCommand.call(this, command, stream);
    const answered = () => {
      unanswered -= 1;
    };
    command.promise.then(answered, answered);
    return answer;
  };

  function isBusy(): boolean {
    const active = process.getActiveResourcesInfo();
    const connections = active.filter((kind) => /^(TCP|TLS)/.test(kind)).length;
    return (
      held > 0 ||
      unanswered > 0 ||
      connections > STANDING_CONNECTIONS ||
      active.some((kind) => kind.startsWith('FSReq'))
    );
  }

  return {
    pendingTimers: () => pending.size,
    commands: () => commands,
    async idle() {
      for (let quiet = 0; quiet < QUIET_TURNS; quiet = isBusy() || isDue() ? 0 : quiet + 1)
        await new Promise(setImmediate);
      return Math.min(...[...pending.keys()].filter(({ isWorth }) => isWorth).map(({ at }) => at));
    },
    hold(work) {
      held += 1;
      return work.finally(() => {
        held -= 1;
      });
    },
    leap(ms) {
      leaptMs += ms;
      for (const timer of pending.keys()) arm(timer);
    },
  };

  function isDue(): boolean {
    const now = Date.now();
    return [...pending.keys()].some(({ at }) => at <= now);
  }
}
