import { describe, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import {
  admin,
  authorizeUrl,
  codeFromConsent,
  exchangeCode,
  openSimulator,
  refresh,
} from './test-helpers.ts';

describe('the queue', () => {
  it('meets as many requests as it says, in the order of adding, then none', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'status', when: 'before', times: 2 });
    simulator.faults.add({ kind: 'forbidden' });
    const statuses: number[] = [];
    for (let request = 0; request < 4; request++) statuses.push((await refresh(simulator, 'any')).status);
    expect(statuses).toEqual([503, 503, 403, 400]);
    expect(simulator.faults.pending()).toEqual([]);
  });

  it('keeps "always" until it is cleared', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'uninstalled-app', times: 'always' });
    for (let request = 0; request < 3; request++) {
      expect((await refresh(simulator, 'any')).body.error_description).toBe('Uninstalled app');
    }
    simulator.faults.clear();
    expect((await refresh(simulator, 'any')).body.error).toBe('invalid_grant');
  });

  it('waits for the mall and the grant type it is meant for', async () => {
    const malls = ['myshop', 'second'].map((mallId) => ({ mallId, ownerId: 'owner' }));
    const simulator = await openSimulator({ malls });
    simulator.faults.add({ kind: 'forbidden', mallId: 'second' });
    simulator.faults.add({ kind: 'status', when: 'before', grantType: 'authorization_code' });
    expect((await refresh(simulator, simulator.issue('myshop').refreshToken)).status).toBe(200);
    expect((await refresh(simulator, 'any', { mallId: 'second' })).status).toBe(403);
    expect((await exchangeCode(simulator, await codeFromConsent(simulator))).status).toBe(503);
  });

  it.each<[string, unknown]>([
    ['an unknown kind', { kind: 'gremlin' }],
    ['an unknown field', { kind: 'cut', sometimes: true }],
    ['a fault of token answers elsewhere', { kind: 'no-rotation', on: 'head' }],
  ])('refuses %s', async (_name, fault) => {
    const simulator = await openSimulator();
    expect(() => simulator.faults.add(fault as Fault)).toThrow();
    expect(simulator.faults.pending()).toEqual([]);
  });
});

describe('faults elsewhere', () => {
  it('an error at the authorization endpoint is a redirect', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ on: 'authorize', kind: 'error', error: 'server_error' });
    const response = await fetch(authorizeUrl(simulator), { redirect: 'manual' });
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.searchParams.get('error')).toBe('server_error');
    expect((await fetch(authorizeUrl(simulator))).status).toBe(200);
  });

  it('the probes and HEAD can fail, too', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ on: 'admin', kind: 'rate-limited', retryAfterSeconds: 3 });
    simulator.faults.add({ on: 'head', kind: 'drop', when: 'before' });
    expect((await admin(simulator, 'store', simulator.issue('myshop').accessToken)).status).toBe(429);
    await expect(fetch(simulator.origin, { method: 'HEAD' })).rejects.toThrow();
    expect((await fetch(simulator.origin, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('hooks run inside the handler', () => {
  it('before: another program rotates first, and this request loses', async () => {
    const simulator = await openSimulator();
    const { refreshToken } = simulator.issue('myshop');
    const remove = simulator.onTokenRequest('before', (context) => {
      expect(context).toMatchObject({
        mallId: 'myshop',
        grantType: 'refresh_token',
        refreshToken,
        issued: null,
      });
      simulator.rotateElsewhere('myshop', refreshToken);
    });
    expect((await refresh(simulator, refreshToken)).body.error).toBe('invalid_grant');
    remove();
    expect((await refresh(simulator, simulator.issue('myshop').refreshToken)).status).toBe(200);
  });

  it('after-apply: the set is issued, the answer has not left', async () => {
    const simulator = await openSimulator();
    const { refreshToken } = simulator.issue('myshop');
    const seen: (string | undefined)[] = [];
    simulator.onTokenRequest('after-apply', async (context) => {
      await Promise.resolve();
      seen.push(context.issued?.refreshToken);
      expect(simulator.requests[0]?.outcome.delivery).toBe('pending');
    });
    const { body } = await refresh(simulator, refreshToken);
    await refresh(simulator, 'refused');
    expect(seen).toEqual([body.refresh_token]);
  });
});
