import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { DEFAULT_CLIENT } from '../../tests/simulator/registration.ts';
import { startSimulator } from '../../tests/simulator/server.ts';
import { shopEnvironment } from '../../tests/support/command-line.ts';
import { documentedJson } from '../../tests/support/documented-json.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import type { StatusWindow } from '../demo/status-window.ts';
import type { Studio } from './studio.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = Date.parse('2026-03-09T11:40:00+09:00');
/** Days of life left, by shop: well, close to its end, and past it. */
const SHOPS = [
  ['myshop', 13],
  ['hanbok', 2],
  ['woori-mall', -1 / 24],
] as const;

export interface SeveralShops {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Three shops in three states, on a Redis and before a simulator of their own. */
export async function startSeveralShops(): Promise<SeveralShops> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'several-shops-'));
  const redis = await startRedis();
  const malls = SHOPS.map(([mallId]) => ({ mallId, ownerId: 'owner' }));
  const simulator = await startSimulator({ startAt: NOW, malls });
  const client = new Redis(redis.url);
  for (const [mall, days] of SHOPS) {
    const set = simulator.issue(mall, { refreshTokenExpiresAt: NOW + days * DAY_MS });
    await client.set(`cafe24:oauth:${mall}`, documentedJson(set));
  }
  client.disconnect();
  const home = path.join(folder, 'data');
  await mkdir(home, { mode: 0o700 });
  const others = SHOPS.slice(1).map(([mall]) => ({ mall, clientId: DEFAULT_CLIENT.clientId }));
  await writeFile(path.join(home, 'settings.json'), JSON.stringify({ version: 1, malls: others }));
  return {
    folder,
    env: {
      ...shopEnvironment({ apiOrigin: simulator.apiOrigin, redisUrl: redis.url, mall: SHOPS[0][0] }),
      CAFE24_KEEPER_HOME: home,
    },
    async stop() {
      await simulator.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** The list, with the most urgent shop first, and the one opened that is well. */
export async function playSeveralShops({
  window,
  studio,
}: {
  readonly window: StatusWindow;
  readonly studio: Studio;
}): Promise<void> {
  const { page } = window;
  await page
    .locator('nav.shops button')
    .nth(SHOPS.length - 1)
    .waitFor();
  await window.waitFor('state', 'data-state', 'NEEDS_REAUTH');
  await page.locator('nav.shops button', { hasText: SHOPS[0][0] }).click();
  await window.waitFor('state', 'data-state', 'HEALTHY');
  await studio.photographWindow('several-shops');
}
