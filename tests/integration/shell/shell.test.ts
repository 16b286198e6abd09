import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import dbus from 'dbus-next';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningProcess, run, startProcess } from '../../../scripts/child-process.ts';
import { type Desktop, startDesktop } from '../../../scripts/desktop.ts';
import { connectToBus } from '../../../scripts/session-bus.ts';
import type { Intent } from '../../../shared/ipc.ts';
import { type AppUnderTest, launchApp } from '../../support/app-under-test.ts';
import { until } from '../../support/poll.ts';
import { type FakeSystemBrowser, fakeSystemBrowser } from '../../support/system-browser.ts';
import { startTrayHost, type TrayHost } from '../../support/tray-host.ts';
import { buildFixtureApp } from './fixture/build-fixture.ts';
import { isOnScreen } from './support/on-screen.ts';
import { renderersOf } from './support/renderers.ts';

const send = (page: Page, intent: unknown) => page.evaluate((it) => window.keeper.send(it as Intent), intent);

const TITLE = 'Fixture window';

describe('the shell around the program, in real Electron', () => {
  let folder: string;
  let desktop: Desktop;
  let windowManager: RunningProcess;
  let tray: TrayHost;
  let systemBrowser: FakeSystemBrowser;
  let app: AppUnderTest;
  let appFolder: string;

  const calls = async (): Promise<readonly Record<string, unknown>[]> => {
    const text = await readFile(path.join(app.dataFolder, 'calls.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((each) => JSON.parse(each));
  };
  const closings = async () => (await calls()).filter(({ did }) => did === 'closed to tray').length;
  const closeWindow = async () => {
    const before = await closings();
    await closeByMouse(desktop.env, TITLE);
    await until(async () => (await closings()) === before + 1, { timeoutMs: 10_000, what: 'the closing' });
  };
  const isVisible = (page: Page) => page.evaluate(() => document.visibilityState === 'visible');
  const openWindow = async (): Promise<Page> => {
    await (await tray.waitItem()).click('Open status');
    const page = await app.waitForWindow({ where: isVisible });
    await page.waitForFunction(() => document.querySelector('#mall')?.textContent === 'myshop');
    return page;
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'shell-'));
    appFolder = path.join(folder, 'app');
    await buildFixtureApp(appFolder);
    desktop = await startDesktop({ kind: 'bare' });
    windowManager = await startProcess('openbox', ['--sm-disable'], { env: desktop.env });
    tray = await startTrayHost(desktop.busAddress);
    systemBrowser = await fakeSystemBrowser(folder);
    app = await launchApp({ desktop, systemBrowser, appFolder, folder });
  });
  afterAll(async () => {
    await app?.stop();
    await tray?.stop();
    await windowManager?.stop();
    await desktop?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });

  describe('the tray', () => {
    test('shows the snapshot: icon, tooltip and menu', async () => {
      const item = await tray.waitItem();
      await until(async () => (await item.toolTip()).includes('Cafe24 Token Keeper\nmyshop · '), {
        timeoutMs: 10_000,
        what: 'the first look of the program',
      });
      expect((await item.icons()).map(({ width }) => width)).toEqual([24]);
      expect((await item.menu()).map(({ label, enabled }) => [label, enabled]).slice(2)).toEqual([
        ['Re-authorize', true],
        ['Open status', true],
        ['Refresh now', true],
        ['', true],
        ['Settings', true],
        ['Diagnostics', true],
        ['', true],
        ['Quit', true],
      ]);
    });

    test('hands a click on, and opens the system browser for a re-authorization', async () => {
      const item = await tray.waitItem();
      await item.click('Re-authorize');
      expect(await systemBrowser.waitForUrl()).toBe('http://127.0.0.1:17424/start?nonce=1');
      expect(await calls()).toContainEqual({ do: 'reauthorize', mall: 'myshop' });
    });

    test('a click that comes for a disabled item does nothing', async () => {
      const item = await tray.waitItem();
      const refreshes = async () => (await calls()).filter((call) => call.do === 'refresh').length;
      await item.click('Refresh now');
      const disabled = await until(
        async () => (await item.menu()).find(({ label, enabled }) => label === 'Refresh now' && !enabled),
        { timeoutMs: 10_000, what: 'the disabled item' },
      );
      expect(await refreshes()).toBe(1);
      await clickOverBus(desktop.busAddress, item.id, disabled.id);
      await until(
        async () => (await app.output()).includes('refresh clicked, though it cannot be used now'),
        {
          timeoutMs: 10_000,
          what: 'the refused click',
        },
      );
      expect(await refreshes()).toBe(1);
    });

    test('a push that changes nothing in the menu leaves it as it is', async () => {
      const page = await openWindow();
      const item = await tray.waitItem();
      const before = await item.menu();
      // The window gets the push, so the tray has seen it too.
      await send(page, { do: 'set-locale', locale: 'ko' });
      await page.getByText('ko', { exact: true }).waitFor();
      expect((await item.menu()).map(({ label }) => label)).toContain('종료');
      await send(page, { do: 'set-locale', locale: 'en' });
      await page.getByText('en', { exact: true }).waitFor();
      const english = await item.menu();
      expect(english.map(({ label }) => label)).toEqual(before.map(({ label }) => label));
      expect(english.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));
      await send(page, { do: 'set-locale', locale: 'en' });
      await send(page, { do: 'paste', mall: 'myshop', text: 'so that a push has passed' });
      expect(await item.menu()).toEqual(english);
    });
  });

  describe('the window', () => {
    test('shows the page with the snapshot, at the page that was asked for', async () => {
      const page = await openWindow();
      await (await tray.waitItem()).click('Diagnostics');
      await page.getByText('#diagnostics').waitFor();
      expect(page.url()).toBe('app://keeper/index.html#diagnostics');
    });

    test('comes to the page that is asked for from wherever its own links led, and is not loaded anew', async () => {
      const page = await openWindow();
      const item = await tray.waitItem();
      for (const left of ['#settings', '#setup']) {
        await item.click('Open status');
        await page.getByText('#status').waitFor();
        await page.evaluate((hash) => {
          location.hash = hash;
        }, left);
        await page.getByText(left, { exact: true }).waitFor();
      }
      await page.evaluate(() => Object.assign(window, { isOldDocument: true }));
      await item.click('Open status');
      await page.getByText('#status').waitFor();
      await item.click('Open status');
      await send(page, { do: 'set-locale', locale: 'en' });
      expect(await page.evaluate(() => 'isOldDocument' in window)).toBe(true);
    });

    test('has no Node and nothing of Electron but the bridge', async () => {
      const page = await openWindow();
      const found = await page.evaluate(() => ({
        node: ['require', 'process', 'Buffer', 'module', 'global', 'electron'].filter(
          (name) => name in window,
        ),
        bridge: Object.keys(window.keeper),
      }));
      expect(found).toEqual({ node: [], bridge: ['send', 'onSnapshot', 'onNotice'] });
    });

    test('keeps its content security policy', async () => {
      const page = await openWindow();
      const response = await page.reload();
      expect(response?.headers()).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      await page.getByText('myshop').waitFor();
      const seen = await page.evaluate(async () => {
        const refused = async (attempt: () => unknown) => {
          try {
            await attempt();
            return 'allowed';
          } catch {
            return 'refused';
          }
        };
        const image = (src: string) =>
          new Promise((resolve, reject) => {
            Object.assign(new Image(), { onload: resolve, onerror: reject, src });
          });
        return {
          inline: 'inlineRan' in window,
          style: getComputedStyle(document.querySelector('#mall') as Element).color,
          evaluated: await refused(() => setTimeout('window.evaluated = 1')).then(
            () => 'evaluated' in window,
          ),
          connection: await refused(() => fetch('app://keeper/page.css')),
          outside: await refused(() => image('https://example.test/pixel.png')),
          frame: await new Promise((resolve) => {
            const frame = document.createElement('iframe');
            document.addEventListener(
              'securitypolicyviolation',
              (event) => resolve(event.effectiveDirective),
              {
                once: true,
              },
            );
            frame.src = 'app://keeper/index.html';
            document.body.append(frame);
          }),
        };
      });
      expect(seen).toEqual({
        inline: false,
        style: 'rgb(1, 2, 3)',
        evaluated: false,
        connection: 'refused',
        outside: 'refused',
        frame: 'frame-src',
      });
    });

    test('gets no answer but a code for what is not an intent', async () => {
      const page = await openWindow();
      const before = await calls();
      const junk = [
        null,
        'reauthorize',
        42,
        [],
        {},
        { do: 'delete-everything' },
        { do: 'refresh' },
        { do: 'refresh', mall: '../../etc' },
        { do: 'refresh', mall: 'myshop', more: 1 },
        { do: 'paste', mall: 'myshop', text: 'x'.repeat(10_000) },
      ];
      for (const each of junk) {
        expect(await send(page, each), JSON.stringify(each)).toEqual({ code: 'internal.error', params: {} });
      }
      expect(await calls()).toEqual(before);
      expect((await app.output()).match(/refused a call: not an intent/g)).toHaveLength(junk.length);
    });

    test('learns nothing of a bug but its code, and the log does', async () => {
      const page = await openWindow();
      expect(await send(page, { do: 'test', mall: 'myshop' })).toEqual({
        code: 'internal.error',
        params: {},
      });
      expect(await app.output()).toContain('a call failed: Error: a bug that knows');
    });

    test('has the clipboard only through main', async () => {
      const page = await openWindow();
      await send(page, { do: 'copy-link', mall: 'myshop' });
      expect(await send(page, { do: 'paste-clipboard', mall: 'myshop' })).toMatchObject({
        params: { text: 'a link' },
      });
      await expect(page.evaluate(() => navigator.clipboard.readText())).rejects.toThrow();
    });

    test('may notify, each time that main agrees, and nothing else', async () => {
      const page = await openWindow();
      const answers = await page.evaluate(async () => {
        const states: Record<string, string> = {};
        for (const name of [
          'notifications',
          'geolocation',
          'camera',
          'microphone',
          'clipboard-read',
          'midi',
        ]) {
          states[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
        }
        const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
          () => 'granted',
          (error: DOMException) => error.name,
        );
        const place = await new Promise((resolve) => {
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            ({ code }) => resolve(code),
          );
        });
        return { states, camera, place, notification: await Notification.requestPermission() };
      });
      expect(answers.states).toEqual({
        notifications: 'granted',
        geolocation: 'denied',
        camera: 'denied',
        microphone: 'denied',
        'clipboard-read': 'denied',
        midi: 'denied',
      });
      expect(answers).toMatchObject({
        camera: expect.stringMatching(/^Not/),
        place: 1,
        notification: 'denied',
      });
    });

    test('cannot leave its page, open another, or download', async () => {
      const page = await openWindow();
      const address = page.url();
      await page.evaluate(() => {
        location.href = 'https://example.test/';
      });
      // Clicked by script: Playwright would wait for the navigation that must not come.
      await page.evaluate(() => document.querySelector<HTMLElement>('#away')?.click());
      expect(await page.evaluate(() => window.open('https://example.test/') === null)).toBe(true);
      await page.evaluate(() => document.querySelector<HTMLElement>('#download')?.click());
      const refusals = ['refused to navigate', 'refused to open a window', 'refused a download'];
      await until(
        async () => {
          const said = await app.output();
          return refusals.every((refusal) => said.includes(refusal));
        },
        { timeoutMs: 10_000, what: 'the refusals' },
      );
      expect(page.url()).toBe(address);
      expect(app.windows()).toHaveLength(1);
    });

    test('the system browser is not handed a file', async () => {
      const page = await openWindow();
      const before = await systemBrowser.opened();
      expect(await send(page, { do: 'open-again', mall: 'myshop' })).toMatchObject({
        code: 'internal.error',
      });
      expect(await systemBrowser.opened()).toEqual(before);
    });

    test('closed and soon opened again, it is the same process, and shows what changed meanwhile', async () => {
      const page = await openWindow();
      const before = await renderersOf(app.pid);
      await closeWindow();
      await (await tray.waitItem()).click('Settings');
      await page.getByText('#settings').waitFor();
      expect(await renderersOf(app.pid)).toEqual(before);
    });

    test('closed it hides, gives its process back after a while, and opens anew', async () => {
      const page = await openWindow();
      await closeWindow();
      await until(async () => !(await isOnScreen(desktop.env, TITLE)), {
        timeoutMs: 10_000,
        what: 'the hiding',
      });
      await until(async () => (await renderersOf(app.pid)).length === 0, {
        timeoutMs: 30_000,
        what: 'the end of the renderer',
      });
      expect(app.hasExited()).toBe(false);
      const again = await openWindow();
      expect(again).not.toBe(page);
      expect(JSON.parse(await readFile(path.join(app.dataFolder, 'settings.json'), 'utf8'))).toMatchObject({
        window: { width: 420, height: 680 },
      });
    });

    test('closed by its own page it is gone at once, and opens anew', async () => {
      const page = await openWindow();
      const before = await closings();
      await page.evaluate(() => window.close()).catch(() => {});
      await until(async () => (await closings()) === before + 1, { timeoutMs: 10_000, what: 'the closing' });
      expect(app.hasExited()).toBe(false);
      await openWindow();
    });

    test('whose process dies is built again, but not for ever', async () => {
      await openWindow();
      for (const isRebuilt of [true, true, true, false]) {
        const [pid] = await renderersOf(app.pid);
        process.kill(pid!, 'SIGKILL');
        await until(async () => !(await renderersOf(app.pid)).includes(pid!), {
          timeoutMs: 10_000,
          what: 'the death of the process',
        });
        if (isRebuilt) {
          await until(async () => (await renderersOf(app.pid)).length === 1, {
            timeoutMs: 10_000,
            what: 'another process',
          });
        }
      }
      await until(async () => (await app.output()).includes('the window keeps dying'), {
        timeoutMs: 10_000,
        what: 'the end of rebuilding',
      });
      await until(async () => (await renderersOf(app.pid)).length === 0, {
        timeoutMs: 10_000,
        what: 'no process any more',
      });
      await openWindow();
    });
  });

  test('a panel that is started again gets the icon again', async () => {
    await tray.stop();
    tray = await startTrayHost(desktop.busAddress);
    const item = await tray.waitItem();
    expect(await item.toolTip()).toContain('myshop');
    expect((await item.menu()).map(({ label }) => label)).toContain('Quit');
  });

  test('Quit waits for what runs, but not for ever', async () => {
    await (await tray.waitItem()).click('Quit');
    await until(() => app.hasExited(), { timeoutMs: 10_000, what: 'the end' });
    expect(await calls()).toContainEqual({ did: 'stop' });
    expect(await app.output()).toContain('quit without waiting any longer');
  });
});

/** What a panel sends when it does not care that an item is disabled. */
async function clickOverBus(address: string, item: string, entry: number): Promise<void> {
  const bus = await connectToBus(address);
  const destination = item.slice(0, item.indexOf('/'));
  const ask = {
    destination,
    path: item.slice(item.indexOf('/')),
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    body: ['org.kde.StatusNotifierItem', 'Menu'],
  };
  const menu = (await bus.call(new dbus.Message(ask)))?.body[0] as dbus.Variant<string>;
  await bus.call(
    new dbus.Message({
      destination,
      path: menu.value,
      interface: 'com.canonical.dbusmenu',
      member: 'Event',
      signature: 'isvu',
      body: [entry, 'clicked', new dbus.Variant('s', ''), 0],
    }),
  );
  bus.disconnect();
}

/** A click on the last button of the title bar, as a person closes a window. */
async function closeByMouse(env: Readonly<Record<string, string>>, title: string): Promise<void> {
  const found = await run('xwininfo', ['-name', title], { env, timeoutMs: 10_000 });
  const [x, y, width] = ['Absolute upper-left X', 'Absolute upper-left Y', 'Width'].map((name) =>
    Number(new RegExp(`${name}: +(\\d+)`).exec(found.stdout)?.[1]),
  );
  await run('xdotool', ['mousemove', String(x! + width! - 10), String(y! - 10), 'click', '1'], {
    env,
    timeoutMs: 10_000,
  });
}
