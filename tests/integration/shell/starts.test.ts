import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run, startProcess } from '../../../scripts/child-process.ts';
import { type Desktop, startDesktop } from '../../../scripts/desktop.ts';
import { findRuntime } from '../../../scripts/runtime.ts';
import { type AppUnderTest, launchApp } from '../../support/app-under-test.ts';
import { until } from '../../support/poll.ts';
import { startTrayHost, type TrayHost } from '../../support/tray-host.ts';
import { buildFixtureApp } from './fixture/build-fixture.ts';
import { isOnScreen } from './support/on-screen.ts';

describe('how the shell starts', () => {
  let root: string;
  let appFolder: string;
  let executable: string;
  let folder: string;
  let desktop: Desktop;
  let tray: TrayHost | null;
  let app: AppUnderTest | null;

  beforeAll(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'shell-starts-'));
    appFolder = path.join(root, 'app');
    await buildFixtureApp(appFolder);
    executable = (await findRuntime()).executable;
    desktop = await startDesktop({ kind: 'bare' });
  });
  afterAll(async () => {
    await desktop?.stop();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(root, 'run-'));
    tray = null;
    app = null;
  });
  afterEach(async () => {
    await app?.stop();
    await tray?.stop();
  });

  const startPanel = async () => {
    tray = await startTrayHost(desktop.busAddress);
    return tray;
  };
  const launchWith = async (env: Readonly<Record<string, string>>, ...args: string[]) => {
    app = await launchApp({ desktop, appFolder, folder, env, args });
    return app;
  };
  const launch = (...args: string[]) => launchWith({}, ...args);
  const launchWithProgramAfter = (ms: number) => launchWith({ FIXTURE_LATE_MS: String(ms) });
  const shownMall = (page: Page) => page.evaluate(() => document.querySelector('#mall')?.textContent);
  const startedBefore = async () => {
    await mkdir(path.join(folder, 'data'), { recursive: true });
    const window = { width: 420, height: 680 };
    await writeFile(path.join(folder, 'data/settings.json'), JSON.stringify({ window }));
  };
  /** A page calls itself visible before its window is shown for the first time; the display knows better. */
  const visibleWindow = async (it: AppUnderTest) => {
    const page = await it.waitForWindow({
      where: (each) => each.evaluate(() => document.visibilityState === 'visible'),
    });
    const title = await page.title();
    await until(() => isOnScreen(desktop.env, title), {
      timeoutMs: 10_000,
      what: 'the window on the screen',
    });
    return page;
  };
  const startAgain = (...args: string[]) =>
    run(
      executable,
      [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${path.join(folder, 'profile')}`,
        ...args,
        appFolder,
      ],
      { env: { ...desktop.env, CAFE24_KEEPER_HOME: path.join(folder, 'data') }, timeoutMs: 20_000 },
    );

  test('the first time with its window, later in the tray alone', async () => {
    const panel = await startPanel();
    const first = await launch();
    await visibleWindow(first);
    await first.quit();
    expect(await first.output()).toContain('quitting');
    await until(async () => (await panel.items()).length === 0, {
      timeoutMs: 30_000,
      what: 'the end of the icon',
    });

    const second = await launch();
    await panel.waitItem();
    expect(second.windows()).toEqual([]);
  });

  test('the first time with its window before the program is there, which then answers it', async () => {
    const panel = await startPanel();
    const started = await launchWithProgramAfter(4_000);
    const page = await visibleWindow(started);
    const item = await panel.waitItem();
    expect(await item.toolTip()).toContain('Checking');
    expect(await shownMall(page)).toBe('');
    await until(async () => (await shownMall(page)) === 'myshop', { timeoutMs: 20_000, what: 'the answer' });
    expect(await item.toolTip()).toContain('myshop');
    expect(started.windows()).toEqual([page]);
  });

  test('and its early window does not keep it from quitting, however late the program is', async () => {
    await startPanel();
    const started = await launchWithProgramAfter(60_000);
    await visibleWindow(started);
    await tray?.waitItem();
    process.kill(started.pid, 'SIGTERM');
    await until(() => started.hasExited(), { timeoutMs: 9_000, what: 'the end' });
  });

  test('not at all where the program cannot: a box tells why, and with it the app ends', async () => {
    await startPanel();
    const started = await launchWith({ FIXTURE_FAILS: '1' }, '--hidden');
    const title = '^Cafe24 Token Keeper$';
    await until(() => isOnScreen(desktop.env, title), { timeoutMs: 20_000, what: 'the box' });
    expect(started.hasExited()).toBe(false);
    const keys = [
      'search',
      '--onlyvisible',
      '--name',
      title,
      'windowfocus',
      'key',
      '--clearmodifiers',
      'Return',
    ];
    await run('xdotool', keys, { env: desktop.env, timeoutMs: 10_000 });
    await until(() => started.hasExited(), { timeoutMs: 20_000, what: 'the end' });
    expect(await started.output()).toContain('the app could not start: Error\n');
    expect(await started.output()).not.toContain('secret-of-the-shop');
  });

  test('with its window where no panel is, and with an icon as soon as one comes', async () => {
    await startedBefore();
    const started = await launch();
    await visibleWindow(started);
    const panel = await startPanel();
    const item = await panel.waitItem();
    expect(await item.toolTip()).toContain('myshop');
    await item.click('Quit');
    await until(() => started.hasExited(), { timeoutMs: 10_000, what: 'the end' });
  });

  test('at login without a window, until a person starts it too', async () => {
    const panel = await startPanel();
    const hidden = await launch('--hidden');
    await panel.waitItem();
    expect(hidden.windows()).toEqual([]);

    expect(await startAgain('--hidden')).toMatchObject({ code: 0 });
    expect(hidden.windows()).toEqual([]);

    expect(await startAgain()).toMatchObject({ code: 0 });
    await visibleWindow(hidden);
    expect(hidden.windows()).toHaveLength(1);
  });

  test('at login where no panel ever comes, with its window after a while', async () => {
    const hidden = await launch('--hidden');
    await visibleWindow(hidden);
  });

  test("with Chromium's profile in a folder of its own inside the data folder", async () => {
    await startPanel();
    const data = path.join(folder, 'own-data');
    // Without --user-data-dir, so that the app decides.
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--hidden', appFolder];
    const env = { ...desktop.env, CAFE24_KEEPER_HOME: data };
    const started = await startProcess(executable, args, { env });
    await tray?.waitItem();
    expect((await readdir(data)).toSorted()).toEqual(['chromium']);
    expect(await readdir(path.join(data, 'chromium'))).toContain('SingletonLock');
    started.child.kill('SIGTERM');
    await started.exited;
    expect((await readdir(data)).toSorted()).toEqual(['calls.jsonl', 'chromium']);
  });
});
