import { until } from '../../tests/support/poll.ts';
import type { DefaultBrowser } from '../demo/default-browser.ts';
import type { SimulatorClient } from '../demo/simulator-client.ts';
import type { StatusWindow } from '../demo/status-window.ts';
import type { Trial } from '../trial.ts';
import type { Studio } from './studio.ts';

const REAUTHORIZE = '다시 인증';
const HOUR_MS = 60 * 60_000;
/** A refresh token's life, which here no refresh extends. */
const LIFE_MS = 14 * 24 * HOUR_MS;
const SEEN_WITHIN_MS = 30_000;

/** Korean time, always +09:00. */
const seoul = (dateTime: string): number => Date.parse(`${dateTime}+09:00`);

/** A Monday morning: the shop is connected, and its 14 days end on a Monday morning as well. */
const CONNECTED_AT = seoul('2026-03-02T10:12:00');
/** Office hours of the days on which the PC is on. */
const DAYS = ['02', '03', '04', '05', '06', '09', '10', '11', '12', '13', '16'] as const;
const TIMES = ['09:05', '12:05', '15:05', '18:05'] as const;
const HEALTHY_AT = seoul('2026-03-06T15:21:00');
const EXPIRING_AT = seoul('2026-03-13T12:21:00');
const EXPIRED_AT = seoul('2026-03-16T10:31:00');

interface Shop {
  readonly trial: Trial;
  readonly simulator: SimulatorClient;
  readonly browser: DefaultBrowser;
  readonly studio: Studio;
  readonly window: StatusWindow;
}

/** To be set before the app starts: its history begins with the story. */
export async function setScene(simulator: SimulatorClient): Promise<void> {
  await simulator.setDeadline('fixed');
  await simulator.setNow(CONNECTED_AT);
}

/** Two weeks of a shop whose deadline a refresh does not move, photographed at each of its stages. */
export async function playShop(shop: Shop): Promise<void> {
  const { studio, window } = shop;
  await connect(shop);
  await liveUntil(shop, HEALTHY_AT);
  await window.waitFor('state', 'data-state', 'HEALTHY');
  await studio.photographWindow('healthy');
  await studio.photographMenu();
  await photographPage(shop, 'settings', '[data-section="general"]');
  await liveUntil(shop, EXPIRING_AT);
  await window.waitFor('state', 'data-state', 'EXPIRING');
  await studio.photographWindow('expiring');
  await studio.photographNotice();
  await photographPage(shop, 'history', '[data-testid="history-line"]');
  await liveUntil(shop, EXPIRED_AT);
  await window.waitFor('state', 'data-state', 'NEEDS_REAUTH');
  await studio.photographWindow('needs-reauth');
  await studio.chooseInMenu(REAUTHORIZE);
  await window.waitFor('flow', 'data-phase', 'waiting');
  await studio.photographWindow('waiting');
}

async function photographPage(
  { studio, window: { page } }: Shop,
  name: 'settings' | 'history',
  sign: string,
): Promise<void> {
  await page.locator(`a[href="#${name}"]`).click();
  await page.locator(sign).first().waitFor();
  await studio.photographWindow(name);
  await page.locator('a[href="#status"]').click();
}

async function connect({ trial, browser, studio, window }: Shop): Promise<void> {
  await studio.chooseInMenu(REAUTHORIZE);
  const opened = await browser.waitUntilOpened();
  const consent = await opened.waitForTab(trial.simulatorOrigin);
  await consent.locator('#approve').click();
  const last = await opened.waitForTab(trial.productEnv.CAFE24_REDIRECT_URI ?? '');
  await last.locator('main[data-code="consent.connected"]').waitFor();
  await studio.photographPage('connected', last);
  await window.waitFor('state', 'data-state', 'HEALTHY');
}

/** Moves the clock through the office hours up to a time. After each step the access token is over, and is refreshed. */
async function liveUntil({ simulator, window }: Shop, endAt: number): Promise<void> {
  const steps = DAYS.flatMap((day) => TIMES.map((time) => seoul(`2026-03-${day}T${time}:00`)));
  const from = await simulator.now();
  for (const at of steps.filter((each) => each > from + 2 * HOUR_MS && each < endAt)) {
    const before = (await simulator.requests()).length;
    await simulator.setNow(at);
    await until(async () => (await simulator.requests()).length > before, {
      timeoutMs: SEEN_WITHIN_MS,
      what: `the refresh of ${new Date(at).toISOString()}`,
    });
    await until(async () => Number(await window.attribute('access', 'data-expires-at')) > at, {
      timeoutMs: SEEN_WITHIN_MS,
      what: 'the new access token in the window',
    });
  }
  await simulator.setNow(endAt);
  const shownAt = Math.min(endAt, CONNECTED_AT + LIFE_MS);
  await until(async () => (await window.shownNow()) >= shownAt, {
    timeoutMs: SEEN_WITHIN_MS,
    what: `the window at ${new Date(endAt).toISOString()}`,
  });
}
