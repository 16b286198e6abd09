import { describe, expect, it } from 'vitest';
import { API_VERSIONS } from './admin-routes.ts';
import { admin, HOUR, openSimulator, SECOND } from './test-helpers.ts';

const EXPIRED = { error: { code: 401, message: 'access_token time expired. (invalid_token)' } };

describe('the cheap probes', () => {
  it.each([
    ['products/count', 'mall.read_product'],
    ['store', 'mall.read_store'],
  ])('%s needs the scope %s', async (path, scope) => {
    const simulator = await openSimulator();
    const [allowed, other] = [
      simulator.issue('myshop', { scopes: [scope] }),
      simulator.issue('myshop', { scopes: [] }),
    ];
    expect((await admin(simulator, path, allowed.accessToken)).status).toBe(200);
    expect(await admin(simulator, path, other.accessToken)).toMatchObject({
      status: 403,
      body: { error: { code: 403 } },
    });
  });

  it('webhooks/setting needs only the scope every app has', async () => {
    const simulator = await openSimulator();
    const { accessToken } = simulator.issue('myshop', { scopes: ['mall.read_product'] });
    expect((await admin(simulator, 'webhooks/setting', accessToken)).status).toBe(200);
  });

  it('an expired token gets the documented 401', async () => {
    const simulator = await openSimulator();
    const { accessToken } = simulator.issue('myshop');
    simulator.advance(2 * HOUR);
    expect(await admin(simulator, 'store', accessToken)).toMatchObject({ status: 401, body: EXPIRED });
  });

  it('a token nobody issued, or one of another mall, gets the same 401', async () => {
    const malls = ['myshop', 'second'].map((mallId) => ({ mallId, ownerId: 'owner' }));
    const simulator = await openSimulator({ malls });
    const foreign = simulator.issue('second').accessToken;
    for (const token of ['A'.repeat(22), foreign]) {
      expect(await admin(simulator, 'store', token)).toMatchObject({ status: 401, body: EXPIRED });
    }
  });

  it('an app removed from the mall gets 403 for a token that has not expired', async () => {
    const simulator = await openSimulator();
    const { accessToken } = simulator.issue('myshop');
    simulator.uninstall('myshop');
    expect((await admin(simulator, 'store', accessToken)).status).toBe(403);
  });

  it.each([
    ['a known version', API_VERSIONS[0]!, 200],
    ['an unknown version', '2019-01-01', 400],
    ['something that is no version', 'latest', 400],
  ])('X-Cafe24-Api-Version: %s', async (_name, version, status) => {
    const simulator = await openSimulator();
    const headers = { 'X-Cafe24-Api-Version': version };
    expect((await admin(simulator, 'store', simulator.issue('myshop').accessToken, headers)).status).toBe(
      status,
    );
  });
});

it('the rate limit is a bucket of 40 that drains 2 per second, shown in X-Api-Call-Limit', async () => {
  const simulator = await openSimulator();
  const { accessToken } = simulator.issue('myshop');
  const call = async (): Promise<[number, string | null]> => {
    const { status, headers } = await admin(simulator, 'store', accessToken);
    return [status, headers.get('x-api-call-limit')];
  };
  expect(await call()).toEqual([200, '1/40']);

  // The bucket drains in the real time the calls take, too: fill it until it refuses.
  let filling = await call();
  for (let calls = 0; filling[0] === 200 && calls < 400; calls++) filling = await call();
  expect(filling).toEqual([429, '40/40']);

  simulator.advance(5 * SECOND);
  const [status, limit] = await call();
  expect(status).toBe(200);
  expect(Number(limit?.split('/')[0])).toBeLessThanOrEqual(31);

  simulator.advance(20 * SECOND);
  expect(await call()).toEqual([200, '1/40']);
});
