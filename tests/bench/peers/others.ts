/** How the product compares with what a user would pick instead, on one strict endpoint. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { run } from '../../../scripts/child-process.ts';
import { SetupError, say } from '../../../scripts/messages.ts';
import { until } from '../../support/poll.ts';
import { median } from '../measure/statistics.ts';
import type { Goal, Section } from '../section.ts';
import { openShop, type Shop, type ShopProcess } from './shop.ts';

const OTHERS = [
  'google-auth-library',
  'simple-oauth2',
  '@badgateway/oauth2-client',
  'openid-client',
  'axios-auth-refresh',
  'naive fetch, set in Redis',
] as const;
const INSTALL_TIMEOUT_MS = 5 * 60_000;

interface Outcome {
  readonly crowd: { requests: number; failed: number };
  readonly shared: { requests: number; failed: number; dead: number };
  readonly killed: string;
  readonly refused: readonly string[];
  readonly lost: { said: string; wasted: number };
  readonly zones: readonly number[];
}

export async function compareWithOthers(quick: boolean): Promise<Section> {
  await installPeers();
  const peers = ['ours', ...(quick ? OTHERS.slice(-1) : OTHERS)];
  const outcomes = new Map<string, Outcome>();
  for (const peer of peers) outcomes.set(peer, await judge(peer, quick ? 100 : 1000));
  const hot = await inShop('ours', async (shop) => {
    const { rounds = [] } = await (await shop.start()).send({ kind: 'hot', count: quick ? 200 : 1500 });
    const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
    return {
      call: of((r) => r.call),
      memory: of((r) => r.memory),
      get: of((r) => r.get),
      store: of((r) => r.store),
      inCalls: of((r) => r.memory / r.call),
      inGets: of((r) => r.store / r.get),
    };
  });
  return sectionOf(outcomes, hot);
}

async function installPeers(): Promise<void> {
  if (existsSync(path.join(import.meta.dirname, 'node_modules/.package-lock.json'))) return;
  say('installing the libraries that are compared with');
  const installed = await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: import.meta.dirname,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (installed.code !== 0)
    throw new SetupError(`npm ci in tests/bench/peers failed:\n${installed.stderr.slice(-1_000)}`);
}

async function inShop<T>(peer: string, work: (shop: Shop) => Promise<T>, zone?: string): Promise<T> {
  const shop = await openShop(peer, zone);
  try {
    return await work(shop);
  } finally {
    await shop.stop();
  }
}

async function judge(peer: string, callers: number): Promise<Outcome> {
  return {
    crowd: await inShop(peer, async (shop) => {
      const only = await shop.start();
      await only.ask(1);
      await shop.expire();
      const before = shop.endpoint.requests();
      const { live } = await only.ask(callers);
      return { requests: shop.endpoint.requests() - before, failed: callers - live };
    }),
    shared: await inShop(peer, async (shop) => {
      const four = await Promise.all([1, 2, 3, 4].map(() => shop.start()));
      await Promise.all(four.map((each) => each.ask(1)));
      await shop.expire();
      const before = shop.endpoint.requests();
      const asked = await Promise.all(four.map((each) => each.ask(50)));
      const requests = shop.endpoint.requests() - before;
      await shop.expire();
      const dead = await countDead(four);
      return { requests, failed: 200 - asked.reduce((total, { live }) => total + live, 0), dead };
    }),
    killed: await inShop(peer, async (shop) => {
      const first = await shop.start();
      await first.ask(1);
      await shop.expire();
      const issuedBefore = shop.endpoint.newest();
      shop.proxy.catchNext(() => newSince(shop, issuedBefore), first.kill);
      await first.ask(1);
      // One that saved nothing is killed all the same.
      await Promise.race([first.exited, setTimeout(10_000)]);
      first.kill();
      await first.exited;
      const next = await shop.start();
      return await aliveOrDead(shop, next);
    }),
    refused: await inShop(peer, async (shop) => {
      const first = await shop.start();
      await first.ask(1);
      await shop.expire();
      const issuedBefore = shop.endpoint.newest();
      shop.proxy.catchNext(() => newSince(shop, issuedBefore), 'refuse');
      const caller = (await first.ask(1)).live === 1 ? 'served' : 'error';
      const next = await aliveOrDead(shop, first);
      const restarted = await aliveOrDead(shop, await shop.start());
      return [caller, next, restarted];
    }),
    lost: await inShop(peer, async (shop) => {
      const only = await shop.start();
      await only.ask(1);
      await shop.expire();
      shop.endpoint.loseNextAnswer();
      const { said } = await only.ask(1);
      await shop.expire(60_000);
      const lost = shop.endpoint.requests();
      // It is dead once the one try to find out was refused; who learns of the jump a second later tries later.
      const tried = async () => {
        await only.ask(1);
        return shop.endpoint.requests() > lost;
      };
      await until(tried, { timeoutMs: 10_000, everyMs: 100, what: 'the try' }).catch(() => {});
      await only.ask(1);
      const before = shop.endpoint.requests();
      for (let call = 0; call < 20; call += 1) await only.ask(1);
      return { said: said ?? 'nothing', wasted: shop.endpoint.requests() - before };
    }),
    zones: [await livesThreeExpiries(peer, 'Asia/Seoul'), await livesThreeExpiries(peer, 'UTC')],
  };
}

/** Only what was issued since: the old token is read and compared all the time. */
function newSince(shop: Shop, before: string): string {
  const newest = shop.endpoint.newest();
  return newest === before ? '' : newest;
}

async function countDead(processes: readonly ShopProcess[]): Promise<number> {
  let dead = 0;
  for (const each of processes) if ((await each.ask(1)).live === 0) dead += 1;
  return dead;
}

/** Whether a token can be had at the next expiry; two tries, for the first may wait for what was unfinished. */
async function aliveOrDead(shop: Shop, process: ShopProcess): Promise<string> {
  await process.ask(1);
  await shop.expire();
  if ((await process.ask(1)).live === 1) return 'alive';
  await shop.expire(120_000);
  return (await process.ask(1)).live === 1 ? 'alive' : 'dead';
}

async function livesThreeExpiries(peer: string, zone: string): Promise<number> {
  return await inShop(
    peer,
    async (shop) => {
      const only = await shop.start();
      let lived = 0;
      for (let expiry = 0; expiry < 3; expiry += 1) {
        await shop.expire();
        lived += (await only.ask(1)).live;
      }
      return lived;
    },
    zone,
  );
}

function sectionOf(
  outcomes: ReadonlyMap<string, Outcome>,
  hot: Readonly<Record<'call' | 'memory' | 'get' | 'store' | 'inCalls' | 'inGets', number>>,
): Section {
  const ours = outcomes.get('ours');
  if (!ours) throw new Error('ours was not measured');
  const certain = (what: string, measured: string, goal: string, isMet: boolean): Goal => ({
    what,
    measured,
    goal,
    isMet,
    isCertain: true,
    isHeadline: true,
  });
  const us = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} µs`;
  return {
    title: 'Against other ways',
    text: [
      'One endpoint that rotates as strictly as Cafe24 and gives its documented answers; each library as its README tells.',
      '"Dead" means that no token can be had at the next expiry without a person.',
    ],
    tables: [
      {
        title: 'After the token expired',
        head: [
          'way',
          'callers at once: requests / failed',
          '4 × 50 processes: requests / failed, dead of 4',
          'killed before the save',
          'save refused once: caller, later, restarted',
          'answer lost: said, requests in 20 calls once dead',
          'of 3 expiries lived: Seoul, UTC',
        ],
        rows: [...outcomes].map(([peer, o]) => [
          peer === 'ours' ? '**Cafe24 Token Keeper**' : peer,
          `${o.crowd.requests} / ${o.crowd.failed}`,
          `${o.shared.requests} / ${o.shared.failed}, ${o.shared.dead}`,
          o.killed,
          o.refused.join(', '),
          `${o.lost.said}, ${o.lost.wasted}`,
          o.zones.join(', '),
        ]),
      },
      {
        title: 'The hot path, a valid token',
        head: ['what', 'per call', 'times its limit'],
        rows: [
          ['an async function call', us(hot.call), '1'],
          ['getAccessToken(), from memory', us(hot.memory), hot.inCalls.toFixed(1)],
          ['a bare GET (ioredis)', us(hot.get), '1'],
          ['getAccessToken({ maxAgeMs: 0 }), from the store', us(hot.store), hot.inGets.toFixed(2)],
        ],
      },
    ],
    plots: [],
    goals: [
      certain(
        'many calls as the token expires, in one process: requests sent; calls that failed',
        `${ours.crowd.requests}, ${ours.crowd.failed}`,
        '1, 0',
        ours.crowd.requests === 1 && ours.crowd.failed === 0,
      ),
      certain(
        'the same in 4 processes: requests sent; calls that failed; processes left without a token',
        `${ours.shared.requests}, ${ours.shared.failed}, ${ours.shared.dead}`,
        '1, 0, 0',
        ours.shared.requests === 1 && ours.shared.failed === 0 && ours.shared.dead === 0,
      ),
      certain(
        'killed after the answer, before it is saved: the shop then',
        ours.killed,
        'alive',
        ours.killed === 'alive',
      ),
      certain(
        'one save refused: that call; the next; after a restart',
        ours.refused.join(', '),
        'served, alive, alive',
        ours.refused.join() === 'served,alive,alive',
      ),
      certain(
        'requests that 20 calls send once the refresh token is dead',
        String(ours.lost.wasted),
        '0',
        ours.lost.wasted === 0,
      ),
      certain(
        'of 3 expiries survived: on a host in Seoul; on one in UTC',
        ours.zones.join(', '),
        '3, 3',
        ours.zones.join() === '3,3',
      ),
      {
        what: 'a valid token from memory, as a multiple of an async function call',
        measured: hot.inCalls.toFixed(1),
        goal: 'at most 10',
        isMet: hot.inCalls <= 10,
        isHeadline: true,
        isCertain: false,
      },
      {
        what: 'a valid token from Redis, as a multiple of a bare GET',
        measured: hot.inGets.toFixed(2),
        goal: 'at most 1.3',
        isMet: hot.inGets <= 1.3,
        isHeadline: true,
        isCertain: false,
      },
    ],
  };
}
