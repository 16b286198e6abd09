import { describe, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import { DEFAULT_CLIENT } from './registration.ts';
import type { Simulator } from './simulator.ts';
import { NOON, openSimulator, refresh, type TestAnswer } from './test-helpers.ts';

/** One refresh that meets the fault: the answer, or null where none arrived whole. */
async function refreshUnder(
  fault: Fault,
): Promise<{ simulator: Simulator; old: string; answer: TestAnswer | null }> {
  const simulator = await openSimulator();
  const old = simulator.issue('myshop', { issuedAt: NOON }).refreshToken;
  simulator.faults.add(fault);
  const answer = await refresh(simulator, old).catch(() => null);
  return { simulator, old, answer };
}

describe('a fault before applying leaves the refresh token as it was', () => {
  it.each<[string, Fault, { status: number; body?: unknown } | null]>([
    ['drop by reset', { kind: 'drop', when: 'before' }, null],
    ['drop by close', { kind: 'drop', when: 'before', how: 'close' }, null],
    ['a 503', { kind: 'status', when: 'before' }, { status: 503 }],
    ['a 500', { kind: 'status', when: 'before', status: 500 }, { status: 500 }],
    ['an HTML page', { kind: 'html', when: 'before' }, { status: 200 }],
    ['an HTML page with 502', { kind: 'html', when: 'before', status: 502 }, { status: 502 }],
    ['429', { kind: 'rate-limited' }, { status: 429 }],
    ['403', { kind: 'forbidden' }, { status: 403 }],
    [
      'Uninstalled app',
      { kind: 'uninstalled-app' },
      { status: 400, body: { error_description: 'Uninstalled app' } },
    ],
    [
      'Uninstalled app in another guise',
      { kind: 'uninstalled-app', status: 401, error: 'invalid_grant' },
      { status: 401, body: { error: 'invalid_grant', error_description: 'Uninstalled app' } },
    ],
    [
      'a wrong secret sent as invalid_grant',
      { kind: 'wrong-secret-as-invalid-grant' },
      { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid client_secret' } },
    ],
    ['an unknown error', { kind: 'error' }, { status: 400, body: { error: 'unexpected_condition' } }],
    [
      'invalid_grant with 401, as also reported',
      { kind: 'error', status: 401, error: 'invalid_grant', description: 'Invalid refresh_token' },
      { status: 401, body: { error: 'invalid_grant' } },
    ],
  ])('%s', async (_name, fault, expected) => {
    const { simulator, old, answer } = await refreshUnder(fault);
    if (expected === null) expect(answer).toBeNull();
    else expect(answer).toMatchObject(expected);
    expect(simulator.isLive(old)).toBe(true);
    expect(simulator.requests).toHaveLength(1);
    expect(simulator.requests[0]).toMatchObject({
      applied: false,
      issued: null,
      outcome: { status: expected?.status ?? null, delivery: expected === null ? 'dropped' : 'complete' },
    });
    expect((await refresh(simulator, old)).status).toBe(200);
  });
});

describe('a fault after applying has rotated the token, and the record knows what was lost', () => {
  it.each<[string, Fault, { status: number } | null, string]>([
    ['drop by reset', { kind: 'drop', when: 'after' }, null, 'dropped'],
    ['drop by close', { kind: 'drop', when: 'after', how: 'close' }, null, 'dropped'],
    ['a cut-off body', { kind: 'cut' }, null, 'cut'],
    ['a 502', { kind: 'status', when: 'after', status: 502 }, { status: 502 }, 'complete'],
    ['an HTML page with 200', { kind: 'html', when: 'after' }, { status: 200 }, 'complete'],
    ['an HTML page with 503', { kind: 'html', when: 'after', status: 503 }, { status: 503 }, 'complete'],
  ])('%s', async (_name, fault, expected, delivery) => {
    const { simulator, old, answer } = await refreshUnder(fault);
    if (expected === null) expect(answer).toBeNull();
    else expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer?.body ?? '')).not.toContain('refresh_token');
    const [record] = simulator.requests;
    expect(record).toMatchObject({ presented: old, applied: true, outcome: { delivery } });
    expect(simulator.isLive(old)).toBe(false);
    expect(simulator.isLive(record!.issued!.refreshToken)).toBe(true);
    expect((await refresh(simulator, old)).body.error).toBe('invalid_grant');
  });

  it('a cut-off body promises more than it sends', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'cut' });
    const url = `${simulator.origin}/myshop/api/v2/oauth/token`;
    const basic = Buffer.from(`${DEFAULT_CLIENT.clientId}:${DEFAULT_CLIENT.clientSecret}`).toString('base64');
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: simulator.issue('myshop').refreshToken,
      }),
    });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(300);
    await expect(response.text()).rejects.toThrow();
  });
});

describe('an answer that is not as documented', () => {
  it('misses, renames or replaces fields', async () => {
    const { answer } = await refreshUnder({
      kind: 'fields',
      remove: ['refresh_token_expires_at'],
      rename: { refresh_token: 'refreshToken' },
      set: { shop_no: 2, added: [] },
    });
    expect(answer?.status).toBe(200);
    expect(answer?.body).toMatchObject({ refreshToken: expect.any(String), shop_no: 2, added: [] });
    expect(answer?.body).not.toHaveProperty('refresh_token');
    expect(answer?.body).not.toHaveProperty('refresh_token_expires_at');
  });

  it('names another mall', async () => {
    const { answer } = await refreshUnder({ kind: 'other-mall' });
    expect(answer?.body.mall_id).toBe('othershop');
  });

  it.each([
    ['absent', undefined],
    ['same', 'the old one'],
  ] as const)(
    'has no new refresh token (%s): the old one lives on with its deadline',
    async (form, expected) => {
      const { simulator, old, answer } = await refreshUnder({ kind: 'no-rotation', answer: form });
      expect(answer?.body.refresh_token).toBe(expected && old);
      expect(answer?.body.refresh_token_expires_at).toBe('2026-03-16T12:00:00.000');
      expect(simulator.isLive(answer?.body.access_token)).toBe(true);
      expect((await refresh(simulator, old)).status).toBe(200);
    },
  );

  it('leaves a refusal as it is', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'fields', remove: ['error'] });
    expect((await refresh(simulator, 'wrong')).body.error).toBe('invalid_grant');
  });
});

describe('429 with Retry-After', () => {
  it.each<[string, Fault, string | null]>([
    ['in seconds', { kind: 'rate-limited', retryAfterSeconds: 90 }, '90'],
    [
      'as an HTTP date of the simulated clock',
      { kind: 'rate-limited', retryAfterSeconds: 3600, form: 'date' },
      'Mon, 02 Mar 2026 04:00',
    ],
    ['left out', { kind: 'rate-limited' }, null],
  ])('%s', async (_name, fault, expected) => {
    const { answer } = await refreshUnder(fault);
    const header = answer?.headers.get('retry-after') ?? null;
    if (expected === null) expect(header).toBeNull();
    else expect(header).toContain(expected);
  });
});

describe('a delay', () => {
  it.each(['before', 'after'] as const)('%s applying lasts at least as long as asked', async (when) => {
    const start = performance.now();
    const { answer } = await refreshUnder({ kind: 'delay', ms: 80, when });
    expect(answer?.status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(79);
  });

  it('that a client does not wait for ends in a rotation all the same', async () => {
    const simulator = await openSimulator();
    const { refreshToken } = simulator.issue('myshop');
    simulator.faults.add({ kind: 'delay', ms: 150 });
    const basic = Buffer.from(`${DEFAULT_CLIENT.clientId}:${DEFAULT_CLIENT.clientSecret}`).toString('base64');
    const impatient = fetch(`${simulator.origin}/myshop/api/v2/oauth/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
      signal: AbortSignal.timeout(50),
    });
    await expect(impatient).rejects.toThrow();
    await expect
      .poll(() => simulator.requests[0])
      .toMatchObject({
        applied: true,
        outcome: { delivery: 'abandoned' },
      });
    expect(simulator.isLive(refreshToken)).toBe(false);
  });

  it('combines with another fault', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'delay', ms: 60 });
    simulator.faults.add({ kind: 'status', when: 'before' });
    const start = performance.now();
    expect((await refresh(simulator, 'any')).status).toBe(503);
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });

  it('does not outlive the simulator', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'delay', ms: 600_000 });
    const hanging = refresh(simulator, 'any').catch(() => 'ended');
    await expect.poll(() => simulator.requests.length).toBe(1);
    await simulator.close();
    expect(await hanging).toBe('ended');
  });
});
