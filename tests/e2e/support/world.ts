import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Desktop, startDesktop } from '../../../scripts/desktop.ts';
import { RELAY_HOST, startRelayHost } from '../../integration/reauthorize/relay-host.ts';
import { DEFAULT_CLIENT, type SimulatorMall } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import { type AppUnderTest, type LaunchOptions, launchApp } from '../../support/app-under-test.ts';
import { giveTo, type OtherUser } from '../../support/other-user.ts';
import { startRedis } from '../../support/redis-server.ts';
import { screenshotScreen } from '../../support/screenshot.ts';
import {
  type FakeSystemBrowser,
  fakeSystemBrowser,
  type SystemBrowser,
  startBrowser,
} from '../../support/system-browser.ts';
import { startTrayHost, type TrayHost } from '../../support/tray-host.ts';
import { type RemoteSimulator, remoteSimulator } from './remote-simulator.ts';
import { openTokenStore, type TokenStore } from './token-store.ts';

const OUT = path.resolve(import.meta.dirname, '../../../out/e2e');

export const MALL = 'myshop';
/** A Monday noon in Korea: nothing depends on when the tests run. */
export const NOON = Date.UTC(2026, 2, 2, 3, 0, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/**
 * When the refresh of a set is surely due: half of the access token's two hours, and what an install adds to spread
 * the load (at most 5 minutes). Not much later either: who is late by 10 minutes was asleep, and waits once more.
 */
export function dueAt(set: { readonly expiresAt: number }): number {
  return set.expiresAt - 60 * MINUTE + 6 * MINUTE;
}

type Env = Readonly<Record<string, string | undefined>>;

/** All that stands around the app, real but for Cafe24: the operator's desk and the shop's Redis. */
export interface World {
  readonly desktop: Desktop;
  readonly tray: TrayHost;
  /** What the app asked the system's browser to open; `chromium` then opens it. */
  readonly opener: FakeSystemBrowser;
  readonly chromium: SystemBrowser;
  readonly simulator: RemoteSimulator;
  /** Epoch ms of the simulator's clock, for stand-ins that note when something came. */
  now(): number;
  readonly store: TokenStore;
  /** The variables that connect the app with the shop, for an operator whose system speaks Korean. */
  readonly shopEnv: Readonly<Record<string, string>>;
  /** On the world's own desktop where no other is named. */
  launch(
    options?: Partial<Pick<LaunchOptions, 'env' | 'args' | 'folder' | 'packagedExecutable' | 'desktop'>>,
  ): Promise<AppUnderTest>;
  /** A new folder that is gone with the world. */
  newFolder(): Promise<string>;
  /** Leaves the screen and the app's output in `out/e2e/`. */
  keepTraces(name: string): Promise<void>;
  /** Ends every app that was launched, and all the rest. */
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Who works at the desk, where that is not whoever runs the tests. */
  readonly operator?: OtherUser;
  /** Shops of the simulated Cafe24; its ordinary one where absent. */
  readonly malls?: readonly SimulatorMall[];
  /** Whether a refresh moves the refresh token's deadline; default `rolling`. */
  readonly deadline?: 'rolling' | 'fixed';
}

export async function startWorld({
  operator,
  malls,
  deadline = 'rolling',
}: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
  const teardowns: (() => Promise<void>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  ];
  const stop = async () => {
    for (const teardown of teardowns.splice(0).reverse()) await teardown();
  };
  try {
    const desktop = await startDesktop({ kind: 'bare' });
    teardowns.push(desktop.stop);
    const tray = await startTrayHost(desktop.busAddress);
    teardowns.push(tray.stop);
    const redis = await startRedis();
    teardowns.push(redis.stop);
    const store = openTokenStore(redis.url, MALL);
    teardowns.push(async () => store.close());
    const relay = await startRelayHost();
    teardowns.push(relay.close);
    const redirectUri = `${relay.origin}/cafe24/`;
    const served = await startSimulator({
      startAt: NOON,
      deadline,
      clients: [{ ...DEFAULT_CLIENT, redirectUris: [redirectUri] }],
      ...(malls && { malls }),
    });
    teardowns.push(served.close);
    const chromium = await startBrowser({
      profile: path.join(folder, 'browser'),
      trustedKeyHashes: [relay.certificates.publicKeyHash],
      localHosts: [RELAY_HOST],
    });
    teardowns.push(chromium.stop);
    const opener = await fakeSystemBrowser(folder);
    const shopEnv = {
      LANG: 'ko_KR.UTF-8',
      CAFE24_MALL_ID: MALL,
      CAFE24_CLIENT_ID: DEFAULT_CLIENT.clientId,
      CAFE24_CLIENT_SECRET: DEFAULT_CLIENT.clientSecret,
      CAFE24_REDIRECT_URI: redirectUri,
      CAFE24_API_ORIGIN: served.apiOrigin,
      KV_REDIS_URL: redis.url,
    };
    if (operator) for (const each of [desktop.folder, folder]) await giveTo(operator, each);
    const launched: AppUnderTest[] = [];
    return {
      desktop,
      tray,
      opener,
      chromium,
      simulator: remoteSimulator(served.origin),
      now: served.now,
      store,
      shopEnv,
      async launch({ env = {}, ...options } = {}) {
        const app = await launchApp({
          desktop,
          systemBrowser: opener,
          ...(operator ? { user: operator } : {}),
          ...options,
          env: { ...shopEnv, ...env } satisfies Env,
        });
        launched.push(app);
        teardowns.push(app.stop);
        return app;
      },
      newFolder: () => mkdtemp(path.join(folder, 'app-')),
      async keepTraces(name) {
        await mkdir(OUT, { recursive: true });
        const file = path.join(OUT, name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100));
        const said = await launched
          .at(-1)
          ?.output()
          .catch(() => undefined);
        if (said !== undefined) await writeFile(`${file}.log`, said);
        await screenshotScreen(desktop.env, `${file}.png`);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
