/** Rows of docs/guarantees.md about Redis: each planted in a real server, or in what another program writes to it. */
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import { KEYS } from '../../support/failures/redis-fixture.ts';
import {
  createScene,
  DAY,
  exchangeOf,
  HOUR,
  MALL,
  refreshTokenIn,
  SECOND,
} from '../../support/failures/scene.ts';
import {
  awake,
  connectedShop,
  DUE,
  isStoredLive,
  later,
  presented,
  type Shop,
} from '../../support/failures/shop.ts';
import { until } from '../../support/poll.ts';
import { type RedisOptions, type RedisServer, startRedis } from '../../support/redis-server.ts';

const SOON = { timeoutMs: 20_000 };

interface ShopOnRedis extends Shop {
  readonly server: RedisServer;
  readonly admin: Redis;
}

async function redisOf(options: RedisOptions = { keepsData: true }) {
  const server = await startRedis(options);
  const admin = new Redis(server.url);
  admin.on('error', () => {});
  onTestFinished(async () => {
    admin.disconnect();
    await server.stop();
  });
  return { server, admin };
}

async function connected(options?: RedisOptions): Promise<ShopOnRedis> {
  const { server, admin } = await redisOf(options);
  return { server, admin, ...(await connectedShop(server.url)) };
}

describe('Redis is down', () => {
  it('row 17: before the refresh: no request, the access token serves; under 24 h of life the last writer alone refreshes once, published later', async () => {
    const shop = await connected();
    const { scene, server } = shop;
    const other = await scene.keeper('reader');
    await other.started;
    scene.simulator.setDeadline('fixed');
    await later(shop, DUE);
    expect(presented(scene)).toHaveLength(1);
    await server.kill();
    const down = await later(shop, HOUR + 5 * SECOND);
    expect(down).toMatchObject({ storeCode: 'store.unreachable', set: { isAccessUsable: true } });
    for (let days = 0; days < 12; days += 1) await later(shop, DAY);
    await other.demand({ do: 'look' });
    expect(presented(scene)).toHaveLength(1);
    scene.simulator.advance(DAY);
    await other.demand({ do: 'look' });
    // Maybe before the other one looked: a jump of the clock wakes it. What it holds now only it can have presented for.
    const saved = await shop.keeper.demand({ do: 'look' });
    expect(presented(scene)).toHaveLength(2);
    expect(saved).toMatchObject({ set: { isStored: false, isAccessUsable: true } });
    await later(shop, 3 * HOUR);
    await later({ scene, keeper: other }, 3 * HOUR);
    expect(presented(scene)).toHaveLength(2);
    // Who reached Redis before the one that holds the set would present the old token once, in vain.
    await other.kill();
    await server.restart();
    await until(() => isStoredLive(scene), { ...SOON, what: 'the set in Redis' });
    await expectNothingLost(scene);
  });

  it('row 18: between answer and publish: the journal holds it, and it lands by itself when Redis is back', async () => {
    const shop = await connected();
    const { scene, server, first } = shop;
    scene.once('after-apply', () => server.kill());
    const saved = await later(shop, DUE);
    expect(saved).toMatchObject({ state: 'HEALTHY', set: { isStored: false, isAccessUsable: true } });
    await later(shop, 10 * SECOND);
    await server.restart();
    await until(async () => refreshTokenIn(await scene.store()) !== first, {
      ...SOON,
      what: 'the publication',
    });
    expect(await isStoredLive(scene)).toBe(true);
    expect(presented(scene)).toEqual([first]);
    expect((await expectNothingLost(scene)).neverJournaled).toEqual([]);
  });

  it('row 18: a keeper killed meanwhile leaves the answer to its next start', async () => {
    const shop = await connected();
    const { scene, server, first } = shop;
    scene.once('after-apply', () => server.kill());
    await later(shop, DUE);
    await shop.keeper.kill();
    await server.restart();
    const next = await scene.keeper();
    expect(await next.started).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
    expect(presented(scene)).toEqual([first]);
    await expectNothingLost(scene);
  });

  it('row 46: at a consent: 8 s at most, then exchanged inside its minute, "saved here, not yet shared", published later', async () => {
    const { server } = await redisOf();
    const scene = await createScene(server.url);
    const keeper = await scene.keeper();
    await keeper.started;
    await server.kill();
    const code = await scene.code();
    const startedAt = performance.now();
    const view = await keeper.demand(exchangeOf(code));
    expect(view).toMatchObject({
      outcome: 'consent.saved_not_shared',
      set: { isStored: false, isAccessUsable: true },
    });
    expect(performance.now() - startedAt).toBeLessThan(25_000);
    await server.restart();
    await until(() => isStoredLive(scene), { ...SOON, what: 'the publication' });
    await expectNothingLost(scene);
  });

  it('row 46: a consent while a dead process’s lease stands waits 8 s and connects', async () => {
    const shop = await connected();
    await shop.admin.set(KEYS.lease, 'deadbeefdeadbeef-pc-1', 'PX', 60_000);
    const startedAt = performance.now();
    const view = await shop.keeper.demand(exchangeOf(await shop.scene.code()));
    const tookMs = performance.now() - startedAt;
    expect(view).toMatchObject({ outcome: 'consent.connected', state: 'HEALTHY', set: { isStored: true } });
    expect(tookMs).toBeGreaterThan(7_500);
    expect(tookMs).toBeLessThan(20_000);
    expect(await shop.admin.get(KEYS.lease)).toBe('deadbeefdeadbeef-pc-1');
  });
});

describe('Redis forgets', () => {
  it('row 19: a crash that loses the last acknowledged write is healed forward from the journal', async () => {
    const shop = await connected({});
    const { scene, server, admin, first } = shop;
    await admin.save();
    await later(shop, DUE);
    const good = refreshTokenIn(await scene.store());
    await server.restart();
    expect(refreshTokenIn(await scene.store())).toBe(first);
    await until(async () => refreshTokenIn(await scene.store()) === good, { ...SOON, what: 'the heal' });
    await later(shop, DUE);
    expect(presented(scene)).toEqual([first, good]);
    await expectNothingLost(scene);
  });

  it('row 22: restored from an old backup, companions and all: the spent token is not presented, the store healed', async () => {
    const shop = await connected({});
    const { scene, server, admin, first } = shop;
    await later(shop, DUE);
    await admin.save();
    await later(shop, DUE);
    await later(shop, DUE);
    const good = refreshTokenIn(await scene.store());
    await shop.keeper.kill();
    await server.restart();
    expect(refreshTokenIn(await scene.store())).not.toBe(good);
    scene.simulator.advance(DUE);
    const next = await scene.keeper();
    await next.started;
    await next.demand({ do: 'look' });
    const tokens = presented(scene);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens[0]).toBe(first);
    expect(await isStoredLive(scene)).toBe(true);
    await expectNothingLost(scene);
  });

  it('row 22: flushed: healed from the journal without a request', async () => {
    const shop = await connected();
    await later(shop, DUE);
    const { text } = await shop.scene.store();
    await shop.admin.flushall();
    const view = await shop.keeper.demand({ do: 'look' });
    expect(view.happened).toContain('store.healed');
    expect((await shop.scene.store()).text).toBe(text);
    expect(presented(shop.scene)).toHaveLength(1);
  });

  it('row 22: an old PC that comes back never overwrites a newer consent', async () => {
    const shop = await connected();
    const { scene } = shop;
    await later(shop, DUE);
    await shop.keeper.kill();
    scene.simulator.advance(3 * DAY);
    const elsewhere = await scene.keeper('server');
    await elsewhere.started;
    await elsewhere.demand(exchangeOf(await scene.code()));
    const { text } = await scene.store();
    for (const flushed of [false, true]) {
      if (flushed) await shop.admin.del(KEYS.spent);
      const old = await scene.keeper();
      await old.started;
      await old.demand({ do: 'look' });
      expect((await scene.store()).text).toBe(text);
      await old.kill();
    }
    await expectNothingLost(scene);
  });
});

describe('Redis takes no writes', () => {
  it('row 20: a replica after a failover: no request before a write has succeeded; promoted, it refreshes', async () => {
    const shop = await connected();
    const { scene, admin, first } = shop;
    await admin.replicaof('127.0.0.1', 1);
    const view = await later(shop, DUE);
    expect(view.set?.isAccessUsable).toBe(true);
    await awake(shop, HOUR / 2);
    expect(presented(scene)).toEqual([]);
    await admin.replicaof('NO', 'ONE');
    expect(await awake(shop, 11 * 60 * SECOND)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(presented(scene)).toEqual([first]);
  });

  it('row 20: demoted while the server answers: kept in the journal, stored once a master is there', async () => {
    const shop = await connected();
    const { scene, admin, first } = shop;
    scene.once('after-apply', async () => {
      await admin.replicaof('127.0.0.1', 1);
    });
    expect(await later(shop, DUE)).toMatchObject({ set: { isStored: false, isAccessUsable: true } });
    await admin.replicaof('NO', 'ONE');
    expect(await later(shop, 60 * SECOND)).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
    expect(presented(scene)).toEqual([first]);
    await expectNothingLost(scene);
  });

  it('row 21: full: no request, the access token serves; with room again it refreshes', async () => {
    const shop = await connected({ config: ['maxmemory-policy noeviction'] });
    const { scene, admin, first } = shop;
    await admin.config('SET', 'maxmemory', '1');
    expect(await later(shop, DUE)).toMatchObject({ waitsFor: 'store.full', set: { isAccessUsable: true } });
    await awake(shop, HOUR / 2);
    expect(presented(scene)).toEqual([]);
    await admin.config('SET', 'maxmemory', '0');
    expect(await awake(shop, 11 * 60 * SECOND)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(presented(scene)).toEqual([first]);
  });

  it('row 21: full when the answer comes: kept in the journal, stored with room again', async () => {
    const shop = await connected({ config: ['maxmemory-policy noeviction'] });
    const { scene, admin, first } = shop;
    scene.once('after-apply', async () => {
      await admin.config('SET', 'maxmemory', '1');
    });
    expect(await later(shop, DUE)).toMatchObject({ set: { isStored: false, isAccessUsable: true } });
    await admin.config('SET', 'maxmemory', '0');
    expect(await later(shop, 60 * SECOND)).toMatchObject({ set: { isStored: true } });
    expect(presented(scene)).toEqual([first]);
    await expectNothingLost(scene);
  });

  it('row 21: an eviction policy is told at start; an evicted key is healed from the journal', async () => {
    const shop = await connected({ config: ['maxmemory-policy allkeys-lru'] });
    const store = await shop.scene.openStoreOf();
    onTestFinished(() => store.close());
    expect(await store.facts()).toMatchObject({ ok: true, value: { warnings: ['store.eviction_policy'] } });
    const { text } = await shop.scene.store();
    await shop.admin.del(KEYS.main);
    const view = await shop.keeper.demand({ do: 'look' });
    expect(view).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
    expect((await shop.scene.store()).text).toBe(text);
    expect(presented(shop.scene)).toEqual([]);
  });
});

describe('other programs write Redis', () => {
  it('row 23: a set without companions is adopted, its own fields survive every refresh as they were', async () => {
    const { server } = await redisOf();
    const scene = await createScene(server.url);
    const extras = '"orders":[],"sequence":12345678901234567,"shop":{"tags":[],"rate":1.10}';
    const { refreshToken } = await scene.plant(extras);
    const keeper = await scene.keeper();
    expect(await keeper.started).toMatchObject({ state: 'HEALTHY', generation: 1 });
    expect(presented(scene)).toEqual([]);
    for (let times = 0; times < 3; times += 1) await later({ scene, keeper }, DUE);
    expect(presented(scene)).toHaveLength(3);
    expect(presented(scene)[0]).toBe(refreshToken);
    expect((await scene.store()).text).toContain(extras);
    await expectNothingLost(scene);
  });

  it('row 23: a program that writes every day is adopted each time and told without a gap, also by a restarted and by another keeper, until it stopped for two days', async () => {
    const shop = await connected();
    const { scene } = shop;
    expect((await shop.keeper.demand({ do: 'look' })).happened).toEqual([]);
    for (let days = 1; days <= 3; days += 1) {
      const { refreshToken } = await scene.plant();
      const view = await shop.keeper.demand({ do: 'look' });
      expect(view).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
      expect(view.happened).toContain('store.foreign_writer');
      expect(refreshTokenIn(await scene.store())).toBe(refreshToken);
      expect((await later(shop, DAY)).happened).toContain('store.foreign_writer');
    }
    await shop.keeper.kill();
    const restarted = await scene.keeper();
    const other = await scene.keeper('server');
    for (const each of [restarted, other])
      expect((await each.started)?.happened).toContain('store.foreign_writer');
    scene.simulator.advance(DAY + HOUR);
    for (const each of [restarted, other])
      expect((await each.demand({ do: 'look' })).happened).not.toContain('store.foreign_writer');
    const tokens = presented(scene);
    expect(new Set(tokens).size).toBe(tokens.length);
    await expectNothingLost(scene);
  });

  it.each([
    ['text that is no token set', (admin: Redis) => admin.set(KEYS.main, 'rubbish')],
    ['JSON without tokens', (admin: Redis) => admin.set(KEYS.main, '{"access_token":1}')],
    ['a list', (admin: Redis) => admin.multi().del(KEYS.main).lpush(KEYS.main, 'x').exec()],
  ])('row 24: %s is set aside for 14 days, told, and healed from the journal', async (_, spoil) => {
    const shop = await connected();
    const { scene, admin } = shop;
    const { text } = await scene.store();
    await spoil(admin);
    const view = await shop.keeper.demand({ do: 'look' });
    expect(view).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
    expect(view.happened).toContain('store.rubbish_set_aside');
    expect((await scene.store()).text).toBe(text);
    const [aside, ...more] = await admin.keys(`{cafe24:oauth:${MALL}}:aside:*`);
    expect(more).toEqual([]);
    expect(await admin.pttl(String(aside))).toBeGreaterThan(13.9 * DAY);
    expect(presented(scene)).toEqual([]);
  });
});
