import { chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeText } from '../../../shared/messages/message.ts';
import { DEFAULT_MALL } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type CommandLine, createCommandLine } from '../../support/command-line.ts';
import { documentedJson } from '../../support/documented-json.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';

const HOUR = 60 * 60_000;
const KEY = `cafe24:oauth:${DEFAULT_MALL.mallId}`;
const META = `{${KEY}}:meta`;

let redis: RedisServer;
let client: Redis;
let simulator: Simulator;
const lines: CommandLine[] = [];

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  simulator = await startSimulator();
});
afterEach(async () => {
  await simulator.close();
  for (const line of lines.splice(0)) await line.remove();
});

async function commandLine(shared?: string): Promise<CommandLine> {
  const line = await createCommandLine({ apiOrigin: simulator.apiOrigin, redisUrl: redis.url }, shared);
  lines.push(line);
  return line;
}

/** A set in the documented form, as another program would have left it. */
async function storeIssuedSet(): Promise<{ accessToken: string; refreshToken: string }> {
  const issued = simulator.issue(DEFAULT_MALL.mallId);
  await client.set(KEY, documentedJson(issued));
  return issued;
}

describe('token', () => {
  it('prints a valid token without a request', async () => {
    const issued = await storeIssuedSet();
    const { code, stdout } = await (await commandLine()).run(['token']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${issued.accessToken}\n` });
    expect(simulator.requests).toEqual([]);
  });

  it.each(['eight machines', 'eight processes of one data folder'])(
    '%s at expiry: one token request, eight equal tokens',
    async (kind) => {
      await storeIssuedSet();
      simulator.advance(3 * HOUR);
      const first = await commandLine();
      const isOne = kind.includes('one data folder');
      const eight = await Promise.all(
        Array.from({ length: 8 }, () => (isOne ? commandLine(first.folder) : commandLine())),
      );
      const answers = await Promise.all(eight.map((line) => line.run(['token'])));
      expect(answers.map(({ code }) => code)).toEqual(Array(8).fill(0));
      expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
      expect(simulator.requests).toHaveLength(1);
      expect(`${JSON.parse((await client.get(KEY)) ?? '').access_token}\n`).toBe(answers[0]?.stdout);
    },
  );

  it('ends with 3 and the code when nobody ever connected the shop', async () => {
    const { code, stdout, stderr } = await (await commandLine()).run(['token']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('never_connected');
  });

  it('never redeems a refresh token with --ephemeral', async () => {
    await storeIssuedSet();
    simulator.advance(3 * HOUR);
    const { code, stderr } = await (await commandLine()).run(['token', '--ephemeral']);
    expect(code).toBe(3);
    expect(stderr).toContain('keeper.read_only');
    expect(simulator.requests).toEqual([]);
  });
});

describe('refresh', () => {
  it('with a wrong client secret is one request, and one more for each time it is asked for', async () => {
    await storeIssuedSet();
    simulator.advance(HOUR);
    const line = await commandLine();
    for (let asked = 1; asked <= 2; asked += 1) {
      const { code, stdout } = await line.run(['refresh'], { CAFE24_CLIENT_SECRET: 'wrong-secret-canary' });
      expect({ code, stdout }).toEqual({ code: 4, stdout: 'client.secret_wrong\n' });
      expect(simulator.requests).toHaveLength(asked);
    }
    expect((await line.run(['refresh'])).stdout).toBe('refresh.done\n');
  });
});

describe('in words', () => {
  it('refresh gives a program its code, and a person the sentence in their language', async () => {
    await storeIssuedSet();
    for (const [LANG, locale] of [
      ['en_US.UTF-8', 'en'],
      ['ko_KR.UTF-8', 'ko'],
    ] as const) {
      const { code, stdout, stderr } = await (await commandLine()).run(['refresh'], { LANG });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'refresh.already_fresh\n' });
      expect(stderr).toContain(`refresh.already_fresh: ${codeText(locale, 'refresh.already_fresh').title}. `);
    }
  });

  it('every command says why nobody is connected', async () => {
    const line = await commandLine();
    const answers = ['token', 'status', 'check-expiry', 'refresh'].map(async (name) => {
      const { code, stdout, stderr } = await line.run([name], { LANG: 'ko_KR.UTF-8' });
      expect({ name, code }).toEqual({ name, code: 3 });
      expect(stdout + stderr).toContain(`${codeText('ko', 'never_connected').title}. `);
    });
    await Promise.all(answers);
  });
});

describe('status', () => {
  it('says HEALTHY with 0 and records it in the meta', async () => {
    const issued = await storeIssuedSet();
    const { code, stdout } = await (await commandLine()).run(['status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      mall_id: DEFAULT_MALL.mallId,
      state: 'HEALTHY',
      reason: null,
      simulator: true,
    });
    expect(stdout).not.toContain(issued.accessToken);
    expect(await client.hgetall(META)).toMatchObject({ state: 'HEALTHY', generation: '1' });
  });

  it('redeems nothing, although a refresh is due, and neither does a test warning', async () => {
    await storeIssuedSet();
    const line = await commandLine();
    await line.run(['status']);
    simulator.advance(3 * HOUR);
    const { code, stdout } = await line.run(['status', '--json']);
    expect(code).toBe(0);
    const { next_refresh_at: due, notices } = JSON.parse(stdout);
    expect(due).toBeLessThanOrEqual(simulator.now());
    expect(notices).toEqual([]);
    expect((await line.run(['test-warning', 'mail'])).code).toBe(2);
    expect(simulator.requests).toEqual([]);
  });

  it('says NEEDS_REAUTH with 3 before a first consent', async () => {
    const { code, stdout } = await (await commandLine()).run(['status', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'NEEDS_REAUTH', reason: 'never_connected' });
  });

  it('says BLOCKED with 4 after a wrong client secret, and keeps the set', async () => {
    await storeIssuedSet();
    const before = await client.get(KEY);
    simulator.advance(3 * HOUR);
    const line = await commandLine();
    const wrong = { CAFE24_CLIENT_SECRET: 'wrong-secret-canary' };
    await line.run(['token'], wrong);
    const { code, stdout, stderr } = await line.run(['status', '--json'], wrong);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'BLOCKED', reason: 'client.secret_wrong' });
    expect(await client.get(KEY)).toBe(before);
    expect(stdout + stderr).not.toContain('wrong-secret-canary');
  });

  it('ends with 1 when the store does not answer', async () => {
    const line = await createCommandLine({ apiOrigin: simulator.apiOrigin, redisUrl: 'redis://127.0.0.1:1' });
    lines.push(line);
    const { code } = await line.run(['status']);
    expect(code).toBe(1);
  });
});

describe('what is asked of it', () => {
  it.each([
    ['no command', 2, []],
    ['an unknown command', 2, ['dance']],
    ['an unknown option', 2, ['token', '--loud']],
    ['--help', 0, ['--help']],
    ['--version', 0, ['--version']],
  ] as const)('%s ends with %i, and what goes to stdout is an answer', async (_, code, args) => {
    const ended = await (await commandLine()).run(args);
    expect(ended.code).toBe(code);
    expect(ended[code === 0 ? 'stderr' : 'stdout']).toBe('');
    expect(ended[code === 0 ? 'stdout' : 'stderr']).not.toBe('');
  });

  it.each([
    ['nothing', {}, 'CAFE24_MALL_ID, CAFE24_CLIENT_ID, CAFE24_CLIENT_SECRET, CAFE24_REDIRECT_URI'],
    [
      'a client alone',
      { CAFE24_CLIENT_ID: 'id', CAFE24_CLIENT_SECRET: 'secret' },
      'CAFE24_MALL_ID, CAFE24_REDIRECT_URI',
    ],
  ])(
    'with %s configured it names all that is missing at once, and makes no data folder',
    async (_, given, names) => {
      const unset = {
        CAFE24_MALL_ID: '',
        CAFE24_CLIENT_ID: '',
        CAFE24_CLIENT_SECRET: '',
        CAFE24_REDIRECT_URI: '',
      };
      const line = await commandLine();
      const env = { ...unset, ...given, LANG: 'en_US.UTF-8' };
      const ended = await line.run(['status'], env);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr.split('config.missing_value')).toHaveLength(2);
      expect(ended.stderr).toContain(`Setting: ${names}.`);
      expect(await readdir(line.folder)).toEqual([]);
      // A folder that was there says the same.
      await mkdir(path.join(line.folder, 'home'));
      expect(await line.run(['status'], env)).toEqual(ended);
    },
  );

  it('says of an http redirect URI on this machine that a real shop cannot register it', async () => {
    // A proxy that is gone: nothing of this leaves the machine.
    const real = { CAFE24_API_ORIGIN: '', HTTPS_PROXY: 'http://127.0.0.1:1', KV_REDIS_URL: '' };
    const redirect = { CAFE24_REDIRECT_URI: 'http://localhost:17424/api/auth/cafe24/callback' };
    const line = await commandLine();
    const { stderr } = await line.run(['status'], { ...real, ...redirect, LANG: 'ko_KR.UTF-8' });
    expect(stderr).toContain(
      `config.redirect_uri_http: ${codeText('ko', 'config.redirect_uri_http').title}. `,
    );
    expect((await line.run(['status'], redirect)).stderr).toBe('');
  });

  it('makes no data folder for a shop that is not configured', async () => {
    const line = await commandLine();
    const ended = await line.run(['token', '--mall', 'other'], {});
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: '--mall is one of: myshop\n' });
    expect(await readdir(line.folder)).toEqual([]);
  });

  // Only root can give a folder away.
  it.skipIf(process.getuid?.() !== 0)(
    'in a data folder of another OS user: it reads, says so, redeems nothing and writes nothing there',
    async () => {
      await storeIssuedSet();
      const line = await commandLine();
      const home = path.join(line.folder, 'home');
      await mkdir(home, { mode: 0o700 });
      await chown(home, 12_345, 12_345);
      const valid = await line.run(['token'], { LANG: 'en_US.UTF-8' });
      expect(valid.code).toBe(0);
      expect(valid.stderr).toContain('config.other_os_user');
      simulator.advance(3 * HOUR);
      const expired = await line.run(['token']);
      expect(expired).toMatchObject({ code: 3, stdout: '' });
      expect(simulator.requests).toEqual([]);
      expect(await readdir(home)).toEqual([]);
    },
  );

  it('with secrets that only the OS keyring holds: ends with 1, names their variables, and touches no store', async () => {
    const line = await createCommandLine({ apiOrigin: simulator.apiOrigin, redisUrl: null });
    lines.push(line);
    const home = path.join(line.folder, 'home');
    await mkdir(home, { mode: 0o700 });
    await writeFile(
      path.join(home, 'settings.json'),
      JSON.stringify({
        malls: [{ mall: DEFAULT_MALL.mallId, clientSecret: { keyring: 'client-secret/myshop' } }],
        store: { kind: 'redis', url: redis.url, password: { keyring: 'redis' } },
      }),
      { mode: 0o600 },
    );
    const ended = await line.run(['status', '--json'], { CAFE24_CLIENT_SECRET: '' });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('config.secret_in_keyring');
    for (const name of ['CAFE24_CLIENT_SECRET', 'KV_REDIS_URL']) expect(ended.stderr).toContain(name);
    expect(await client.keys('*')).toEqual([]);
    expect(await readdir(path.join(home, 'store')).catch(() => [])).toEqual([]);
  });
});
