/** The table of times: what a keeper does, to the millisecond, on hosts that sleep, jump, or lie in other zones. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeInSpread } from '../../../electron/core/hash.ts';
import type { Keeper } from '../../../electron/core/keeper.ts';
import { run } from '../../../scripts/child-process.ts';
import { SPREAD_MS } from '../../../shared/due.ts';
import { type Bench, createBench, DAY, HOUR, unreachable } from '../../support/keeper-bench.ts';

const MINUTE = 60_000;
const SPREAD = Math.floor(placeInSpread('aaaa', 'myshop') * SPREAD_MS);

/** A host's day, piece by piece. */
type Piece =
  /** Every look comes when it was planned. */
  | { readonly kind: 'awake'; readonly ms: number }
  /** No look, whatever was planned; then it wakes. */
  | { readonly kind: 'asleep'; readonly ms: number }
  /** Its clock is wrong by so much for one look, which nobody vouches for; then the server's Date is known. */
  | { readonly kind: 'wrong clock'; readonly ms: number };

const awake = (ms: number): Piece => ({ kind: 'awake', ms });
const asleep = (ms: number): Piece => ({ kind: 'asleep', ms });
const wrong = (ms: number): Piece => ({ kind: 'wrong clock', ms });

async function live(bench: Bench, keeper: Keeper, trust: { is: boolean }, piece: Piece): Promise<void> {
  const { clock } = bench;
  const startedAt = clock.now();
  switch (piece.kind) {
    case 'awake':
      while (clock.now() < startedAt + piece.ms) {
        clock.at = Math.min(startedAt + piece.ms, Math.max(clock.now() + 1, keeper.view().nextLookAt));
        if (keeper.view().nextLookAt <= clock.now()) await keeper.look();
      }
      return;
    case 'asleep':
      clock.at = startedAt + piece.ms;
      await keeper.wake();
      return;
    case 'wrong clock':
      trust.is = false;
      clock.at = startedAt + piece.ms;
      await keeper.look();
      clock.at = startedAt;
      trust.is = true;
      await keeper.wake();
  }
}

describe('a set of two hours is refreshed', () => {
  const half = HOUR + SPREAD;

  it.each<readonly [string, readonly Piece[], readonly number[]]>([
    ['not a millisecond before half of its life and the place in the spread', [awake(half - 1)], []],
    ['on that millisecond', [awake(half)], [half]],
    ['by every half life after it', [awake(3 * HOUR)], [half, 2 * half]],
    [
      'on waking, where it slept a little past that',
      [awake(30 * MINUTE), asleep(36 * MINUTE)],
      [66 * MINUTE],
    ],
    [
      'spread anew from waking, where it slept long past that',
      [awake(30 * MINUTE), asleep(60 * MINUTE), awake(10 * MINUTE)],
      [90 * MINUTE + SPREAD],
    ],
    [
      'at the latest a quarter of an hour before its end',
      [awake(30 * MINUTE), asleep(75 * MINUTE), awake(10 * MINUTE)],
      [105 * MINUTE],
    ],
    ['at once, where it ended meanwhile', [awake(30 * MINUTE), asleep(5 * HOUR)], [5.5 * HOUR]],
    [
      'once, however often it sleeps and wakes',
      [asleep(20 * MINUTE), asleep(20 * MINUTE), asleep(20 * MINUTE), asleep(10 * MINUTE), asleep(MINUTE)],
      [70 * MINUTE],
    ],
    [
      'in its time, after a clock that went back a day',
      [awake(30 * MINUTE), wrong(-DAY), awake(HOUR)],
      [half],
    ],
    [
      'in its time, after a clock that went back and forth a few times',
      [awake(10 * MINUTE), wrong(-DAY), wrong(-15 * DAY), wrong(20 * MINUTE), awake(HOUR)],
      [half],
    ],
  ])('rows 26, 28: %s', async (_, pieces, expected) => {
    const bench = createBench();
    const trust = { is: true };
    const keeper = bench.keeper({ isClockTrusted: () => trust.is });
    await keeper.exchange({ code: 'c', redirectUri: 'https://shop.example/cb', codeVerifier: null });
    const issuedAt = bench.clock.now();
    await keeper.look();
    for (const piece of pieces) await live(bench, keeper, trust, piece);
    expect(bench.server.presented.map(({ at }) => at - issuedAt)).toEqual(expected);
    expect(keeper.view().state).toEqual({ state: 'HEALTHY', reason: null });
  });

  it('row 28: its deadline passes on the millisecond it was given, and never by a clock nobody vouches for', async () => {
    const bench = createBench();
    const deadlineAt = bench.clock.now() + 14 * DAY;
    bench.store.place('myshop').text = bench.server.issue().text;
    const trust = { is: true };
    const keeper = bench.keeper({ isClockTrusted: () => trust.is });
    await keeper.look();
    bench.server.next.push(...Array.from({ length: 20 }, () => unreachable));
    await live(bench, keeper, trust, wrong(15 * DAY));
    expect(keeper.view().state?.state).toBe('HEALTHY');
    bench.clock.at = deadlineAt - 1;
    await keeper.look();
    expect(keeper.view()).toMatchObject({ state: { state: 'CRITICAL' }, nextLookAt: deadlineAt });
    bench.clock.at = deadlineAt;
    await keeper.look();
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.expired' });
  });
});

/** The deadline as an answer states it, and what every host must make of it. */
const DEADLINES = [
  {
    text: '2026-03-08T19:30:00.123',
    what: 'a Los Angeles night without its hour from two to three',
    deadline: '2026-03-08T10:30:00.123Z',
    refresh: '2026-02-22T11:31:30.246Z',
    dDayTurns: '2026-03-04T15:00:00.000Z',
    warnings: ['2026-03-05T00:00:00.000Z', '2026-03-06T00:00:00.000Z', '2026-03-07T00:00:00.000Z'],
    shown: 'Sun, Mar 8, 19:30',
  },
  {
    text: '2026-11-01T18:00:00.001',
    what: 'a Los Angeles night with two hours from one to two',
    deadline: '2026-11-01T09:00:00.001Z',
    refresh: '2026-10-18T10:01:30.124Z',
    dDayTurns: '2026-10-28T15:00:00.000Z',
    warnings: ['2026-10-29T00:00:00.000Z', '2026-10-30T00:00:00.000Z', '2026-10-31T00:00:00.000Z'],
    shown: 'Sun, Nov 1, 18:00',
  },
  {
    text: '2027-01-01T00:00:00.000',
    what: 'the first millisecond of a Korean year',
    deadline: '2026-12-31T15:00:00.000Z',
    refresh: '2026-12-17T16:01:30.123Z',
    dDayTurns: '2026-12-28T15:00:00.000Z',
    warnings: ['2026-12-29T00:00:00.000Z', '2026-12-30T00:00:00.000Z', '2026-12-31T00:00:00.000Z'],
    shown: 'Fri, Jan 1, 00:00',
  },
] as const;

describe('the same deadlines, warnings and texts to the millisecond', () => {
  it.each([
    ['UTC', 0],
    ['America/Los_Angeles', -7 * 60],
    ['Asia/Kathmandu', 5 * 60 + 45],
  ])(
    'row 29: on a host in %s, also where a clock change falls on the deadline',
    async (zone, offsetMinutes) => {
      const seen = await inZone(
        zone,
        DEADLINES.map(({ text }) => text),
      );
      expect(seen).toEqual({
        offsetMinutes,
        times: DEADLINES.map(({ text: _, what: __, ...expected }) => ({
          ...expected,
          warnings: [...expected.warnings, expected.deadline],
          dDays: [4, 3],
        })),
      });
    },
  );
});

async function inZone(zone: string, texts: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(
    process.execPath,
    ['scripts/run-ts.mjs', 'tests/unit/core/times-in-zone.ts', ...texts],
    {
      cwd: path.resolve(import.meta.dirname, '../../..'),
      env: { ...process.env, TZ: zone },
      timeoutMs: 20_000,
    },
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
