import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelineOf as lineOf } from '../../../renderer/view/timeline-view.ts';
import type { PastMark } from '../../../shared/history.ts';
import { formatTime } from '../../../shared/seoul-time.ts';
import { DAY, HOUR, NOW } from './fixtures.ts';

const DEADLINE = NOW + 2 * DAY;
const START = DEADLINE - 14 * DAY;

const timelineOf = (
  deadlineAt: number,
  refreshes: readonly number[],
  now: number,
  past: readonly PastMark[] = [],
) => lineOf({ deadlineAt, refreshes, past, now });

describe('the line to the deadline', () => {
  it.each([
    ['at its start', START, 0, false],
    ['in its middle', START + 7 * DAY, 0.5, false],
    ['at the deadline', DEADLINE, 1, true],
    ['long after', DEADLINE + 30 * DAY, 1, true],
    ['before it began (a clock moved back)', START - DAY, 0, false],
  ])('places the present %s', (_where, now, position, over) => {
    expect(timelineOf(DEADLINE, [], now)).toMatchObject({ now: position, over, startAt: START });
  });

  it('marks D-3 and D-1 where those days begin in Seoul', () => {
    const { marks } = timelineOf(DEADLINE, [], NOW);
    expect(marks.map(({ dDay, at }) => [dDay, formatTime(at)])).toEqual([
      [3, '00:00'],
      [1, '00:00'],
    ]);
    const [first, second] = marks;
    expect(second!.at - first!.at).toBe(2 * DAY);
    expect(DEADLINE - second!.at).toBeGreaterThan(DAY);
    expect(DEADLINE - second!.at).toBeLessThanOrEqual(2 * DAY);
  });

  it('counts only the refreshes on the travelled part', () => {
    const refreshes = [NOW - 14 * DAY - 1, NOW - 14 * DAY, START + DAY, NOW, NOW + 1, DEADLINE];
    expect(timelineOf(DEADLINE, refreshes, NOW)).toMatchObject({ refreshCount: 3, startAt: NOW - 14 * DAY });
  });

  it('begins 14 days ago where a deadline rolls, and with its first set where a shop is new', () => {
    const rolling = NOW + 14 * DAY;
    const hourly = Array.from({ length: 20 * 24 }, (_, index) => NOW - 20 * DAY + index * HOUR);
    expect(timelineOf(rolling, hourly, NOW)).toMatchObject({ startAt: NOW - 14 * DAY, now: 0.5 });
    expect(timelineOf(rolling, [], NOW)).toMatchObject({ startAt: NOW, now: 0, startsToday: true });
    const consented: PastMark = { kind: 'consent', at: NOW - 2 * DAY };
    expect(timelineOf(rolling, [], NOW, [consented])).toMatchObject({ startAt: NOW - 2 * DAY, now: 0.125 });
  });

  it('shows consents, failures and when the app was off, each on the travelled part', () => {
    const view = timelineOf(DEADLINE, [], NOW, [
      { kind: 'gap', at: NOW - 16 * DAY, until: NOW - 13 * DAY },
      { kind: 'gap', at: NOW - 2 * DAY, until: NOW - DAY },
      { kind: 'consent', at: START + DAY },
      { kind: 'failure', at: NOW - HOUR },
      { kind: 'failure', at: NOW - HOUR + 1 },
      { kind: 'failure', at: NOW + DAY },
    ]);
    expect(view.counts).toEqual({ consents: 1, failures: 2, off: 2 });
    expect(view.failures).toHaveLength(1);
    expect(view.offMs).toBe(2 * DAY);
    expect(view.off).toEqual([
      { from: 0, to: expect.closeTo(1 / 16) },
      { from: expect.closeTo(12 / 16), to: expect.closeTo(13 / 16) },
    ]);
  });

  it('lets dense refreshes share dots, so that they stay apart', () => {
    const hourly = Array.from({ length: 12 * 24 }, (_, index) => START + index * HOUR);
    const { dots, refreshCount } = timelineOf(DEADLINE, hourly, NOW);
    expect(refreshCount).toBe(288);
    expect(dots.length).toBeGreaterThan(40);
    expect(dots.length).toBeLessThanOrEqual(56);
  });

  it('shows a long time without refreshes as a gap, and an ordinary one not', () => {
    const refreshes = [START, START + 11 * HOUR, START + 11 * HOUR + 3 * DAY, START + 12 * HOUR + 3 * DAY];
    const { gaps, longestGap } = timelineOf(DEADLINE, refreshes, START + 4 * DAY);
    expect(gaps).toHaveLength(2);
    expect(longestGap).toEqual({ fromAt: START + 11 * HOUR, toAt: START + 11 * HOUR + 3 * DAY });
  });

  it('is solid between the gaps, down to a single refresh between two of them', () => {
    const refreshes = [START + HOUR, START + 2 * DAY, START + 4 * DAY, START + 4 * DAY + HOUR];
    const days = (position: number) => position * 14;
    const { stretches } = timelineOf(DEADLINE, refreshes, START + 4 * DAY + 2 * HOUR);
    expect(stretches.map(({ from, to }) => [days(from), days(to)])).toEqual([
      [0, expect.closeTo(1 / 24)],
      [expect.closeTo(2), expect.closeTo(2)],
      [expect.closeTo(4), expect.closeTo(4 + 2 / 24)],
    ]);
  });

  it('draws nothing solid at the present when nothing was refreshed for long', () => {
    const { stretches } = timelineOf(DEADLINE, [START + HOUR], START + 3 * DAY);
    expect(stretches).toHaveLength(1);
  });

  it('stays on the line, whatever it is given', () => {
    const times = fc.integer({ min: START - 20 * DAY, max: DEADLINE + 20 * DAY });
    fc.assert(
      fc.property(fc.array(times, { maxLength: 40 }), times, times, (unsorted, now, at) => {
        const past: readonly PastMark[] = [
          { kind: 'failure', at },
          { kind: 'gap', at, until: at + 3 * DAY },
        ];
        const view = timelineOf(
          DEADLINE,
          [...unsorted].sort((a, b) => a - b),
          now,
          past,
        );
        const positions = [
          view.now,
          ...view.dots,
          ...view.failures,
          ...view.marks.map(({ position }) => position),
        ];
        for (const { from, to } of [...view.gaps, ...view.stretches, ...view.off]) {
          expect(from).toBeLessThanOrEqual(to);
          positions.push(from, to);
        }
        expect(positions.every((position) => position >= 0 && position <= 1)).toBe(true);
      }),
    );
  });
});
