import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  dDayLabel,
  dDayOf,
  formatDate,
  formatDateTime,
  formatMoment,
  formatShortDate,
  formatTime,
  seoulDayOf,
  seoulMidnightOf,
} from '../../../shared/seoul-time.ts';

const at = (text: string) => Date.parse(text);
const anyTime = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });

describe('Korean dates and times', () => {
  it.each([
    ['2026-11-25T17:26:31+09:00', '11월 25일 (수) 17:26', 'Wed, Nov 25, 17:26'],
    ['2026-11-25T00:00:00+09:00', '11월 25일 (수) 00:00', 'Wed, Nov 25, 00:00'],
    ['2026-11-24T14:59:59.999Z', '11월 24일 (화) 23:59', 'Tue, Nov 24, 23:59'],
    ['2026-11-24T15:00:00Z', '11월 25일 (수) 00:00', 'Wed, Nov 25, 00:00'],
    ['2026-12-31T20:00:00Z', '1월 1일 (금) 05:00', 'Fri, Jan 1, 05:00'],
    ['2028-02-29T09:05:00+09:00', '2월 29일 (화) 09:05', 'Tue, Feb 29, 09:05'],
  ])('%s is shown as %s and %s', (instant, ko, en) => {
    expect(formatDateTime('ko', at(instant))).toBe(ko);
    expect(formatDateTime('en', at(instant))).toBe(en);
  });

  it('leaves out what does not fit', () => {
    const instant = at('2026-11-25T17:26:31+09:00');
    expect(formatDate('ko', instant)).toBe('11월 25일 (수)');
    expect(formatShortDate('ko', instant)).toBe('11월 25일');
    expect(formatShortDate('en', instant)).toBe('Nov 25');
    expect(formatTime(instant)).toBe('17:26');
  });

  it('names the date only on another day in Seoul', () => {
    const now = at('2026-11-25T00:10:00+09:00');
    expect(formatMoment('ko', at('2026-11-25T23:50:00+09:00'), now)).toBe('23:50');
    expect(formatMoment('ko', at('2026-11-24T23:50:00+09:00'), now)).toBe('11월 24일 (화) 23:50');
  });

  it('agrees with the platform about Seoul at any time', () => {
    const reference = new Intl.DateTimeFormat('en-US', {
      timeZone: 'Asia/Seoul',
      weekday: 'short',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    fc.assert(
      fc.property(anyTime, (time) => {
        const parts = Object.fromEntries(
          reference.formatToParts(time).map(({ type, value }) => [type, value]),
        );
        expect(formatDateTime('en', time)).toBe(
          `${parts.weekday}, ${parts.month} ${parts.day}, ${parts.hour}:${parts.minute}`,
        );
      }),
    );
  });
});

describe('D-day', () => {
  const deadline = at('2026-11-25T00:30:00+09:00');

  it.each([
    ['2026-11-25T00:29:00+09:00', 0, 'D-0'],
    ['2026-11-25T23:59:00+09:00', 0, 'D-0'],
    ['2026-11-24T23:59:59+09:00', 1, 'D-1'],
    ['2026-11-24T00:00:00+09:00', 1, 'D-1'],
    ['2026-11-22T09:00:00+09:00', 3, 'D-3'],
    ['2026-11-26T00:00:00+09:00', -1, 'D+1'],
  ])('counts calendar days in Seoul: at %s it is %i', (now, days, label) => {
    expect(dDayOf(deadline, at(now))).toBe(days);
    expect(dDayLabel(days)).toBe(label);
  });

  it('steps by one exactly at midnight in Seoul', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const midnight = seoulMidnightOf(seoulDayOf(time));
        expect(formatTime(midnight)).toBe('00:00');
        expect(time - midnight).toBeGreaterThanOrEqual(0);
        expect(time - midnight).toBeLessThan(DAY_MS);
        expect(dDayOf(time, midnight - 1)).toBe(1);
        expect(dDayOf(time, midnight)).toBe(0);
        expect(dDayOf(time, midnight + DAY_MS)).toBe(-1);
      }),
    );
  });
});
