import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { createRedisStore, type RedisStoreOptions } from '../../../electron/adapters/redis/redis-store.ts';
import type { TokenStore } from '../../../electron/ports.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { trusting } from '../../support/networks.ts';
import { until } from '../../support/poll.ts';
import { findFreePort, type RedisOptions, type RedisServer, startRedis } from '../../support/redis-server.ts';
import { unwrap } from './contract/unwrap.ts';

const MALL = 'myshop';
const PUBLISH = { expect: { generation: 0 }, text: '{}', meta: { generation: '1' }, spend: ['aa'] };
const BACK = { timeoutMs: 15_000, what: 'the store' };

const teardowns: (() => Promise<unknown>)[] = [];
const logged: string[] = [];
afterEach(async () => {
  for (const teardown of teardowns.splice(0).reverse()) await teardown();
  logged.length = 0;
});

async function serve(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  teardowns.push(() => server.stop());
  return server;
}

function open(url: string, options: Partial<RedisStoreOptions> = {}): TokenStore {
  const write = (_: string, what: string) => logged.push(what);
  const log = { info: write, warn: write, error: write };
  const store = createRedisStore({
    url,
    clock: { storeOffsetMs: () => 0 },
    log,
    trust: trusting(),
    ...options,
  });
  teardowns.push(() => store.close());
  return store;
}

/** A person at the server, with the rights of one. */
function administer(server: RedisServer, password?: string): Redis {
  const admin = new Redis(server.url, password ? { password } : {});
  admin.on('error', () => {});
  teardowns.push(async () => admin.disconnect());
  return admin;
}

/** A counter of the moments at which the store was said to be back. */
function countReturns(store: TokenStore): () => number {
  let count = 0;
  store.onReachable(() => {
    count += 1;
  });
  return () => count;
}

describe('a full server', () => {
  test('takes nothing, not even half of a commit, says so, and goes on when there is room', async () => {
    const server = await serve({ config: ['maxmemory-policy noeviction'] });
    const store = open(server.url);
    const admin = administer(server);
    unwrap(await store.takeLease(MALL, 'me', 30_000));
    await admin.config('SET', 'maxmemory', '1');
    expect(await store.commit(MALL, PUBLISH)).toMatchObject({ ok: false, code: 'store.full' });
    expect(await store.commit(MALL, { expect: { generation: 9 } })).toMatchObject({ code: 'store.full' });
    expect(await store.takeLease('other', 'me', 30_000)).toMatchObject({ code: 'store.full' });
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: null, meta: {}, leaseOwner: 'me' });
    expect(unwrap(await store.renewLease(MALL, 'me', 30_000))).toBe(true);
    unwrap(await store.releaseLease(MALL, 'me'));
    await admin.config('SET', 'maxmemory', '0');
    expect(unwrap(await store.commit(MALL, PUBLISH))).toMatchObject({ kind: 'done' });
  });
});

describe('a server that may not be written', () => {
  test('a replica is no place to prove anything: no compare, no lease; promoted, it is written at once', async () => {
    const master = await serve();
    const server = await serve();
    const store = open(server.url);
    const admin = administer(server);
    unwrap(await store.commit(MALL, PUBLISH));
    await admin.replicaof('127.0.0.1', master.port);
    await until(async () => (await admin.info('replication')).includes('link_status:up'), BACK);
    for (let time = 0; time < 3; time += 1) {
      expect(await store.commit(MALL, { expect: { generation: 9 } })).toMatchObject({
        code: 'store.readonly',
      });
      expect(await store.commit(MALL, PUBLISH)).toMatchObject({ ok: false, code: 'store.readonly' });
      expect(await store.takeLease(MALL, 'me', 30_000)).toMatchObject({ code: 'store.readonly' });
    }
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: null });
    await admin.replicaof('NO', 'ONE');
    expect(unwrap(await store.commit(MALL, PUBLISH))).toMatchObject({ kind: 'done' });
  });

  test('nor one whose disk takes no snapshot (MISCONF)', async () => {
    const server = await serve();
    const store = open(server.url);
    const admin = administer(server);
    const [, folder] = (await admin.config('GET', 'dir')) as string[];
    await mkdir(path.join(String(folder), 'dump.rdb', 'in the way'), { recursive: true });
    await admin.config('SET', 'save', '3600 1');
    await admin.bgsave();
    await until(async () => (await admin.info('persistence')).includes('last_bgsave_status:err'), BACK);
    expect(await store.commit(MALL, PUBLISH)).toMatchObject({ ok: false, code: 'store.readonly' });
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: null, meta: {} });
  });
});

describe('a server that is away', () => {
  test('is said to be, at once or in bounded time, and found again', async () => {
    const server = await serve({ keepsData: true });
    const store = open(server.url);
    const returns = countReturns(store);
    unwrap(await store.read(MALL));
    await server.kill();
    const startedAt = performance.now();
    for (let time = 0; time < 3; time += 1) {
      expect(await store.commit(MALL, PUBLISH)).toMatchObject({ ok: false, code: 'store.unreachable' });
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(returns()).toBe(0);
    await server.restart();
    await until(() => returns() === 1, BACK);
    // What was given up is given up: nothing of it is carried out later.
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: null, meta: {} });
    expect(unwrap(await store.commit(MALL, PUBLISH))).toMatchObject({ kind: 'done' });
    expect(returns()).toBe(1);
    expect(logged.filter((line) => line.startsWith('store.unreachable'))).toHaveLength(1);
  });

  test('from the beginning, too', async () => {
    const server = await serve();
    await server.kill();
    const store = open(server.url);
    const returns = countReturns(store);
    expect(await store.read(MALL)).toEqual({ ok: false, code: 'store.unreachable', detail: 'ECONNREFUSED' });
    await server.restart();
    await until(() => returns() === 1, BACK);
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: null });
  });

  test('with its connections open, as after a sleep: a command ends, and the next connection is a new one', async () => {
    const server = await serve();
    const store = open(server.url, { commandTimeoutMs: 400, connectTimeoutMs: 400 });
    const returns = countReturns(store);
    unwrap(await store.read(MALL));
    server.pause();
    const startedAt = performance.now();
    expect(await store.read(MALL)).toMatchObject({ ok: false, code: 'store.unreachable' });
    expect(await store.takeLease(MALL, 'me', 30_000)).toMatchObject({ code: 'store.unreachable' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    server.resume();
    await until(() => returns() > 0, BACK);
    unwrap(await store.read(MALL));
  });

  test('a thousand callers who wait for it get one answer each, and no listener is left over', async () => {
    const store = open(`redis://127.0.0.1:${await findFreePort()}`);
    const answers = await Promise.all(Array.from({ length: 1000 }, () => store.read(MALL)));
    expect(new Set(answers.map((answer) => !answer.ok && answer.code))).toEqual(
      new Set(['store.unreachable']),
    );
  });

  test('events are heard again once it is back', async () => {
    const server = await serve();
    const store = open(server.url);
    const other = open(server.url);
    const heard: string[] = [];
    store.onChanged((mall) => heard.push(mall));
    const announce = async () => {
      await other.commit(MALL, { expect: {}, announce: 1 });
      return heard.length > 0;
    };
    await until(announce, { ...BACK, everyMs: 100 });
    await server.restart();
    heard.length = 0;
    await until(announce, { ...BACK, everyMs: 100 });
  });

  test('a server that forgot the scripts is told them again', async () => {
    const server = await serve();
    const store = open(server.url);
    const admin = administer(server);
    unwrap(await store.commit(MALL, PUBLISH));
    await admin.script('FLUSH');
    expect(unwrap(await store.commit(MALL, { expect: { generation: 1 } }))).toMatchObject({ kind: 'done' });
  });
});

describe('rights', () => {
  const SECRET = 'canary-of-a-password';
  const withSecret = (server: RedisServer, user: string, password: string) =>
    `redis://${user}:${password}@127.0.0.1:${server.port}/0`;

  test.each([
    ['a wrong password', 'default', `${SECRET}-wrong`],
    ['an unknown user', 'nobody', SECRET],
    ['no password', '', ''],
  ])('%s is told apart from a server that is away, and shown nowhere', async (_, user, password) => {
    const server = await serve({ password: SECRET });
    const store = open(withSecret(server, user, password));
    const answers = [await store.read(MALL), await store.commit(MALL, PUBLISH), await store.facts()];
    for (const answer of answers.slice(0, 2))
      expect(answer).toMatchObject({ ok: false, code: 'store.denied' });
    expect(JSON.stringify([answers, logged])).not.toContain(SECRET);
  });

  test('with the right ones it works, and the place is named without them', async () => {
    const server = await serve({ password: SECRET });
    const store = open(withSecret(server, 'default', SECRET));
    unwrap(await store.commit(MALL, PUBLISH));
    expect(unwrap(await store.facts()).place).toBe(`redis://127.0.0.1:${server.port}/0`);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  });

  test('an account that may not publish still writes; one that may not ask INFO has no facts, one for reading no rights', async () => {
    const server = await serve({ password: SECRET });
    const admin = administer(server, SECRET);
    const acl = (user: string, ...rules: string[]) =>
      admin.call('ACL', 'SETUSER', user, 'on', `>${SECRET}`, '~*', ...rules);
    await acl('mute', '+@all', 'resetchannels');
    await acl('blind', '&*', '+@all', '-config');
    await acl('reader', '&*', '+@all', '-@write');

    const mute = open(withSecret(server, 'mute', SECRET));
    expect(unwrap(await mute.commit(MALL, { ...PUBLISH, announce: 1 }))).toMatchObject({ kind: 'done' });
    const blind = open(withSecret(server, 'blind', SECRET));
    expect(unwrap(await blind.facts())).toMatchObject({ version: expect.any(String), warnings: [] });
    const reader = open(withSecret(server, 'reader', SECRET));
    expect(unwrap(await reader.read(MALL))).toMatchObject({ text: '{}' });
    expect(await reader.commit(MALL, { expect: {}, text: 'x' })).toMatchObject({ code: 'store.denied' });
    expect(unwrap(await reader.read(MALL))).toMatchObject({ text: '{}' });
  });
});

describe('the way there', () => {
  test('to a database that the server has not is denied, at first and after a reconnect: another one is never touched', async () => {
    const server = await serve();
    const admin = administer(server);
    await admin.set('cafe24:oauth:myshop', '{}');
    const store = open(`${server.url.replace(/\/\d*$/, '')}/99`);
    const denied = { ok: false, code: 'store.denied' };
    for (let look = 0; look < 3; look += 1) {
      expect(await store.read(MALL)).toMatchObject(denied);
      expect(await store.readText(MALL)).toMatchObject(denied);
      expect(await store.commit(MALL, PUBLISH)).toMatchObject(denied);
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    expect(await admin.keys('*')).toEqual(['cafe24:oauth:myshop']);
    expect(await admin.get('cafe24:oauth:myshop')).toBe('{}');
  });

  test('TLS: with an authority that is trusted, and not without', async () => {
    const certificates = await makeCertificates(['127.0.0.1']);
    teardowns.push(() => certificates.remove());
    const { certFile, keyFile, caFile, ca } = certificates;
    const server = await serve({ tls: { certFile, keyFile, caFile } });
    const trusted = open(server.url, { trust: trusting(ca) });
    expect(unwrap(await trusted.commit(MALL, PUBLISH))).toMatchObject({ kind: 'done' });
    const untrusted = open(server.url);
    expect(await untrusted.read(MALL)).toMatchObject({ ok: false, code: 'store.tls' });
  });

  test('another database of the server is another place', async () => {
    const server = await serve();
    const first = open(`${server.url}/0`);
    const third = open(`${server.url}/3`);
    unwrap(await third.commit(MALL, PUBLISH));
    expect(unwrap(await first.read(MALL)).text).toBeNull();
    expect(unwrap(await third.facts()).place).toBe(`redis://127.0.0.1:${server.port}/3`);
  });
});

describe('the set-up', () => {
  test.each([
    ['noeviction', []],
    ['allkeys-lru', ['store.eviction_policy']],
    ['volatile-ttl', ['store.eviction_policy']],
  ])('maxmemory-policy %s warns of %j', async (policy, warnings) => {
    const server = await serve({ config: [`maxmemory-policy ${policy}`] });
    expect(unwrap(await open(server.url).facts())).toMatchObject({ kind: 'redis', warnings });
  });
});

describe('what lies in the key', () => {
  test('rubbish that is no UTF-8 is set aside too, byte for byte, for 14 days', async () => {
    const server = await serve();
    const store = open(server.url);
    const admin = administer(server);
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b]);
    await admin.set(`cafe24:oauth:${MALL}`, bytes);
    const { text } = unwrap(await store.read(MALL));
    expect(unwrap(await store.setAside(MALL, text, 1_700_000_000_000))).toBe(true);
    const aside = `{cafe24:oauth:${MALL}}:aside:1700000000000`;
    expect(await admin.getBuffer(aside)).toEqual(bytes);
    const days = (await admin.pttl(aside)) / 86_400_000;
    expect(days).toBeGreaterThan(13.99);
    expect(days).toBeLessThanOrEqual(14);
  });

  test('the names are those that outsiders rely on, and the main key never ends', async () => {
    const server = await serve();
    const store = open(server.url);
    const admin = administer(server);
    unwrap(await store.takeLease(MALL, 'me', 30_000));
    unwrap(await store.commit(MALL, { ...PUBLISH, admit: { id: 'request', limit: 1 } }));
    const types = Object.fromEntries(
      await Promise.all((await admin.keys('*')).map(async (key) => [key, await admin.type(key)])),
    );
    expect(types).toEqual({
      'cafe24:oauth:myshop': 'string',
      '{cafe24:oauth:myshop}:meta': 'hash',
      '{cafe24:oauth:myshop}:lease': 'string',
      '{cafe24:oauth:myshop}:spent': 'list',
      '{cafe24:oauth:myshop}:requests': 'zset',
    });
    expect(await admin.pttl('cafe24:oauth:myshop')).toBe(-1);
    expect(await admin.pttl('{cafe24:oauth:myshop}:lease')).toBeGreaterThan(25_000);
  });

  test('the event carries the generation', async () => {
    const server = await serve();
    const store = open(server.url);
    const listener = administer(server);
    const events: string[][] = [];
    listener.on('message', (channel: string, payload: string) => events.push([channel, payload]));
    await listener.subscribe('cafe24:oauth:myshop:changed');
    unwrap(await store.commit(MALL, { ...PUBLISH, announce: 12_345_678_901 }));
    await until(() => events.length > 0, BACK);
    expect(events).toEqual([['cafe24:oauth:myshop:changed', '12345678901']]);
  });

  test('companions of a wrong type read as absent and are replaced by the next write', async () => {
    const server = await serve();
    const store = open(server.url);
    const admin = administer(server);
    for (const name of ['meta', 'spent', 'requests'])
      await admin.set(`{cafe24:oauth:${MALL}}:${name}`, 'odd');
    await admin.rpush(`{cafe24:oauth:${MALL}}:lease`, 'odd');
    expect(unwrap(await store.read(MALL))).toMatchObject({ meta: {}, leaseOwner: null });
    expect(unwrap(await store.spentAmong(MALL, ['aa'])).size).toBe(0);
    expect(unwrap(await store.commit(MALL, { ...PUBLISH, admit: { id: 'a', limit: 1 } }))).toMatchObject({
      kind: 'done',
      view: { meta: { generation: '1' } },
    });
    expect(unwrap(await store.takeLease(MALL, 'me', 30_000)).taken).toBe(true);
  });
});
