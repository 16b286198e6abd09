/** Shops on one Redis, kept by one or several processes, in a time that leaps where nothing is to be done. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { infoField } from '../../../electron/adapters/redis/info.ts';
import { startRedis } from '../../support/redis-server.ts';
import { sum } from '../measure/statistics.ts';
import { startEndpoint } from '../peers/endpoint.ts';
import type { KeeperOrder, KeeperReport, Refresh } from './keeper.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Cafe24's answer takes about this long; the leap waits for it. */
const ANSWER_MS = 20;
/** A thousand shops' files on a disk would measure the disk; what it costs is measured in refresh-cost.ts. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const START_TIMEOUT_MS = 120_000;
const LEAP_TIMEOUT_MS = 60_000;
const ACCESS_LIFE_MS = 2 * 60 * 60_000;
/** Cafe24's budget counts the requests of two hours. */
const BUDGET_MS = 2 * 60 * 60_000;

export interface KeptShops extends Plan {
  /** When the first request may be due: half of the planted access tokens' life. */
  readonly halfAt: number;
  /** The requests of all keepers, in the order of time. */
  readonly refreshes: readonly Refresh[];
  /** Most requests of one shop that arrived within two hours, counted by the server. */
  readonly mostInBudget: number;
  /** From the start of each keeper's program to every shop looked at, ms. */
  readonly startMs: readonly number[];
  /** Sent to Redis by all keepers after their start: in all, and in the busiest second. */
  readonly commands: number;
  readonly commandsInPeak: number;
  /** Of all keepers together. */
  readonly connections: number;
  readonly subscriptions: number;
  /** Of one keeper, at most. */
  readonly timers: number;
  /** Of one keeper's heap, the largest. */
  readonly heapBytes: number;
  readonly redisBytes: number;
  /** Shops that every keeper knows as healthy at the end. */
  readonly healthy: number;
  /** Requests of each keeper. */
  readonly shares: readonly number[];
}

export interface Plan {
  readonly shops: number;
  readonly keepers: number;
  readonly minutes: number;
  /** How old the sets are that lie in the store: all alike, as after one consent after the other, the worst case. */
  readonly ageMs: number;
}

const mallOf = (index: number) => `shop${String(index).padStart(4, '0')}`;

export async function keepShops({ shops, keepers, minutes, ageMs }: Plan): Promise<KeptShops> {
  let leaptMs = 0;
  const now = () => Date.now() + leaptMs;
  const endpoint = await startEndpoint({ delayMs: ANSWER_MS, now });
  const redis = await startRedis();
  const folder = await mkdtemp(path.join(FOLDER, 'bench-scale-'));
  const admin = new Redis(redis.url);
  const malls = Array.from({ length: shops }, (_, index) => mallOf(index));
  const arrived = new Map<string, number[]>(malls.map((mall) => [mall, []]));
  endpoint.onRequest((mall) => arrived.get(mall)?.push(now()));
  const halfAt = now() - ageMs + ACCESS_LIFE_MS / 2;
  for (const mall of malls) {
    const set = endpoint.issue(mall, ageMs);
    const ofPrograms = {
      access_token: set.access_token,
      expires_at: Date.parse(`${set.expires_at}+09:00`),
      refresh_token: set.refresh_token,
      refresh_token_expires_at: Date.parse(`${set.refresh_token_expires_at}+09:00`),
    };
    await admin.set(`cafe24:oauth:${mall}`, JSON.stringify(ofPrograms));
  }
  const processes = Array.from({ length: keepers }, (_, index) =>
    startKeeper({
      ...{ BENCH_MALLS: JSON.stringify(malls), KV_REDIS_URL: redis.url, NODE_ENV: 'production' },
      CAFE24_API_ORIGIN: `${endpoint.origin}/{mall_id}`,
      CAFE24_KEEPER_HOME: path.join(folder, `keeper-${index}`),
      HOME: folder,
    }),
  );
  const all = <K extends KeeperReport['kind']>(kind: K, timeoutMs: number, order?: KeeperOrder) =>
    Promise.all(processes.map((each) => each.next(kind, timeoutMs, order)));
  try {
    const started = await all('ready', START_TIMEOUT_MS);
    let idle = await all('idle', START_TIMEOUT_MS);
    const endAt = now() + minutes * 60_000;
    const fromSecond = Math.floor(now() / 1000) + 1;
    while (now() < endAt) {
      const ms = Math.max(1, Math.min(endAt, ...idle.map(({ nextAt }) => nextAt)) - now());
      leaptMs += ms;
      idle = await all('idle', LEAP_TIMEOUT_MS, { kind: 'leap', ms });
    }
    const counts = await all('counts', LEAP_TIMEOUT_MS, { kind: 'count' });
    const info = await admin.info();
    const perSecond = new Map<number, number>();
    for (const [second, count] of counts.flatMap(({ commands }) => commands))
      if (second >= fromSecond) perSecond.set(second, (perSecond.get(second) ?? 0) + count);
    return {
      ...{ shops, keepers, minutes, ageMs, halfAt },
      refreshes: counts.flatMap(({ refreshes }) => refreshes).sort((a, b) => a.sentAt - b.sentAt),
      mostInBudget: Math.max(...[...arrived.values()].map(mostWithinBudget)),
      startMs: started.map(({ startMs }) => startMs),
      commands: sum([...perSecond.values()]),
      commandsInPeak: Math.max(...perSecond.values()),
      connections: Number(infoField(info, 'connected_clients')) - 1,
      subscriptions: subscriptionsIn(String(await admin.client('LIST'))),
      timers: Math.max(...counts.map(({ timers }) => timers)),
      heapBytes: Math.max(...counts.map(({ heapBytes }) => heapBytes)),
      redisBytes: Number(infoField(info, 'used_memory_dataset')),
      healthy: Math.min(...counts.map(({ healthy }) => healthy)),
      shares: counts.map(({ refreshes }) => refreshes.length),
    };
  } finally {
    await Promise.all(processes.map((each) => each.end()));
    admin.disconnect();
    await redis.stop();
    await endpoint.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Channels and patterns that all connections of a CLIENT LIST listen to. */
function subscriptionsIn(list: string): number {
  return sum([...list.matchAll(/ p?sub=(\d+)/g)].map(([, count]) => Number(count)));
}

/** Of all windows of two hours the fullest. */
function mostWithinBudget(at: readonly number[]): number {
  const inWindowFrom = at.map((from) => at.filter((each) => each >= from && each < from + BUDGET_MS).length);
  return Math.max(0, ...inWindowFrom);
}

type Report<K extends KeeperReport['kind']> = Extract<KeeperReport, { readonly kind: K }>;

interface KeeperProcess {
  /** Gives an order, where there is one, and waits for the next report of this kind. */
  next<K extends KeeperReport['kind']>(kind: K, timeoutMs: number, order?: KeeperOrder): Promise<Report<K>>;
  end(): Promise<void>;
}

function startKeeper(env: NodeJS.ProcessEnv): KeeperProcess {
  const file = path.join(import.meta.dirname, 'keeper.ts');
  const child = fork(path.join(ROOT, 'scripts/run-ts.mjs'), [file], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const unread: KeeperReport[] = [];
  let heard = () => {};
  child.on('message', (report: KeeperReport) => {
    unread.push(report);
    heard();
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    next<K extends KeeperReport['kind']>(kind: K, timeoutMs: number, order?: KeeperOrder) {
      if (order) child.send(order);
      return new Promise<Report<K>>((resolve, reject) => {
        const fail = (why: string) => {
          clearTimeout(timer);
          reject(new Error(`a keeper ${why} (${kind}); it said:\n${said.slice(-2_000)}`));
        };
        const timer = setTimeout(() => fail('does not answer'), timeoutMs);
        void gone.then(() => fail('ended'));
        heard = () => {
          const at = unread.findIndex((report) => report.kind === kind);
          const [found] = at < 0 ? [] : unread.splice(at, 1);
          if (!found) return;
          clearTimeout(timer);
          resolve(found as Report<K>);
        };
        heard();
      });
    },
    async end() {
      if (child.connected) child.send({ kind: 'stop' } satisfies KeeperOrder);
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    },
  };
}
