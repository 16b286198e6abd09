/**
 * Two machines that warn of one shop, over fake ports and a hand-moved clock: keepers of `keeper-bench.ts`, each followed by
 * an alerter, as in the app.
 */
import { type CheckReport, createAlerter } from '../../electron/core/alerter.ts';
import type { Notifier } from '../../electron/ports.ts';
import { done, failed } from '../../shared/result.ts';
import { CHANNELS, type Channel } from '../../shared/warnings.ts';
import { type Bench, createBench, HOUR, movedTimers, SILENT } from './keeper-bench.ts';
import { createMemoryLedger, type MemoryLedger, seenLate } from './memory-ledger.ts';

export interface Machine {
  /** `03-12 09:00 D-3 os`, in Seoul's time: what left, in order. */
  readonly sent: string[];
  /** Channels that refuse what they are given. */
  readonly broken: Set<Channel>;
  readonly local: MemoryLedger;
  /** Every look of the keeper is followed by the alerter's, as in the app. */
  readonly keeper: ReturnType<Bench['keeper']>;
  check(): Promise<CheckReport>;
  checkOnce(): Promise<CheckReport>;
  stop(): Promise<void>;
  /** Called before a message leaves. */
  onSend: () => Promise<void> | void;
  beats: number;
  /** By how much its alerter's clock was moved without its having heard of it. */
  behindMs: number;
}

export interface WarnedShop {
  readonly bench: Bench;
  /** The store's ledger. */
  readonly ledger: MemoryLedger;
  readonly pc: Machine;
  /** A second machine; asleep until its keeper is told to look. */
  readonly other: Machine;
}

/** Connected at `START`; a refresh does not move its deadline, 2026-03-15 12:00 in Seoul. */
export function fixedShop(channels: readonly Channel[] = CHANNELS): WarnedShop {
  const bench = createBench();
  bench.server.kind = 'fixed';
  bench.store.place('myshop').text = bench.server.issue().text;
  const ledger = createMemoryLedger(() => bench.clock.now());
  return {
    bench,
    ledger,
    pc: machine(bench, ledger, 'aaaa', channels),
    other: machine(bench, ledger, 'bbbb', channels),
  };
}

/** The same, but each refresh gives another 14 days. */
export function rollingShop(channels?: readonly Channel[]): WarnedShop {
  const shop = fixedShop(channels);
  shop.bench.server.kind = 'rolling';
  return shop;
}

function machine(bench: Bench, shared: MemoryLedger, install: string, channels: readonly Channel[]): Machine {
  const keeper = bench.keeper({ install });
  const sent: string[] = [];
  const broken = new Set<Channel>();
  const local = createMemoryLedger(() => bench.clock.now());
  const notifier = (channel: Channel): Notifier => ({
    channel,
    async send(message) {
      await made.onSend();
      if (broken.has(channel)) return failed('network.unreachable');
      sent.push(`${seoul(message.at)} ${message.stage} ${channel}`);
      return done(undefined);
    },
  });
  const alerter = createAlerter({
    mall: 'myshop',
    keeper,
    // A check comes a little after the look it follows, as in the app.
    clock: { now: () => bench.clock.now() - made.behindMs + 3 },
    isClockTrusted: () => true,
    timers: movedTimers(bench.clock),
    async catchUp() {
      made.behindMs = 0;
    },
    shared: seenLate(shared, () => made.behindMs),
    local,
    notifiers: channels.map(notifier),
    identity: {
      install,
      host: 'pc',
      pid: 1,
      owner: `${install}-pc-1`,
      atWork: new Set(),
      isAlive: () => true,
    },
    simulator: false,
    locale: () => 'ko',
    heartbeat: () => {
      made.beats += 1;
      return Promise.resolve(done(undefined));
    },
    log: SILENT,
  });
  keeper.onChange(() => alerter.consider());
  const { look } = keeper;
  const made: Machine = {
    sent,
    broken,
    local,
    check: alerter.check,
    checkOnce: alerter.checkOnce,
    stop: alerter.stop,
    onSend: () => {},
    beats: 0,
    behindMs: 0,
    keeper: { ...keeper, look: () => look().then((view) => alerter.check().then(() => view)) },
  };
  return made;
}

/** `03-12 09:00` in Seoul. */
function seoul(at: number): string {
  return new Date(at + 9 * HOUR).toISOString().slice(5, 16).replace('T', ' ');
}
