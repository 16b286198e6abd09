import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../scripts/child-process.ts';
import { findRuntime } from '../../scripts/runtime.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { openWindow, shows, visibleWindow } from './support/app-window.ts';
import { KOREAN } from './support/labels.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { iconGone } from './support/tray-menu.ts';
import { MALL } from './support/world.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');

/** Every file below a folder, as one text; what Chromium keeps for itself is not the app's. */
async function contentOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

describe('tokens that somebody put into the configuration', () => {
  const world = setUpWorld();
  let folder: string;
  let app: AppUnderTest;

  /** Where each of them stands, and a value that is found again wherever it would turn up. */
  const TOKENS = {
    environment: ['CAFE24_ACCESS_TOKEN', 'value-of-the-environment-1'],
    'environment, any name': ['CAFE24_OLD_TOKEN_2', 'value-of-the-environment-2'],
    'data folder': ['CAFE24_REFRESH_TOKEN', 'value-of-the-data-folder'],
    'working folder': ['CAFE24_MYSHOP_REFRESH_TOKEN', 'value-of-the-working-folder'],
  } as const;
  const values = Object.values(TOKENS).map(([, value]) => value);
  const names = Object.values(TOKENS).map(([name]) => name);
  const lineOf = ([name, value]: readonly [string, string]) => `${name}=${value}\n`;

  beforeAll(async () => {
    folder = await world().newFolder();
    await mkdir(path.join(folder, 'data'), { mode: 0o700 });
    await mkdir(path.join(folder, 'cwd'));
    await writeFile(path.join(folder, 'data/.env'), lineOf(TOKENS['data folder']), { mode: 0o600 });
    await writeFile(path.join(folder, 'cwd/.env'), lineOf(TOKENS['working folder']));
    const { simulator, store } = world();
    await store.put(documentedJson(await simulator.issue(MALL)));
    app = await world().launch({
      folder,
      env: Object.fromEntries([TOKENS.environment, TOKENS['environment, any name']]),
    });
  });

  test('do not stop the app, and are each named in the window as config.token_in_env', async () => {
    const window = await openWindow(world(), app);
    await shows(window, 'notice', 'data-code', 'config.token_in_env');
    await shows(window, 'state', 'data-state', 'HEALTHY');
    const notices = await window
      .locator('[data-testid="notice"][data-code="config.token_in_env"]')
      .allTextContents();
    expect(notices).toHaveLength(names.length);
    for (const name of names) expect(notices.join('\n')).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('are not read: their values are in no window, log, file, key or request', async () => {
    const { simulator, store } = world();
    const window = await visibleWindow(app);
    // Whatever is kept of them would be in use by now.
    await window.locator('[data-do="test"]').click();
    await shows(window, 'last-action', 'data-code', 'test.ok');
    const { '.env': _ours, ...kept } = Object.fromEntries(
      await Promise.all(
        (await readdir(app.dataFolder, { withFileTypes: true })).map(async (entry) => {
          const place = path.join(app.dataFolder, entry.name);
          return [
            entry.name,
            entry.isDirectory() ? await contentOf(place) : await readFile(place, 'latin1'),
          ] as const;
        }),
      ),
    );
    expect(Object.keys(kept)).toEqual(expect.arrayContaining(['logs', 'journal']));
    const everywhere = [
      await window.content(),
      await app.output(),
      JSON.stringify(kept),
      await store.dump(),
      JSON.stringify(await simulator.requests()),
      await (await world().tray.waitItem()).toolTip(),
    ].join('\n');
    expect(values.filter((value) => everywhere.includes(value))).toEqual([]);
    // The same search finds what is there.
    expect(everywhere).toContain('CAFE24_REFRESH_TOKEN');
  });
});

describe('an app that knows no shop', () => {
  const world = setUpWorld();
  const SHOP = ['CAFE24_MALL_ID', 'CAFE24_CLIENT_ID', 'CAFE24_CLIENT_SECRET', 'CAFE24_REDIRECT_URI'] as const;
  const without = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));
  let folder: string;
  let app: AppUnderTest;

  beforeAll(async () => {
    folder = await world().newFolder();
    app = await world().launch({ folder, env: without(SHOP) });
  });

  test('begins the set-up by itself, and nothing that cannot work can be clicked', async () => {
    const window = await visibleWindow(app);
    await shows(window, 'setup', 'data-step', 'shop');
    const item = await world().tray.waitItem();
    expect(await item.toolTip()).toContain(KOREAN.notConfigured);
    const enabled = (await item.menu()).filter((entry) => entry.enabled).map(({ label }) => label);
    expect(enabled).not.toContain(KOREAN.reauthorize);
    expect(enabled).not.toContain(KOREAN.refresh);
    expect(enabled).toEqual(expect.arrayContaining([KOREAN.open, KOREAN.settings, KOREAN.quit]));
  });

  test('knows it after the .env file was filled in and the app started anew', async () => {
    const { shopEnv } = world();
    const lines = SHOP.map((name) => `${name}=${shopEnv[name]}\n`);
    await writeFile(path.join(app.dataFolder, '.env'), lines.join(''), { mode: 0o600 });
    await app.quit();
    await iconGone(world());
    app = await world().launch({ folder, env: without(SHOP) });
    const window = await openWindow(world(), app);
    await shows(window, 'alert', 'data-code', 'never_connected');
    expect(await window.locator('[data-do="reauthorize"]').isEnabled()).toBe(true);
  });
});

describe('a second start', () => {
  const world = setUpWorld();

  test('ends at once, and the first one shows its window', async () => {
    const app = await world().launch({ args: ['--hidden'] });
    await world().tray.waitItem();
    expect(app.windows()).toEqual([]);

    const { executable } = await findRuntime();
    const second = await run(
      executable,
      [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${path.join(app.folder, 'profile')}`,
        PROJECT,
      ],
      {
        cwd: path.join(app.folder, 'cwd'),
        env: { ...world().desktop.env, ...world().shopEnv, CAFE24_KEEPER_HOME: app.dataFolder },
        timeoutMs: 30_000,
      },
    );
    expect(second).toMatchObject({ code: 0, timedOut: false });
    await shows(await visibleWindow(app), 'alert', 'data-code', 'never_connected');
    expect(app.windows()).toHaveLength(1);
    expect(await world().tray.items()).toHaveLength(1);
  });
});
