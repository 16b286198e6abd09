import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODES } from '../../../shared/codes.ts';
import { MALL_STATES } from '../../../shared/mall-state.ts';
import {
  generationOf,
  grantOf,
  intentMark,
  intentOf,
  type MetaFields,
  type MetaPatch,
  metaOfIntent,
  metaOfSet,
  metaOfState,
  NO_INTENT,
  type PresentationIntent,
  provenanceOf,
  recordedStateOf,
} from '../../../shared/meta.ts';
import { parseOwner } from '../../../shared/owner.ts';
import type { KnownSet } from '../../../shared/token-set.ts';
import { aSet } from '../../support/heart-examples.ts';

/** What the hash holds after the patch was written over it. */
function written(patch: MetaPatch, over: MetaFields = {}): MetaFields {
  return Object.fromEntries(Object.entries({ ...over, ...patch }).filter(([, value]) => value !== null));
}

const time = fc.integer({ min: 0, max: 9_999_999_999_999 });
const word = fc.stringMatching(/^[a-z0-9._-]{1,20}$/);
const code = fc.constantFrom(...CODES);

const intent: fc.Arbitrary<PresentationIntent> = fc.record({
  hash: word,
  at: time,
  owner: word,
  tries: fc.nat(4),
  triedAt: time,
  outcome: fc.constantFrom('open', 'lost', 'refused', 'blocked', 'limited'),
  reason: fc.option(code),
  retryAt: fc.option(time),
  client: fc.option(word),
  lostHost: fc.option(word),
  afterBlock: fc.option(code),
});

const set: fc.Arbitrary<KnownSet> = fc
  .record({
    issuedAt: time,
    grant: fc.record({ id: fc.string(), at: time }),
    parent: fc.option(word),
    deadlineSource: fc.constantFrom('server', 'kept', 'estimated'),
    deadlineKind: fc.constantFrom('rolling', 'fixed', 'unknown'),
    scopes: fc.array(word),
    userId: fc.option(word),
  })
  .map((change) => aSet(change));

describe('the meta', () => {
  it('gives back the set it was written from, to whoever holds that refresh token and to nobody else', () => {
    fc.assert(
      fc.property(set, fc.nat(), word, (known, generation, writer) => {
        const meta = written(metaOfSet(known, generation, writer), {
          parent: 'old',
          user_id: 'old',
          scopes: 'old',
        });
        const { issuedAt, grant, parent, deadlineSource, deadlineKind, scopes, userId } = known;
        expect(provenanceOf(meta, known.refreshTokenHash)).toEqual({
          issuedAt,
          grant,
          parent,
          deadlineSource,
          deadlineKind,
          scopes,
          userId,
        });
        expect(provenanceOf(meta, 'another')).toBeNull();
        expect(generationOf(meta)).toBe(generation);
      }),
    );
  });

  it('gives back the intent it was written from, and none once it is closed', () => {
    fc.assert(
      fc.property(intent, intent, (first, second) => {
        const meta = written(metaOfIntent(second), written(metaOfIntent(first)));
        expect(intentOf(meta)).toEqual(second);
        expect(intentOf(written(NO_INTENT, meta))).toBeNull();
        expect(written(NO_INTENT, meta)).toEqual({});
      }),
    );
  });

  it('tells two presentations apart, and one from none', () => {
    const mark = (value: PresentationIntent) => intentMark(written(metaOfIntent(value)));
    fc.assert(
      fc.property(intent, fc.constantFrom('hash', 'tries', 'triedAt', 'outcome'), (first, field) => {
        const other: PresentationIntent = {
          ...first,
          hash: `${first.hash}x`,
          tries: first.tries + 1,
          triedAt: first.triedAt + 1,
          outcome: first.outcome === 'open' ? 'lost' : 'open',
        };
        expect(mark({ ...first, [field]: other[field as keyof PresentationIntent] })).not.toEqual(
          mark(first),
        );
        expect(mark(first)).not.toEqual(intentMark({}));
      }),
    );
  });

  it('gives back the state it was written from', () => {
    const state = fc.record({
      state: fc.constantFrom(...MALL_STATES),
      reason: fc.option(code),
      since: time,
      checkedAt: time,
    });
    fc.assert(
      fc.property(state, (recorded) => {
        expect(recordedStateOf(written(metaOfState(recorded), { reason: 'old' }))).toEqual(recorded);
      }),
    );
  });

  it('written by anybody as anything is read without an exception, and never as a number that is none', () => {
    const names = Object.keys({
      ...metaOfSet(aSet(), 1, 'w'),
      ...NO_INTENT,
      ...metaOfState({ state: 'HEALTHY', reason: null, since: 1, checkedAt: 1 }),
    });
    const junk = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('NaN', '-1', '1e9', '99999999999999999999', '{"id":1}', '{"id":"g","at":null}'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), junk), word, (fields, hash) => {
        const meta = fields as MetaFields;
        expect(Number.isInteger(generationOf(meta))).toBe(true);
        const standing = intentOf(meta);
        for (const value of [
          standing?.at,
          standing?.triedAt,
          standing?.tries,
          standing?.retryAt,
          grantOf(meta)?.at,
          recordedStateOf(meta)?.since,
        ])
          expect(value === undefined || value === null || Number.isFinite(value)).toBe(true);
        provenanceOf(meta, hash);
        intentMark(meta);
      }),
    );
  });

  it.each([
    [{}, 0],
    [{ generation: '' }, 0],
    [{ generation: '-3' }, 0],
    [{ generation: '1.5' }, 0],
    [{ generation: '12' }, 12],
  ])('%j is generation %d', (meta, generation) => {
    expect(generationOf(meta)).toBe(generation);
  });

  it('without the fields older keepers did not write is an open intent, tried when it was made', () => {
    expect(intentOf({ intent_hash: 'h', intent_at: '5', intent_owner: 'o' })).toEqual({
      hash: 'h',
      at: 5,
      owner: 'o',
      tries: 0,
      triedAt: 5,
      outcome: 'open',
      reason: null,
      retryAt: null,
      client: null,
      lostHost: null,
      afterBlock: null,
    });
  });
});

describe('an owner', () => {
  it.each([
    ['aaaa-pc-1', { install: 'aaaa', host: 'pc', pid: 1 }],
    ['a1b2-office-pc-2-4711', { install: 'a1b2', host: 'office-pc-2', pid: 4711 }],
    ['aaaa-pc', null],
    ['aaaa--1', null],
    ['aaaa-PC-1', null],
    ['aaaa-pc-x', null],
    ['', null],
  ])('%j is %j', (text, owner) => {
    expect(parseOwner(text)).toEqual(owner);
  });
});
