/**
 * The server's time (docs/keeper.md, 22): the host's clock plus an offset that a HEAD to the API origin verified.
 * At a simulator the offset is the simulator's own clock, asked every second.
 */
import type { Clock, Log, Timers } from '../ports.ts';
import {
  headDate,
  measureAhead,
  partedSince,
  readClocks,
  type ServerPlace,
  simulatorNow,
} from './server-time.ts';

export interface KeptClock extends Clock {
  /**
   * Verifies once and keeps watching; resolves after the first verification succeeded or gave up (5 s).
   * The returned function stops it.
   */
  start(): Promise<() => void>;
  /** Asks the server's Date again (after sleep, say). */
  verify(): Promise<void>;
  /** A Date that came with another answer of the server just now: as good as one that was asked for. */
  heard(date: number): void;
  /**
   * False until the server's Date was seen, for at most ten minutes: no deadline is concluded to have passed. From the
   * moment the host's clock is set until then `now` goes on from where it was, by the monotonic clock.
   */
  isTrusted(): boolean;
  /**
   * Until the returned function is called the store's time is trusted too, where the server gives no Date: whoever asks
   * once and ends before the distrust does would never conclude anything. Who stays has the ten minutes to wait.
   */
  trustStoreTime(): () => void;
  /** `now`; null where the host's clock was set, or the host slept, and the server has not been asked since: it may be far behind. */
  nowUnlessParted(): number | null;
  /** At a simulator: asks its clock now, which may have been moved since it was asked last. Nothing elsewhere. */
  catchUp(): Promise<void>;
  /** Calls back when the time jumped: the host's clock was set, the host slept, or the simulator's was moved. */
  onJump(listener: () => void): () => void;
}

export interface ClockOptions extends ServerPlace {
  readonly simulator: boolean;
  /** The store's own time, epoch ms, when the server's Date cannot be had; null when it cannot either. */
  storeTime(): Promise<number | null>;
  readonly timers: Timers;
  readonly log: Log;
}

/** Wall and monotonic clocks may part by this much before the time is asked anew (docs/keeper.md, 22). */
const PARTED_MS = 60_000;
const WATCH_MS = 15_000;
const SIMULATOR_POLL_MS = 1000;
/** A Date header has whole seconds and a way to go: less than this is no skew. */
const DATE_PRECISION_MS = 3000;
/** A Date was cut to whole seconds. */
const DATE_MIDDLE_MS = 500;
/** Unverified for this long, the host's clock is believed after all (docs/keeper.md, 22). */
const DISTRUST_MS = 10 * 60_000;
/** Without the server's Date it is asked for again this often. */
const RETRY_MS = 60_000;

export function createClock(options: ClockOptions): KeptClock {
  const listeners = new Set<() => void>();
  let offsetMs = 0;
  let isVerified = false;
  let isSimulated = false;
  let isStoreTime = false;
  const trustingStoreTime = new Set<symbol>();
  let unverifiedSinceMs = performance.now();
  let verifiedAtMs = Number.NEGATIVE_INFINITY;
  /** The two clocks when the offset was measured, or when they were last seen to go together. */
  let anchor = readClocks();

  function jumped(): void {
    for (const listener of listeners) listener();
  }

  function setOffset(measuredMs: number, verified: boolean): void {
    offsetMs = isSimulated || Math.abs(measuredMs) >= DATE_PRECISION_MS ? measuredMs : 0;
    if (isVerified && !verified) unverifiedSinceMs = performance.now();
    isVerified = verified;
    if (verified) verifiedAtMs = performance.now();
    isStoreTime = false;
    anchor = readClocks();
  }

  async function verify(): Promise<void> {
    if (options.simulator && (await askSimulator()) === 'simulated') return;
    const askedAtMs = performance.now();
    const aheadMs = await measureAhead(() => headDate(options));
    if (typeof aheadMs === 'number') {
      setOffset(aheadMs + DATE_MIDDLE_MS, true);
      return;
    }
    const store = await storeTime();
    // Another answer brought a Date in the meantime: that is later word than ours.
    if (isVerified && verifiedAtMs >= askedAtMs) return;
    setOffset(store === null ? offsetMs : store - Date.now(), false);
    isStoreTime = store !== null;
    options.log.warn('clock', `the server gave no Date (${aheadMs}); the time is unverified`);
  }

  /** A store that answers what nobody understands has no time to give, and keeps nobody from starting. */
  async function storeTime(): Promise<number | null> {
    try {
      return await options.storeTime();
    } catch (bug) {
      options.log.error('clock', `the store told no time: ${nameOf(bug)}`);
      return null;
    }
  }

  /** One that does not answer for a moment has not become the real Cafe24: its clock goes on from where it was. */
  async function askSimulator(): Promise<'simulated' | 'real'> {
    const aheadMs = await measureAhead(() => simulatorNow(options));
    if (typeof aheadMs === 'number') {
      isSimulated = true;
      setOffset(aheadMs, true);
    } else if (aheadMs === 'none') {
      isSimulated = false;
    }
    return isSimulated ? 'simulated' : 'real';
  }

  async function watchSimulator(): Promise<void> {
    const before = { offsetMs, isSimulated };
    await askSimulator();
    if (before.isSimulated && !isSimulated) await verify();
    if (Math.abs(offsetMs - before.offsetMs) > SIMULATOR_POLL_MS) jumped();
  }

  async function watchHost(): Promise<void> {
    const read = readClocks();
    const partedMs = partedSince(anchor, read.wallMs, read.monotonicMs);
    if (Math.abs(partedMs) > PARTED_MS) {
      options.log.info('clock', `host clock and monotonic clock parted by ${Math.round(partedMs / 1000)} s`);
      if (isVerified) unverifiedSinceMs = read.monotonicMs;
      isVerified = false;
      await verify();
      jumped();
      return;
    }
    anchor = read;
    if (!isVerified && read.monotonicMs - lastRetryMs > RETRY_MS) {
      lastRetryMs = read.monotonicMs;
      await verify();
      if (isVerified) jumped();
    }
  }
  let lastRetryMs = performance.now();

  /** Read once for both questions, and no object made: `getAccessToken()` asks it at every call. */
  function nowUnlessParted(): number | null {
    const wallMs = Date.now();
    const partedMs = partedSince(anchor, wallMs, performance.now());
    return Math.abs(partedMs) > PARTED_MS ? null : Math.round(wallMs + offsetMs);
  }

  /** A clock that was just set is not read before the watch has asked what time it is. */
  function now(): number {
    return nowUnlessParted() ?? Math.round(anchor.wallMs + performance.now() - anchor.monotonicMs + offsetMs);
  }

  return {
    now,
    nowUnlessParted,
    verified: () => isVerified,
    skewMs: () => -offsetMs,
    monotonicMs: () => performance.now(),
    hostMs: () => Date.now(),
    storeOffsetMs: () => (isSimulated ? Math.round(offsetMs) : 0),
    isTrusted: () =>
      isVerified ||
      (trustingStoreTime.size > 0 && isStoreTime) ||
      performance.now() - unverifiedSinceMs > DISTRUST_MS,
    trustStoreTime() {
      const one = Symbol();
      trustingStoreTime.add(one);
      return () => void trustingStoreTime.delete(one);
    },
    verify,
    catchUp: () => (isSimulated ? watchSimulator() : Promise.resolve()),
    heard(date) {
      if (isSimulated) return;
      const aheadMs = date + DATE_MIDDLE_MS - Date.now();
      if (isVerified) {
        if (Math.abs(aheadMs - offsetMs) < DATE_PRECISION_MS) verifiedAtMs = performance.now();
        return;
      }
      setOffset(aheadMs, true);
      jumped();
    },
    onJump(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      await verify();
      const stops = [every(WATCH_MS, watchHost, options)];
      if (options.simulator) stops.push(every(SIMULATOR_POLL_MS, watchSimulator, options));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** Runs `work` again and again, `intervalMs` after its last end, also where that was a throw. */
function every(intervalMs: number, work: () => Promise<void>, { timers, log }: ClockOptions): () => void {
  let isStopped = false;
  let cancel = timers.after(intervalMs, run);
  async function run(): Promise<void> {
    try {
      await work();
    } catch (bug) {
      log.error('clock', `the watch threw: ${nameOf(bug)}`);
    }
    if (!isStopped) cancel = timers.after(intervalMs, run);
  }
  return () => {
    isStopped = true;
    cancel();
  };
}

function nameOf(bug: unknown): string {
  return bug instanceof Error ? bug.name : typeof bug;
}
