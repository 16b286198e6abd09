import { describe, expect, it } from 'vitest';
import { createAlerter } from '../../../electron/core/alerter.ts';
import { nextDailyCheckAt } from '../../../electron/core/daily.ts';
import type { Keeper } from '../../../electron/core/keeper.ts';
import type { Notifier } from '../../../electron/ports.ts';
import { done, failed } from '../../../shared/result.ts';
import type { Channel } from '../../../shared/warnings.ts';
import {
  type Bench,
  createBench,
  DAY,
  HOUR,
  pass,
  SILENT,
  START,
  unreachable,
} from '../../support/keeper-bench.ts';
import { createMemoryLedger, type MemoryLedger } from '../../support/memory-ledger.ts';

const MINUTE = 60_000;
/** `03-12 09:00` in Seoul. */
const seoul = (at: number) => new Date(at + 9 * HOUR).toISOString().slice(5, 16).replace('T', ' ');

interface Machine {
  readonly sent: string[];
  readonly broken: Set<Channel>;
  readonly local: MemoryLedger;
  /** Every look of the keeper is followed by the alerter's, as in the app. */
  readonly keeper: Keeper;
  check(): Promise<unknown>;
}

function machine(
  bench: Bench,
  shared: MemoryLedger,
  install: string,
  channels: readonly Channel[] = ['os', 'slack', 'mail'],
): Machine {
  const keeper = bench.keeper({ install });
  const sent: string[] = [];
  const broken = new Set<Channel>();
  const local = createMemoryLedger(() => bench.clock.now());
  const notifier = (channel: Channel): Notifier => ({
    channel,
    send(message) {
      if (broken.has(channel)) return Promise.resolve(failed('network.unreachable'));
      sent.push(`${seoul(message.at)} ${message.stage} ${channel}`);
      return Promise.resolve(done(undefined));
    },
  });
  const alerter = createAlerter({
    mall: 'myshop',
    keeper,
    clock: bench.clock,
    isClockTrusted: () => true,
    shared,
    local,
    notifiers: channels.map(notifier),
    identity: { install, host: 'pc', pid: 1, owner: `${install}-pc-1`, isAlive: () => true },
    simulator: false,
    locale: () => 'ko',
    heartbeat: null,
    log: SILENT,
  });
  keeper.onChange(() => alerter.consider());
  const look = keeper.look;
  return {
    sent,
    broken,
    local,
    check: alerter.check,
    keeper: { ...keeper, look: () => look().then((view) => alerter.check().then(() => view)) },
  };
}

function fixedShop(): { bench: Bench; ledger: MemoryLedger } {
  const bench = createBench();
  bench.server.kind = 'fixed';
  bench.store.place('myshop').text = bench.server.issue().text;
  return { bench, ledger: createMemoryLedger(() => bench.clock.now()) };
}

/** The deadline: 2026-03-15 12:00 in Seoul. */
const WHOLE_STORY = [
  '03-12 09:00 D-3 os',
  '03-12 09:00 D-3 slack',
  '03-12 09:00 D-3 mail',
  '03-13 09:00 D-2 mail',
  '03-14 09:00 D-1 os',
  '03-14 09:00 D-1 slack',
  '03-14 09:00 D-1 mail',
  '03-15 12:00 NEEDS_REAUTH os',
  '03-15 12:00 NEEDS_REAUTH slack',
  '03-15 12:00 NEEDS_REAUTH mail',
];
const toTheHour = (lines: readonly string[]) => lines.map((line) => line.replace(/:\d\d /, ':00 '));

describe('a fixed deadline', () => {
  it('is warned of at D-3, D-2, D-1 and at its end, once each', async () => {
    const { bench, ledger } = fixedShop();
    const pc = machine(bench, ledger, 'aaaa');
    await pass(bench, 16 * DAY, [pc.keeper], 20 * MINUTE);
    expect(toTheHour(pc.sent)).toEqual(WHOLE_STORY);
  });

  it('is warned of once in all by two machines; the OS notice once on each', async () => {
    const { bench, ledger } = fixedShop();
    const [a, b] = [machine(bench, ledger, 'aaaa'), machine(bench, ledger, 'bbbb')];
    await pass(bench, 16 * DAY, [a.keeper, b.keeper], 20 * MINUTE);
    const both = toTheHour([...a.sent, ...b.sent]);
    const notices = WHOLE_STORY.filter((line) => line.endsWith('os'));
    expect(both.toSorted()).toEqual([...WHOLE_STORY, ...notices].toSorted());
  });

  it('asleep from D-5 to D-1: only D-1 is sent', async () => {
    const { bench, ledger } = fixedShop();
    const pc = machine(bench, ledger, 'aaaa');
    await pass(bench, 9 * DAY, [pc.keeper], 20 * MINUTE);
    bench.clock.advance(4 * DAY);
    await pass(bench, HOUR, [pc.keeper]);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['D-1 os', 'D-1 slack', 'D-1 mail']);
  });

  it('a consent ends it: one "recovered" on each channel that was warned', async () => {
    const { bench, ledger } = fixedShop();
    const pc = machine(bench, ledger, 'aaaa', ['os', 'mail']);
    await pass(bench, 12 * DAY, [pc.keeper], 20 * MINUTE);
    pc.sent.length = 0;
    await pc.keeper.exchange({ code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null });
    await pass(bench, 2 * DAY, [pc.keeper], 20 * MINUTE);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['recovered os', 'recovered mail']);
  });
});

describe('a rolling deadline', () => {
  it('a PC that was dark for 12 days wakes with one refresh and no alarm, also when the network comes minutes later', async () => {
    const bench = createBench();
    bench.store.place('myshop').text = bench.server.issue().text;
    const ledger = createMemoryLedger(() => bench.clock.now());
    const pc = machine(bench, ledger, 'aaaa');
    await pass(bench, 5 * HOUR, [pc.keeper]);
    const before = bench.server.presented.length;
    bench.clock.advance(12 * DAY);
    bench.server.next.push(unreachable, unreachable, unreachable);
    await pass(bench, HOUR, [pc.keeper], 10_000);
    expect(bench.server.presented).toHaveLength(before + 1);
    expect(pc.sent).toEqual([]);
  });
});

describe('failures', () => {
  it('row 37: only the channel that is down is tried again, until it takes it', async () => {
    const { bench, ledger } = fixedShop();
    const pc = machine(bench, ledger, 'aaaa', ['slack', 'mail']);
    pc.broken.add('mail');
    await pass(bench, 11 * DAY + HOUR, [pc.keeper], 20 * MINUTE);
    expect(toTheHour(pc.sent)).toEqual(['03-12 09:00 D-3 slack']);
    pc.broken.clear();
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['D-3 slack', 'D-3 mail']);
  });

  it('row 38: a claim whose owner died ends after two minutes, and the warning goes out', async () => {
    const { bench, ledger } = fixedShop();
    const pc = machine(bench, ledger, 'aaaa', ['mail']);
    await pass(bench, 10 * DAY, [pc.keeper], 20 * MINUTE);
    const nine = Date.UTC(2026, 2, 12, 0, 0);
    bench.clock.at = nine;
    await ledger.claimAlert('myshop', '2026-03-15:D-3:mail', 'dead-pc-9', 2 * MINUTE);
    await pass(bench, MINUTE, [pc.keeper], 10_000);
    expect(pc.sent).toEqual([]);
    await pass(bench, 2 * MINUTE, [pc.keeper], 10_000);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['D-3 mail']);
  });

  it('row 50: with the store out of reach the warning goes out by the local ledger, and is not repeated when it is back', async () => {
    const { bench, ledger } = fixedShop();
    const pc = machine(bench, ledger, 'aaaa', ['mail']);
    await pass(bench, 10 * DAY, [pc.keeper], 20 * MINUTE);
    bench.store.breakWith('store.unreachable');
    ledger.isDown = true;
    await pass(bench, DAY, [pc.keeper], MINUTE);
    expect(toTheHour(pc.sent)).toEqual(['03-12 09:00 D-3 mail']);
    bench.store.breakWith(null);
    ledger.isDown = false;
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(pc.sent).toHaveLength(1);
    expect(ledger.entries.get('2026-03-15:D-3:mail')?.status).toBe('sent');
  });
});

describe('the daily check', () => {
  it.each([
    [START, Date.UTC(2026, 2, 2, 0, 0)],
    [Date.UTC(2026, 2, 1, 23, 59, 59), Date.UTC(2026, 2, 2, 0, 0)],
    [Date.UTC(2026, 2, 2, 0, 0), Date.UTC(2026, 2, 3, 0, 0)],
  ])('after %s it is at nine in Seoul', (now, next) => {
    expect(nextDailyCheckAt(now)).toBe(next);
  });
});
