/** The app behind a company's proxy, at Cafe24's own name, on a desktop whose panel comes late. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desktop, startDesktop } from '../../scripts/desktop.ts';
import { DEFAULT_CLIENT } from '../simulator/registration.ts';
import { startSimulator } from '../simulator/server.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { type AppUnderTest, launchApp } from '../support/app-under-test.ts';
import { startCafe24Host } from '../support/cafe24-host.ts';
import { makeCertificates } from '../support/certificates.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts';
import { documentedJson } from '../support/documented-json.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTrayHost, type TrayHost } from '../support/tray-host.ts';
import { shows, visibleWindow } from './support/app-window.ts';
import { eventually } from './support/eventually.ts';
import { KOREAN } from './support/labels.ts';
import { openTokenStore, type TokenStore } from './support/token-store.ts';
import { MALL } from './support/world.ts';

const HOUR = 60 * 60_000;
const CAFE24 = `${MALL}.cafe24api.com:443`;

const teardowns: (() => Promise<unknown>)[] = [];
function kept<T>(part: T, end: (part: T) => unknown): T {
  teardowns.push(async () => end(part));
  return part;
}

let desktop: Desktop;
let simulator: Simulator;
let proxy: ConnectProxy;
let store: TokenStore;
let app: AppUnderTest;
let tray: TrayHost | null = null;

beforeAll(async () => {
  const folder = kept(await mkdtemp(path.join(os.tmpdir(), 'e2e-network-')), (each) =>
    rm(each, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  );
  desktop = kept(await startDesktop({ kind: 'bare' }), (each) => each.stop());
  const redis = kept(await startRedis(), (each) => each.stop());
  store = kept(openTokenStore(redis.url, MALL), (each) => each.close());
  const certificates = kept(await makeCertificates(['*.cafe24api.com']), (each) => each.remove());
  simulator = kept(await startSimulator({ startAt: Date.now() - 3 * HOUR }), (each) => each.close());
  const host = kept(await startCafe24Host(simulator.origin, certificates), (each) => each.close());
  proxy = kept(await startConnectProxy({ tunnels: { [CAFE24]: host.port } }), (each) => each.close());
  const issued = simulator.issue(MALL);
  await store.put(documentedJson(issued));
  simulator.advance(3 * HOUR);
  app = kept(
    await launchApp({
      desktop,
      folder,
      env: {
        LANG: 'ko_KR.UTF-8',
        CAFE24_MALL_ID: MALL,
        CAFE24_CLIENT_ID: DEFAULT_CLIENT.clientId,
        CAFE24_CLIENT_SECRET: DEFAULT_CLIENT.clientSecret,
        CAFE24_REDIRECT_URI: 'https://shop.example.test/cafe24/',
        KV_REDIS_URL: redis.url,
        // What a system without settings of its own tells its programs, Chromium among them.
        https_proxy: proxy.url,
        SSL_CERT_FILE: certificates.caFile,
      },
    }),
    (each) => each.stop(),
  );
});

afterAll(async () => {
  await tray?.stop();
  for (const teardown of teardowns.reverse()) await teardown();
});

describe('behind a proxy, by an authority that the system knows', () => {
  test('the refresh that is due goes through the tunnel, and window and Redis show it', async () => {
    await eventually('the refresh', () => simulator.requests.length > 0);
    const page = await visibleWindow(app);
    await shows(page, 'state', 'data-state', 'HEALTHY');
    expect(simulator.requests.map(({ applied }) => applied)).toEqual([true]);
    expect(JSON.parse((await store.text()) ?? '').refresh_token).toBe(
      simulator.requests[0]?.issued?.refreshToken,
    );
    // The clock's HEAD and the refresh; nobody else is asked anything, and this machine is reached straight.
    expect(proxy.asked.length).toBeGreaterThanOrEqual(2);
    expect(new Set(proxy.asked)).toEqual(new Set([CAFE24]));
    expect(proxy.others).toEqual([]);
    expect(await page.locator('header').innerText()).not.toContain('simulator');
  });
});

describe('a panel that starts late', () => {
  const shownIn = async (host: TrayHost) => {
    const item = await host.waitItem();
    await eventually('the tooltip', async () => (await item.toolTip()).includes(KOREAN.healthy));
    expect(await item.toolTip()).toMatch(new RegExp(`${MALL} · ${KOREAN.healthy} · .*남음`));
    expect((await item.menu()).map(({ label }) => label).join()).not.toMatch(/\d초/);
  };

  test('gets the icon, and so does the one in its place after a crash', async () => {
    tray = await startTrayHost(desktop.busAddress);
    await shownIn(tray);
    await tray.stop();
    tray = await startTrayHost(desktop.busAddress);
    await shownIn(tray);
  });
});
