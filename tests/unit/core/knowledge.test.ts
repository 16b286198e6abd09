import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import {
  contendersOf,
  contentOf,
  intentAfter,
  judgeAttempt,
  judgeJournal,
} from '../../../electron/core/knowledge.ts';
import type { Attempt, StoreView } from '../../../electron/ports.ts';
import { type MetaFields, metaOfSet } from '../../../shared/meta.ts';
import { newestOf } from '../../../shared/newer-of.ts';
import { writeStored } from '../../../shared/stored-json.ts';
import type { KnownSet, TokenSet } from '../../../shared/token-set.ts';
import {
  anAnswer,
  anAttempt,
  anIntent,
  aSet,
  aView,
  DAY,
  HOUR,
  NOW,
  tokenBody,
} from '../../support/heart-examples.ts';

const MINUTE = 60_000;
const EMPTY = judgeJournal([]);

const written = (set: TokenSet, meta: MetaFields = {}): StoreView =>
  aView({ text: writeStored(set, []), meta });
const known = (set: KnownSet, change: MetaFields = {}) =>
  written(set, {
    ...Object.fromEntries(Object.entries(metaOfSet(set, 3, 'aaaa')).filter(([, value]) => value !== null)),
    ...change,
  } as MetaFields);
function setIn(view: StoreView, attempts: readonly Attempt[] = [], now = NOW): KnownSet {
  const content = contentOf(view, judgeJournal(attempts), now);
  if (content.kind !== 'set') throw new Error(content.kind);
  return content.set;
}

describe('what the store holds', () => {
  const disconnected = { grant: JSON.stringify({ id: 'disconnected', at: NOW }) };
  it.each([
    [
      'a key of a wrong type',
      aView({ wrongType: true }),
      { kind: 'rubbish', servesUntil: 0, disconnectedAt: null },
    ],
    [
      'text without a refresh token',
      aView({ text: '{"access_token":"a"}' }),
      { kind: 'rubbish', servesUntil: 0, disconnectedAt: null },
    ],
    ['nothing', aView(), { kind: 'empty' }],
    [
      'nothing, with what an earlier set left in the meta',
      aView({ meta: { ...disconnected, grant: '{"id":"g","at":1}' } }),
      { kind: 'empty' },
    ],
    ['the mark of a disconnect', aView({ meta: disconnected }), { kind: 'disconnected', at: NOW }],
    ['a set of ours', known(aSet()), { kind: 'set', isKnown: true, set: aSet() }],
    [
      'a set the meta does not speak of',
      written(aSet({ refreshToken: 'theirs' }), known(aSet()).meta),
      { kind: 'set', isKnown: false },
    ],
  ])('%s', (_, view, expected) => {
    expect(contentOf(view, EMPTY, NOW)).toMatchObject(expected);
  });

  const foreign = (change: Partial<KnownSet>) => written(aSet({ refreshToken: 'theirs', ...change }));
  it.each<readonly [string, StoreView, Partial<KnownSet>]>([
    [
      'a grant of its own, issued 2 h before its access token ends',
      foreign({ expiresAt: NOW + HOUR }),
      { issuedAt: NOW - HOUR, grant: { id: `foreign:${hashOf('theirs')}`, at: NOW - HOUR }, parent: null },
    ],
    [
      'never issued later than it was first seen',
      foreign({ expiresAt: NOW + 2 * HOUR + 4 * MINUTE }),
      { issuedAt: NOW },
    ],
    [
      'nor where it does not say when it ends',
      aView({ text: '{"refresh_token":"theirs"}' }),
      { issuedAt: NOW, accessToken: '' },
    ],
    [
      'its deadline as it says',
      foreign({ refreshTokenExpiresAt: NOW + 9 * DAY }),
      { refreshTokenExpiresAt: NOW + 9 * DAY, deadlineSource: 'server' },
    ],
    [
      'a deadline more than 14 days ahead is an estimate',
      foreign({ refreshTokenExpiresAt: NOW + 15 * DAY }),
      { refreshTokenExpiresAt: NOW + 14 * DAY, deadlineSource: 'estimated' },
    ],
    [
      'so is one that is missing',
      aView({ text: `{"refresh_token":"theirs","expires_at":${NOW + 2 * HOUR}}` }),
      { refreshTokenExpiresAt: NOW + 14 * DAY, deadlineSource: 'estimated' },
    ],
  ])("another program's set: %s", (_, view, expected) => {
    expect(setIn(view)).toMatchObject(expected);
  });

  it('an estimate stays one, although the time it did not believe comes nearer', () => {
    const adopted = setIn(foreign({ refreshTokenExpiresAt: NOW + 15 * DAY }));
    const later = known({ ...adopted, refreshTokenExpiresAt: NOW + 15 * DAY });
    expect(setIn(later, [], NOW + 5 * DAY)).toMatchObject({
      refreshTokenExpiresAt: NOW + 14 * DAY,
      deadlineSource: 'estimated',
    });
  });

  it("a deadline of ours that somebody moved out of any token's life is shown as estimated", () => {
    expect(setIn(known(aSet({ refreshTokenExpiresAt: NOW + 30 * DAY })))).toMatchObject({
      refreshTokenExpiresAt: NOW + 14 * DAY,
      deadlineSource: 'estimated',
    });
  });

  it('a deadline the server gave is believed by a clock that is slow, too', () => {
    expect(setIn(known(aSet()), [], NOW - DAY)).toMatchObject({
      deadlineSource: 'server',
      refreshTokenExpiresAt: NOW + 14 * DAY,
    });
  });

  it('a set of ours that lost its companions is known by the journal', () => {
    const answered = anAttempt({
      outcome: 'answered',
      parent: aSet({ refreshToken: 'before' }),
      answer: anAnswer(tokenBody('mine')),
    });
    const mine = judgeAttempt(answered).set;
    expect(setIn(written(mine as KnownSet), [answered])).toEqual(mine);
  });
});

describe('which tokens the journal knows as redeemed', () => {
  const answered = (body: object, change: Partial<Attempt> = {}) =>
    anAttempt({ outcome: 'answered', answer: anAnswer(body), ...change });
  it.each<readonly [string, Attempt, readonly string[]]>([
    ['the one an answer with a new one was paid with', answered(tokenBody('next')), ['refresh']],
    [
      'also once its tokens were wiped',
      anAttempt({ outcome: 'answered', parent: null, wiped: true, presentedHash: hashOf('refresh') }),
      ['refresh'],
    ],
    [
      'the one that bought tokens of another mall',
      answered({ ...tokenBody('next'), mall_id: 'othershop' }),
      ['refresh'],
    ],
    [
      'the parent of a set that another keeper got',
      anAttempt({
        kind: 'adopted',
        outcome: 'adopted',
        parent: aSet({ refreshToken: 'next', parent: hashOf('refresh') }),
      }),
      ['refresh'],
    ],
    ['not the one an answer kept', answered({ ...tokenBody('refresh') }), []],
    ['not a lost one', anAttempt({ outcome: 'lost' }), []],
    [
      'not a refused one: what the server meant is unknown',
      anAttempt({ outcome: 'answered', answer: anAnswer({ error: 'invalid_grant' }, { status: 400 }) }),
      [],
    ],
    [
      "not a consent's",
      anAttempt({ kind: 'consent', outcome: 'answered', answer: anAnswer(tokenBody('next')) }),
      [],
    ],
  ])('%s', (_, attempt, expected) => {
    expect([...judgeJournal([attempt]).redeemed]).toEqual(expected.map(hashOf));
  });
});

describe('after a disconnect', () => {
  const mark = { grant: JSON.stringify({ id: 'disconnected', at: NOW }) };
  const newest = (view: StoreView, attempts: readonly Attempt[] = []) => {
    const journal = judgeJournal(attempts);
    return newestOf(contendersOf(contentOf(view, journal, NOW + DAY), journal, () => false));
  };
  const mine = anAttempt({
    kind: 'adopted',
    outcome: 'adopted',
    parent: aSet({ issuedAt: NOW + HOUR, grant: { id: 'g', at: NOW - HOUR } }),
  });
  it.each([
    [
      'a set of the grant before it does not come back from the journal',
      aView({ meta: mark }),
      [mine],
      'disconnected',
    ],
    [
      'nor from a program that writes its old set again',
      written(aSet({ issuedAt: NOW - HOUR }), mark),
      [],
      'disconnected',
    ],
    ['a later foreign set replaces it', written(aSet({ issuedAt: NOW + HOUR }), mark), [], 'set'],
    ['once a set was adopted the mark is gone', known(aSet({ issuedAt: NOW - HOUR })), [], 'set'],
  ] as const)('%s', (_, view, attempts, expected) => {
    expect(newest(view, attempts)?.kind).toBe(expected);
  });
});

describe('what the end of an attempt says of the intent on its token', () => {
  const now = NOW + HOUR;
  const after = (attempt: Attempt) => intentAfter(judgeAttempt(attempt), 'client', now);
  const answer = (status: number, body: object | string, retryAfterMs: number | null = null) =>
    ({
      outcome: 'answered',
      answer: anAnswer(body, { status, retryAfterMs, receivedAt: NOW + 9000 }),
    }) as const;
  const invalid = answer(400, { error: 'invalid_grant' });
  const before = anIntent({
    outcome: 'lost',
    reason: 'answer.unconfirmed',
    lostHost: 'server',
    at: NOW - DAY,
  });
  const blocked = anIntent({ outcome: 'blocked', reason: 'client.secret_wrong' });

  it.each<readonly [string, Partial<Attempt>, object | 'closed' | null]>([
    ['nothing while it is open', { outcome: 'open' }, null],
    ['nothing when tokens came: the publication closes it', answer(200, tokenBody('next')), null],
    ['closed when nothing was sent', { outcome: 'not_sent' }, 'closed'],
    ['what stood before, when nothing was sent', { outcome: 'not_sent', before }, before],
    [
      'lost: whose disk may hold the answer',
      { outcome: 'lost' },
      { outcome: 'lost', reason: 'answer.unconfirmed', lostHost: 'pc', triedAt: now },
    ],
    [
      'lost again: the first host is the one',
      { outcome: 'lost', before, why: 'answer.unconfirmed', tries: 1 },
      { outcome: 'lost', lostHost: 'server', tries: 1, at: NOW - DAY },
    ],
    [
      'unreadable is lost',
      answer(200, '<html>'),
      { outcome: 'lost', reason: 'answer.unconfirmed', lostHost: 'pc', triedAt: NOW + 9000 },
    ],
    [
      'refused',
      invalid,
      {
        outcome: 'refused',
        reason: 'grant.invalid',
        lostHost: null,
        afterBlock: null,
        triedAt: NOW + 9000,
      },
    ],
    [
      'refused after a loss: unconfirmed for good',
      { ...invalid, before, why: 'answer.unconfirmed', tries: 1 },
      { outcome: 'refused', reason: 'answer.unconfirmed', lostHost: 'server' },
    ],
    [
      'refused in the place of one that kept silent: its host may hold the answer',
      { ...invalid, before: anIntent({ owner: 'bbbb-server-9' }), why: 'answer.unconfirmed', tries: 1 },
      { outcome: 'refused', reason: 'answer.unconfirmed', lostHost: 'server' },
    ],
    [
      'refused after a loss and a wait that was asked for',
      { ...invalid, before, why: 'rate.limited', tries: 1 },
      { outcome: 'refused', reason: 'answer.unconfirmed' },
    ],
    [
      'refused again',
      { ...invalid, why: 'grant.invalid', tries: 1, before: anIntent({ outcome: 'refused' }) },
      { outcome: 'refused', reason: 'grant.invalid', tries: 1 },
    ],
    [
      'refused at a test of a block: what it followed is kept',
      { ...invalid, why: 'client.secret_wrong', before: blocked },
      { outcome: 'refused', reason: 'grant.invalid', afterBlock: 'client.secret_wrong' },
    ],
    [
      'refused at a test of a block that had been asked to wait',
      { ...invalid, why: 'client.secret_wrong', before: { ...blocked, outcome: 'limited' } },
      { outcome: 'refused', reason: 'grant.invalid', afterBlock: 'client.secret_wrong' },
    ],
    [
      'a try of a refusal that is lost stays one',
      { outcome: 'lost', why: 'grant.invalid', tries: 1 },
      { outcome: 'lost', reason: 'grant.invalid' },
    ],
    [
      'blocked, with whose secret',
      answer(401, { error: 'invalid_client' }),
      { outcome: 'blocked', reason: 'client.secret_wrong', client: 'client' },
    ],
    [
      'another mall',
      answer(200, { ...tokenBody('x'), mall_id: 'other' }),
      { outcome: 'blocked', reason: 'answer.other_mall' },
    ],
    [
      '429: from when it was answered, however late the store is told',
      answer(429, '', 7000),
      { outcome: 'limited', retryAt: NOW + 16_000, reason: null },
    ],
    [
      '429 in the middle of a count',
      { ...answer(429, ''), why: 'grant.invalid', tries: 1 },
      { outcome: 'limited', retryAt: null, reason: 'grant.invalid', tries: 1 },
    ],
    [
      'never in the future, where the clock was wrong',
      {
        outcome: 'answered',
        answer: anAnswer({ error: 'invalid_grant' }, { status: 400, receivedAt: now + DAY }),
      },
      { triedAt: now },
    ],
    ['nothing of a consent', { ...answer(400, { error: 'invalid_grant' }), kind: 'consent' }, null],
  ])('%s', (_, change, expected) => {
    const intent = after(anAttempt(change));
    if (expected === null || expected === 'closed') expect(intent).toBe(expected);
    else expect(intent).toMatchObject(expected);
  });
});
