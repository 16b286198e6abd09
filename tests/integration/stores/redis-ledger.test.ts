import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keysOf } from '../../../electron/adapters/redis/keys.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { unwrap } from './contract/unwrap.ts';
import { describeLedger } from './ledger-contract.ts';
import { type OpenLedger, openLedger } from './open-ledger.ts';
import { startCluster } from './redis-cluster.ts';

const MALL = 'myshop';
const FIELD = '2026-11-25:D-3:mail';
const ALERTS = '{cafe24:oauth:myshop}:alerts';

const parsed = (hash: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(hash).map(([field, value]) => [field, JSON.parse(value)]));

describeLedger('the ledger in Redis', async () => {
  const server = await startRedis();
  const admin = new Redis(server.url);
  return {
    place: { kind: 'redis', url: server.url },
    async plant(mall, values) {
      for (const [field, value] of Object.entries(values))
        await admin.hset(keysOf(mall).alerts, field, JSON.stringify(value));
    },
    stored: async (mall) => parsed(await admin.hgetall(keysOf(mall).alerts)),
    async stop() {
      admin.disconnect();
      await server.stop();
    },
  };
});

describeLedger('the ledger in a Redis cluster', async () => {
  const cluster = await startCluster();
  return {
    place: { kind: 'redis', url: cluster.url },
    async plant(mall, values) {
      for (const [field, value] of Object.entries(values))
        await cluster.client.hset(keysOf(mall).alerts, field, JSON.stringify(value));
    },
    stored: async (mall) => parsed(await cluster.client.hgetall(keysOf(mall).alerts)),
    stop: () => cluster.stop(),
  };
});

describe('in Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  let ledger: OpenLedger;
  beforeAll(async () => {
    server = await startRedis({ config: ['maxmemory-policy noeviction'] });
    admin = new Redis(server.url);
    ledger = await openLedger({ kind: 'redis', url: server.url });
  });
  afterAll(async () => {
    await ledger?.close();
    admin?.disconnect();
    await server?.stop();
  });

  test('the hash and its fields are those that outsiders read', async () => {
    unwrap(await ledger.claimAlert(MALL, FIELD, 'me', 60_000));
    unwrap(await ledger.settleAlert(MALL, FIELD, 'me', 'sent'));
    unwrap(await ledger.setAnchor(MALL, 1_700_000_000_000));
    const { [FIELD]: entry = '', ...rest } = await admin.hgetall(ALERTS);
    expect(entry).toMatch(/^\{"status":"sent","owner":"me","until":\d{13}\}$/);
    expect(rest).toEqual({ anchor: '1700000000000' });
  });

  test.each(['not json', '{"status":', '{"until":1e999}', `${'['.repeat(2000)}`])(
    'a value that is no JSON is ignored: %s',
    async (junk) => {
      await admin.hset(ALERTS, { [FIELD]: junk, anchor: junk });
      const { entries, anchorAt } = unwrap(await ledger.readAlerts(MALL));
      expect([entries.has(FIELD), anchorAt]).toEqual([false, null]);
      expect(unwrap(await ledger.claimAlert(MALL, FIELD, 'me', 60_000))).toBe(true);
    },
  );

  test('something else under the name reads as an empty ledger, and makes room for it', async () => {
    await admin.del(ALERTS);
    await admin.set(ALERTS, 'not a hash');
    expect(unwrap(await ledger.readAlerts(MALL)).entries.size).toBe(0);
    expect(unwrap(await ledger.claimAlert(MALL, FIELD, 'me', 60_000))).toBe(true);
    expect(await admin.type(ALERTS)).toBe('hash');
  });

  test('a full server takes no claim and no half of one, and says so', async () => {
    const before = await admin.hgetall(ALERTS);
    await admin.config('SET', 'maxmemory', '1');
    expect(await ledger.claimAlert(MALL, 'new', 'me', 60_000)).toMatchObject({ code: 'store.full' });
    expect(unwrap(await ledger.readAlerts(MALL)).entries.size).toBeGreaterThan(0);
    await admin.config('SET', 'maxmemory', '0');
    expect(await admin.hgetall(ALERTS)).toEqual(before);
  });

  test('a server that is away is said to be: the local ledger decides then', async () => {
    await server.kill();
    expect(await ledger.readAlerts(MALL)).toMatchObject({ ok: false, code: 'store.unreachable' });
    expect(await ledger.claimAlert(MALL, FIELD, 'me', 60_000)).toMatchObject({ code: 'store.unreachable' });
    expect(await ledger.settleAlert(MALL, FIELD, 'me', 'sent')).toMatchObject({ ok: false });
    expect(await ledger.setAnchor(MALL, 1)).toMatchObject({ ok: false });
    const sent = new Map([[FIELD, { status: 'sent', owner: 'me', until: 1 }]] as const);
    expect(await ledger.importAlerts(MALL, sent)).toMatchObject({ ok: false });
  });
});
