import { describe, expect, test } from 'vitest';
import {
  changePlace,
  EMPTY_PLACE,
  type Moment,
  type Place,
  parsePlace,
  renewLease,
  setAside,
  takeLease,
  viewOf,
  writePlace,
} from '../../../electron/adapters/local-store/place.ts';

const NOW = Date.UTC(2026, 2, 1, 3);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const at = (realMs: number, offsetMs = 0): Moment => ({ at: realMs + offsetMs, realMs });

const leased = takeLease(EMPTY_PLACE, 'me', MINUTE, at(NOW)) as Place;
const OWNER_AFTER: readonly [string, number, string | null][] = [
  ['at once', 0, 'me'],
  ['a millisecond before its end', MINUTE - 1, 'me'],
  ['at its end', MINUTE, null],
  ['when the host’s clock was set back by a second', -1000, 'me'],
  ['when the host’s clock was set back by an hour: it would stand for an hour', -60 * MINUTE, null],
  ['when the host’s clock jumped ahead', DAY, null],
];

describe('a lease of one minute', () => {
  test.each(OWNER_AFTER)('%s', (_, laterMs, owner) => {
    const moment = at(NOW + laterMs);
    expect(viewOf(leased, moment).leaseOwner).toBe(owner);
    expect(renewLease(leased, 'me', MINUTE, moment) !== null).toBe(owner === 'me');
    expect(takeLease(leased, 'you', MINUTE, moment) !== null).toBe(owner === null);
  });

  test('runs in real time, whatever a simulator’s clock says', () => {
    expect(viewOf(leased, at(NOW, 30 * DAY))).toMatchObject({ leaseOwner: 'me', at: NOW + 30 * DAY });
  });
});

describe('what was set aside', () => {
  const rubbish = { ...EMPTY_PLACE, text: 'rubbish' };
  const aside = setAside(rubbish, 'rubbish', NOW, at(NOW)) as Place;

  test('is kept for 14 days', () => {
    expect(aside).toMatchObject({ text: null, aside: [{ text: 'rubbish', at: NOW }] });
    const keptAfter = (ms: number) => {
      const change = changePlace(aside, { expect: {}, text: 'new' }, at(NOW + ms));
      return change.kind === 'done' ? change.place.aside.length : null;
    };
    expect([keptAfter(14 * DAY - 1), keptAfter(14 * DAY)]).toEqual([1, 0]);
  });

  test('does not displace what was set aside before', () => {
    const again = setAside({ ...aside, text: 'rubbish too' }, 'rubbish too', NOW + DAY, at(NOW + DAY));
    expect(again?.aside.map(({ text }) => text)).toEqual(['rubbish', 'rubbish too']);
  });
});

test('a new text takes the place of what was no text at all', () => {
  const odd = { ...EMPTY_PLACE, wrongType: true };
  const change = changePlace(odd, { expect: {}, text: 'new' }, at(NOW));
  expect(change).toMatchObject({ kind: 'done', place: { text: 'new', wrongType: false } });
  expect(changePlace(odd, { expect: {} }, at(NOW))).toMatchObject({ place: { wrongType: true } });
});

describe('the document', () => {
  const full: Place = {
    text: '{"a":"\ud800 한글"}',
    wrongType: false,
    meta: { generation: '3', state: 'HEALTHY' },
    lease: { owner: 'me', until: NOW, ttlMs: MINUTE },
    spent: ['b', 'a'],
    requests: { r: NOW },
    announced: 2,
    aside: [{ text: null, at: NOW }],
    alerts: {
      entries: new Map([['2026-03-04:D-3:mail', { status: 'sent', owner: 'me', until: NOW }]]),
      anchorAt: NOW + DAY,
    },
  };

  test.each([
    ['full', full],
    ['empty', EMPTY_PLACE],
  ])('%s comes back as it was', (_, place) => {
    expect(parsePlace(writePlace(place, 'myshop'), 'myshop')).toEqual(place);
  });

  test.each([
    ['another mall’s', writePlace(full, 'other')],
    ['no JSON', 'x'],
    ['without a field', '{"mall":"myshop"}'],
  ])('%s is none', (_, text) => {
    expect(parsePlace(text, 'myshop')).toBeNull();
  });
});
