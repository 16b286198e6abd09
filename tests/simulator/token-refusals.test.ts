import { describe, expect, it } from 'vitest';
import { DEFAULT_CLIENT, DEFAULT_MALL } from './registration.ts';
import {
  admin,
  codeFromConsent,
  exchangeCode,
  MINUTE,
  NOON,
  openSimulator,
  post,
  refresh,
  SECOND,
} from './test-helpers.ts';

const INVALID_REFRESH_TOKEN = { error: 'invalid_grant', error_description: 'Invalid refresh_token' };
const INVALID_REQUEST = {
  error: 'invalid_request',
  error_description: 'The request is invalid. check the request parameters.',
};
const INVALID_CLIENT = { error: 'invalid_client', error_description: 'Invalid client_secret' };

describe('the request', () => {
  const grant = { grant_type: 'refresh_token', refresh_token: 'A'.repeat(22) };
  it.each([
    [
      'credentials in the body as well',
      { ...grant, client_id: DEFAULT_CLIENT.clientId },
      {},
      400,
      INVALID_REQUEST,
    ],
    ['the secret in the body', { ...grant, client_secret: 'x' }, {}, 400, INVALID_REQUEST],
    [
      'credentials in the body only',
      { ...grant, client_id: DEFAULT_CLIENT.clientId, client_secret: DEFAULT_CLIENT.clientSecret },
      { headers: { Authorization: null } },
      400,
      INVALID_REQUEST,
    ],
    ['no grant_type', { refresh_token: 'x' }, {}, 400, INVALID_REQUEST],
    ['no refresh_token', { grant_type: 'refresh_token' }, {}, 400, INVALID_REQUEST],
    [
      'anything beyond the two fields',
      { ...grant, redirect_uri: 'https://a.test' },
      {},
      400,
      INVALID_REQUEST,
    ],
    ['a field twice', 'grant_type=refresh_token&refresh_token=a&refresh_token=b', {}, 400, INVALID_REQUEST],
    [
      'JSON instead of a form',
      grant,
      { headers: { 'Content-Type': 'application/json' } },
      400,
      INVALID_REQUEST,
    ],
    ['no content type', grant, { headers: { 'Content-Type': null } }, 400, INVALID_REQUEST],
    ['an unknown grant type', { grant_type: 'password' }, {}, 400, { error: 'unsupported_grant_type' }],
    ['no Basic header', grant, { headers: { Authorization: null } }, 401, INVALID_CLIENT],
    ['a Bearer header', grant, { headers: { Authorization: 'Bearer abc' } }, 401, INVALID_CLIENT],
    ['a wrong secret', grant, { clientSecret: 'wrong' }, 401, INVALID_CLIENT],
    ['an unknown app', grant, { clientId: 'nobody' }, 401, INVALID_CLIENT],
  ])('with %s is refused as documented', async (_name, form, options, status, body) => {
    const simulator = await openSimulator();
    expect(await post(simulator, form, options)).toMatchObject({ status, body });
  });

  it('in a form with a charset is accepted', async () => {
    const simulator = await openSimulator();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    expect((await refresh(simulator, simulator.issue('myshop').refreshToken, { headers })).status).toBe(200);
  });

  it('for a mall that does not exist gets 404', async () => {
    const simulator = await openSimulator();
    expect((await post(simulator, grant, { mallId: 'nowhere' })).status).toBe(404);
  });
});

it('re-issuing the client secret kills every token of the app, and only the new secret is right', async () => {
  const simulator = await openSimulator();
  const set = simulator.issue('myshop');
  simulator.revokeSecret(DEFAULT_CLIENT.clientId, 'another-secret');
  const clientSecret = 'another-secret';
  expect(await refresh(simulator, set.refreshToken)).toMatchObject({ status: 401, body: INVALID_CLIENT });
  expect(await refresh(simulator, set.refreshToken, { clientSecret })).toMatchObject({
    body: INVALID_REFRESH_TOKEN,
  });
  expect((await admin(simulator, 'products/count', set.accessToken)).status).toBe(401);
  const fresh = simulator.issue('myshop');
  expect((await refresh(simulator, fresh.refreshToken, { clientSecret })).status).toBe(200);
});

describe('at most 15 token requests in 2 hours per app and mall', () => {
  const spendLimit = async (simulator: Awaited<ReturnType<typeof openSimulator>>): Promise<string> => {
    let { refreshToken } = simulator.issue('myshop');
    for (let request = 0; request < 15; request++) {
      refreshToken = (await refresh(simulator, refreshToken)).body.refresh_token;
    }
    return refreshToken;
  };

  it('the 16th gets 429 with Retry-After and takes nothing; it works when the oldest has left the window', async () => {
    const simulator = await openSimulator();
    const last = await spendLimit(simulator);
    simulator.setNow(NOON + 20 * MINUTE);
    const refused = await refresh(simulator, last);
    expect(refused.status).toBe(429);
    const waitSeconds = Number(refused.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThanOrEqual(100 * 60 - 5);
    expect(waitSeconds).toBeLessThanOrEqual(100 * 60 + 5);
    simulator.advance(waitSeconds * SECOND);
    expect((await refresh(simulator, last)).status).toBe(200);
  });

  it('refused requests count as well, and another mall has a limit of its own', async () => {
    const malls = ['myshop', 'second'].map((mallId) => ({ mallId, ownerId: 'owner' }));
    const simulator = await openSimulator({ malls });
    const statuses: number[] = [];
    for (let request = 0; request < 16; request++) statuses.push((await refresh(simulator, 'wrong')).status);
    expect(statuses).toEqual([...Array(15).fill(400), 429]);
    const other = simulator.issue('second').refreshToken;
    expect((await refresh(simulator, other, { mallId: 'second' })).status).toBe(200);
  });
});

describe('an app removed from the mall', () => {
  it('gets "Uninstalled app" for its refresh token, which works again after the app is back', async () => {
    const simulator = await openSimulator();
    const { refreshToken } = simulator.issue('myshop');
    simulator.uninstall('myshop');
    const refused = await refresh(simulator, refreshToken);
    expect(refused.status).toBe(400);
    expect(refused.body.error_description).toContain('Uninstalled app');
    simulator.reinstall('myshop');
    expect((await refresh(simulator, refreshToken)).status).toBe(200);
  });

  it('is installed again by a consent', async () => {
    const simulator = await openSimulator();
    simulator.uninstall('myshop');
    expect((await exchangeCode(simulator, await codeFromConsent(simulator))).status).toBe(200);
  });
});

describe('revoke takes token and token_hint, and the paired token dies too', () => {
  const path = '/api/v2/oauth/revoke';

  it.each([
    ['the access token', 'access_token', 'accessToken'],
    ['the refresh token', 'refresh_token', 'refreshToken'],
  ] as const)('%s', async (_name, token_hint, key) => {
    const simulator = await openSimulator();
    const [set, untouched] = [simulator.issue('myshop'), simulator.issue('myshop')];
    const answer = await post(simulator, { token: set[key], token_hint }, { path });
    expect(answer.status).toBe(200);
    expect([set.accessToken, set.refreshToken].map(simulator.isLive)).toEqual([false, false]);
    expect([untouched.accessToken, untouched.refreshToken].map(simulator.isLive)).toEqual([true, true]);
    await post(simulator, { token: set.refreshToken, token_hint: 'refresh_token' }, { path });
    expect(simulator.revocations).toMatchObject([
      { mallId: 'myshop', token: set[key], hint: token_hint, applied: true },
      { token: set.refreshToken, hint: 'refresh_token', applied: false },
    ]);
  });

  it('of the mall whose address was asked, and of no other', async () => {
    const simulator = await openSimulator({ malls: [DEFAULT_MALL, { mallId: 'other', ownerId: 'owner' }] });
    const set = simulator.issue('myshop');
    const form = { token: set.accessToken, token_hint: 'access_token' };
    expect((await post(simulator, form, { path, mallId: 'other' })).status).toBe(200);
    expect(simulator.isLive(set.accessToken)).toBe(true);
    expect(simulator.revocations).toMatchObject([{ mallId: 'other', applied: false }]);
  });

  it.each([
    ["RFC 7009's token_type_hint", { token_type_hint: 'access_token' }, {}, 400],
    ['no hint', {}, {}, 400],
    ['a wrong secret', { token_hint: 'access_token' }, { clientSecret: 'wrong' }, 401],
  ])('and refuses %s', async (_name, form, options, status) => {
    const simulator = await openSimulator();
    const { accessToken } = simulator.issue('myshop');
    expect((await post(simulator, { token: accessToken, ...form }, { path, ...options })).status).toBe(
      status,
    );
    expect(simulator.isLive(accessToken)).toBe(true);
  });
});
