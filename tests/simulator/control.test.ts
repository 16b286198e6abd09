import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { driveConsent } from './drive-consent.ts';
import { DEFAULT_CLIENT } from './registration.ts';
import { authorizeUrl, DAY, HOUR, NOON, openSimulator, refresh, SECOND } from './test-helpers.ts';

async function call(origin: string, method: string, command: string, body?: unknown) {
  const response = await fetch(`${origin}/${command}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

describe('the simulated clock', () => {
  it('runs by itself, never backwards', async () => {
    const simulator = await openSimulator();
    const before = simulator.now();
    expect(before - NOON).toBeLessThan(5 * SECOND);
    await expect.poll(() => simulator.now()).toBeGreaterThan(before);
  });

  it('is moved by /__clock and by the test alike, forward and back', async () => {
    const simulator = await openSimulator();
    const steps = [
      [{ now: NOON + DAY }, NOON + DAY],
      [{ advance: 2 * HOUR }, NOON + DAY + 2 * HOUR],
      [{ advance: -3 * DAY }, NOON - 2 * DAY + 2 * HOUR],
    ] as const;
    for (const [move, expected] of steps) {
      const { body } = await call(simulator.origin, 'POST', '__clock', move);
      expect(Math.abs(body.now - expected)).toBeLessThan(5 * SECOND);
    }
    simulator.setNow(NOON);
    const { body } = await call(simulator.origin, 'GET', '__clock');
    expect(Math.abs(body.now - NOON)).toBeLessThan(5 * SECOND);
  });

  it.each([
    ['GET', ''],
    ['GET', 'myshop/api/v2/oauth/authorize'],
    ['GET', '__requests'],
    ['POST', 'myshop/api/v2/oauth/token'],
    ['HEAD', ''],
    ['HEAD', 'myshop'],
    ['HEAD', 'myshop/'],
  ])('dates every answer: %s /%s', async (method, target) => {
    const simulator = await openSimulator();
    simulator.setNow(NOON - 40 * DAY);
    const { headers } = await fetch(`${simulator.origin}/${target}`, { method });
    const dated = Date.parse(headers.get('date') ?? '');
    expect(Math.abs(dated - (NOON - 40 * DAY))).toBeLessThan(5 * SECOND);
  });

  it('HEAD needs no authentication and has no body', async () => {
    const simulator = await openSimulator();
    for (const target of ['', '/myshop', '/myshop/']) {
      const response = await fetch(simulator.origin + target, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
    }
    expect((await fetch(`${simulator.origin}/nowhere`, { method: 'HEAD' })).status).toBe(404);
  });
});

describe('the control routes', () => {
  it('issue, rotate and record', async () => {
    const { origin } = await openSimulator();
    const first = await call(origin, 'POST', '__issue', { mallId: 'myshop', issuedAt: NOON });
    expect(first.body.body.issued_at).toBe('2026-03-02T12:00:00.000');
    const { mallId, refreshToken } = first.body;
    const second = await call(origin, 'POST', '__rotate', { mallId, refreshToken });
    expect(second.body.refreshToken).not.toBe(refreshToken);
    expect(await call(origin, 'POST', '__rotate', { mallId, refreshToken })).toMatchObject({ status: 400 });
    expect((await call(origin, 'GET', '__requests')).body).toEqual({ requests: [] });
  });

  it('plant and clear faults', async () => {
    const simulator = await openSimulator();
    const faults = [{ kind: 'forbidden' }, { kind: 'cut' }];
    const planted = await call(simulator.origin, 'POST', '__faults', faults);
    expect(planted.body.faults).toMatchObject(faults);
    expect((await refresh(simulator, 'any')).status).toBe(403);
    await call(simulator.origin, 'DELETE', '__faults');
    expect((await call(simulator.origin, 'GET', '__faults')).body).toEqual({ faults: [] });
  });

  it('change the app, the deadline rule and the installation', async () => {
    const simulator = await openSimulator();
    const { clientId } = DEFAULT_CLIENT;
    const redirectUris = ['https://other.example.test/back'];
    const { refreshToken } = simulator.issue('myshop', { issuedAt: NOON });
    for (const [command, body] of [
      ['__client', { clientId, redirectUris }],
      ['__deadline', { kind: 'fixed' }],
      ['__uninstall', { mallId: 'myshop' }],
    ] as const) {
      expect(await call(simulator.origin, 'POST', command, body)).toMatchObject({ status: 200 });
    }
    const url = authorizeUrl(simulator, { redirect_uri: redirectUris[0]! });
    expect((await driveConsent(url, 'refuse')).href).toContain('https://other.example.test/back?');
    expect((await refresh(simulator, refreshToken)).body.error_description).toContain('Uninstalled app');
    await call(simulator.origin, 'POST', '__reinstall', { mallId: 'myshop' });
    simulator.setNow(NOON + DAY);
    const { body } = await refresh(simulator, refreshToken);
    expect(body.refresh_token_expires_at).toBe('2026-03-16T12:00:00.000');
    await call(simulator.origin, 'POST', '__secret', { clientId, newSecret: 'new' });
    expect((await refresh(simulator, body.refresh_token)).body.error).toBe('invalid_client');
  });

  it('reset forgets what was issued and recorded, and keeps the apps', async () => {
    const simulator = await openSimulator();
    const { refreshToken } = simulator.issue('myshop');
    await refresh(simulator, refreshToken);
    simulator.faults.add({ kind: 'cut' });
    await call(simulator.origin, 'POST', '__reset');
    expect([simulator.requests, simulator.faults.pending()]).toEqual([[], []]);
    expect((await refresh(simulator, simulator.issue('myshop').refreshToken)).status).toBe(200);
  });

  it.each([
    ['an unknown command', 'GET', '__nonsense', undefined, 404],
    ['a wrong body', 'POST', '__clock', { tomorrow: 1 }, 400],
    ['an unknown mall', 'POST', '__issue', { mallId: 'nowhere' }, 400],
    ['an unknown fault', 'POST', '__faults', { kind: 'gremlin' }, 400],
    [
      'an unregistrable URI',
      'POST',
      '__client',
      { clientId: DEFAULT_CLIENT.clientId, redirectUris: ['http://a.test/'] },
      400,
    ],
  ])('say what is wrong with %s', async (_name, method, command, body, status) => {
    const { origin } = await openSimulator();
    const answer = await call(origin, method, command, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toBeTypeOf('string');
  });
});

describe('the simulator as a program of its own', () => {
  const root = path.resolve(import.meta.dirname, '../..');

  /** Starts it and reads its output up to the machine-readable line, or to its end. */
  async function run(args: readonly string[], secret: string) {
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'tests/simulator/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, CAFE24_CLIENT_SECRET: secret },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    const stderr: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.startsWith('SIMULATOR ')) break;
    }
    const ready = lines.at(-1)?.startsWith('SIMULATOR ') ? JSON.parse(lines.at(-1)!.slice(10)) : null;
    return { child, exited, lines, ready, stderr };
  }

  it('prints what the app needs, serves, and ends on SIGTERM', async () => {
    const { child, exited, lines, ready } = await run(['--allow-loopback-redirect', '--mall', 'shop-a'], '');
    expect(ready).toMatchObject({
      apiOrigin: `${ready.origin}/{mall_id}`,
      mallIds: ['shop-a'],
      deadline: 'rolling',
    });
    expect(lines).toContain(`  CAFE24_API_ORIGIN='${ready.apiOrigin}'`);
    expect(lines).toContain(`  CAFE24_CLIENT_SECRET=${DEFAULT_CLIENT.clientSecret}`);
    expect((await fetch(`${ready.origin}/shop-a`, { method: 'HEAD' })).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('takes the secret from the environment and never prints it', async () => {
    const secret = 'canary-secret-of-this-test';
    const { lines, ready } = await run([], secret);
    expect(lines.join('\n')).not.toContain(secret);
    const url = `${ready.origin}/myshop/api/v2/oauth/revoke`;
    const status = async (used: string): Promise<number> => {
      const Authorization = `Basic ${Buffer.from(`${ready.clientId}:${used}`).toString('base64')}`;
      const body = new URLSearchParams({ token: 'x', token_hint: 'access_token' });
      return (await fetch(url, { method: 'POST', headers: { Authorization }, body })).status;
    };
    expect([await status(secret), await status('other')]).toEqual([200, 401]);
  });

  it.each([
    ['a loopback redirect URI without the option', ['--redirect-uri', 'http://127.0.0.1:1/cb'], 1],
    ['an unknown option', ['--client-secret', 'x'], 2],
    ['a deadline rule nobody knows', ['--deadline', 'sometimes'], 2],
  ])('refuses %s', async (_name, args, code) => {
    const { exited, ready, stderr } = await run(args, '');
    expect(ready).toBeNull();
    expect(await exited).toEqual([code, null]);
    expect(stderr.join('')).not.toBe('');
  });
});
