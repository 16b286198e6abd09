import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { nextDailyCheckAt } from '../../../electron/core/daily.ts';
import { chanceOf, isChanceOver } from '../../../electron/core/refresh-chance.ts';
import { failed } from '../../../shared/result.ts';
import { fixedShop, type Machine, rollingShop } from '../../support/alerter-bench.ts';
import { anAttempt } from '../../support/heart-examples.ts';
import { answer, type Bench, DAY, HOUR, pass, START, unreachable } from '../../support/keeper-bench.ts';

const MINUTE = 60_000;
const CONSENT = { code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null };

/** The stages that left, without their times. */
const stages = ({ sent }: Machine) => sent.map((line) => line.slice(12));

/** The deadline: 2026-03-15 12:00 in Seoul. */
const D3_AT_NINE = Date.UTC(2026, 2, 12, 0, 0);
async function onTheEveOfD3(bench: Bench, machines: readonly Machine[]): Promise<void> {
  for (const { keeper } of machines) await keeper.look();
  bench.clock.at = D3_AT_NINE - 12 * HOUR;
}

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
    const { bench, pc } = fixedShop();
    await onTheEveOfD3(bench, [pc]);
    await pass(bench, 5 * DAY, [pc.keeper], 20 * MINUTE);
    expect(toTheHour(pc.sent)).toEqual(WHOLE_STORY);
  });

  it('is warned of once in all by two machines; the OS notice once on each', async () => {
    const { bench, pc, other } = fixedShop();
    await onTheEveOfD3(bench, [pc, other]);
    await pass(bench, 5 * DAY, [pc.keeper, other.keeper], 20 * MINUTE);
    const both = toTheHour([...pc.sent, ...other.sent]);
    const notices = WHOLE_STORY.filter((line) => line.endsWith('os'));
    expect(both.toSorted()).toEqual([...WHOLE_STORY, ...notices].toSorted());
  });

  it('asleep from D-5 to D-1: only D-1 is sent', async () => {
    const { bench, pc } = fixedShop();
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE - 2 * DAY;
    await pc.keeper.look();
    bench.clock.advance(4 * DAY);
    await pass(bench, HOUR, [pc.keeper]);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['D-1 os', 'D-1 slack', 'D-1 mail']);
  });

  it('a consent ends it: one "recovered" on each channel that was warned', async () => {
    const { bench, pc } = fixedShop(['os', 'mail']);
    await onTheEveOfD3(bench, [pc]);
    await pass(bench, 2 * DAY, [pc.keeper], 20 * MINUTE);
    pc.sent.length = 0;
    await pc.keeper.exchange(CONSENT);
    await pass(bench, 2 * DAY, [pc.keeper], 20 * MINUTE);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['recovered os', 'recovered mail']);
  });
});

describe('a rolling deadline', () => {
  it('a PC that was dark for 12 days wakes with one refresh and no alarm, also when the network comes minutes later', async () => {
    const { bench, pc } = rollingShop();
    await pass(bench, 5 * HOUR, [pc.keeper]);
    const before = bench.server.presented.length;
    bench.clock.advance(12 * DAY);
    bench.server.next.push(unreachable, unreachable, unreachable);
    await pass(bench, HOUR, [pc.keeper], 10_000);
    expect(bench.server.presented).toHaveLength(before + 1);
    expect(pc.sent).toEqual([]);
  });

  it('a PC that lost the network before it went dark begins its ten minutes anew when it wakes', async () => {
    const { bench, pc } = rollingShop();
    await pc.keeper.look();
    bench.server.next.push(...Array(100).fill(unreachable));
    await pass(bench, 5 * HOUR, [pc.keeper], MINUTE);
    bench.server.next.length = 0;
    bench.clock.advance(12 * DAY);
    bench.server.next.push(unreachable);
    await pass(bench, 5 * MINUTE, [pc.keeper], 10_000);
    expect(bench.server.presented).toHaveLength(1);
    expect(pc.sent).toEqual([]);
  });

  it('tried in vain for ten minutes, it is warned of', async () => {
    const { bench, pc } = rollingShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = Date.UTC(2026, 2, 13, 1, 0);
    bench.server.next.push(...Array(100).fill(unreachable));
    await pass(bench, 9 * MINUTE, [pc.keeper], MINUTE);
    expect(pc.sent).toEqual([]);
    await pass(bench, 2 * MINUTE, [pc.keeper], MINUTE);
    expect(stages(pc)).toEqual(['D-2 mail']);
  });

  it('a refusal alarms nobody while the store is read again, and nobody at all where another program had rotated', async () => {
    const { bench, pc } = rollingShop();
    await pc.keeper.look();
    bench.clock.at = Date.UTC(2026, 2, 13, 1, 0);
    bench.server.next.push(answer(400, { error: 'invalid_grant' }));
    await pass(bench, 20_000, [pc.keeper], 5000);
    bench.store.place('myshop').text = bench.server.issue().text;
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(pc.sent).toEqual([]);
  });

  it('a program that asks once a day is told by its one try: the warnings leave', async () => {
    const { bench, pc: server } = rollingShop(['slack', 'mail']);
    const keeper = bench.keeper({ install: 'aaaa' });
    await keeper.look();
    bench.clock.at = Date.UTC(2026, 2, 13, 1, 0);
    bench.server.next.push(unreachable);
    await server.keeper.look();
    expect(server.sent).toEqual([]);
    const { sent } = await server.checkOnce();
    expect(sent.map(({ stage, channel }) => `${stage} ${channel}`)).toEqual(['D-3 slack', 'D-2 mail']);
  });
});

describe('failures', () => {
  it('row 37: only the channel that is down is tried again, until it takes it', async () => {
    const { bench, pc } = fixedShop(['slack', 'mail']);
    pc.broken.add('mail');
    await onTheEveOfD3(bench, [pc]);
    await pass(bench, DAY, [pc.keeper], 20 * MINUTE);
    expect(toTheHour(pc.sent)).toEqual(['03-12 09:00 D-3 slack']);
    pc.broken.clear();
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['D-3 slack', 'D-3 mail']);
  });

  it('a channel that says nothing holds the end of the app up for twenty seconds, not for ever', async () => {
    const { bench, pc } = fixedShop(['mail']);
    await onTheEveOfD3(bench, [pc]);
    bench.clock.at = D3_AT_NINE;
    let isAsked = false;
    pc.onSend = () => {
      isAsked = true;
      return new Promise(() => {});
    };
    void pc.keeper.look();
    await vi.waitUntil(() => isAsked);
    await pc.stop();
    expect(bench.clock.now() - D3_AT_NINE).toBe(20_000);
  });

  it('row 38: a claim whose owner died ends after two minutes, and the warning goes out', async () => {
    const { bench, ledger, pc } = fixedShop(['mail']);
    await onTheEveOfD3(bench, [pc]);
    bench.clock.at = D3_AT_NINE;
    await ledger.claimAlert('myshop', '2026-03-15:D-3:mail', 'dead-pc-9', 2 * MINUTE);
    await pass(bench, MINUTE, [pc.keeper], 10_000);
    expect(pc.sent).toEqual([]);
    await pass(bench, 2 * MINUTE, [pc.keeper], 10_000);
    expect(pc.sent.map((line) => line.slice(12))).toEqual(['D-3 mail']);
  });

  it('row 50: with the store out of reach the warning goes out by the local ledger, and is not repeated when it is back', async () => {
    const { bench, ledger, pc } = fixedShop(['mail']);
    await onTheEveOfD3(bench, [pc]);
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

describe('a claim', () => {
  it('row 38: that another machine made a moment ago and died with is taken over when it ends', async () => {
    const { bench, ledger, pc } = fixedShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE;
    const { claimAlert } = ledger;
    // Between our reading of the ledger and our claim.
    ledger.claimAlert = async (...args) => {
      ledger.claimAlert = claimAlert;
      await claimAlert('myshop', '2026-03-15:D-3:mail', 'dead-pc-9', 2 * MINUTE);
      return await claimAlert(...args);
    };
    await pass(bench, MINUTE, [pc.keeper], 10_000);
    expect(pc.sent).toEqual([]);
    await pass(bench, 3 * MINUTE, [pc.keeper], 10_000);
    expect(stages(pc)).toEqual(['D-3 mail']);
  });

  it('row 40: is given up where the deadline moves before the message left, and nobody hears of it', async () => {
    const { bench, ledger, pc } = fixedShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE;
    const { claimAlert } = ledger;
    ledger.claimAlert = async (...args) => {
      ledger.claimAlert = claimAlert;
      const claimed = await claimAlert(...args);
      await pc.keeper.exchange(CONSENT);
      return claimed;
    };
    await pass(bench, DAY, [pc.keeper], 20 * MINUTE);
    expect(pc.sent).toEqual([]);
    expect([...ledger.entries]).toEqual([]);
  });

  it('row 40: whose message was on its way when the deadline moved is followed by one "recovered"', async () => {
    const { bench, pc } = fixedShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE;
    pc.onSend = async () => {
      pc.onSend = () => {};
      await pc.keeper.exchange(CONSENT);
    };
    await pass(bench, 2 * DAY, [pc.keeper], 20 * MINUTE);
    expect(stages(pc)).toEqual(['D-3 mail', 'recovered mail']);
  });

  it('row 40: a channel that was down when the deadline moved hears nothing, neither the warning nor its end', async () => {
    const { bench, pc } = fixedShop(['slack', 'mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE;
    pc.broken.add('slack');
    await pass(bench, 5 * MINUTE, [pc.keeper], MINUTE);
    await pc.keeper.exchange(CONSENT);
    pc.broken.clear();
    await pass(bench, DAY, [pc.keeper], 20 * MINUTE);
    expect(stages(pc)).toEqual(['D-3 mail', 'recovered mail']);
  });
});

describe('a clock that is moved by hand', () => {
  it('row 40: opens no claim to those who heard of it first: "recovered" leaves once', async () => {
    const { bench, pc, other } = fixedShop(['slack']);
    await onTheEveOfD3(bench, [pc, other]);
    await pass(bench, DAY, [pc.keeper], HOUR);
    bench.store.place('myshop').text = bench.server.issue().text;
    bench.clock.advance(3 * MINUTE);
    other.behindMs = 3 * MINUTE;
    // While the late one's message is on its way the other one looks.
    other.onSend = async () => void (await pc.keeper.look());
    await other.keeper.look();
    await pass(bench, HOUR, [pc.keeper, other.keeper], MINUTE);
    expect([...pc.sent, ...other.sent].map((line) => line.slice(12))).toEqual([
      'D-3 slack',
      'recovered slack',
    ]);
  });
});

describe('a channel that is down', () => {
  it('row 37: is tried again after 1, 2, 5, 10 and every 30 minutes', async () => {
    const { bench, pc } = fixedShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE;
    pc.broken.add('mail');
    const tries: number[] = [];
    pc.onSend = () => void tries.push(Math.round((bench.clock.now() - D3_AT_NINE) / MINUTE));
    await pass(bench, 85 * MINUTE, [pc.keeper], MINUTE);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    // A look comes every minute.
    const expected = [1, 2, 5, 10, 30, 30];
    expect(waits).toHaveLength(expected.length);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(expected[index] ?? 0);
      expect(wait).toBeLessThanOrEqual((expected[index] ?? 0) + 2);
    }
  });
});

describe('what no ledger takes', () => {
  it('is sent once all the same', async () => {
    const { bench, ledger, pc } = fixedShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE;
    for (const each of [ledger, pc.local]) {
      const full = () => Promise.resolve(failed('disk.full'));
      Object.assign(each, { claimAlert: full, settleAlert: full, importAlerts: full, setAnchor: full });
    }
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(stages(pc)).toEqual(['D-3 mail']);
  });
});

describe('an episode of trouble', () => {
  it('row 50: that began while the store was away is told once, also when the store names it later', async () => {
    const { bench, ledger, pc, other } = fixedShop(['mail']);
    await pc.keeper.look();
    bench.clock.at = D3_AT_NINE + 2 * DAY;
    await pc.keeper.look();
    bench.store.breakWith('store.unreachable');
    ledger.isDown = true;
    bench.clock.at = Date.UTC(2026, 2, 15, 2, 55);
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(stages(pc)).toEqual(['D-1 mail', 'NEEDS_REAUTH mail']);
    bench.store.breakWith(null);
    ledger.isDown = false;
    await pass(bench, DAY, [pc.keeper], HOUR);
    expect(stages(pc)).toEqual(['D-1 mail', 'NEEDS_REAUTH mail']);
    // And the other machines know.
    await pass(bench, HOUR, [other.keeper], MINUTE);
    expect(other.sent).toEqual([]);
  });

  it('of a set that is gone is BLOCKED, not missing, where files that no secret opens lie beside others', async () => {
    const { bench, pc } = fixedShop(['slack']);
    await pc.keeper.look();
    const { journal } = pc.keeper;
    journal.files.clear();
    journal.locked = 2;
    await journal.write(anAttempt({ outcome: 'lost', wiped: true, parent: null, settledAt: 1 }));
    bench.store.place('myshop').text = null;
    expect((await pc.keeper.look()).state).toEqual({ state: 'BLOCKED', reason: 'store.locked' });
  });

  it('of a set that is gone leaves a holder ten minutes, also by the word of a machine that may not redeem', async () => {
    const { bench, pc } = fixedShop(['slack']);
    await pc.keeper.look();
    const reader = bench.keeper({ install: 'bbbb', mayNotRedeem: 'keeper.read_only' });
    bench.store.place('myshop').text = null;
    const view = await reader.look();
    expect(view.state?.reason).toBe('grant.missing');
    const chance = chanceOf(view, null, bench.clock.now());
    expect(isChanceOver(chance, bench.clock.now() + 9 * MINUTE)).toBe(false);
    expect(isChanceOver(chance, bench.clock.now() + 10 * MINUTE)).toBe(true);
  });

  it('of a set that is gone gives no alarm while the disk that may hold it cannot be read', async () => {
    const { bench, pc } = fixedShop(['slack']);
    await pc.keeper.look();
    pc.keeper.journal.read = async () => failed('disk.readonly');
    bench.store.place('myshop').text = null;
    await pass(bench, HOUR, [pc.keeper], MINUTE);
    expect(pc.keeper.view()).toMatchObject({ state: null, waitsFor: 'disk.readonly' });
    expect(pc.sent).toEqual([]);
  });

  it('of the same kind as one that was told to be over is told again, where the store names none', async () => {
    const { bench, pc } = rollingShop(['slack']);
    await pc.keeper.look();
    bench.clock.advance(HOUR);
    bench.server.next.push(...Array.from({ length: 3 }, () => answer(403, { error: 'access_denied' })));
    await pass(bench, 6 * HOUR, [pc.keeper], MINUTE);
    expect(stages(pc)).toEqual(['BLOCKED slack', 'recovered slack']);
    const place = bench.store.place('myshop');
    Object.assign(place, { text: null, meta: {} });
    pc.keeper.journal.files.clear();
    pc.keeper.journal.locked = 3;
    await pass(bench, 3 * HOUR, [pc.keeper], MINUTE);
    expect(stages(pc)).toEqual(['BLOCKED slack', 'recovered slack', 'BLOCKED slack']);
  });

  it('that is one machine’s alone, and so never recorded in the store, is told as well', async () => {
    const { bench, pc } = fixedShop(['os', 'slack']);
    bench.store.place('myshop').text = null;
    pc.keeper.journal.locked = 3;
    await pass(bench, 3 * HOUR, [pc.keeper]);
    expect(pc.keeper.view().state).toEqual({ state: 'BLOCKED', reason: 'store.locked' });
    expect(stages(pc)).toEqual(['BLOCKED os', 'BLOCKED slack']);
  });

  it.each([
    ['is over when it does', true, []],
    ['is told where it does not', false, ['NEEDS_REAUTH slack']],
  ] as const)(
    'that the set is gone and only the PC could bring it back within ten minutes %s',
    async (_, does, told) => {
      const { bench, pc, other } = fixedShop(['slack']);
      const place = bench.store.place('myshop');
      await pc.keeper.look();
      place.text = null;
      await pass(bench, 9 * MINUTE, [other.keeper], MINUTE);
      expect(other.keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.missing' });
      expect(stages(other)).toEqual([]);
      if (does) await pc.keeper.look();
      await pass(bench, 10 * MINUTE, [other.keeper], MINUTE);
      expect([pc, other].flatMap(stages)).toEqual(told);
      expect(place.meta.state).toBe(does ? 'HEALTHY' : 'NEEDS_REAUTH');
    },
  );

  it('is named by the first of two who see it at once: Slack hears of it once', async () => {
    const { bench, pc, other } = fixedShop(['slack']);
    const pcs = [pc, other];
    for (const { keeper } of pcs) await keeper.look();
    bench.clock.at = Date.UTC(2026, 2, 15, 3, 0, 1);
    const { commit } = bench.store;
    // Just before the first one's verdict stands in the store, the second one sees the same.
    bench.store.commit = async (mall, change) => {
      if (change.meta?.state !== 'NEEDS_REAUTH') return await commit(mall, change);
      bench.store.commit = commit;
      bench.clock.advance(5);
      await other.keeper.look();
      return await commit(mall, change);
    };
    for (let looks = 0; looks < 3; looks += 1) {
      for (const { keeper } of pcs) await keeper.look();
      bench.clock.advance(MINUTE);
    }
    expect(pcs.flatMap(stages)).toEqual(['NEEDS_REAUTH slack']);
  });
});

describe('an episode that was slept through', () => {
  it('ends with one "recovered" to whom the server warned, although a PC saw nothing but good days', async () => {
    const { bench, pc, other: server } = rollingShop(['slack', 'mail']);
    const [warned, well] = [
      ['D-1 slack', 'D-1 mail'],
      ['recovered slack', 'recovered mail'],
    ];
    for (const expected of [[warned, well].flat(), [warned, well, warned, well].flat()]) {
      await pc.keeper.look();
      bench.clock.advance(13 * DAY);
      bench.server.next.push(...Array(20).fill(unreachable));
      await pass(bench, 15 * MINUTE, [server.keeper], MINUTE);
      bench.server.next.length = 0;
      // A program without channels refreshes, and the PC wakes to find it done.
      await bench.keeper({ install: 'cccc' }).look();
      for (const { keeper } of [pc, server]) await pass(bench, HOUR, [keeper], MINUTE);
      expect([pc, server].flatMap(stages).toSorted()).toEqual(expected.toSorted());
    }
  });
});

describe('the heartbeat', () => {
  it('follows each check that finds all well, and no other', async () => {
    const { bench, pc } = fixedShop(['mail']);
    await pc.keeper.look();
    expect(pc.beats).toBeGreaterThan(0);
    bench.clock.at = D3_AT_NINE;
    await pc.keeper.look();
    const { beats } = pc;
    await pass(bench, DAY, [pc.keeper], 20 * MINUTE);
    expect(pc.beats).toBe(beats);
  });
});

describe('whatever happens to two machines', () => {
  const order = ['D-3', 'D-2', 'D-1', 'NEEDS_REAUTH'];
  const event = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('live' as const), hours: fc.integer({ min: 1, max: 30 }) }),
    },
    fc.record({ do: fc.constant('sleep' as const), hours: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ do: fc.constant('channel' as const), which: fc.constantFrom('os', 'slack', 'mail') }),
    fc.record({ do: fc.constant('machine' as const) }),
  );

  it('no stage leaves twice or out of order, and none is missed by who is awake and can be reached', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
        const { bench, pc, other } = fixedShop();
        const pcs = [pc, other];
        await onTheEveOfD3(bench, pcs);
        let isSecondAwake = true;
        let wasAlwaysAwake = true;
        const everBroken = new Set<string>();
        const live = (hours: number) =>
          pass(
            bench,
            hours * HOUR,
            isSecondAwake ? pcs.map(({ keeper }) => keeper) : [pc.keeper],
            30 * MINUTE,
          );
        for (const each of events) {
          if (each.do === 'live') await live(each.hours);
          else if (each.do === 'machine') isSecondAwake = !isSecondAwake;
          else if (each.do === 'channel') {
            everBroken.add(each.which);
            for (const { broken } of pcs) if (!broken.delete(each.which)) broken.add(each.which);
          } else {
            wasAlwaysAwake = false;
            bench.clock.advance(each.hours * HOUR);
          }
        }
        await live(Math.max(1, Math.ceil((Date.UTC(2026, 2, 15, 5, 0) - bench.clock.now()) / HOUR)));
        const [first, second] = pcs.map(stages);
        const all = [
          ...['slack', 'mail'].map((channel) => ({
            channel,
            left: [...pc.sent, ...other.sent].toSorted().map((line) => line.slice(12)),
          })),
          { channel: 'os', left: first ?? [] },
          { channel: 'os', left: second ?? [] },
        ].map(({ channel, left }) => ({
          channel,
          told: left.flatMap((line) => (line.endsWith(` ${channel}`) ? [line.split(' ')[0] ?? ''] : [])),
        }));
        for (const { channel, told } of all) {
          expect({ channel, told }).toEqual({ channel, told: order.filter((stage) => told.includes(stage)) });
        }
        if (!wasAlwaysAwake) return;
        const whole = (channel: string) =>
          channel === 'mail' ? order : order.filter((stage) => stage !== 'D-2');
        for (const { channel, told } of all.slice(0, 3))
          if (!everBroken.has(channel)) expect({ channel, told }).toEqual({ channel, told: whole(channel) });
      }),
      { numRuns: 6 },
    );
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
