import { describe, expect, it } from 'vitest';
import { historyDaysOf, reasonBesideState } from '../../../renderer/view/history-view.ts';
import { type HistoryEntry, pastOf } from '../../../shared/history.ts';
import { formatTime } from '../../../shared/seoul-time.ts';
import { byUrgency } from '../../../shared/urgency.ts';
import { critical, DAY, expired, expiring, HOUR, mallOf, NOW } from './fixtures.ts';

const HERE = { isHere: true, host: null };
const refreshed = (at: number, by = HERE as { isHere: boolean; host: string | null }): HistoryEntry => ({
  kind: 'refreshed',
  at,
  by,
});

describe('the history page', () => {
  it('goes by days in Seoul, newest first, with refreshes in a row as one line', () => {
    const midnight = NOW - (NOW % DAY) - 9 * HOUR + (NOW % DAY >= 15 * HOUR ? DAY : 0);
    const days = historyDaysOf([
      refreshed(midnight - 2 * HOUR),
      refreshed(midnight - HOUR),
      refreshed(midnight + HOUR),
      { kind: 'failed', at: midnight + 2 * HOUR, code: 'network.dns', by: HERE },
      refreshed(midnight + 3 * HOUR),
      refreshed(midnight + 4 * HOUR, { isHere: false, host: 'server' }),
    ]);
    expect(days.map(({ at }) => formatTime(at))).toEqual(['00:00', '00:00']);
    const seen = days.map(({ lines }) => lines.map(({ entry, count }) => [entry.kind, count]));
    expect(seen).toEqual([
      [
        ['refreshed', 1],
        ['refreshed', 1],
        ['failed', 1],
        ['refreshed', 1],
      ],
      [['refreshed', 2]],
    ]);
    expect(days[1]!.lines[0]).toMatchObject({ fromAt: midnight - 2 * HOUR, toAt: midnight - HOUR });
  });

  it.each([
    ['grant.expiring', null],
    ['grant.critical', null],
    ['grant.expired', 'grant.expired'],
    ['answer.unconfirmed', 'answer.unconfirmed'],
    [null, null],
  ] as const)('puts beside a state why it came, not the state once more: %s', (reason, expected) => {
    expect(reasonBesideState(reason)).toBe(expected);
  });

  it('tells of a gap on the day it ended, also where it is written down before what came earlier', () => {
    const [day] = historyDaysOf([{ kind: 'gap', at: NOW - 3 * DAY, until: NOW }, refreshed(NOW - HOUR)]);
    expect(day!.lines.map(({ entry }) => entry.kind)).toEqual(['gap', 'refreshed']);
  });

  it('gives the picture of 14 days its marks', () => {
    const from = NOW - 14 * DAY;
    const entries: readonly HistoryEntry[] = [
      refreshed(from - 1),
      { kind: 'gap', at: from - DAY, until: from + DAY },
      { kind: 'adopted', at: NOW - 2 },
      { kind: 'state', at: NOW - 1, state: 'HEALTHY', reason: null },
      refreshed(NOW),
    ];
    expect(pastOf(entries, from)).toEqual({
      refreshes: [NOW],
      marks: [
        { kind: 'gap', at: from, until: from + DAY },
        { kind: 'consent', at: NOW - 2 },
      ],
    });
  });
});

describe('several shops', () => {
  it('stand in the order in which somebody waits for them', () => {
    const malls = [
      mallOf({ mall: 'well' }),
      mallOf({ mall: 'new', state: 'NEEDS_REAUTH', reason: 'never_connected', deadlineAt: null }),
      mallOf({ mall: 'gone', state: 'NEEDS_REAUTH', reason: 'disconnected', deadlineAt: null }),
      { ...expiring, mall: 'soon' },
      { ...expired, mall: 'paused', paused: true },
      mallOf({ mall: 'a-paused-one', paused: true }),
      { ...critical, mall: 'tomorrow' },
      { ...expired, mall: 'dead' },
    ];
    expect(malls.sort(byUrgency).map(({ mall }) => mall)).toEqual([
      'dead',
      'tomorrow',
      'soon',
      'well',
      'gone',
      'new',
      'paused',
      'a-paused-one',
    ]);
  });
});
