/** Refreshes of a whole keeper while the Redis behind it fails over, or is lost: real servers, a real Sentinel, a real cluster. */
import { expect, it, onTestFinished } from 'vitest';
import { keysOf } from '../../../electron/adapters/redis/keys.ts';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import { MALL } from '../../support/failures/scene.ts';
import {
  connectedShop,
  DUE,
  isStoredLive,
  later,
  presented,
  type Shop,
} from '../../support/failures/shop.ts';
import { until } from '../../support/poll.ts';
import { startSentinelled } from '../../support/redis-sentinel.ts';
import { startCluster } from '../stores/redis-cluster.ts';

const LONG = { timeoutMs: 40_000 };
const { main } = keysOf(MALL);

/** The refresh happened once, its set stands in the store that is there now, and nobody has to consent. */
async function expectStoredOnce({ scene, keeper, first }: Shop): Promise<void> {
  const isStored = async () => {
    const { state, generation, set } = await keeper.demand({ do: 'wake' });
    return state === 'HEALTHY' && (generation ?? 0) >= 1 && set?.isStored === true;
  };
  await until(isStored, { ...LONG, what: 'the set in the store that came after' });
  expect(presented(scene)).toEqual([first]);
  expect(await isStoredLive(scene)).toBe(true);
  expect((await expectNothingLost(scene)).neverJournaled).toEqual([]);
}

it('rows 18, 20: behind Sentinel the master dies while the answer is under way: the promoted one gets the set, after one request', async () => {
  const redis = await startSentinelled();
  onTestFinished(redis.stop);
  const shop = await connectedShop(redis.url);
  await until(async () => (await redis.copy.get(main)) !== null, { ...LONG, what: 'the copy' });
  const before = await redis.copy.get(main);
  shop.scene.once('after-apply', () => redis.master.kill());
  expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY', set: { isStored: false } });
  await expectStoredOnce(shop);
  expect(await redis.copy.get(main)).not.toBe(before);
});

it('rows 18, 19: the cluster’s master of the shop dies while the answer is under way and comes back empty: healed from the journal, after one request', async () => {
  const cluster = await startCluster();
  onTestFinished(() => cluster.stop());
  const shop = await connectedShop(cluster.url);
  const holders = await Promise.all(cluster.nodes.map((node) => node.dbsize()));
  const server = cluster.servers[holders.findIndex((keys) => keys > 0)];
  shop.scene.once('after-apply', async () => server?.kill());
  expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY', set: { isStored: false } });
  await server?.restart();
  await expectStoredOnce(shop);
});
