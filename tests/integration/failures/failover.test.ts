/** Refreshes of a whole keeper while the Redis behind it fails over, or is lost: real servers, a real Sentinel, a real cluster. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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
import {
  type ClusterNode,
  holdersOf,
  partnerOf,
  type RedisCluster,
  startCluster,
  takenBack,
} from '../stores/redis-cluster.ts';

const LONG = { timeoutMs: 40_000 };
const { main, meta } = keysOf(MALL);

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

describe('a cluster of three masters with a replica each', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.stop());
  /** The shop connected on it, and who holds its keys. */
  async function connectedThere() {
    const shop = await connectedShop(cluster.url);
    const [holder] = await holdersOf(cluster);
    return { shop, holder: holder as ClusterNode };
  }

  it('rows 18, 20: the shop’s master dies while the answer is under way: the promoted replica gets the set, after one request', async () => {
    const { shop, holder } = await connectedThere();
    const replica = partnerOf(cluster, holder);
    await until(async () => (await replica.client.dbsize()) > 0, { ...LONG, what: 'the copy' });
    shop.scene.once('after-apply', () => holder.server.kill());
    // Where the election is quick, the publishing script already waited for it.
    expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY' });
    await expectStoredOnce(shop);
    expect(await replica.client.role()).toContain('master');
    const written = JSON.parse(String(await replica.client.get(main)));
    expect(written.refresh_token).not.toBe(shop.first);
    expect(shop.scene.simulator.isLive(written.refresh_token)).toBe(true);
    expect(await replica.client.hget(meta, 'generation')).toBe('2');
  });

  it('rows 18, 19: a master without a replica dies while the answer is under way and comes back empty: healed from the journal, after one request', async () => {
    for (const node of await holdersOf(cluster)) await node.client.flushall();
    const { shop, holder } = await connectedThere();
    await partnerOf(cluster, holder).server.kill();
    shop.scene.once('after-apply', () => holder.server.kill());
    expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY', set: { isStored: false } });
    await holder.server.restart();
    await takenBack(cluster, holder);
    await expectStoredOnce(shop);
  });
});
