/** A connected shop under trial and the few things every row does with it. */
import type { KeeperProcess } from './keeper-process.ts';
import { createScene, HOUR, MINUTE, refreshTokenIn, type Scene } from './scene.ts';
import type { WorkerView } from './worker-protocol.ts';

/** From the consent on: half of the access token's life, and the whole spread. */
export const DUE = HOUR + 6 * MINUTE;

export interface Shop {
  readonly scene: Scene;
  readonly keeper: KeeperProcess;
  /** The refresh token of the consent. */
  readonly first: string;
}

export async function connectedShop(redisUrl: string | null): Promise<Shop> {
  const scene = await createScene(redisUrl);
  const keeper = await scene.keeper();
  await scene.connect(keeper);
  return { scene, keeper, first: String(refreshTokenIn(await scene.store())) };
}

/** Moves the server's time and lets the keeper look. */
export async function later({ scene, keeper }: Omit<Shop, 'first'>, ms: number): Promise<WorkerView> {
  scene.simulator.advance(ms);
  return await keeper.demand({ do: 'look' });
}

/** A keeper that was never asleep: after more than 5 minutes without a look what is overdue is spread anew. */
const AWAKE_MS = 4 * MINUTE;

/** As `later`, with a look every few minutes, as a keeper on a host that does not sleep has. */
export async function awake(shop: Omit<Shop, 'first'>, ms: number): Promise<WorkerView> {
  for (let left = ms; left > AWAKE_MS; left -= AWAKE_MS) await later(shop, AWAKE_MS);
  return await later(shop, ms % AWAKE_MS || AWAKE_MS);
}

/** The refresh tokens in the order in which they were presented. */
export function presented({ simulator }: Scene): readonly string[] {
  return simulator.requests
    .filter(({ grantType }) => grantType === 'refresh_token')
    .map(({ presented: token }) => String(token));
}

/** That the token in the store is one the server would take. */
export async function isStoredLive(scene: Scene): Promise<boolean> {
  return scene.simulator.isLive(String(refreshTokenIn(await scene.store())));
}
