import { describe, expect, it } from 'vitest';
import { decide, LONGEST_REST_MS, OFFLINE_LIFE_MS, type Step } from '../../../electron/core/decide.ts';
import { hashOf } from '../../../electron/core/hash.ts';
import type { Sight } from '../../../electron/core/sight.ts';
import type { Attempt } from '../../../electron/ports.ts';
import { seoulDayOf, seoulMidnightOf } from '../../../shared/seoul-time.ts';
import type { KnownSet } from '../../../shared/token-set.ts';
import {
  anAnswer,
  anAttempt,
  anIntent,
  aSet,
  aSight,
  aView,
  DAY,
  HOUR,
  NOW,
  tokenBody,
} from '../../support/heart-examples.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DOWN = { kind: 'down', code: 'store.unreachable' } as const;
const kept = (set: KnownSet = aSet()) =>
  anAttempt({ kind: 'adopted', parent: set, outcome: 'adopted', settledAt: NOW });

function see(change: Parameters<typeof aSight>[0] = {}): Sight {
  return aSight({ attempts: [kept()], ...change });
}

type StoreSight = Extract<Sight['store'], { readonly kind: 'up' }>;

/** A store that holds this set, known or as another program wrote it. */
function holding(set: KnownSet, isKnown = true, meta: Record<string, string> = {}): StoreSight {
  return {
    kind: 'up',
    view: aView({ text: '{}', meta }),
    content: { kind: 'set', set, isKnown, disconnectedAt: null, stored: { tokens: set, extras: [] } },
  };
}

const at = (step: Step) => (step.do === 'rest' ? step.until - NOW : step.do);

describe('the one next step', () => {
  const answered = anAttempt({
    openedAt: NOW - HOUR,
    outcome: 'answered',
    answer: anAnswer(tokenBody('child')),
  });
  const child = aSet({ refreshToken: 'child', parent: hashOf('refresh') });
  const lost = anAttempt({ outcome: 'lost' });
  it.each<readonly [string, Sight, Step['do']]>([
    ['an attempt of a process that is gone, in the air', see({ orphans: [anAttempt()] }), 'declare-lost'],
    ['one that had proven its place only', see({ orphans: [anAttempt({ outcome: 'proving' })] }), 'discard'],
    ['also while the store is away', see({ orphans: [anAttempt()], store: DOWN }), 'declare-lost'],
    [
      'rubbish in the key',
      see({
        store: {
          kind: 'up',
          view: aView(),
          content: { kind: 'rubbish', servesUntil: 0, disconnectedAt: null },
        },
      }),
      'set-aside',
    ],
    [
      'a newer set in the journal',
      see({ attempts: [answered], newest: { kind: 'set', set: child, spent: false, fromStore: false } }),
      'publish',
    ],
    [
      'a newer set in the journal that is redeemed',
      see({ attempts: [kept(child)], newest: { kind: 'set', set: child, spent: true, fromStore: false } }),
      'rest',
    ],
    ['a set another program wrote', see({ store: holding(aSet(), false) }), 'adopt'],
    [
      'a redeemed set another program wrote',
      see({
        store: holding(aSet(), false),
        newest: { kind: 'set', set: aSet(), spent: true, fromStore: true },
      }),
      'rest',
    ],
    ["another keeper's set", see({ attempts: [] }), 'keep'],
    [
      "another keeper's set, where nothing may be kept",
      see({ attempts: [], mayNotRedeem: 'keeper.read_only' }),
      'rest',
    ],
    ['an end the store was not told of', see({ attempts: [kept(), lost] }), 'settle'],
    ['nothing due', see(), 'rest'],
    ['due', see({ dueAt: NOW }), 'begin-turn'],
    ['due, but a person is consenting', see({ dueAt: NOW, isConsenting: true }), 'rest'],
    ['due, but this process must not redeem', see({ dueAt: NOW, mayNotRedeem: 'keeper.read_only' }), 'rest'],
    ['asked for before it is due', see({ askedBy: 'person' }), 'begin-turn'],
    [
      'due, disconnected',
      see({
        dueAt: null,
        newest: { kind: 'disconnected', grant: { id: 'disconnected', at: NOW }, fromStore: true },
      }),
      'rest',
    ],
    [
      'due, held by a failure',
      see({ dueAt: NOW, hold: { code: 'network.dns', until: NOW + 5000, since: NOW, failures: 1 } }),
      'rest',
    ],
    [
      'due, the hold is over',
      see({ dueAt: NOW, hold: { code: 'network.dns', until: NOW, since: NOW, failures: 1 } }),
      'begin-turn',
    ],
    [
      'asked for, but its try is counted and its time has not come',
      see({ askedBy: 'person', intent: anIntent({ outcome: 'refused', reason: 'grant.invalid' }) }),
      'rest',
    ],
    [
      'asked for, and only blocked',
      see({ askedBy: 'person', intent: anIntent({ outcome: 'blocked', reason: 'client.forbidden' }) }),
      'begin-turn',
    ],
    [
      'asked for, and blocked by an answer that asked to wait',
      see({
        askedBy: 'person',
        intent: anIntent({ outcome: 'blocked', reason: 'client.forbidden', retryAt: NOW + 1 }),
      }),
      'rest',
    ],
    [
      'asked for while Cafe24 asked to wait',
      see({ askedBy: 'person', intent: anIntent({ outcome: 'limited', retryAt: NOW + 1 }) }),
      'rest',
    ],
  ])('%s', (_, sight, expected) => {
    expect(decide(sight).do).toBe(expected);
  });
});

describe('a turn', () => {
  const attempt = anAttempt({ owner: 'aaaa-pc-1' });
  const leased = { attempt, phase: 'leased' } as const;
  const intended = { attempt, phase: 'intended' } as const;
  const next = aSet({ refreshToken: 'next' });
  it.each<readonly [string, Sight, Step['do']]>([
    ['under the lease the intent is written', see({ turn: leased, dueAt: NOW }), 'write-intent'],
    ['unless it is not due any more', see({ turn: leased }), 'give-up-turn'],
    [
      'unless another set stands there, though that is due too',
      see({
        turn: leased,
        dueAt: NOW,
        attempts: [kept(next)],
        store: holding(next),
        newest: { kind: 'set', set: next, spent: false, fromStore: true },
      }),
      'give-up-turn',
    ],
    [
      'unless somebody raised the count meanwhile',
      see({ turn: leased, dueAt: NOW, intent: anIntent({ outcome: 'lost', tries: 1, triedAt: NOW - DAY }) }),
      'give-up-turn',
    ],
    ['unless the store went away', see({ turn: leased, dueAt: NOW, store: DOWN }), 'give-up-turn'],
    ['the request is sent once the intent is written', see({ turn: intended }), 'send'],
    ['not when the store went away', see({ turn: intended, store: DOWN }), 'give-up-turn'],
  ])('%s', (_, sight, expected) => {
    expect(decide(sight).do).toBe(expected);
  });
});

describe('without the store', () => {
  const near = aSet({ refreshTokenExpiresAt: NOW + OFFLINE_LIFE_MS - 1 });
  const wrote = (change: Partial<Attempt> = {}) =>
    anAttempt({
      owner: 'aaaa-pc-1',
      openedAt: NOW - 2 * HOUR,
      outcome: 'answered',
      parent: aSet({ refreshToken: 'before' }),
      answer: anAnswer(tokenBody('refresh', NOW - 2 * HOUR)),
      settledAt: NOW,
      ...change,
    });
  const offline = (change: Parameters<typeof aSight>[0] = {}) =>
    see({
      store: DOWN,
      dueAt: NOW,
      attempts: [wrote()],
      newest: { kind: 'set', set: near, spent: false, fromStore: false },
      ...change,
    });
  const far = aSet({ refreshTokenExpiresAt: NOW + OFFLINE_LIFE_MS });

  it.each<readonly [string, Sight, Step['do']]>([
    ['with under 24 h left the last writer refreshes into its journal', offline(), 'refresh-offline'],
    [
      'not with 24 h left',
      offline({ newest: { kind: 'set', set: far, spent: false, fromStore: false } }),
      'rest',
    ],
    ['not before it is due', offline({ dueAt: NOW + 1 }), 'rest'],
    [
      'also where the store is full',
      see({ ...offline(), attempts: [wrote()], store: { kind: 'down', code: 'store.full' } }),
      'refresh-offline',
    ],
    [
      'not where the store refuses us, or is locked',
      offline({ store: { kind: 'down', code: 'store.denied' } }),
      'rest',
    ],
    ['not where the set was adopted', offline({ attempts: [kept()] }), 'rest'],
    [
      'not where another set was adopted since',
      offline({
        attempts: [
          wrote(),
          anAttempt({
            kind: 'adopted',
            openedAt: NOW,
            outcome: 'adopted',
            parent: aSet({ refreshToken: 'theirs' }),
            settledAt: NOW,
          }),
        ],
      }),
      'rest',
    ],
    ['not where another install wrote it', offline({ attempts: [wrote({ owner: 'bbbb-pc-1' })] }), 'rest'],
    [
      'not twice: what the store was never seen to hold',
      offline({ attempts: [wrote({ settledAt: null })] }),
      'rest',
    ],
    ['not by a clock nobody vouches for', offline({ clockTrusted: false }), 'rest'],
    [
      'not after an answer was lost',
      offline({ intent: anIntent({ outcome: 'lost', triedAt: NOW - DAY }), observer: 'heir' }),
      'rest',
    ],
    [
      'not after a refusal',
      offline({ intent: anIntent({ outcome: 'refused', reason: 'grant.invalid', triedAt: NOW - DAY }) }),
      'rest',
    ],
    [
      'again after 429, which took nothing',
      offline({ intent: anIntent({ outcome: 'limited', triedAt: NOW - HOUR }) }),
      'refresh-offline',
    ],
    [
      'not while the network is held',
      offline({ hold: { code: 'network.dns', until: NOW + 1, since: NOW, failures: 1 } }),
      'rest',
    ],
    ['not while a person consents', offline({ isConsenting: true }), 'rest'],
    ['not where nothing may be redeemed', offline({ mayNotRedeem: 'keeper.read_only' }), 'rest'],
  ])('%s', (_, sight, expected) => {
    expect(decide(sight).do).toBe(expected);
  });
});

describe('a rest ends', () => {
  const midnight = seoulMidnightOf(seoulDayOf(NOW) + 1);
  const near = (deadlineAt: number) =>
    ({
      kind: 'set',
      set: aSet({ refreshTokenExpiresAt: deadlineAt }),
      spent: false,
      fromStore: true,
    }) as const;
  it.each<readonly [string, Sight, number]>([
    ['after a minute at the latest: a foreign write without an event is found', see(), LONGEST_REST_MS],
    ['when it is due', see({ dueAt: NOW + 7 * SECOND }), 7 * SECOND],
    ['at the deadline on the dot', see({ newest: near(NOW + 3 * SECOND) }), 3 * SECOND],
    [
      "when D-day changes, at Seoul's midnight",
      see({ now: midnight - 9 * SECOND, dueAt: midnight + HOUR }),
      midnight - NOW,
    ],
    [
      '5 s later while the store is read again after a refusal',
      see({ intent: anIntent({ outcome: 'refused', reason: 'grant.invalid' }) }),
      5 * SECOND,
    ],
    [
      'when that is over, on the dot',
      see({ intent: anIntent({ outcome: 'refused', reason: 'grant.invalid', triedAt: NOW - 28 * SECOND }) }),
      2 * SECOND,
    ],
    [
      '5 s later while another keeper is at its request',
      see({ intent: anIntent(), store: { ...holding(aSet()), view: aView({ leaseOwner: 'bbbb-pc-1' }) } }),
      5 * SECOND,
    ],
    [
      'when a request of another keeper has no answer any more',
      see({ intent: anIntent({ triedAt: NOW - 10 * SECOND }) }),
      20 * SECOND,
    ],
    [
      "when another keeper's silence is over",
      see({ intent: anIntent({ tries: 4, triedAt: NOW - 10 * MINUTE + 3 * SECOND }) }),
      3 * SECOND,
    ],
    [
      'when the next try may be made',
      see({
        intent: anIntent({ outcome: 'lost', triedAt: NOW - 30 * SECOND + 4 * SECOND }),
        observer: 'heir',
      }),
      4 * SECOND,
    ],
    [
      'when the wait that was asked for is over',
      see({ dueAt: NOW, intent: anIntent({ outcome: 'limited', retryAt: NOW + 6 * SECOND }) }),
      6 * SECOND,
    ],
    [
      'when the hold is over',
      see({ dueAt: NOW, hold: { code: 'budget.used_up', until: NOW + 8 * SECOND, since: NOW, failures: 1 } }),
      8 * SECOND,
    ],
    ['after 5 s while the store does not answer', see({ store: DOWN }), 5 * SECOND],
    ['after 5 s while a person consents', see({ isConsenting: true }), 5 * SECOND],
  ])('%s', (_, sight, expected) => {
    expect(at(decide(sight))).toBe(expected);
  });

  it.each<readonly [string, Sight, string | null, number | null]>([
    ['nothing but the time', see(), null, HOUR],
    [
      'a request to wait',
      see({ dueAt: NOW, intent: anIntent({ outcome: 'limited', retryAt: NOW + HOUR }) }),
      'rate.limited',
      HOUR,
    ],
    [
      'a request to wait in the middle of a count',
      see({ dueAt: NOW, intent: anIntent({ outcome: 'limited', tries: 1, reason: 'answer.unconfirmed' }) }),
      'rate.limited',
      10 * MINUTE,
    ],
    [
      'a used-up budget',
      see({ dueAt: NOW, hold: { code: 'budget.used_up', until: NOW + HOUR, since: NOW, failures: 1 } }),
      'budget.used_up',
      HOUR,
    ],
    [
      'a block',
      see({ dueAt: NOW, intent: anIntent({ outcome: 'blocked', reason: 'client.forbidden' }) }),
      'client.forbidden',
      HOUR,
    ],
    [
      'a token nobody presents any more',
      see({ dueAt: NOW, intent: anIntent({ outcome: 'refused', reason: 'grant.invalid', tries: 2 }) }),
      'grant.invalid',
      null,
    ],
    [
      'a folder that keeps nothing',
      see({ dueAt: NOW, mayNotRedeem: 'keeper.read_only' }),
      'keeper.read_only',
      null,
    ],
  ])('says what is waited for, and when a token is presented next: %s', (_, sight, why, plannedMs) => {
    expect(decide(sight)).toMatchObject({
      do: 'rest',
      why,
      plannedAt: plannedMs === null ? null : NOW + plannedMs,
    });
  });
});
