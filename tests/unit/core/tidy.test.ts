import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeJournal } from '../../../electron/core/knowledge.ts';
import type { Sight } from '../../../electron/core/sight.ts';
import { tidyingOf, wiped } from '../../../electron/core/tidy.ts';
import type { Attempt } from '../../../electron/ports.ts';
import { anAnswer, anAttempt, aSet, aSight, DAY, NOW, tokenBody } from '../../support/heart-examples.ts';

/** What becomes of one attempt among others, while `refresh` is what the store holds. */
function fate(attempt: Attempt, change: Parameters<typeof aSight>[0] = {}): 'kept' | 'wiped' | 'removed' {
  const { wipe, remove } = tidyingOf(
    aSight({ attempts: [attempt, ...(change.attempts ?? [])], ...omitAttempts(change) }),
  );
  if (remove.includes(attempt.id)) return 'removed';
  return wipe.some(({ id }) => id === attempt.id) ? 'wiped' : 'kept';
}

function omitAttempts({ attempts: _, ...rest }: Parameters<typeof aSight>[0] & object) {
  return rest;
}

const settled = (change: Partial<Attempt>): Attempt =>
  anAttempt({ settledAt: NOW - 1, openedAt: NOW - DAY, ...change });
const answered = (paidWith: string, brings: string, change: Partial<Attempt> = {}) =>
  settled({
    outcome: 'answered',
    parent: aSet({ refreshToken: paidWith }),
    answer: anAnswer(tokenBody(brings)),
    ...change,
  });
const adopted = (token: string, change: Partial<Attempt> = {}) =>
  settled({ kind: 'adopted', outcome: 'adopted', parent: aSet({ refreshToken: token }), ...change });
const error = anAnswer({ error: 'invalid_grant' }, { status: 400 });
const disconnected: Partial<Sight> = {
  newest: { kind: 'disconnected', grant: { id: 'disconnected', at: NOW }, fromStore: true },
};
const paysForNewest = answered('old', 'refresh', { openedAt: NOW - 60_000 });

type Fate = readonly [string, 'kept' | 'wiped' | 'removed', Attempt, Parameters<typeof aSight>[0]?];
const FATES: readonly Fate[] = [
  ['the answer that brought the newest set is kept', 'kept', answered('old', 'refresh')],
  [
    'also after 15 days, while nothing newer is stored',
    'kept',
    answered('old', 'refresh', { openedAt: NOW - 15 * DAY }),
  ],
  ['an adopted set that is the newest is kept', 'kept', adopted('refresh', { openedAt: NOW - 20 * DAY })],
  [
    'how the presentation of the newest token ended is kept',
    'kept',
    settled({ outcome: 'lost', openedAt: NOW - 15 * DAY }),
  ],
  ['and that it was refused', 'kept', settled({ outcome: 'answered', answer: error })],
  [
    'an answer whose set was redeemed since loses its tokens, not its hash',
    'wiped',
    answered('older', 'old'),
    { attempts: [paysForNewest] },
  ],
  ['an adopted set that was redeemed since goes', 'removed', adopted('old'), { attempts: [paysForNewest] }],
  [
    'an adopted set that the store calls redeemed goes',
    'removed',
    adopted('old'),
    { contenders: [{ kind: 'set', set: aSet({ refreshToken: 'old' }), spent: true, fromStore: false }] },
  ],
  ['a loser whose token may still live stays', 'kept', answered('x', 'loser')],
  ['for 14 days', 'removed', answered('x', 'loser', { openedAt: NOW - 14 * DAY - 1 })],
  [
    'a lost presentation of an older token goes',
    'removed',
    settled({ outcome: 'lost', parent: aSet({ refreshToken: 'old' }) }),
  ],
  [
    'a refusal of an older token goes',
    'removed',
    settled({ outcome: 'answered', answer: error, parent: aSet({ refreshToken: 'old' }) }),
  ],
  [
    'an answer that could not be read may hold tokens: it stays',
    'kept',
    settled({
      outcome: 'answered',
      answer: anAnswer('{"refreshToken":"x"}'),
      parent: aSet({ refreshToken: 'old' }),
    }),
  ],
  ["a consent's too", 'kept', settled({ kind: 'consent', outcome: 'answered', answer: anAnswer('<html>') })],
  [
    'tokens of another mall stay sealed',
    'kept',
    settled({
      outcome: 'answered',
      answer: anAnswer({ ...tokenBody('x'), mall_id: 'othershop' }),
      parent: aSet({ refreshToken: 'old' }),
    }),
  ],
  [
    'what the store was not told of stays, however old',
    'kept',
    anAttempt({ outcome: 'lost', openedAt: NOW - 30 * DAY, settledAt: null }),
  ],
  ['an open attempt stays', 'kept', anAttempt({ outcome: 'open', openedAt: NOW - 30 * DAY })],
  [
    'a hash outlives its token, which was once seen to work after 16 days',
    'kept',
    wiped(answered('a', 'b', { openedAt: NOW - 16 * DAY })),
  ],
  ['then it goes', 'removed', wiped(answered('a', 'b', { openedAt: NOW - 17 * DAY - 1 }))],
  ['nothing is outlived while nothing is known to be newer', 'kept', answered('a', 'b'), { newest: null }],
  [
    'nothing goes while the store is away',
    'kept',
    adopted('old'),
    { attempts: [paysForNewest], store: { kind: 'down', code: 'store.unreachable' } },
  ],
  [
    'nothing goes during a consent',
    'kept',
    adopted('old'),
    { attempts: [paysForNewest], isConsenting: true },
  ],
  [
    'nothing goes during a refresh',
    'kept',
    adopted('old'),
    { attempts: [paysForNewest], turn: { attempt: anAttempt(), phase: 'leased' } },
  ],
  [
    'a disconnect destroys a set',
    'removed',
    answered('a', 'b', {
      answer: anAnswer(tokenBody('b', NOW - DAY)),
      parent: aSet({ grant: { id: 'g', at: NOW - 1 } }),
    }),
    disconnected,
  ],
  [
    'and the set that a lost request presented',
    'removed',
    settled({ outcome: 'lost', parent: aSet({ grant: { id: 'g', at: NOW - 1 } }) }),
    disconnected,
  ],
  [
    "and a consent's answer that could not be read",
    'removed',
    settled({ kind: 'consent', outcome: 'answered', answer: anAnswer('<html>') }),
    disconnected,
  ],
  [
    'not a set of a later grant',
    'kept',
    adopted('b', { parent: aSet({ grant: { id: 'g', at: NOW } }) }),
    disconnected,
  ],
];

describe('of the journal', () => {
  for (const [name, expected, attempt, change] of FATES) {
    it(name, () => {
      expect(fate(attempt, change)).toBe(expected);
    });
  }

  it('no tokens that could still be the newest ever go, whatever else lies there', () => {
    const token = fc.constantFrom('refresh', 'old', 'older', 'loser', 'x');
    const attempt = fc
      .record({
        paidWith: token,
        brings: token,
        kind: fc.constantFrom('answered', 'adopted', 'lost'),
        days: fc.nat(13),
        isSettled: fc.boolean(),
      })
      .map(({ paidWith, brings, kind, days, isSettled }) => {
        const change = { openedAt: NOW - days * DAY, settledAt: isSettled ? NOW : null };
        if (kind === 'answered') return answered(paidWith, brings, change);
        return kind === 'adopted'
          ? adopted(brings, change)
          : settled({ ...change, outcome: 'lost', parent: aSet({ refreshToken: paidWith }) });
      });
    const journal = fc
      .array(attempt, { maxLength: 8 })
      .map((all) => all.map((each, i) => ({ ...each, id: `${i}-${each.owner}` })));
    fc.assert(
      fc.property(journal, (attempts) => {
        const { wipe, remove } = tidyingOf(aSight({ attempts }));
        const gone = new Set([...remove, ...wipe.map(({ id }) => id)]);
        const { redeemed, attempts: judged } = judgeJournal(attempts);
        for (const { attempt: each, set } of judged) {
          if (set && !redeemed.has(set.refreshTokenHash)) expect(gone).not.toContain(each.id);
        }
        const afterwards = judgeJournal([...attempts.filter(({ id }) => !gone.has(id)), ...wipe]);
        for (const { attempt: each } of judged) {
          if (each.outcome === 'answered' && redeemed.has(each.presentedHash ?? ''))
            expect(afterwards.redeemed).toContain(each.presentedHash);
        }
      }),
    );
  });
});
