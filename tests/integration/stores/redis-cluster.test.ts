import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asideKeyOf, keysOf } from '../../../electron/adapters/redis/keys.ts';
import { until } from '../../support/poll.ts';
import { openStore } from './open-store.ts';
import { type RedisCluster, startCluster } from './redis-cluster.ts';
import { describeStore } from './store-contract.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster?.stop());

describeStore('a Redis cluster as a token store', async () => {
  const place = { kind: 'redis', url: cluster.url } as const;
  return {
    place,
    open: (offsetMs) => openStore(place, offsetMs),
    async plantWrongType(mall) {
      await cluster.client.rpush(keysOf(mall).main, 'an', 'odd', 'list');
    },
    async countAside(mall) {
      const found = await Promise.all(
        cluster.masters.map(({ client }) => client.keys(`{${keysOf(mall).main}}:aside:*`)),
      );
      return found.flat().length;
    },
    stop: async () => {},
  };
});

describe('the slots of a cluster', () => {
  test.each(['myshop', 'a', 'shop-with-hyphens', '0-1'])('all keys of %s share one', async (mall) => {
    const { channel: _, ...keys } = keysOf(mall);
    const names = [...Object.values(keys), asideKeyOf(mall, 1_700_000_000_000)];
    const slots = await Promise.all(names.map((name) => cluster.client.cluster('KEYSLOT', name)));
    expect(new Set(slots).size).toBe(1);
  });

  test('malls spread over the three masters, and each is found', async () => {
    await Promise.all(cluster.masters.map(({ client }) => client.flushall()));
    const store = await openStore({ kind: 'redis', url: cluster.url });
    const malls = Array.from({ length: 20 }, (_, number) => `shop-${number}`);
    for (const mall of malls) {
      expect(await store.commit(mall, { expect: { generation: 0 }, text: mall })).toMatchObject({ ok: true });
    }
    const counts = await Promise.all(cluster.masters.map(({ client }) => client.dbsize()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(malls.length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    for (const mall of malls) expect(await store.read(mall)).toMatchObject({ value: { text: mall } });
    await store.close();
  });
});

test('a cluster that is away is said to be in bounded time, and found again', async () => {
  const servers = [...cluster.masters, ...cluster.replicas].map(({ server }) => server);
  const store = await openStore({ kind: 'redis', url: cluster.url });
  try {
    let returns = 0;
    store.onReachable(() => {
      returns += 1;
    });
    expect(await store.read('myshop')).toMatchObject({ ok: true });
    await Promise.all(servers.map((server) => server.kill()));
    const startedAt = performance.now();
    expect(await store.commit('myshop', { expect: {}, text: 'x' })).toMatchObject({
      ok: false,
      code: 'store.unreachable',
    });
    expect(await store.read('myshop')).toMatchObject({ ok: false, code: 'store.unreachable' });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    await Promise.all(servers.map((server) => server.restart()));
    await until(() => returns > 0, { timeoutMs: 30_000, what: 'the cluster' });
    const back = async () => (await store.read('myshop')).ok;
    await until(back, { timeoutMs: 30_000, what: 'an answer of the cluster' });
    expect(await store.read('myshop')).toMatchObject({ value: { text: null } });
  } finally {
    await store.close();
  }
});
