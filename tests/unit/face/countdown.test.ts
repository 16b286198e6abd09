import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockText,
  countdownOf,
  durationText,
  minutesAndSeconds,
  timeLeft,
} from '../../../shared/countdown.ts';
import { DAY_MS } from '../../../shared/seoul-time.ts';

const NOW = Date.parse('2026-11-22T12:00:00+09:00');
const HOUR = 3_600_000;
const MINUTE = 60_000;
const SECOND = 1000;

describe('countdownOf', () => {
  it.each([
    [14 * DAY_MS, 14, '00:00:00'],
    [14 * DAY_MS - 1, 13, '23:59:59'],
    [13 * DAY_MS + 21 * HOUR + 46 * MINUTE + 8 * SECOND, 13, '21:46:08'],
    [SECOND, 0, '00:00:01'],
    [SECOND - 1, 0, '00:00:00'],
    [0, 0, '00:00:00'],
    [-5 * DAY_MS, 0, '00:00:00'],
  ])('%i ms before the deadline is %i days and %s', (left, days, clock) => {
    const countdown = countdownOf(NOW + left, NOW);
    expect(countdown.days).toBe(days);
    expect(clockText(countdown)).toBe(clock);
  });

  it('is what is displayed, floored to the second and never negative', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30 * DAY_MS, max: 30 * DAY_MS }), (left) => {
        const countdown = countdownOf(NOW + left, NOW);
        const { days, totalSeconds } = countdown;
        const [hours = 0, minutes = 0, seconds = 0] = clockText(countdown).split(':').map(Number);
        expect(days * 86_400 + hours * 3600 + minutes * 60 + seconds).toBe(totalSeconds);
        expect(totalSeconds).toBe(Math.max(0, Math.floor(left / 1000)));
        expect(hours).toBeLessThan(24);
        expect(minutes).toBeLessThan(60);
        expect(seconds).toBeLessThan(60);
      }),
    );
  });

  it('never runs backwards', () => {
    const times = fc.integer({ min: 0, max: 20 * DAY_MS });
    fc.assert(
      fc.property(times, times, (one, other) => {
        const [early, late] = one < other ? [one, other] : [other, one];
        const deadline = NOW + 14 * DAY_MS;
        expect(countdownOf(deadline, NOW + late).totalSeconds).toBeLessThanOrEqual(
          countdownOf(deadline, NOW + early).totalSeconds,
        );
      }),
    );
  });
});

describe('time left in words', () => {
  it.each([
    [13 * DAY_MS + 21 * HOUR + 46 * MINUTE, '13일 21시간 남음', '13 days 21 hours left'],
    [DAY_MS + 30 * MINUTE, '1일 남음', '1 day left'],
    [HOUR + MINUTE, '1시간 1분 남음', '1 hour 1 minute left'],
    [2 * HOUR, '2시간 남음', '2 hours left'],
    [12 * MINUTE + 59 * SECOND, '12분 남음', '12 minutes left'],
    [59 * SECOND, '1분 미만 남음', 'under a minute left'],
    [0, '만료됨', 'expired'],
    [-DAY_MS, '만료됨', 'expired'],
  ])('%i ms reads "%s" and "%s"', (left, ko, en) => {
    expect(timeLeft('ko', NOW + left, NOW)).toBe(ko);
    expect(timeLeft('en', NOW + left, NOW)).toBe(en);
  });

  it('never shows seconds, so that the tray rests within a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 * DAY_MS }), (left) => {
        const minute = left - (left % MINUTE);
        expect(durationText('ko', NOW, NOW + left)).toBe(durationText('ko', NOW, NOW + minute));
      }),
    );
  });
});

describe('a wait of minutes', () => {
  it.each([
    [5 * MINUTE, '5:00'],
    [4 * MINUTE + 9 * SECOND + 999, '4:09'],
    [-1, '0:00'],
    [61 * MINUTE, '61:00'],
  ])('of %i ms reads %s', (left, expected) => {
    expect(minutesAndSeconds(countdownOf(NOW + left, NOW))).toBe(expected);
  });
});
