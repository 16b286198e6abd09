/** Pausing and removing a shop as the window asks for it: over the real core, on a real Redis and the simulator. */
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from '../../../electron/adapters/data-folder.ts';
import { readEnvText } from '../../../electron/adapters/environment.ts';
import { createHistoryFile, removeHistory } from '../../../electron/adapters/history/history-file.ts';
import { createRedactor } from '../../../electron/adapters/log/redactor.ts';
import { rememberClientSecret } from '../../../electron/adapters/secrets/known-secrets.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import { composeCore } from '../../../electron/compose-core.ts';
import { createEngine } from '../../../electron/core/engine.ts';
import { createLiveEngine } from '../../../electron/core/live-engine.ts';
import type { Reauthorizer } from '../../../electron/core/reauthorizer.ts';
import { createSettingsDesk } from '../../../electron/core/settings-desk.ts';
import { done } from '../../../shared/result.ts';
import { parseSettings, type Settings } from '../../../shared/settings-schema.ts';
import type { MallSnapshot } from '../../../shared/snapshot.ts';
import type { WarningMessage } from '../../../shared/warning-message.ts';
import { DEFAULT_CLIENT, DEFAULT_CLIENT_SECRET, DEFAULT_MALL } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { documentedJson } from '../../support/documented-json.ts';
import { until } from '../../support/poll.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { startRedis } from '../../support/redis-server.ts';

const MALL = DEFAULT_MALL.mallId;
const KEY = `cafe24:oauth:${MALL}`;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** 2026-03-14 10:00 in Seoul: what is due at nine is due. */
const MORNING = Date.UTC(2026, 2, 14, 1, 0);
const QUIET_FLOW: Partial<Reauthorizer> = {
  flow: () => ({ phase: 'idle', last: null }),
  cannotStart: () => null,
  stop: async () => {},
};

/** One shop of Settings, whose access token is over and whose refresh token ends tomorrow; it begins paused. */
async function setUp() {
  const redis = await startRedis({ keepsData: true });
  const simulator = await startSimulator({ startAt: MORNING, deadline: 'fixed' });
  const issued = simulator.issue(MALL, { refreshTokenExpiresAt: MORNING + DAY });
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.set(KEY, documentedJson(issued));
  simulator.advance(2 * HOUR);

  const folder = await temporaryFolder();
  const dataFolder = await openDataFolder(folder);
  const secrets = new Map([[`client-secret/${MALL}`, DEFAULT_CLIENT_SECRET]]);
  const vault = {
    available: async () => ({ ok: true }) as const,
    get: async (name: string) => done(secrets.get(name) ?? null),
    set: async (name: string, secret: string) => done(void secrets.set(name, secret)),
    remove: async (name: string) => done(void secrets.delete(name)),
  };
  let settings: Settings = parseSettings(
    JSON.stringify({
      malls: [
        {
          mall: MALL,
          clientId: DEFAULT_CLIENT.clientId,
          clientSecret: { keyring: `client-secret/${MALL}` },
          paused: true,
        },
      ],
    }),
  ).settings;
  const warned: WarningMessage[] = [];
  const log = recordLog();

  const build = async () => {
    const core = await composeCore({
      env: { KV_REDIS_URL: redis.url, CAFE24_API_ORIGIN: simulator.apiOrigin },
      cwd: folder,
      packaged: true,
      dataFolder,
      settings: { settings, problems: [] },
      vault,
      ephemeral: false,
      logging: { log, redactor: createRedactor() },
      locale: () => 'ko',
      ownNotifiers: [{ channel: 'os', send: async (message) => done(void warned.push(message)) }],
    });
    for (const { mall, clientSecret } of core.configuration.malls)
      await rememberClientSecret(vault, mall, clientSecret ?? '');
    return createEngine({
      ...core,
      timers: realTimers,
      reauthorizer: () => QUIET_FLOW as Reauthorizer,
      clipboard: { read: async () => '', write: async () => {} },
      book: createHistoryFile({ folder: path.join(folder, 'history'), clock: core.clock }),
      hostNow: Date.now,
      locale: () => 'ko',
      trials: {
        store: () => Promise.reject(new Error('no trial here')),
        page: () => Promise.reject(new Error('no trial here')),
      },
      onChange: () => {},
      stopCore: () => core.stop(),
    });
  };
  const live = await createLiveEngine({ build, timers: realTimers, log, onReplaced: () => {} });
  const shop = () => live.current().picture().malls[0];
  const desk = await createSettingsDesk({
    settings: { current: () => settings, update: (change) => (settings = { ...settings, ...change }) },
    vault,
    loginItem: { isOn: () => false, set: async () => done(undefined) },
    forgetHistory: (mall) => removeHistory(path.join(folder, 'history'), mall),
    readEnv: readEnvText,
    dataFolder: folder,
    log,
    live,
    changed: () => {},
  });
  onTestFinished(async () => {
    await live.stop();
    client.disconnect();
    await Promise.all([simulator.close(), redis.stop()]);
  });
  return {
    redis,
    simulator,
    folder,
    secrets,
    warned,
    desk,
    issued,
    stored: async () => JSON.parse((await client.get(KEY)) ?? 'null') as { refresh_token: string } | null,
    /** The deadline that warnings count to was written down: the alerter looked at the shop. */
    isJudged: async () => (await client.exists(`{${KEY}}:alerts`)) === 1,
    settings: () => settings,
    shop,
    whenShown: (what: string, is: (mall: MallSnapshot) => boolean) =>
      until(() => shop() !== undefined && is(shop() as MallSnapshot), { timeoutMs: 20_000, what }),
  };
}

const pause = (on: boolean) => ({ do: 'set-paused', mall: MALL, on }) as const;
const REMOVE = { do: 'remove-shop', mall: MALL } as const;
const DONE = { code: null, params: {} };

describe('a shop that is paused', () => {
  it('is neither refreshed nor warned of, ages in sight, and is kept again at once when it is resumed', async () => {
    const { desk, simulator, warned, isJudged, whenShown, shop, stored, issued } = await setUp();
    await whenShown('the shop', ({ state }) => state === 'CRITICAL');
    expect(shop()).toMatchObject({ paused: true, nextRefreshAt: null, deadlineAt: MORNING + DAY });
    expect(shop()?.notices.map(({ code }) => code)).toEqual(['keeper.paused']);
    await until(isJudged, { timeoutMs: 20_000, what: 'a check of what is to be warned of' });
    // The end of an engine waits for a check that runs: what was to be sent was sent.
    await desk.handle(pause(true));
    expect([simulator.requests, warned]).toEqual([[], []]);

    expect(await desk.handle(pause(false))).toEqual(DONE);
    await until(() => warned.length === 1, { timeoutMs: 20_000, what: 'the warning' });
    expect(warned[0]).toMatchObject({ stage: 'D-1', mall: MALL });
    expect(simulator.requests).toHaveLength(1);
    expect((await stored())?.refresh_token).not.toBe(issued.refreshToken);
  });

  it('first gets the end of a refresh that is under way', async () => {
    const { desk, simulator, shop, stored, issued } = await setUp();
    let answer = () => {};
    const asked = new Promise<string>((resolve) => {
      simulator.onTokenRequest('after-apply', async (context) => {
        resolve(context.issued?.refreshToken ?? '');
        await new Promise<void>((goOn) => {
          answer = goOn;
        });
      });
    });
    await desk.handle(pause(false));
    const rotated = await asked;
    const paused = desk.handle(pause(true));
    expect((await stored())?.refresh_token).toBe(issued.refreshToken);
    answer();
    expect(await paused).toEqual(DONE);
    expect((await stored())?.refresh_token).toBe(rotated);
    expect(shop()?.paused).toBe(true);
  });
});

describe('a shop that is removed', () => {
  it('stays while an answer is known here alone; then its settings, secrets and history go, its tokens stay', async () => {
    const { desk, redis, simulator, folder, secrets, settings, shop, stored, whenShown } = await setUp();
    simulator.onTokenRequest('after-apply', () => redis.kill());
    await desk.handle(pause(false));
    await whenShown('the answer in the journal', ({ notices }) =>
      notices.some(({ code }) => code === 'store.not_shared'),
    );
    expect(await desk.handle(REMOVE)).toEqual({ code: 'remove.not_shared', params: {} });
    expect(shop()?.mall).toBe(MALL);
    expect(secrets.has(`client-secret/${MALL}`)).toBe(true);

    await redis.restart();
    await whenShown(
      'the answer in the store',
      ({ store, notices }) =>
        store.reachable === true && !notices.some(({ code }) => code === 'store.not_shared'),
    );
    const kept = await stored();
    const history = path.join(folder, 'history', `${MALL}.jsonl`);
    await until(() => access(history).then(() => true), { timeoutMs: 10_000, what: 'a history' });
    expect(await desk.handle(REMOVE)).toEqual(DONE);
    expect([shop(), settings().malls, [...secrets]]).toEqual([undefined, [], []]);
    expect(await stored()).toEqual(kept);
    expect(simulator.revocations).toEqual([]);
    await expect(access(history)).rejects.toThrow('ENOENT');
    // Sealed, and without a secret nobody's: what a removal by mistake would need.
    expect(await readdir(path.join(folder, 'journal', MALL))).not.toEqual([]);
  });
});
