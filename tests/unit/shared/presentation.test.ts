import { describe, expect, it } from 'vitest';
import type { PresentationIntent } from '../../../shared/meta.ts';
import {
  nextPresentation,
  type Observer,
  troubleChangesAt,
  troubleOf,
} from '../../../shared/presentation.ts';
import { anIntent, DAY, HOUR, NOW } from '../../support/heart-examples.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DEADLINE = NOW + 14 * DAY;

const lost = (tries: number, change: Partial<PresentationIntent> = {}) =>
  anIntent({ outcome: 'lost', reason: 'answer.unconfirmed', lostHost: 'pc', tries, ...change });
const refused = (tries: number, change: Partial<PresentationIntent> = {}) =>
  anIntent({ outcome: 'refused', reason: 'grant.invalid', tries, ...change });
const blocked = (reason: PresentationIntent['reason'], change: Partial<PresentationIntent> = {}) =>
  anIntent({ outcome: 'blocked', reason, ...change });
const limited = (change: Partial<PresentationIntent> = {}) => anIntent({ outcome: 'limited', ...change });

type Row = readonly [
  string,
  PresentationIntent,
  Observer,
  { waitMs: number; tries: number; why: string } | 'never',
];
const NEXT: readonly Row[] = [
  // in the air
  ['its presenter leaves its own request alone', anIntent(), 'presenter', 'never'],
  [
    'others leave an open one to its owner for 10 minutes',
    anIntent(),
    'other',
    { waitMs: 10 * MINUTE, tries: 1, why: 'answer.unconfirmed' },
  ],
  [
    'the owner whose request is over waits 30 s',
    anIntent(),
    'heir',
    { waitMs: 30 * SECOND, tries: 1, why: 'answer.unconfirmed' },
  ],
  // no verdict
  [
    'a lost answer: the owner after 30 s',
    lost(0),
    'heir',
    { waitMs: 30 * SECOND, tries: 1, why: 'answer.unconfirmed' },
  ],
  [
    'a lost answer: others after 10 minutes',
    lost(0),
    'other',
    { waitMs: 10 * MINUTE, tries: 1, why: 'answer.unconfirmed' },
  ],
  [
    'again no verdict: try 2 after 10 minutes, by whoever',
    lost(1),
    'heir',
    { waitMs: 10 * MINUTE, tries: 2, why: 'answer.unconfirmed' },
  ],
  [
    'again no verdict: the same for others',
    lost(1),
    'other',
    { waitMs: 10 * MINUTE, tries: 2, why: 'answer.unconfirmed' },
  ],
  [
    'the presenter of try 1 silent for 10 minutes: try 2',
    lost(1, { outcome: 'open' }),
    'other',
    { waitMs: 10 * MINUTE, tries: 2, why: 'answer.unconfirmed' },
  ],
  ['try 3 after 1 h', lost(2), 'other', { waitMs: HOUR, tries: 3, why: 'answer.unconfirmed' }],
  ['try 4 after 24 h', lost(3), 'heir', { waitMs: DAY, tries: 4, why: 'answer.unconfirmed' }],
  ['then none', lost(4), 'heir', 'never'],
  ['then none for others', lost(4), 'other', 'never'],
  [
    'after a lost answer a refusal is the last word',
    refused(1, { reason: 'answer.unconfirmed', lostHost: 'pc' }),
    'heir',
    'never',
  ],
  // invalid_grant
  [
    'invalid_grant: once more after 1 h',
    refused(0),
    'other',
    { waitMs: HOUR, tries: 1, why: 'grant.invalid' },
  ],
  [
    'and once 24 h after the first',
    refused(1),
    'heir',
    { waitMs: 23 * HOUR, tries: 2, why: 'grant.invalid' },
  ],
  ['then none', refused(2), 'heir', 'never'],
  [
    'a lost try of a refusal leaves the other one',
    lost(1, { reason: 'grant.invalid' }),
    'heir',
    { waitMs: 23 * HOUR, tries: 2, why: 'grant.invalid' },
  ],
  [
    'also while its presenter is silent',
    lost(1, { outcome: 'open', reason: 'grant.invalid' }),
    'other',
    { waitMs: 23 * HOUR, tries: 2, why: 'grant.invalid' },
  ],
  ['a lost last try of a refusal leaves none', lost(2, { reason: 'grant.invalid' }), 'heir', 'never'],
  ['one try after a passed deadline, not more', refused(0, { triedAt: DEADLINE }), 'heir', 'never'],
  [
    'a try before it leaves those that follow',
    refused(0, { triedAt: DEADLINE - 1 }),
    'heir',
    { waitMs: HOUR, tries: 1, why: 'grant.invalid' },
  ],
  // answers that say nothing about the token
  [
    'a wrong secret: daily, and not counted',
    blocked('client.secret_wrong'),
    'heir',
    { waitMs: DAY, tries: 0, why: 'client.secret_wrong' },
  ],
  [
    'a wrong secret that has changed since: at once',
    blocked('client.secret_wrong', { client: 'former' }),
    'heir',
    { waitMs: 0, tries: 0, why: 'client.secret_wrong' },
  ],
  [
    'the app removed: hourly',
    blocked('client.app_removed'),
    'other',
    { waitMs: HOUR, tries: 0, why: 'client.app_removed' },
  ],
  ['403: hourly', blocked('client.forbidden'), 'heir', { waitMs: HOUR, tries: 0, why: 'client.forbidden' }],
  [
    '403 with a Retry-After of 7 minutes: as long as asked',
    blocked('client.forbidden', { retryAt: NOW + 7 * MINUTE }),
    'heir',
    { waitMs: 7 * MINUTE, tries: 0, why: 'client.forbidden' },
  ],
  [
    '403 with a Retry-After of a year: in the last hour of the token',
    blocked('client.forbidden', { retryAt: NOW + 365 * DAY }),
    'other',
    { waitMs: 14 * DAY - HOUR, tries: 0, why: 'client.forbidden' },
  ],
  [
    'a wrong secret is tried daily, whatever else the answer asks',
    blocked('client.secret_wrong', { retryAt: NOW + 7 * MINUTE, client: 'client' }),
    'heir',
    { waitMs: DAY, tries: 0, why: 'client.secret_wrong' },
  ],
  [
    'an unknown code: hourly, also with another secret',
    blocked('answer.unknown_error', { client: 'former' }),
    'heir',
    { waitMs: HOUR, tries: 0, why: 'answer.unknown_error' },
  ],
  [
    'in the middle of a count it keeps the count',
    blocked('client.forbidden', { tries: 2 }),
    'heir',
    { waitMs: HOUR, tries: 2, why: 'client.forbidden' },
  ],
  ['tokens of another mall came: never', blocked('answer.other_mall'), 'heir', 'never'],
  // 429
  [
    '429 without Retry-After: 10 minutes',
    limited(),
    'heir',
    { waitMs: 10 * MINUTE, tries: 0, why: 'rate.limited' },
  ],
  [
    '429 with Retry-After: as long as asked',
    limited({ retryAt: NOW + 3 * HOUR }),
    'other',
    { waitMs: 3 * HOUR, tries: 0, why: 'rate.limited' },
  ],
  [
    '429 in the last hour of the token: 10 minutes at most',
    limited({ triedAt: DEADLINE - HOUR / 2, retryAt: DEADLINE + DAY }),
    'other',
    { waitMs: 10 * MINUTE, tries: 0, why: 'rate.limited' },
  ],
  [
    '429 in the middle of a count keeps count and reason',
    limited({ tries: 2, reason: 'grant.invalid' }),
    'heir',
    { waitMs: 10 * MINUTE, tries: 2, why: 'grant.invalid' },
  ],
];

describe('a refresh token that was presented is presented again', () => {
  it.each(NEXT)('%s', (_, intent, observer, expected) => {
    const next = nextPresentation(intent, observer, 'client', DEADLINE);
    if (expected === 'never') expect(next).toBeNull();
    else
      expect(next).toEqual({
        at: intent.triedAt + expected.waitMs,
        tries: expected.tries,
        why: expected.why,
      });
  });

  it('at most four times without a verdict, and twice after a refusal, whoever does it', () => {
    for (const observer of ['heir', 'other'] as const) {
      for (const [first, most] of [
        [lost(0), 4],
        [refused(0), 2],
      ] as const) {
        let intent = first;
        let count = 0;
        for (;;) {
          const next = nextPresentation(intent, observer, 'client', DEADLINE);
          if (next === null) break;
          count += 1;
          expect(next.tries).toBe(count);
          intent = { ...intent, tries: next.tries, triedAt: next.at };
        }
        expect(count).toBe(most);
      }
    }
  });
});

type Shown = readonly [state: string, reason: string] | null;
const UNCONFIRMED: Shown = ['UNCONFIRMED', 'answer.unconfirmed'];
const SHOWN: readonly (readonly [string, PresentationIntent, Observer, number, Shown])[] = [
  ['a first request in the air shows nothing', anIntent(), 'presenter', 0, null],
  ['nor to others while it can be in the air', anIntent(), 'other', 30 * SECOND - 1, null],
  ['after 30 s it has no answer any more', anIntent(), 'other', 30 * SECOND, UNCONFIRMED],
  ['whose own request it was knows at once', anIntent(), 'heir', 0, UNCONFIRMED],
  ['a lost answer is told at once', lost(0), 'other', 0, UNCONFIRMED],
  ['and stays so between the tries', lost(3), 'other', 5 * HOUR, UNCONFIRMED],
  [
    'while a further try is in the air what was shown stays',
    lost(1, { outcome: 'open' }),
    'presenter',
    0,
    UNCONFIRMED,
  ],
  ['the last try in the air', lost(4, { outcome: 'open' }), 'other', 9 * MINUTE, UNCONFIRMED],
  [
    'the last try without an answer for 10 minutes',
    lost(4, { outcome: 'open' }),
    'other',
    10 * MINUTE,
    ['NEEDS_REAUTH', 'answer.unconfirmed'],
  ],
  ['no verdict from the last try', lost(4), 'other', 0, ['NEEDS_REAUTH', 'answer.unconfirmed']],
  [
    'refused after a loss: at once',
    refused(1, { reason: 'answer.unconfirmed' }),
    'heir',
    0,
    ['NEEDS_REAUTH', 'answer.unconfirmed'],
  ],
  ['refused: the store is read again for 30 s first', refused(0), 'heir', 30 * SECOND - 1, null],
  ['then it is told', refused(0), 'other', 30 * SECOND, ['NEEDS_REAUTH', 'grant.invalid']],
  [
    'refused at a test of a block: the block is shown until then, as if nothing had come',
    refused(0, { afterBlock: 'client.secret_wrong' }),
    'other',
    30 * SECOND - 1,
    ['BLOCKED', 'client.secret_wrong'],
  ],
  [
    'and then it is told as the refusal it is',
    refused(0, { afterBlock: 'client.secret_wrong' }),
    'other',
    30 * SECOND,
    ['NEEDS_REAUTH', 'grant.invalid'],
  ],
  ['a later refusal needs no second look', refused(1), 'heir', 0, ['NEEDS_REAUTH', 'grant.invalid']],
  [
    'a try after a refusal changes nothing while it is in the air',
    refused(1, { outcome: 'open' }),
    'presenter',
    0,
    ['NEEDS_REAUTH', 'grant.invalid'],
  ],
  [
    'nor when it is lost',
    lost(1, { reason: 'grant.invalid' }),
    'other',
    0,
    ['NEEDS_REAUTH', 'grant.invalid'],
  ],
  ['a wrong secret', blocked('client.secret_wrong'), 'other', 0, ['BLOCKED', 'client.secret_wrong']],
  [
    'a test whether the block is over changes nothing while in the air',
    blocked('client.forbidden', { outcome: 'open' }),
    'presenter',
    0,
    ['BLOCKED', 'client.forbidden'],
  ],
  ['429 is a reason, not a state', limited(), 'other', 0, null],
  ['429 after 429 neither', limited({ reason: 'rate.limited' }), 'other', 0, null],
  [
    '429 hides nothing that stood before',
    limited({ reason: 'answer.unconfirmed', tries: 1 }),
    'other',
    0,
    UNCONFIRMED,
  ],
];

describe('meanwhile is shown', () => {
  it.each(SHOWN)('%s', (_, intent, observer, afterMs, expected) => {
    const shown = troubleOf(intent, observer, intent.triedAt + afterMs);
    expect(shown && [shown.state, shown.reason]).toEqual(expected);
  });

  it('nothing that changes by time alone at a moment nobody is told of', () => {
    for (const [, intent, observer] of SHOWN) {
      const told = new Set(troubleChangesAt(intent));
      for (let at = NOW; at < NOW + 15 * MINUTE; at += SECOND) {
        const [before, after] = [troubleOf(intent, observer, at - 1), troubleOf(intent, observer, at)];
        if (at > NOW && JSON.stringify(before) !== JSON.stringify(after)) expect(told).toContain(at);
      }
    }
  });
});
