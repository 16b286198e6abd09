import { describe, expect, it } from 'vitest';
import {
  admin,
  codeFromConsent,
  DAY,
  exchangeCode,
  HOUR,
  MINUTE,
  NOON,
  openSimulator,
  refresh,
  SECOND,
} from './test-helpers.ts';

const INVALID_REFRESH_TOKEN = { error: 'invalid_grant', error_description: 'Invalid refresh_token' };

describe('a successful answer', () => {
  it('has exactly the documented fields, all strings but the array of scopes', async () => {
    const simulator = await openSimulator();
    const { body } = await exchangeCode(simulator, await codeFromConsent(simulator));
    const { scopes, ...texts } = body;
    expect(scopes).toEqual(['mall.read_product', 'mall.write_product']);
    expect(Object.keys(texts).sort()).toEqual([
      'access_token',
      'client_id',
      'expires_at',
      'issued_at',
      'mall_id',
      'refresh_token',
      'refresh_token_expires_at',
      'shop_no',
      'token_type',
      'user_id',
    ]);
    expect(Object.values(texts).every((value) => typeof value === 'string')).toBe(true);
    expect(body.access_token).toMatch(/^\S{22}$/);
    expect(body.refresh_token).toMatch(/^\S{22}$/);
  });

  it.each([
    ['Korean local time with milliseconds and no offset', undefined, '2026-03-02T12:00:00.000'],
    ['an offset, where asked for', 'offset', '2026-03-02T12:00:00.000+09:00'],
    ['a Z, where asked for', 'z', '2026-03-02T03:00:00.000Z'],
  ] as const)('states times as %s', async (_name, timeForm, issuedAt) => {
    const simulator = await openSimulator(timeForm ? { timeForm } : {});
    expect(simulator.issue('myshop', { issuedAt: NOON }).body.issued_at).toBe(issuedAt);
  });

  it('gives the access token 2 hours and the refresh token 14 days', async () => {
    const simulator = await openSimulator();
    expect(simulator.issue('myshop', { issuedAt: NOON }).body).toMatchObject({
      expires_at: '2026-03-02T14:00:00.000',
      refresh_token_expires_at: '2026-03-16T12:00:00.000',
    });
  });

  it('has expires_in and refresh_token_expires_in only where the simulator is told to', async () => {
    const simulator = await openSimulator({ withExpiresIn: true });
    expect(simulator.issue('myshop').body).toMatchObject({
      expires_in: 7200,
      refresh_token_expires_in: 1209600,
    });
  });
});

describe('the code', () => {
  it.each([
    ['50 seconds old', 50 * SECOND, 200, undefined],
    ['more than a minute old', 61 * SECOND, 400, 'Code time expired'],
  ])('lives one minute: %s', async (_name, age, status, description) => {
    const simulator = await openSimulator();
    const code = await codeFromConsent(simulator);
    simulator.advance(age);
    const answer = await exchangeCode(simulator, code);
    expect([answer.status, answer.body.error_description]).toEqual([status, description]);
    if (status === 400) expect(answer.body.error).toBe('invalid_grant');
  });

  it('works once, and its second use leaves the issued tokens alone', async () => {
    const simulator = await openSimulator();
    const code = await codeFromConsent(simulator);
    const { body } = await exchangeCode(simulator, code);
    expect(await exchangeCode(simulator, code)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(simulator.isLive(body.access_token)).toBe(true);
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'https://relay.example.test/other' }, 'invalid_grant'],
    ['no redirect URI', { redirect_uri: '' }, 'invalid_request'],
    ['no code', { code: '' }, 'invalid_request'],
    ['a code nobody issued', { code: 'A'.repeat(22) }, 'invalid_grant'],
  ])('is refused with %s', async (_name, change, error) => {
    const simulator = await openSimulator();
    const answer = await exchangeCode(simulator, await codeFromConsent(simulator), change);
    expect(answer).toMatchObject({ status: 400, body: { error } });
  });
});

describe('a refresh token', () => {
  it('is rotated by its use: the new one works, the old one is dead at once', async () => {
    const simulator = await openSimulator();
    const first = simulator.issue('myshop');
    const second = await refresh(simulator, first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refreshToken);
    expect(await refresh(simulator, first.refreshToken)).toMatchObject({
      status: 400,
      body: INVALID_REFRESH_TOKEN,
    });
    expect((await refresh(simulator, second.body.refresh_token)).status).toBe(200);
  });

  it('presented twice at the same moment is honoured once', async () => {
    const simulator = await openSimulator();
    const { refreshToken } = simulator.issue('myshop');
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(simulator, refreshToken)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400, 400]);
  });

  it.each([
    ['unknown', () => 'A'.repeat(22)],
    [
      'past its deadline',
      (simulator) => simulator.issue('myshop', { refreshTokenExpiresAt: NOON }).refreshToken,
    ],
    ['of another mall', (simulator) => simulator.issue('second').refreshToken],
    [
      'already used by another program',
      (simulator) => {
        const { refreshToken } = simulator.issue('myshop');
        simulator.rotateElsewhere('myshop', refreshToken);
        return refreshToken;
      },
    ],
  ] satisfies [string, (simulator: Awaited<ReturnType<typeof openSimulator>>) => string][])(
    '%s reads the same as any other bad one',
    async (_name, tokenOf) => {
      const malls = ['myshop', 'second'].map((mallId) => ({ mallId, ownerId: 'owner' }));
      const simulator = await openSimulator({ malls });
      const answer = await refresh(simulator, tokenOf(simulator));
      expect(answer).toMatchObject({ status: 400, body: INVALID_REFRESH_TOKEN });
    },
  );

  it.each([
    ['rolling', 'each refresh starts the 14 days anew', /^2026-03-26T12:00/],
    ['fixed', 'the deadline stays at the consent + 14 days', /^2026-03-16T12:00:00.000$/],
  ] as const)('%s: %s', async (deadline, _rule, expected) => {
    const simulator = await openSimulator({ deadline });
    const { refreshToken } = simulator.issue('myshop', { issuedAt: NOON });
    simulator.setNow(NOON + 10 * DAY);
    expect((await refresh(simulator, refreshToken)).body.refresh_token_expires_at).toMatch(expected);
  });

  it('lives until its deadline', async () => {
    const simulator = await openSimulator();
    const [a, b] = [
      simulator.issue('myshop', { issuedAt: NOON }),
      simulator.issue('myshop', { issuedAt: NOON }),
    ];
    simulator.setNow(NOON + 14 * DAY - MINUTE);
    expect((await refresh(simulator, a.refreshToken)).status).toBe(200);
    simulator.setNow(NOON + 14 * DAY);
    expect((await refresh(simulator, b.refreshToken)).status).toBe(400);
  });

  it('was once seen to work after its deadline, and can be issued so', async () => {
    const simulator = await openSimulator();
    const set = simulator.issue('myshop', { refreshTokenExpiresAt: NOON - 2 * DAY, diesAt: NOON + DAY });
    expect(set.body.refresh_token_expires_at).toBe('2026-02-28T12:00:00.000');
    expect((await refresh(simulator, set.refreshToken)).status).toBe(200);
  });
});

describe('access tokens', () => {
  it('issued earlier stay valid after a refresh, until they expire', async () => {
    const simulator = await openSimulator();
    const set = simulator.issue('myshop');
    await refresh(simulator, set.refreshToken);
    expect((await admin(simulator, 'products/count', set.accessToken)).status).toBe(200);
    simulator.advance(2 * HOUR);
    expect((await admin(simulator, 'products/count', set.accessToken)).status).toBe(401);
  });

  it('are at most 15 per mall: the 16th evicts the oldest', async () => {
    const simulator = await openSimulator();
    const sets = Array.from({ length: 16 }, () => simulator.issue('myshop'));
    expect(sets.map((set) => simulator.isLive(set.accessToken))).toEqual([false, ...Array(15).fill(true)]);
    expect(simulator.isLive(sets[0]!.refreshToken)).toBe(true);
  });
});
