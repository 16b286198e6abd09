import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contender, newerOf, newestOf } from '../../../shared/newer-of.ts';
import { aSet, DAY, HOUR, NOW } from '../../support/heart-examples.ts';

type SetContender = Extract<Contender, { kind: 'set' }>;

function set(
  token: string,
  change: Parameters<typeof aSet>[0] = {},
  more: Partial<Pick<SetContender, 'spent' | 'fromStore'>> = {},
): SetContender {
  return {
    kind: 'set',
    set: aSet({ refreshToken: token, ...change }),
    spent: false,
    fromStore: false,
    ...more,
  };
}

const hash = (contender: SetContender) => contender.set.refreshTokenHash;
const grant = (at: number) => ({ grant: { id: `grant at ${at}`, at } });
const disconnected = (at: number): Contender => ({
  kind: 'disconnected',
  grant: { id: 'disconnected', at },
  fromStore: true,
});

const parent = set('parent', { issuedAt: NOW, ...grant(NOW) });

/** Every later rule speaks against the winner: only the named rule can have decided. */
const RULES: readonly (readonly [string, Contender, Contender])[] = [
  [
    'a set whose refresh token is redeemed loses, also as the child of the other',
    parent,
    set(
      'child',
      { parent: hash(parent), issuedAt: NOW + DAY, ...grant(NOW + DAY) },
      { spent: true, fromStore: true },
    ),
  ],
  [
    'a child beats its parent, also where its grant and issue look older and the store holds the parent',
    set('child', { parent: hash(parent), issuedAt: NOW - DAY, ...grant(NOW - DAY) }),
    { ...parent, fromStore: true },
  ],
  [
    'the later grant wins, also where its issue is earlier and the store holds the other',
    set('new grant', { issuedAt: NOW, ...grant(NOW) }),
    set('old grant', { issuedAt: NOW + HOUR, ...grant(NOW - HOUR) }, { fromStore: true }),
  ],
  [
    'the later issue of one grant wins over what the store holds',
    set('late', { issuedAt: NOW + 1, ...grant(NOW) }),
    set('early', { issuedAt: NOW, ...grant(NOW) }, { fromStore: true }),
  ],
  ['with all else equal the store has it', set('stored', {}, { fromStore: true }), set('journaled')],
  [
    'two redeemed ones are ordered by the same rules',
    set('a', { issuedAt: NOW + 1, ...grant(NOW) }, { spent: true }),
    set('b', { issuedAt: NOW, ...grant(NOW) }, { spent: true, fromStore: true }),
  ],
  [
    'a disconnect beats every set of an earlier grant, however late that was refreshed',
    disconnected(NOW),
    set('old', { issuedAt: NOW + DAY, ...grant(NOW - 1) }),
  ],
  [
    'a later consent replaces a disconnect',
    set('new', { issuedAt: NOW + 1, ...grant(NOW + 1) }),
    disconnected(NOW),
  ],
  [
    'a redeemed set does not replace a disconnect',
    disconnected(NOW),
    set('new', { issuedAt: NOW + 1, ...grant(NOW + 1) }, { spent: true }),
  ],
];

describe('which of two sets is newer', () => {
  it.each(RULES)('%s', (_, winner, loser) => {
    expect(newerOf(winner, loser)).toBe(winner);
    expect(newerOf(loser, winner)).toBe(winner);
  });

  it('a set whose answer kept the refresh token is no child of itself: the later issue wins', () => {
    const before = set('same', { issuedAt: NOW, ...grant(NOW) }, { fromStore: true });
    const after = set('same', { issuedAt: NOW + HOUR, parent: hash(before), ...grant(NOW) });
    expect(newerOf(before, after)).toBe(after);
    expect(newerOf(after, before)).toBe(after);
  });
});

const tokens = ['t0', 't1', 't2', 't3', 't4'] as const;
const parents = [null, ...tokens.map((token) => hash(set(token)))];
const anySet: fc.Arbitrary<Contender> = fc
  .record({
    token: fc.constantFrom(...tokens),
    parent: fc.constantFrom(...parents),
    grantAt: fc.integer({ min: 0, max: 3 }),
    issuedAt: fc.integer({ min: 0, max: 3 }),
    spent: fc.boolean(),
    fromStore: fc.boolean(),
  })
  .map(({ token, grantAt, issuedAt, spent, fromStore, parent: from }) =>
    set(token, { parent: from, issuedAt, ...grant(grantAt) }, { spent, fromStore }),
  );
const any = fc.oneof({ weight: 9, arbitrary: anySet }, fc.integer({ min: 0, max: 3 }).map(disconnected));

describe('whatever is compared', () => {
  it('the order of the two does not matter, except between equals', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [first, second] = [newerOf(a, b), newerOf(b, a)];
        if (first !== second) expect([first, second]).toEqual([a, b]);
      }),
    );
  });

  it('a redeemed refresh token always loses against one that is not', () => {
    fc.assert(
      fc.property(anySet, any, (a, b) => {
        const spent: Contender = { ...(a as SetContender), spent: true };
        const other: Contender = b.kind === 'set' ? { ...b, spent: false } : b;
        expect(newerOf(spent, other)).toBe(other);
        expect(newerOf(other, spent)).toBe(other);
      }),
    );
  });

  it('a child always beats its parent, unless the child is redeemed and the parent is not', () => {
    fc.assert(
      fc.property(anySet, fc.nat(3), fc.nat(3), fc.boolean(), (a, grantAt, issuedAt, fromStore) => {
        const older = a as SetContender;
        const child = set(
          'the child',
          { parent: hash(older), issuedAt, ...grant(grantAt) },
          { spent: older.spent, fromStore },
        );
        expect(newerOf(older, child)).toBe(child);
        expect(newerOf(child, older)).toBe(child);
      }),
    );
  });

  it('the newest of many is not redeemed while any is not', () => {
    fc.assert(
      fc.property(fc.array(any), (all) => {
        const newest = newestOf(all);
        const isSpent = (each: Contender) => each.kind === 'set' && each.spent;
        if (newest === null) expect(all).toEqual([]);
        else expect(isSpent(newest)).toBe(all.every(isSpent));
      }),
    );
  });

  it('of one lineage the youngest is the newest, in whatever order its sets are found', () => {
    const lineage = fc
      .array(fc.integer({ min: 1, max: HOUR }), { minLength: 1, maxLength: 6 })
      .chain((gaps) => {
        const sets: SetContender[] = [];
        for (const gap of gaps) {
          const last = sets.at(-1);
          const issuedAt = (last?.set.issuedAt ?? NOW) + gap;
          sets.push(
            set(`generation ${sets.length}`, { issuedAt, ...grant(NOW), parent: last ? hash(last) : null }),
          );
        }
        return fc.tuple(fc.constant(sets), fc.shuffledSubarray([...sets], { minLength: sets.length }));
      });
    fc.assert(
      fc.property(lineage, ([sets, found]) => {
        expect(newestOf(found)).toBe(sets.at(-1));
      }),
    );
  });
});
