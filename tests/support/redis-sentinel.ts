import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { startProcess } from '../../scripts/child-process.ts';
import { findProgram } from '../../scripts/system-packages.ts';
import { until } from './poll.ts';
import { findFreePort, type RedisServer, startRedis } from './redis-server.ts';

export interface SentinelledRedis {
  /** As `KV_REDIS_URL` names it. */
  readonly url: string;
  readonly master: RedisServer;
  /** A person at the replica, which is promoted when the master is gone. */
  readonly copy: Redis;
  stop(): Promise<void>;
}

/** A master, its replica, and one sentinel that decides alone, and soon. */
export async function startSentinelled(): Promise<SentinelledRedis> {
  const teardowns: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const teardown of teardowns.splice(0).reverse()) await teardown();
  };
  const ask = (port: number): Redis => {
    const client = new Redis({
      port,
      host: '127.0.0.1',
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
    });
    client.on('error', () => {});
    teardowns.push(async () => client.disconnect());
    return client;
  };
  try {
    // Else it waits for more replicas before it copies itself to the first.
    const master = await startRedis({ config: ['repl-diskless-sync-delay 0'] });
    teardowns.push(() => master.stop());
    const replica = await startRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] });
    teardowns.push(() => replica.stop());
    const port = await startSentinel(master.port, teardowns);
    const sentinel = ask(port);
    await until(
      async () => String(await sentinel.call('SENTINEL', 'replicas', 'keeper')).includes(`${replica.port}`),
      { timeoutMs: 20_000, what: 'the replica, known to the sentinel' },
    );
    return { url: `redis+sentinel://127.0.0.1:${port}/keeper/0`, master, copy: ask(replica.port), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** It rewrites its own file, so it cannot have it by stdin. */
async function startSentinel(masterPort: number, teardowns: (() => Promise<unknown>)[]): Promise<number> {
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
