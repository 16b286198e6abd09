import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificates } from '../../support/certificates.ts';
import { until } from '../../support/poll.ts';
import { type RedisOptions, type RedisServer, startRedis } from '../../support/redis-server.ts';

const teardowns: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const teardown of teardowns.splice(0).reverse()) await teardown();
});

async function start(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  teardowns.push(() => server.stop());
  return server;
}

function connect(
  server: RedisServer,
  options: { readonly ca?: string; readonly password?: string } = {},
): Redis {
  const client = new Redis(server.url, {
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
    ...(options.password ? { password: options.password } : {}),
    ...(options.ca ? { tls: { ca: options.ca } } : {}),
  });
  client.on('error', () => {});
  teardowns.push(async () => client.disconnect());
  return client;
}

describe('a redis-server of the test', () => {
  test.each([['port'], ['unix-socket']] as const)('serves on a %s', async (listen) => {
    const client = connect(await start({ listen }));
    expect(await client.set('key', 'value')).toBe('OK');
    expect(await client.get('key')).toBe('value');
  });

  test('its password is asked for, and is in no argument list', async () => {
    const server = await start({ password: 'hunter 2', listen: 'unix-socket' });
    await expect(connect(server).get('key')).rejects.toThrow('NOAUTH');
    expect(await connect(server, { password: 'hunter 2' }).get('key')).toBeNull();
    expect(await readFile(`/proc/${server.pid()}/cmdline`, 'utf8')).not.toContain('hunter');
  });

  test('serves TLS with a throw-away certificate', async () => {
    const certificates = await makeCertificates(['127.0.0.1']);
    teardowns.push(certificates.remove);
    const server = await start({ tls: certificates });
    expect(server.url).toMatch(/^rediss:/);
    expect(await connect(server, { ca: certificates.ca }).ping()).toBe('PONG');
  });

  test('a full one refuses writes', async () => {
    const server = await start({ config: ['maxmemory 1mb', 'maxmemory-policy noeviction'] });
    const client = connect(server);
    await expect(
      client.set('big', 'x'.repeat(2_000_000)).then(() => client.set('more', 'x')),
    ).rejects.toThrow('OOM');
  });

  test('killed and restarted, it is back at the same address with what it kept', async () => {
    const server = await start({ keepsData: true });
    const client = connect(server);
    await client.set('key', 'kept');
    const pid = server.pid();
    await server.restart();
    expect(server.pid()).not.toBe(pid);
    expect(await client.get('key')).toBe('kept');
  });

  test('paused, it holds its connections and answers nothing until it is resumed', async () => {
    const server = await start();
    const client = connect(server);
    await client.ping();
    server.pause();
    let answered = false;
    const late = client.set('key', 'late').then(() => {
      answered = true;
    });
    await until(async () => /^State:\s+T/m.test(await readFile(`/proc/${server.pid()}/status`, 'utf8')), {
      timeoutMs: 30_000,
      what: 'the pause',
    });
    expect(answered).toBe(false);
    expect(client.status).toBe('ready');
    server.resume();
    await late;
    expect(answered).toBe(true);
  });

  test('stopped, its process is gone', async () => {
    const server = await startRedis();
    const pid = server.pid();
    await server.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

test('a configuration it does not know is told at once, in its own words', async () => {
  await expect(startRedis({ listen: 'unix-socket', config: ['no-such-setting 1'] })).rejects.toThrow(
    'no-such-setting',
  );
});
