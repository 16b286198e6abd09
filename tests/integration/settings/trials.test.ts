import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Network } from '../../../electron/adapters/network/network.ts';
import { tryRedis } from '../../../electron/adapters/redis/try-redis.ts';
import { probeRelay } from '../../../electron/adapters/relay-probe.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.ts';
import { networkOf } from '../../support/networks.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { type RelayHost, startRelayHost } from '../reauthorize/relay-host.ts';

describe('a Redis that is tried', () => {
  const log = recordLog();
  const tools = { log, trust: networkOf().secureContext };
  let redis: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis({
      password: 'canary-pass',
      config: ['maxmemory 50mb', 'maxmemory-policy allkeys-lru'],
    });
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client?.disconnect();
    await redis?.stop();
  });
  const KEY = 'cafe24:oauth:myshop';

  it('says its version, whether it keeps and evicts, and that nothing lies there', async () => {
    await client.config('SET', 'save', '');
    expect(await tryRedis(redis.url, 'myshop', tools)).toMatchObject({
      ok: true,
      value: {
        version: expect.stringMatching(/^\d+\.\d+/),
        persistence: 'none',
        evictionPolicy: 'allkeys-lru',
        tls: false,
        tokens: 'none',
      },
    });
    expect(await client.dbsize()).toBe(0);
  });

  it.each([
    ['a token set', 'set', '{"access_token":"a","expires_at":1,"refresh_token":"r"}'],
    ['rubbish', 'unreadable', 'not json'],
  ])('finds %s of the shop, and leaves it as it is', async (_what, tokens, text) => {
    await client.set(KEY, text);
    onTestFinished(async () => void (await client.del(KEY)));
    expect(await tryRedis(redis.url, 'myshop', tools)).toMatchObject({ ok: true, value: { tokens } });
    expect(await client.get(KEY)).toBe(text);
  });

  it('finds a key of another type unreadable, and keeps snapshots and AOF apart', async () => {
    await client.hset(KEY, 'a', 'b');
    onTestFinished(async () => void (await client.del(KEY)));
    await client.config('SET', 'save', '3600 1');
    expect(await tryRedis(redis.url, 'myshop', tools)).toMatchObject({
      value: { tokens: 'unreadable', persistence: 'rdb' },
    });
    await client.config('SET', 'appendonly', 'yes');
    expect(await tryRedis(redis.url, null, tools)).toMatchObject({
      value: { tokens: 'none', persistence: 'aof' },
    });
  });

  it('is told apart: a wrong password, nobody there', async () => {
    const wrong = redis.url.replace('canary-pass', 'wrong');
    expect(await tryRedis(wrong, null, tools)).toMatchObject({ ok: false, code: 'store.denied' });
    expect(await tryRedis('redis://127.0.0.1:1', null, tools)).toMatchObject({
      ok: false,
      code: 'store.unreachable',
    });
    expect(log.lines.join('\n')).not.toContain('canary-pass');
  });
});

describe('the page of a redirect URI', () => {
  let relay: RelayHost;
  let proxy: ConnectProxy;
  let network: Network;
  beforeAll(async () => {
    relay = await startRelayHost();
    const { host, port } = new URL(relay.origin);
    // Its name is known to the proxy alone.
    proxy = await startConnectProxy({ tunnels: { [host]: Number(port) } });
    network = networkOf({
      ca: [relay.certificates.ca],
      routes: async () => [
        { kind: 'proxy', tls: false, host: '127.0.0.1', port: proxy.port, credentials: null },
      ],
    });
  });
  afterAll(async () => {
    await proxy?.close();
    await relay?.close();
  });

  it.each([
    ['/cafe24/', { code: 'relay.ok', params: {} }],
    ['/stranger', { code: 'relay.other_page', params: {} }],
    ['/nowhere', { code: 'relay.missing', params: { status: 404 } }],
  ])('at %s is %o', async (path, outcome) => {
    expect(await probeRelay(`${relay.origin}${path}`, network, false)).toEqual(outcome);
  });

  it('whose certificate nobody vouches for is not reached', async () => {
    const port = new URL(relay.origin).port;
    expect((await probeRelay(`https://localhost:${port}/cafe24/`, networkOf(), false)).code).toBe(
      'network.tls_untrusted',
    );
  });

  it('is asked for nowhere but where a redirect URI may lead', async () => {
    const codeOf = async (uri: string, simulator = false) => (await probeRelay(uri, network, simulator)).code;
    expect(await codeOf('http://127.0.0.1:17424/cb', true)).toBe('relay.not_needed');
    expect(await codeOf('http://127.0.0.1:17424/cb')).toBe('config.redirect_uri_http');
    expect(await codeOf('file:///etc/hostname')).toBe('config.invalid_value');
    expect(await codeOf('http://www.example.com/')).toBe('config.redirect_uri_http');
    expect(await codeOf('https://169.254.169.254/latest')).toBe('config.redirect_uri_ip');
  });
});
