/** What the shop's own programs get: the package's functions, over a real Redis and the simulator. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { checkExpiry, close, getAccessToken, TokenUnavailable } from '../../../electron/index.ts';
import { DEFAULT_CLIENT, DEFAULT_MALL } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { documentedJson } from '../../support/documented-json.ts';
import { until } from '../../support/poll.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { startSlackStandIn } from '../../support/slack-standin.ts';

const MALL = DEFAULT_MALL.mallId;
const KEY = `cafe24:oauth:${MALL}`;
const HOUR = 60 * 60_000;

describe('the package', () => {
  let redis: RedisServer;
  let admin: Redis;
  let simulator: Simulator;
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
    simulator = await startSimulator();
  });
  afterAll(async () => {
    admin.disconnect();
    await simulator.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    return close;
  });

  const plant = async () => {
    const set = simulator.issue(MALL);
    await admin.set(KEY, documentedJson(set));
    return set.accessToken;
  };
  const optionsOf = async () => ({
    dataDir: await temporaryFolder(),
    env: {
      CAFE24_MALL_ID: MALL,
      CAFE24_CLIENT_ID: DEFAULT_CLIENT.clientId,
      CAFE24_CLIENT_SECRET: DEFAULT_CLIENT.clientSecret,
      CAFE24_REDIRECT_URI: DEFAULT_CLIENT.redirectUris[0],
      CAFE24_API_ORIGIN: simulator.apiOrigin,
      KV_REDIS_URL: redis.url,
    },
  });
  const gets = async () => Number(/cmdstat_get:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
  /** Asks until nothing of the adoption is announced any more, and the token comes from memory. */
  const settled = async (options: Awaited<ReturnType<typeof optionsOf>>) => {
    await until(
      async () => {
        await getAccessToken(options);
        const before = await gets();
        await getAccessToken(options);
        return (await gets()) === before;
      },
      { timeoutMs: 10_000, what: 'an answer from memory' },
    );
  };

  test('answers from memory, without a word to the store', async () => {
    const token = await plant();
    const options = await optionsOf();
    await settled(options);
    const before = await gets();
    for (let call = 0; call < 50; call += 1) expect(await getAccessToken(options)).toBe(token);
    expect(await gets()).toBe(before);
  });

  test('asks the store with one GET each time where memory may not be used', async () => {
    const token = await plant();
    const options = await optionsOf();
    await settled(options);
    const before = await gets();
    for (let call = 0; call < 20; call += 1)
      expect(await getAccessToken({ ...options, maxAgeMs: 0 })).toBe(token);
    expect((await gets()) - before).toBe(20);
  });

  test('forgets what it remembers when a change is announced', async () => {
    await plant();
    const options = await optionsOf();
    await settled(options);
    simulator.advance(2_000);
    const other = await plant();
    // The subscription of a package that was just loaded may still be on its way.
    await until(async () => (await admin.publish(`${KEY}:changed`, '9')) === 1, {
      timeoutMs: 30_000,
      what: 'its subscription',
    });
    await until(async () => (await getAccessToken(options)) === other, {
      timeoutMs: 30_000,
      what: 'the other token',
    });
  });

  test('never hands out a token whose time has passed: it is refreshed first', async () => {
    const token = await plant();
    const options = await optionsOf();
    await settled(options);
    simulator.advance(3 * HOUR);
    const next = await until(
      async () => {
        const handed = await getAccessToken(options);
        return handed !== token && handed;
      },
      { timeoutMs: 10_000, what: 'a refreshed token' },
    );
    expect(simulator.isLive(next)).toBe(true);
  });

  test('without a shop it says so each time, and makes no data folder', async () => {
    const dataDir = path.join(await temporaryFolder(), 'home');
    const options = { dataDir, env: { KV_REDIS_URL: redis.url } };
    for (const ask of [getAccessToken, checkExpiry, getAccessToken])
      await expect(ask(options)).rejects.toMatchObject({ code: 'client.not_configured' });
    expect(existsSync(dataDir)).toBe(false);
  });

  test('checkExpiry, called once by a route, concludes and warns by the time of Redis where Cafe24 gives none', async () => {
    const slack = await startSlackStandIn();
    onTestFinished(slack.stop);
    const ended = Date.now() - HOUR;
    await admin.set(
      KEY,
      documentedJson({ ...simulator.issue(MALL), expiresAt: ended, refreshTokenExpiresAt: ended }),
    );
    const { dataDir, env } = await optionsOf();
    const report = await checkExpiry({
      dataDir,
      env: { ...env, CAFE24_API_ORIGIN: 'http://127.0.0.1:1/{mall_id}', SLACK_WEBHOOK_URL: slack.webhookUrl },
      refresh: false,
    });
    expect(report).toMatchObject({
      state: 'NEEDS_REAUTH',
      reason: 'grant.expired',
      sent: ['NEEDS_REAUTH:slack'],
    });
    expect(slack.messages).toHaveLength(1);
  });

  test('a check of a shop that is well gives no reason, and of one that nobody knows of no state', async () => {
    await admin.set(KEY, documentedJson(simulator.issue(MALL)));
    const { dataDir, env } = await optionsOf();
    for (const refresh of [true, false]) {
      expect(await checkExpiry({ dataDir, env, refresh })).toMatchObject({
        state: 'HEALTHY',
        reason: null,
        exitCode: 0,
      });
    }
    const away = { ...(await optionsOf()).env, KV_REDIS_URL: 'redis://127.0.0.1:1' };
    expect(await checkExpiry({ dataDir: (await optionsOf()).dataDir, env: away })).toMatchObject({
      state: 'UNKNOWN',
      reason: 'store.unreachable',
      exitCode: 1,
    });
  });

  test('a check leaves no trust in the time of Redis behind: what a program asks later concludes nothing by it', async () => {
    const { dataDir, env } = await optionsOf();
    const options = { dataDir, env: { ...env, CAFE24_API_ORIGIN: 'http://127.0.0.1:1/{mall_id}' } };
    expect(await checkExpiry(options)).toMatchObject({ reason: 'never_connected' });
    const ended = Date.now() - HOUR;
    const over = { ...simulator.issue(MALL), expiresAt: ended, refreshTokenExpiresAt: ended };
    await admin.set(KEY, documentedJson(over));
    await expect(getAccessToken({ ...options, maxAgeMs: 0 })).rejects.toThrow(TokenUnavailable);
    expect(await admin.hget(`{${KEY}}:meta`, 'state')).not.toBe('NEEDS_REAUTH');
    expect(await checkExpiry(options)).toMatchObject({ reason: 'grant.expired' });
  });
});
