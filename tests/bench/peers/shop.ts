/** A shop under one of the ways: the endpoint, a Redis behind a proxy, and processes that ask for tokens. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { type RedisProxy, startRedisProxy } from '../measure/redis-proxy.ts';
import { CLIENT_ID, CLIENT_SECRET, type Endpoint, startEndpoint } from './endpoint.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const KEY = 'cafe24:oauth:myshop';
const LEASE = `{${KEY}}:lease`;
export const EXPIRY_MS = 2 * 60 * 60_000 + 60_000;
const ANSWER_TIMEOUT_MS = 60_000;

export interface Said {
  readonly tokens?: readonly (string | null)[];
  readonly said?: string | null;
  readonly rounds?: readonly { call: number; memory: number; get: number; store: number }[];
}

export interface ShopProcess {
  ask(count: number): Promise<{ readonly live: number; readonly said: string | null }>;
  send(command: { kind: string; count?: number; ms?: number }): Promise<Said>;
  kill(): void;
  readonly exited: Promise<void>;
}

export interface Shop {
  readonly endpoint: Endpoint;
  readonly proxy: RedisProxy;
  start(): Promise<ShopProcess>;
  /** So much time passes for the server, for every process and for a lease, by default until the access token is expired. */
  expire(ms?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function openShop(peer: string, zone = 'Asia/Seoul', delayMs = 50): Promise<Shop> {
  const endpoint = await startEndpoint({ delayMs });
  const redis: RedisServer = await startRedis();
  const proxy = await startRedisProxy(redis.port);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-shop-'));
  const admin = new Redis(redis.url);
  const set = endpoint.issue();
  const ofPrograms = {
    access_token: set.access_token,
    expires_at: Date.parse(`${set.expires_at}+09:00`),
    refresh_token: set.refresh_token,
    refresh_token_expires_at: Date.parse(`${set.refresh_token_expires_at}+09:00`),
  };
  await admin.set(KEY, JSON.stringify(peer === 'ours' ? ofPrograms : set));
  const processes: ShopProcess[] = [];
  let offset = 0;

  async function start(): Promise<ShopProcess> {
    const child = fork(path.join(import.meta.dirname, 'worker.mjs'), {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TZ: zone,
        PEER: peer,
        BENCH_ORIGIN: endpoint.origin,
        BENCH_REDIS: proxy.url,
        BENCH_CLIENT_ID: CLIENT_ID,
        BENCH_CLIENT_SECRET: CLIENT_SECRET,
        BENCH_PACKAGE: path.join(ROOT, 'dist/index.js'),
        BENCH_OFFSET: String(offset),
        CAFE24_MALL_ID: 'myshop',
        CAFE24_CLIENT_ID: CLIENT_ID,
        CAFE24_CLIENT_SECRET: CLIENT_SECRET,
        CAFE24_REDIRECT_URI: 'https://relay.example.test/cafe24/',
        CAFE24_API_ORIGIN: `${endpoint.origin}/{mall_id}`,
        CAFE24_KEEPER_HOME: path.join(folder, 'data'),
        KV_REDIS_URL: proxy.url,
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const started = processOf(child, endpoint);
    processes.push(started.process);
    await started.isUp;
    return started.process;
  }

  return {
    endpoint,
    proxy,
    start,
    async expire(ms = EXPIRY_MS) {
      endpoint.jump(ms);
      offset += ms;
      // It counts in real time, of which no hours pass here.
      await admin.del(LEASE);
      await Promise.all(processes.map((each) => each.send({ kind: 'jump', ms })));
    },
    async stop() {
      for (const each of processes) each.kill();
      await Promise.all(processes.map(({ exited }) => exited));
      admin.disconnect();
      await proxy.close();
      await redis.stop();
      await endpoint.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function processOf(
  child: ChildProcess,
  endpoint: Endpoint,
): { readonly process: ShopProcess; readonly isUp: Promise<unknown> } {
  const waiting = new Map<number, (said: Said) => void>();
  let ids = 0;
  const answerTo = (id: number) =>
    new Promise<Said>((resolve) => {
      const timer = setTimeout(() => resolve({ tokens: [], said: 'no answer in time' }), ANSWER_TIMEOUT_MS);
      waiting.set(id, (said) => {
        clearTimeout(timer);
        resolve(said);
      });
    });
  child.on('message', ({ id, answer }: { id: number; answer: Said }) => waiting.get(id)?.(answer));
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const settle of waiting.values()) settle({ tokens: [], said: 'killed' });
      resolve();
    });
  });
  const isUp = answerTo(0);
  const send = (command: { kind: string; count?: number; ms?: number }) => {
    if (!child.connected) return Promise.resolve<Said>({ tokens: [], said: 'killed' });
    ids += 1;
    const answer = answerTo(ids);
    child.send({ id: ids, command });
    return answer;
  };
  return {
    isUp,
    process: {
      send,
      async ask(count) {
        const { tokens = [], said = null } = await send({ kind: 'ask', count });
        return { live: tokens.filter((each) => each !== null && endpoint.isLive(each)).length, said };
      },
      kill: () => void child.kill('SIGKILL'),
      exited,
    },
  };
}
