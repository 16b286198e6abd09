import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MALL_STATES } from '../../../shared/mall-state.ts';
import type { PresentationIntent } from '../../../shared/meta.ts';
import { type Holding, type StateAndReason, stateOf } from '../../../shared/state-of.ts';
import { anIntent, aSet, DAY, HOUR, NOW } from '../../support/heart-examples.ts';

// 12:00 in Seoul; the deadline at 00:30 of a day, 12.5 h into a Seoul day's distance.
const midnightAhead = (days: number) => NOW + 12 * HOUR + (days - 1) * DAY;
const until = (deadlineAt: number, spent = false): Holding => ({
  kind: 'set',
  set: aSet({ refreshTokenExpiresAt: deadlineAt }),
  spent,
});
const see = (
  holding: Holding,
  change: {
    intent?: PresentationIntent;
    now?: number;
    clockTrusted?: boolean;
    standing?: StateAndReason;
  } = {},
) => {
  const { state, reason } = stateOf({
    holding,
    intent: change.intent ?? null,
    observer: 'other',
    now: change.now ?? NOW,
    clockTrusted: change.clockTrusted ?? true,
    standing: change.standing ?? null,
  });
  return [state, reason];
};

const blocked = anIntent({ outcome: 'blocked', reason: 'client.secret_wrong' });
const lost = anIntent({ outcome: 'lost', reason: 'answer.unconfirmed' });
const refused = anIntent({ outcome: 'refused', reason: 'grant.invalid', tries: 1 });
const otherMall = anIntent({ outcome: 'blocked', reason: 'answer.other_mall' });

describe("a mall's state", () => {
  it.each([
    ['nothing anywhere', see({ kind: 'none' }), 'NEEDS_REAUTH', 'never_connected'],
    [
      'a set that the notes speak of and nobody has',
      see({ kind: 'missing' }),
      'NEEDS_REAUTH',
      'grant.missing',
    ],
    ['disconnected by a person', see({ kind: 'disconnected' }), 'NEEDS_REAUTH', 'disconnected'],
    ['something no secret opens', see({ kind: 'locked' }), 'BLOCKED', 'store.locked'],
    ['14 days', see(until(NOW + 14 * DAY)), 'HEALTHY', null],
    ['D-4 at its last moment', see(until(midnightAhead(4))), 'HEALTHY', null],
    ['D-3 from its first', see(until(midnightAhead(4) - 1)), 'EXPIRING', 'grant.expiring'],
    ['D-2', see(until(midnightAhead(2))), 'EXPIRING', 'grant.expiring'],
    ['D-1, however few hours', see(until(midnightAhead(1))), 'CRITICAL', 'grant.critical'],
    ['D-0', see(until(NOW + 1)), 'CRITICAL', 'grant.critical'],
    ['the deadline on the dot', see(until(NOW)), 'NEEDS_REAUTH', 'grant.expired'],
    [
      'a passed deadline by a clock nobody vouches for',
      see(until(NOW - DAY), { clockTrusted: false }),
      'CRITICAL',
      'grant.critical',
    ],
    [
      'the same where it was HEALTHY a moment ago',
      see(until(NOW - DAY), { clockTrusted: false, standing: { state: 'HEALTHY', reason: null } }),
      'HEALTHY',
      null,
    ],
    [
      'a deadline far ahead by such a clock, where it was found to have passed',
      see(until(NOW + 14 * DAY), {
        clockTrusted: false,
        standing: { state: 'NEEDS_REAUTH', reason: 'grant.expired' },
      }),
      'NEEDS_REAUTH',
      'grant.expired',
    ],
    [
      'the same once somebody vouches for it',
      see(until(NOW + 14 * DAY), { standing: { state: 'NEEDS_REAUTH', reason: 'grant.expired' } }),
      'HEALTHY',
      null,
    ],
    [
      'trouble that ended while the clock is not trusted',
      see(until(NOW + 14 * DAY), {
        clockTrusted: false,
        standing: { state: 'UNCONFIRMED', reason: 'answer.unconfirmed' },
      }),
      'HEALTHY',
      null,
    ],
    [
      'a lost answer above a near deadline',
      see(until(NOW + DAY), { intent: lost }),
      'UNCONFIRMED',
      'answer.unconfirmed',
    ],
    [
      'a block above a near deadline',
      see(until(NOW + DAY), { intent: blocked }),
      'BLOCKED',
      'client.secret_wrong',
    ],
    [
      'a passed deadline above a block',
      see(until(NOW), { intent: blocked }),
      'NEEDS_REAUTH',
      'grant.expired',
    ],
    [
      'a passed deadline above a lost answer',
      see(until(NOW), { intent: lost }),
      'NEEDS_REAUTH',
      'grant.expired',
    ],
    ['a refusal', see(until(NOW + 14 * DAY), { intent: refused }), 'NEEDS_REAUTH', 'grant.invalid'],
    ['a redeemed token and nothing newer', see(until(NOW + 14 * DAY, true)), 'NEEDS_REAUTH', 'grant.invalid'],
    [
      'a redeemed token above a block',
      see(until(NOW + 14 * DAY, true), { intent: blocked }),
      'NEEDS_REAUTH',
      'grant.invalid',
    ],
    [
      'redeemed for tokens of another mall',
      see(until(NOW + 14 * DAY, true), { intent: otherMall }),
      'BLOCKED',
      'answer.other_mall',
    ],
  ] as const)('%s', (_, seen, state, reason) => {
    expect(seen).toEqual([state, reason]);
  });

  it('never gets better while time passes and nothing else happens', () => {
    const rank = (now: number, intent: PresentationIntent | undefined) =>
      MALL_STATES.indexOf(see(until(NOW + 5 * DAY), { now, ...(intent ? { intent } : {}) })[0] as never);
    const intents = fc.constantFrom(undefined, blocked, lost, refused, anIntent());
    const times = fc.tuple(fc.nat(6 * DAY), fc.nat(6 * DAY));
    fc.assert(
      fc.property(intents, times, (intent, [a, b]) => {
        expect(rank(NOW + Math.max(a, b), intent)).toBeLessThanOrEqual(rank(NOW + Math.min(a, b), intent));
      }),
    );
  });
});
