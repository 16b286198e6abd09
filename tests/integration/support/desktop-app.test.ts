import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desktop, startDesktop } from '../../../scripts/desktop.ts';
import { type AppUnderTest, launchApp } from '../../support/app-under-test.ts';
import { type NotificationDaemon, startNotificationDaemon } from '../../support/notification-daemon.ts';
import { until } from '../../support/poll.ts';
import { screenshotScreen, screenshotWindow } from '../../support/screenshot.ts';
import { type FakeSystemBrowser, fakeSystemBrowser } from '../../support/system-browser.ts';
import { startTrayHost, type TrayHost } from '../../support/tray-host.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const fixtureApp = path.join(import.meta.dirname, 'fixture-app');

describe('a real app on a bare desktop', () => {
  let folder: string;
  let desktop: Desktop;
  let tray: TrayHost;
  let notifications: NotificationDaemon;
  let systemBrowser: FakeSystemBrowser;
  let app: AppUnderTest;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'desktop-app-'));
    desktop = await startDesktop({ kind: 'bare' });
    tray = await startTrayHost(desktop.busAddress);
    notifications = await startNotificationDaemon(desktop.busAddress);
    systemBrowser = await fakeSystemBrowser(folder);
    app = await launchApp({ desktop, systemBrowser, appFolder: fixtureApp, folder });
  });
  afterAll(async () => {
    await app?.stop();
    await notifications?.stop();
    await tray?.stop();
    await desktop?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('the app takes its name, version and data folder from us', async () => {
    const said = await until(async () => (await app.output()).includes('ready ') && app.output(), {
      timeoutMs: 20_000,
      what: 'ready',
    });
    expect(said).toContain(`ready fixture-app 1.2.3 ${app.dataFolder}`);
  });

  test('its tray item shows tooltip, icon and menu', async () => {
    const item = await tray.waitItem();
    expect(await item.toolTip()).toContain('3 days left');
    expect((await item.icons()).map(({ width, height }) => [width, height])).toEqual([[16, 16]]);
    expect(
      (await item.menu()).map(({ label, kind, enabled, checked }) => [label, kind, enabled, checked]),
    ).toEqual([
      ['Status', 'entry', false, undefined],
      ['', 'separator', true, undefined],
      ['Notice', 'entry', true, undefined],
      ['브라우저', 'entry', true, undefined],
      ['On', 'entry', true, true],
      ['Quit', 'entry', true, undefined],
    ]);
  });

  test('what no person could click is refused', async () => {
    const item = await tray.waitItem();
    await expect(item.click('Status')).rejects.toThrow('disabled');
    await expect(item.click('Nothing')).rejects.toThrow('no such menu entry');
  });

  test('a click in the menu brings a notice, and a click on the notice comes back', async () => {
    const item = await tray.waitItem();
    await item.click('Notice');
    const notice = await notifications.next({ where: ({ summary }) => summary === 'A notice' });
    expect(notice.body).toBe('내용');
    notifications.click(notice.id);
    const window = await app.waitForWindow({
      where: async (page) => (await page.title()) === 'notice clicked',
    });
    expect(await window.locator('h1').textContent()).toBe('notice clicked');
  });

  test('a left click on the tray opens a window, which can be photographed', async () => {
    const item = await tray.waitItem();
    await item.activate();
    const page = await app.waitForWindow({ where: async (each) => (await each.title()) === 'tray clicked' });
    expect(await page.screenshot()).toSatisfy((image: Buffer) => image.subarray(0, 4).equals(PNG));
    const whole = path.join(folder, 'screen.png');
    const one = path.join(folder, 'window.png');
    await screenshotScreen(desktop.env, whole);
    await screenshotWindow(desktop.env, 'tray clicked', one);
    for (const file of [whole, one]) expect((await readFile(file)).subarray(0, 4)).toEqual(PNG);
  });

  test("a link goes to the system's browser, once and whole", async () => {
    const item = await tray.waitItem();
    await item.click('브라우저');
    expect(await systemBrowser.waitForUrl()).toBe('http://127.0.0.1:9/a?b=1&c=2');
    expect(await systemBrowser.opened()).toHaveLength(1);
  });

  test('Quit ends it in order, and its tray item goes', async () => {
    const item = await tray.waitItem();
    await item.click('Quit');
    await until(() => app.hasExited(), { timeoutMs: 10_000, what: 'the end' });
    expect(await app.output()).toContain('quitting in order');
    await until(async () => (await tray.items()).length === 0, { timeoutMs: 30_000, what: 'no tray item' });
  });

  test('started again in the same folder, it quits when the session ends', async () => {
    const again = await launchApp({ desktop, appFolder: fixtureApp, folder });
    await tray.waitItem();
    await again.quit();
    expect(await again.output()).toContain('quitting in order');
  });
});
