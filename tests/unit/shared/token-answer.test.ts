import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import { type AnswerToJudge, judgeAnswer, type Verdict } from '../../../shared/token-answer.ts';
import type { KnownSet } from '../../../shared/token-set.ts';
import { anAnswer, aSet, DAY, HOUR, NOW, tokenBody } from '../../support/heart-examples.ts';

const MINUTE = 60_000;
const LATER = NOW + HOUR;

function judge(
  answer: AnswerToJudge,
  parent: KnownSet | null = aSet(),
  follows: number | null = null,
): Verdict {
  return judgeAnswer(answer, { mall: 'myshop', parent, grantId: 'the-consent', follows, hashOf });
}

/** The set that an answer with these fields brings; fails where it brings none. */
function brought(
  fields: Readonly<Record<string, unknown>>,
  parent: KnownSet | null = aSet(),
  answer: Partial<AnswerToJudge> = {},
): KnownSet {
  const verdict = judge(anAnswer(fields, { date: null, receivedAt: LATER, ...answer }), parent);
  if (verdict.kind !== 'granted') throw new Error(`no set came: ${verdict.kind}`);
  return verdict.set;
}

const ordinary = tokenBody('next', LATER);
const without = (...names: readonly string[]) =>
  Object.fromEntries(Object.entries(ordinary).filter(([name]) => !names.includes(name)));

describe('an answer with tokens', () => {
  it('to a refresh is a child of the set that paid for it, of the same grant', () => {
    const parent = aSet();
    expect(judge(anAnswer(ordinary), parent)).toEqual({
      kind: 'granted',
      rotated: true,
      set: {
        accessToken: 'access of next',
        expiresAt: LATER + 2 * HOUR,
        refreshToken: 'next',
        refreshTokenExpiresAt: LATER + 14 * DAY,
        refreshTokenHash: hashOf('next'),
        issuedAt: LATER,
        grant: parent.grant,
        parent: parent.refreshTokenHash,
        deadlineSource: 'server',
        deadlineKind: 'rolling',
        scopes: ['mall.read_product'],
        userId: 'owner',
      },
    });
  });

  it("to a consent's code begins a grant after the one it follows, be that noted in the future", () => {
    const at = (follows: number) => {
      const verdict = judge(anAnswer(tokenBody('next')), null, follows);
      return verdict.kind === 'granted' ? verdict.set.grant.at : null;
    };
    expect([NOW - HOUR, NOW, NOW + HOUR].map(at)).toEqual([NOW, NOW, NOW + HOUR + 1]);
  });

  it("to a consent's code begins a grant at the server's issue", () => {
    const set = brought(ordinary, null);
    expect(set).toMatchObject({
      grant: { id: 'the-consent', at: LATER },
      parent: null,
      deadlineKind: 'unknown',
    });
  });

  const short = { expires_in: '3600', refresh_token_expires_in: '86400' };
  it.each<readonly [string, Record<string, unknown>, Partial<KnownSet>]>([
    [
      'absolute times win over seconds',
      { ...ordinary, ...short },
      { expiresAt: LATER + 2 * HOUR, refreshTokenExpiresAt: LATER + 14 * DAY },
    ],
    [
      'seconds as text count from the issue',
      { ...without('expires_at', 'refresh_token_expires_at'), ...short },
      { expiresAt: LATER + HOUR, refreshTokenExpiresAt: LATER + DAY, deadlineSource: 'server' },
    ],
    [
      'seconds as numbers count too',
      {
        ...without('expires_at', 'refresh_token_expires_at'),
        expires_in: 3600,
        refresh_token_expires_in: 86400,
      },
      { expiresAt: LATER + HOUR, refreshTokenExpiresAt: LATER + DAY },
    ],
    [
      'times with an offset are honoured',
      { ...ordinary, expires_at: '2026-03-01T06:00:00.000Z' },
      { expiresAt: LATER + 2 * HOUR },
    ],
    [
      'no end of the access token: its documented life',
      without('expires_at'),
      { expiresAt: LATER + 2 * HOUR },
    ],
    [
      'seconds that are no number: the documented life',
      { ...without('expires_at'), expires_in: 'soon' },
      { expiresAt: LATER + 2 * HOUR },
    ],
    [
      'zero seconds: the documented life',
      { ...without('expires_at'), expires_in: '0' },
      { expiresAt: LATER + 2 * HOUR },
    ],
    [
      'an invalid date: the documented life',
      { ...ordinary, expires_at: '2026-02-30T00:00:00.000' },
      { expiresAt: LATER + 2 * HOUR },
    ],
    [
      'no refresh deadline: the earlier one is kept',
      without('refresh_token_expires_at'),
      { refreshTokenExpiresAt: NOW + 14 * DAY, deadlineSource: 'kept' },
    ],
    ['no scopes: those of before', without('scopes'), { scopes: ['mall.read_product'] }],
    ['fewer scopes are taken as they are', { ...ordinary, scopes: [] }, { scopes: [] }],
    ['scopes as text', { ...ordinary, scopes: 'a,b c' }, { scopes: ['a', 'b', 'c'] }],
    [
      'no user, shop or token type: those of before',
      without('user_id', 'shop_no', 'token_type', 'client_id'),
      { userId: 'owner' },
    ],
    ['another account of the mall', { ...ordinary, user_id: 'manager' }, { userId: 'manager' }],
    ['no mall is no other mall', without('mall_id'), { refreshToken: 'next' }],
    [
      'a renamed access token: the refresh token is used',
      { ...without('access_token'), accessToken: 'x' },
      { accessToken: 'access of refresh', expiresAt: NOW + 2 * HOUR, refreshToken: 'next' },
    ],
    [
      'an empty access token is none',
      { ...ordinary, access_token: '' },
      { accessToken: 'access of refresh', refreshToken: 'next' },
    ],
    [
      'fields nobody knows change nothing',
      { ...ordinary, iss: 'x', nested: { a: [] } },
      { refreshToken: 'next' },
    ],
  ])('%s', (_, fields, expected) => {
    expect(brought(fields)).toMatchObject(expected);
  });

  it.each<readonly [string, Record<string, unknown>, Partial<AnswerToJudge>, number]>([
    ["the answer's own issue", ordinary, { date: NOW }, LATER],
    ['else the Date header', without('issued_at'), { date: LATER + 5000 }, LATER + 5000],
    ['else the time it was received', without('issued_at'), { receivedAt: LATER + 9000 }, LATER + 9000],
    ['not an issue that is no time', { ...ordinary, issued_at: 'now' }, { date: LATER }, LATER],
  ])('is issued at %s', (_, fields, answer, expected) => {
    expect(brought(fields, aSet(), answer).issuedAt).toBe(expected);
    expect(brought(fields, null, answer).grant.at).toBe(expected);
  });

  it("without a refresh deadline is estimated for a consent, and where the set before's had passed", () => {
    const bare = without('refresh_token_expires_at');
    const estimated = { refreshTokenExpiresAt: LATER + 14 * DAY, deadlineSource: 'estimated' };
    expect(brought(bare, null)).toMatchObject(estimated);
    expect(brought(bare, aSet({ refreshTokenExpiresAt: LATER }))).toMatchObject(estimated);
    expect(brought(bare, aSet({ refreshTokenExpiresAt: LATER + 1 }))).toMatchObject({
      deadlineSource: 'kept',
    });
  });

  it.each([
    ['named', { ...ordinary, refresh_token: 'refresh' }],
    ['absent', without('refresh_token')],
    ['null', { ...ordinary, refresh_token: null }],
  ])('and the old refresh token (%s) is not rotated: its deadline is not extended', (_, fields) => {
    const parent = aSet({ deadlineKind: 'rolling' });
    expect(judge(anAnswer(fields), parent)).toMatchObject({ kind: 'granted', rotated: false });
    expect(brought(fields, parent)).toMatchObject({
      accessToken: 'access of next',
      refreshToken: 'refresh',
      refreshTokenExpiresAt: parent.refreshTokenExpiresAt,
      deadlineSource: 'kept',
      deadlineKind: 'rolling',
    });
  });

  it.each([
    ['another mall', { ...ordinary, mall_id: 'othershop' }, 'othershop'],
    ['the same name in capitals', { ...ordinary, mall_id: 'MyShop' }, 'MyShop'],
    ['an empty name', { ...ordinary, mall_id: '' }, ''],
    ['a number', { ...ordinary, mall_id: 4711 }, '4711'],
  ])('for %s brings no set', (_, fields, mall) => {
    expect(judge(anAnswer(fields))).toEqual({ kind: 'other_mall', mall });
    expect(judge(anAnswer(fields), null)).toEqual({ kind: 'other_mall', mall });
  });

  it('for a mall whose id is digits matches a number', () => {
    const context = { mall: '4711', parent: null, grantId: 'g', follows: null, hashOf };
    expect(judgeAnswer(anAnswer({ ...ordinary, mall_id: 4711 }), context).kind).toBe('granted');
  });
});

describe('whether deadlines roll is learned from two sets', () => {
  const at = (issuedAt: number, deadlineAt: number, change: Partial<KnownSet> = {}) =>
    aSet({ issuedAt, refreshTokenExpiresAt: deadlineAt, ...change });
  const text = (time: number) => new Date(time + 9 * HOUR).toISOString().slice(0, 23);
  const END = NOW + 14 * DAY;
  it.each<readonly [string, KnownSet, number | null, KnownSet['deadlineKind']]>([
    ['the deadline moved with the issue', at(NOW, END), END + HOUR, 'rolling'],
    ['it stood still', at(NOW, END), END, 'fixed'],
    ['it moved by ten minutes, no more', at(NOW, END), END + 10 * MINUTE, 'fixed'],
    ['it was rolling and stands still now', at(NOW, END, { deadlineKind: 'rolling' }), END, 'fixed'],
    ['the answer names none: nothing is learned', at(NOW, END, { deadlineKind: 'rolling' }), null, 'rolling'],
    ['the one before was an estimate', at(NOW, END, { deadlineSource: 'estimated' }), END, 'unknown'],
    [
      'the two lie too close together to tell',
      at(LATER - 6 * MINUTE, END, { deadlineKind: 'rolling' }),
      END + 6 * MINUTE,
      'rolling',
    ],
  ])('%s', (_, parent, deadlineAt, expected) => {
    const fields =
      deadlineAt === null
        ? without('refresh_token_expires_at')
        : { ...ordinary, refresh_token_expires_at: text(deadlineAt) };
    expect(brought(fields, parent).deadlineKind).toBe(expected);
  });
});

describe('an answer without tokens', () => {
  const INVALID = { error: 'invalid_grant', error_description: 'Invalid refresh_token' };
  const SECRET = { kind: 'blocked', code: 'client.secret_wrong', retryAfterMs: 7000 };
  const UNKNOWN = { kind: 'blocked', code: 'answer.unknown_error', retryAfterMs: 7000 };
  const REMOVED = { kind: 'blocked', code: 'client.app_removed', retryAfterMs: 7000 };
  it.each<readonly [string, number, object | string, object]>([
    ['400 invalid_grant', 400, INVALID, { kind: 'refused' }],
    ['401 invalid_grant', 401, INVALID, { kind: 'refused' }],
    ['invalid_grant without a text', 400, { error: 'invalid_grant' }, { kind: 'refused' }],
    [
      'a code older than its minute',
      400,
      { error: 'invalid_grant', error_description: 'Code time expired' },
      { kind: 'code_expired' },
    ],
    [
      '401 invalid_client',
      401,
      { error: 'invalid_client', error_description: 'Invalid client_secret' },
      SECRET,
    ],
    ['400 invalid_client', 400, { error: 'invalid_client' }, SECRET],
    [
      'a wrong secret sent as invalid_grant',
      400,
      { error: 'invalid_grant', error_description: 'Invalid client_secret' },
      SECRET,
    ],
    [
      'invalid_request',
      400,
      {
        error: 'invalid_request',
        error_description: 'The request is invalid. check the request parameters.',
      },
      UNKNOWN,
    ],
    [
      'invalid_request that speaks of a refresh token is not hardened',
      400,
      { error: 'invalid_request', error_description: 'Invalid refresh_token' },
      UNKNOWN,
    ],
    ['an unknown code', 400, { error: 'weird' }, UNKNOWN],
    ["the Admin API's form of an error", 404, { error: { code: 404, message: 'no' } }, UNKNOWN],
    ['JSON that says nothing', 400, {}, UNKNOWN],
    ['Uninstalled app', 400, { error: 'app_uninstalled', error_description: 'Uninstalled app' }, REMOVED],
    [
      'Uninstalled app as invalid_grant',
      400,
      { error: 'invalid_grant', error_description: 'Uninstalled App.' },
      REMOVED,
    ],
    ['Uninstalled app as 403', 403, { error: 'x', error_description: 'Uninstalled app' }, REMOVED],
    ['Uninstalled app as 500', 500, { error: 'x', error_description: 'Uninstalled app' }, REMOVED],
    ['Uninstalled app as 200', 200, { error: 'x', error_description: 'Uninstalled app' }, REMOVED],
    ['403', 403, '', { kind: 'blocked', code: 'client.forbidden', retryAfterMs: 7000 }],
    [
      '403 that speaks of the token is not hardened',
      403,
      INVALID,
      { kind: 'blocked', code: 'client.forbidden', retryAfterMs: 7000 },
    ],
    ['429 with any body', 429, INVALID, { kind: 'limited', retryAfterMs: 7000 }],
    ['500', 500, '', { kind: 'unreadable' }],
    ['503 with an error code', 503, INVALID, { kind: 'unreadable' }],
    ['an HTML page', 200, '<html></html>', { kind: 'unreadable' }],
    ['an HTML page as 400', 400, '<html></html>', { kind: 'unreadable' }],
    ['a cut-off body', 200, '{"access_token":"a","refresh', { kind: 'unreadable' }],
    ['an error with status 200 is not hardened', 200, INVALID, { kind: 'unreadable' }],
    ['a redirect', 302, '', { kind: 'unreadable' }],
    ['a list', 200, '[]', { kind: 'unreadable' }],
    ['no tokens', 200, { mall_id: 'myshop' }, { kind: 'unreadable' }],
    ['tokens that are no text', 200, { access_token: 1, refresh_token: {} }, { kind: 'unreadable' }],
  ])('%s', (_, status, body, expected) => {
    expect(judge(anAnswer(body, { status, retryAfterMs: 7000 }))).toEqual(expected);
  });

  it("a consent's answer without a refresh token is not a set", () => {
    expect(judge(anAnswer(without('refresh_token')), null)).toEqual({ kind: 'unreadable' });
  });

  it('any status and body gets a verdict, and only an error code of a 4xx refuses', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          { error: fc.constantFrom('invalid_grant', 'invalid_client', 'x'), error_description: fc.string() },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (status, text) => {
        const { kind } = judge(anAnswer(text, { status }));
        if (kind === 'refused') {
          expect(Math.floor(status / 100)).toBe(4);
          expect(JSON.parse(text).error).toBe('invalid_grant');
        }
      }),
    );
  });
});
