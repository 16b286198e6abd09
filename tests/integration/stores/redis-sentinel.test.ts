import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { startProcess } from '../../../scripts/child-process.ts';
import { findProgram } from '../../../scripts/system-packages.ts';
import { until } from '../../support/poll.ts';
import { findFreePort, startRedis } from '../../support/redis-server.ts';
import { unwrap } from './contract/unwrap.ts';
import { openStore } from './open-store.ts';

const MALL = 'myshop';
const teardowns: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const teardown of teardowns.splice(0).reverse()) await teardown();
});

/** One sentinel that decides alone, and soon. It rewrites its own file, so it cannot have it by stdin. */
async function startSentinel(masterPort: number): Promise<number> {
  const binary = process.env.REDIS_SERVER ?? findProgram('redis-server');
  if (!binary) throw new Error('no redis-server on PATH, and REDIS_SERVER is not set');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sentinel-'));
  teardowns.push(() => rm(folder, { recursive: true, force: true }));
  const port = await findFreePort();
  const file = path.join(folder, 'sentinel.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `sentinel monitor keeper 127.0.0.1 ${masterPort} 1`,
    'sentinel down-after-milliseconds keeper 500',
    'sentinel failover-timeout keeper 3000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const sentinel = await startProcess(binary, [file, '--sentinel'], { cwd: folder });
  teardowns.push(() => sentinel.stop(0));
  return port;
}

function ask(port: number): Redis {
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => {});
  teardowns.push(async () => client.disconnect());
  return client;
}

test('behind sentinels the promoted master is found, the event says so, and nothing was written to the old one', async () => {
  const master = await startRedis();
  teardowns.push(() => master.stop());
  const replica = await startRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] });
  teardowns.push(() => replica.stop());
  const copy = ask(replica.port);
  const sentinel = ask(await startSentinel(master.port));
  await until(
    async () => String(await sentinel.call('SENTINEL', 'replicas', 'keeper')).includes(`${replica.port}`),
    {
      timeoutMs: 20_000,
      what: 'the replica, known to the sentinel',
    },
  );

  const url = `redis+sentinel://127.0.0.1:${sentinel.options.port}/keeper/0`;
  const store = await openStore({ kind: 'redis', url });
  teardowns.push(() => store.close());
  expect(unwrap(await store.facts()).place).toBe(url);
  const first = { expect: { generation: 0 }, text: 'first', meta: { generation: '1' } };
  expect(unwrap(await store.commit(MALL, first))).toMatchObject({ kind: 'done' });
  await until(async () => (await copy.get(`cafe24:oauth:${MALL}`)) === 'first', {
    timeoutMs: 10_000,
    what: 'the copy',
  });

  let returned = false;
  store.onReachable(() => {
    returned = true;
  });
  await master.kill();
  expect(await store.commit(MALL, { expect: { generation: 1 } })).toMatchObject({ ok: false });
  await until(() => returned, { timeoutMs: 30_000, what: 'the promoted master' });
  const second = { expect: { generation: 1, text: 'first' }, text: 'second', meta: { generation: '2' } };
  expect(unwrap(await store.commit(MALL, second))).toMatchObject({ kind: 'done' });
  expect(await copy.get(`cafe24:oauth:${MALL}`)).toBe('second');
});
