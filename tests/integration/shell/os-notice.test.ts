import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../scripts/child-process.ts';
import { type Desktop, startDesktop } from '../../../scripts/desktop.ts';
import type { WarningMessage } from '../../../shared/warning-message.ts';
import { type AppUnderTest, launchApp } from '../../support/app-under-test.ts';
import { type NotificationDaemon, startNotificationDaemon } from '../../support/notification-daemon.ts';
import { until } from '../../support/poll.ts';
import { screenshotScreen } from '../../support/screenshot.ts';
import { type FakeSystemBrowser, fakeSystemBrowser } from '../../support/system-browser.ts';
import { startTrayHost, type TrayHost } from '../../support/tray-host.ts';
import { buildFixtureApp } from './fixture/build-fixture.ts';
import { buildRealPage } from './fixture/build-real-page.ts';
import { isOnScreen } from './support/on-screen.ts';
import { renderersOf } from './support/renderers.ts';

const TITLE = 'Cafe24 Token Keeper';
const OUT = path.resolve(import.meta.dirname, '../../../out/notices');
/** Long enough for a loaded machine; never waited out when all is well. */
const PATIENCE_MS = 30_000;
/** The fixture's timers are ten times as fast: hidden, a window that nobody needs is gone after this long. */
const RELEASED_AFTER_MS = 6_000;
const AT = Date.parse('2026-11-24T09:00:00+09:00');

const warningOf = (differing: Partial<WarningMessage> = {}): WarningMessage => ({
  stage: 'D-3',
  mall: 'myshop',
  reason: 'grant.expiring',
  deadlineAt: AT + 3 * 86_400_000,
  at: AT,
  simulator: false,
  locale: 'ko',
  ...differing,
});

describe('an OS notice, in real Electron', () => {
  let root: string;
  let appFolder: string;
  let folder: string;
  let desktop: Desktop;
  let tray: TrayHost;
  let daemon: NotificationDaemon | null;
  let browser: FakeSystemBrowser;
  let app: AppUnderTest;

  beforeAll(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'os-notice-'));
    appFolder = path.join(root, 'app');
    await buildFixtureApp(appFolder);
    await buildRealPage(appFolder);
  }, 120_000);
  afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));

  /** At login: the tray alone, no window has ever been open. */
  const start = async () => {
    browser = await fakeSystemBrowser(folder);
    const env = { FIXTURE_WARNINGS: path.join(folder, 'warnings') };
    app = await launchApp({ desktop, systemBrowser: browser, appFolder, folder, env, args: ['--hidden'] });
  };
  const calls = async (): Promise<readonly Record<string, unknown>[]> =>
    (await readFile(path.join(app.dataFolder, 'calls.jsonl'), 'utf8').catch(() => ''))
      .split('\n')
      .filter(Boolean)
      .map((each) => JSON.parse(each));
  const warn = async (name: string, message = warningOf()) => {
    const laid = path.join(folder, 'warnings', `${name}.json`);
    await until(() => writeFile(`${laid}.part`, JSON.stringify(message)).then(() => true), {
      timeoutMs: PATIENCE_MS,
      what: 'the folder of warnings',
    });
    await rename(`${laid}.part`, laid);
  };
  const resultOf = (name: string) =>
    until(async () => (await calls()).find((call) => call.name === `${name}.json`)?.result, {
      timeoutMs: PATIENCE_MS,
      what: `the end of ${name}`,
    });
  const reauthorizations = async () => (await calls()).filter((call) => call.do === 'reauthorize');
  const windowIsUp = () =>
    app.waitForWindow({
      timeoutMs: PATIENCE_MS,
      where: (page) => page.evaluate(() => document.querySelector('main.window h1') !== null),
    });
  const noRenderer = () =>
    until(async () => (await renderersOf(app.pid)).length === 0, {
      timeoutMs: PATIENCE_MS,
      what: 'the end of the renderer',
    });
  const oneRenderer = () =>
    until(async () => (await renderersOf(app.pid))[0], { timeoutMs: PATIENCE_MS, what: 'a renderer' });
  const saysInLog = (line: string) =>
    until(async () => (await app.output()).includes(line), { timeoutMs: PATIENCE_MS, what: line });

  describe('before a notification daemon that records', () => {
    const next = () => daemon!.next({ timeoutMs: PATIENCE_MS });
    const summaries = () => daemon!.all().map(({ summary }) => summary);

    beforeEach(async () => {
      folder = await mkdtemp(path.join(root, 'run-'));
      // A desktop each: Electron ends with its session bus, and a daemon's ids begin anew.
      desktop = await startDesktop({ kind: 'bare' });
      tray = await startTrayHost(desktop.busAddress);
      daemon = await startNotificationDaemon(desktop.busAddress);
      await start();
    });
    afterEach(async () => {
      await app?.stop();
      await daemon?.stop();
      await tray?.stop();
      await desktop?.stop();
    });

    test('is shown by the window, hidden, with summary, body and default action; a click starts a re-authorization', async () => {
      expect(await renderersOf(app.pid)).toEqual([]);
      await warn('first');
      const notice = await next();
      expect(notice).toMatchObject({
        app: 'shell-fixture',
        summary: expect.stringContaining('myshop'),
        body: expect.stringMatching(/[가-힣]/),
        actions: ['default', expect.any(String)],
      });
      expect(await resultOf('first')).toEqual({ ok: true });
      expect(await app.output()).not.toContain('main does');
      expect(await oneRenderer()).toBeGreaterThan(0);
      expect(await isOnScreen(desktop.env, TITLE)).toBe(false);
      daemon!.click(notice.id);
      expect(await browser.waitForUrl()).toBe('http://127.0.0.1:17424/start?nonce=1');
      expect(await reauthorizations()).toEqual([{ do: 'reauthorize', mall: 'myshop' }]);
      // With nothing left to wait for, the hidden window is given up.
      await noRenderer();
      expect(summaries()).toHaveLength(1);
      expect(await reauthorizations()).toHaveLength(1);
    });

    test('is clicked long after the window was hidden', async () => {
      await (await tray.waitItem()).click('Open status');
      const page = await windowIsUp();
      expect(await isOnScreen(desktop.env, TITLE)).toBe(true);
      await warn('first');
      const notice = await next();
      await resultOf('first');
      const pid = await oneRenderer();
      await page.keyboard.press('Escape');
      await until(async () => !(await isOnScreen(desktop.env, TITLE)), {
        timeoutMs: PATIENCE_MS,
        what: 'the hiding',
      });
      // The time it is hidden is what is tried here, and nothing tells of its end.
      const hiddenAt = performance.now();
      await until(() => performance.now() - hiddenAt > 2 * RELEASED_AFTER_MS, {
        timeoutMs: PATIENCE_MS,
        what: 'twice the time after which a window is given up',
      });
      expect(await renderersOf(app.pid)).toEqual([pid]);
      daemon!.click(notice.id);
      await browser.waitForUrl();
      expect(await reauthorizations()).toEqual([{ do: 'reauthorize', mall: 'myshop' }]);
      await noRenderer();
    });

    test('lets the window go when it is closed, and gives way to the next stage', async () => {
      await warn('first');
      const first = await next();
      await resultOf('first');
      await warn('second', warningOf({ stage: 'D-1', reason: 'grant.critical' }));
      const second = await next();
      await resultOf('second');
      await until(() => daemon!.closedByApp().includes(first.id), {
        timeoutMs: PATIENCE_MS,
        what: 'the end of the former stage',
      });
      expect(daemon!.closedByApp()).toEqual([first.id]);
      daemon!.dismiss(second.id);
      await noRenderer();
      expect(await reauthorizations()).toEqual([]);
    });

    test('is shown once, by main and urgently, when the window stands still; it stays one when the window goes on', async () => {
      await (await tray.waitItem()).click('Open status');
      await windowIsUp();
      const pid = await oneRenderer();
      process.kill(pid, 'SIGSTOP');
      const askedAt = performance.now();
      await warn('first', warningOf({ stage: 'NEEDS_REAUTH', reason: 'grant.invalid' }));
      const notice = await next();
      expect(performance.now() - askedAt).toBeGreaterThan(4_900);
      expect(notice).toMatchObject({ hints: { urgency: 2 }, actions: ['default', expect.any(String)] });
      expect(await resultOf('first')).toEqual({ ok: true });
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It was ended already, as one that hangs is.
      }
      // The window is built anew, and finds nothing left to show.
      await until(async () => (await renderersOf(app.pid)).some((each) => each !== pid), {
        timeoutMs: PATIENCE_MS,
        what: 'another renderer',
      });
      await windowIsUp();
      expect(summaries()).toHaveLength(1);
      daemon!.click(notice.id);
      await browser.waitForUrl();
      expect(await reauthorizations()).toEqual([{ do: 'reauthorize', mall: 'myshop' }]);
    });

    describe.each(['hangs', 'dies'] as const)('whose window %s', (ending) => {
      test.each(['constructor', 'show'] as const)('at its %s is still one', async (point) => {
        await (await tray.waitItem()).click('Open status');
        const page = await windowIsUp();
        const pid = await oneRenderer();
        const caught = page.waitForEvent('console', { predicate: (said) => said.text() === 'caught' });
        await hangAt(page, point);
        await warn('first');
        await caught;
        if (ending === 'dies') process.kill(pid, 'SIGKILL');
        const notice = await next();
        expect(await resultOf('first')).toEqual({ ok: true });
        // Whatever else could come of it is before the next one.
        await warn('second', warningOf({ mall: 'second' }));
        await resultOf('second');
        expect(summaries().filter((summary) => summary.includes('myshop'))).toHaveLength(1);
        if (point === 'show') return;
        // Nobody was left behind with it: its click arrives.
        daemon!.click(notice.id);
        await browser.waitForUrl();
        expect(await reauthorizations()).toEqual([{ do: 'reauthorize', mall: 'myshop' }]);
      });
    });

    test('is not shown by a page that main has not agreed with', async () => {
      await (await tray.waitItem()).click('Open status');
      const page = await windowIsUp();
      await page.evaluate(() => void new Notification('nobody asked for this'));
      await saysInLog('denied notifications');
      await warn('first');
      await next();
      await resultOf('first');
      expect(summaries()).toEqual([expect.stringContaining('myshop')]);
    });

    test('has failed, with a code, where nothing on the desktop shows notices', async () => {
      // Up already: of a window that comes up so late that its time is over once it has asked, main takes the best.
      await (await tray.waitItem()).click('Open status');
      await windowIsUp();
      await daemon!.stop();
      await warn('first');
      expect(await resultOf('first')).toMatchObject({ ok: false, code: 'channel.os_unavailable' });
    });
  });

  test('is a bubble on a real desktop, and its click arrives', async () => {
    folder = await mkdtemp(path.join(root, 'run-'));
    desktop = await startDesktop({ kind: 'panel' });
    try {
      await start();
      const dunst = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await run('dunstctl', args, {
          env: desktop.env,
          timeoutMs: 10_000,
        });
        expect(stderr).toBe('');
        expect(code).toBe(0);
        return stdout.trim();
      };
      await warn('first', warningOf({ stage: 'NEEDS_REAUTH', reason: 'grant.expired', deadlineAt: AT }));
      expect(await resultOf('first')).toEqual({ ok: true });
      expect(await dunst('count', 'displayed')).toBe('1');
      await screenshotScreen(desktop.env, path.join(OUT, 'bubble.png'));
      // dunst's own keys: the middle button does the default action and closes.
      await run('xdotool', ['mousemove', '1080', '55', 'click', '2'], {
        env: desktop.env,
        timeoutMs: 10_000,
      });
      expect(await browser.waitForUrl()).toBe('http://127.0.0.1:17424/start?nonce=1');
      expect(await reauthorizations()).toEqual([{ do: 'reauthorize', mall: 'myshop' }]);
      await until(async () => (await dunst('count', 'displayed')) === '0', {
        timeoutMs: PATIENCE_MS,
        what: 'the end of the bubble',
      });
    } finally {
      await app?.stop();
      await desktop.stop();
    }
  });
});

/**
 * Lets the page stand still for ever where it makes a notice (main has agreed, the system has nothing yet) or where it
 * hears that it is shown (the system has it, main has not heard).
 */
function hangAt(page: Page, point: 'constructor' | 'show'): Promise<void> {
  return page.evaluate((where) => {
    const hang = (): never => {
      console.log('caught');
      for (;;);
    };
    const Original = Notification;
    window.Notification = class extends Original {
      constructor(title: string, options?: NotificationOptions) {
        if (where === 'constructor') hang();
        super(title, options);
        this.addEventListener('show', hang);
      }
    };
  }, point);
}
