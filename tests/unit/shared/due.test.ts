import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessUsableUntil, isAccessUsable, refreshDueAt, SPREAD_MS } from '../../../shared/due.ts';
import { foreignGrant } from '../../../shared/token-set.ts';
import { aSet, DAY, HOUR, NOW } from '../../support/heart-examples.ts';

const MINUTE = 60_000;
const own = aSet();
const foreign = (expiresAt: number) => aSet({ expiresAt, grant: foreignGrant('h', NOW), parent: null });

describe('an access token', () => {
  it.each([
    ['is usable until its end', own, NOW + 2 * HOUR - 1, true],
    ['not from its end on', own, NOW + 2 * HOUR, false],
    ['not where there is none', aSet({ accessToken: '' }), NOW, false],
    ['of another program is believed up to 2 h 5 min ahead', foreign(NOW + 2 * HOUR + 5 * MINUTE), NOW, true],
    [
      'of another program counts as expired beyond that',
      foreign(NOW + 2 * HOUR + 5 * MINUTE + 1),
      NOW,
      false,
    ],
    ['that the server itself gave a longer life is believed', aSet({ expiresAt: NOW + 3 * HOUR }), NOW, true],
    [
      "that a keeper's refresh of a foreign set brought is believed",
      aSet({ expiresAt: NOW + 3 * HOUR, grant: foreignGrant('h', NOW), parent: 'h' }),
      NOW,
      true,
    ],
  ])('%s', (_, set, now, expected) => {
    expect(isAccessUsable(set, now)).toBe(expected);
    if (!expected && set.accessToken !== '') expect(accessUsableUntil(set, now)).toBeLessThanOrEqual(now);
  });
});

describe('a refresh is due', () => {
  const due = (now: number, spreadMs: number, noticedAt: number, set = own) =>
    refreshDueAt(set, now, spreadMs, noticedAt) - NOW;

  it.each([
    // now, spread, noticed at -> due, all from the issue of a token that lives 2 h
    ['at half of its life', 0, 0, 0, HOUR],
    ['later by the place in the spread', 0, 3 * MINUTE, 0, HOUR + 3 * MINUTE],
    ['at once when it is a little overdue', HOUR + 9 * MINUTE, 0, HOUR + 9 * MINUTE, HOUR],
    [
      'spread anew when the host was away for longer',
      HOUR + 30 * MINUTE,
      4 * MINUTE,
      HOUR + 30 * MINUTE,
      HOUR + 34 * MINUTE,
    ],
    ['and stays so at later looks', HOUR + 33 * MINUTE, 4 * MINUTE, HOUR + 30 * MINUTE, HOUR + 34 * MINUTE],
    [
      '15 minutes before the end at the latest',
      HOUR + 44 * MINUTE,
      4 * MINUTE,
      HOUR + 44 * MINUTE,
      HOUR + 45 * MINUTE,
    ],
    [
      'at once with under 15 minutes left',
      HOUR + 46 * MINUTE,
      5 * MINUTE,
      HOUR + 46 * MINUTE,
      HOUR + 46 * MINUTE,
    ],
    ['at once when expired', 5 * HOUR, 5 * MINUTE, 5 * HOUR, 5 * HOUR],
  ])('%s', (_, now, spreadMs, noticedAt, expected) => {
    expect(due(NOW + now, spreadMs, NOW + noticedAt)).toBe(expected);
  });

  it.each([
    ['at the refresh token’s deadline, where that comes before half of the life', 20 * MINUTE, 20 * MINUTE],
    ['as ever, where the deadline had passed before the set came', -MINUTE, HOUR],
  ])('%s', (_, deadline, expected) => {
    expect(due(NOW, 0, NOW, aSet({ refreshTokenExpiresAt: NOW + deadline }))).toBe(expected);
  });

  it('at once for a foreign end that nobody can believe', () => {
    expect(due(NOW + 1, SPREAD_MS, NOW, foreign(NOW + DAY))).toBe(1);
  });

  it('always between half of the life and its end, or now where that has passed', () => {
    const times = fc.record({
      life: fc.integer({ min: 1, max: 3 * HOUR }),
      now: fc.integer({ min: 0, max: 4 * HOUR }),
      spreadMs: fc.integer({ min: 0, max: SPREAD_MS }),
      back: fc.integer({ min: 0, max: 4 * HOUR }),
    });
    fc.assert(
      fc.property(times, ({ life, now, spreadMs, back }) => {
        const set = aSet({ expiresAt: NOW + life });
        const at = refreshDueAt(set, NOW + now, spreadMs, NOW + now - back);
        // Due times are whole milliseconds: half of an odd life is rounded down.
        expect(at).toBeGreaterThanOrEqual(NOW + Math.min(Math.floor(life / 2), now));
        expect(at).toBeLessThanOrEqual(Math.max(set.expiresAt, NOW + now));
      }),
    );
  });

  it('for a hundred malls that slept not in one second, and for each within 5 minutes', () => {
    const now = NOW + HOUR + 20 * MINUTE;
    const dues = Array.from({ length: 100 }, (_, i) => refreshDueAt(own, now, (i / 100) * SPREAD_MS, now));
    expect(new Set(dues.map((at) => Math.floor(at / 1000))).size).toBe(100);
    expect(Math.max(...dues)).toBeLessThan(now + SPREAD_MS);
  });
});
