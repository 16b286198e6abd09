import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, startProcess } from '../../scripts/child-process.ts';
import { beginConsent, decide } from '../e2e/support/consent.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { KOREAN } from '../e2e/support/labels.ts';
import { setUpWorld } from '../e2e/support/set-up-world.ts';
import { clickInTray, iconGone } from '../e2e/support/tray-menu.ts';
import { asUser, giveTo, sandboxedUser } from '../support/other-user.ts';
import { canPackageHere, type Packages, packagesForTests } from '../support/packaged-app.ts';

const NAME = 'cafe24-token-keeper';
const DESKTOP_ENTRY = `/usr/share/applications/${NAME}.desktop`;
const COMMAND = `/usr/bin/${NAME}`;
const APP_FOLDER = '/opt/Cafe24 Token Keeper';

const user = canPackageHere() ? await sandboxedUser() : null;
const operator = user !== 'self' && user !== null ? user : undefined;

/** Why the deb is not installed here, or null. A keeper that is in use is not touched. */
function obstacle(): string | null {
  if (!canPackageHere() || !existsSync('/usr/bin/dpkg')) return 'no Debian on x64';
  if (process.getuid?.() !== 0) return 'not root';
  if (operator === undefined) return 'no user namespaces for ordinary users here';
  return existsSync(APP_FOLDER) ? 'a keeper is installed already' : null;
}

const why = obstacle();

async function dpkg(...args: readonly string[]): Promise<void> {
  // Another dpkg may hold the lock for a while; no sync of every file, since nothing here must survive a power cut.
  await eventually(`dpkg ${args.join(' ')}`, async () => {
    const done = await run('dpkg', ['--force-unsafe-io', ...args], { timeoutMs: 120_000 });
    if (done.code !== 0 && !done.stderr.includes('lock')) throw new Error(done.stderr);
    return done.code === 0;
  });
}

async function installedVersion(): Promise<string> {
  const asked = await run('dpkg-query', ['-W', '-f', `\${db:Status-Status} \${Version}`, NAME], {
    timeoutMs: 20_000,
  });
  return asked.stdout;
}

describe.skipIf(why !== null)(`the deb${why === null ? '' : ` (skipped: ${why})`}`, () => {
  const world = setUpWorld(operator ? { operator } : {});
  let packages: Packages;
  let folder: string;
  let dataFolder: string;

  /** As a person does who picks it from the menu: by its desktop entry, as themselves, without any switch. */
  const startFromMenu = async () => {
    const { desktop, opener, shopEnv } = world();
    const [command, args] = asUser(operator ?? { uid: 0, gid: 0 }, 'gio', ['launch', DESKTOP_ENTRY]);
    // What it starts keeps its output, so that goes into a file nobody waits for.
    const launcher = await startProcess(command, args, {
      cwd: folder,
      logFile: path.join(folder, 'menu.log'),
      env: {
        ...desktop.env,
        PATH: `${opener.binFolder}:${desktop.env.PATH}`,
        ...shopEnv,
        KV_REDIS_URL: undefined,
        CAFE24_KEEPER_HOME: dataFolder,
      },
    });
    await launcher.exited;
    expect(launcher.child.exitCode, await readFile(path.join(folder, 'menu.log'), 'utf8')).toBe(0);
  };
  const tooltip = async (text: string) => {
    const item = await world().tray.waitItem();
    await eventually(`"${text}" in the tooltip`, async () => (await item.toolTip()).includes(text));
  };
  const quit = async () => {
    await clickInTray(world(), KOREAN.quit);
    await iconGone(world());
    await eventually('the end of its processes', async () => {
      const found = await run('pgrep', ['-f', `^${APP_FOLDER}/`], { timeoutMs: 10_000 });
      return found.code === 1;
    });
  };
  const log = () => readFile(path.join(dataFolder, 'logs/keeper.log'), 'utf8');
  const filesIn = async (name: string) =>
    (await readdir(path.join(dataFolder, name), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();

  beforeAll(async () => {
    packages = await packagesForTests();
    folder = await world().newFolder();
    if (operator) await giveTo(operator, folder);
    dataFolder = path.join(folder, 'data');
    await dpkg('--install', packages.olderDeb);
  });
  afterAll(async () => {
    await run('pkill', ['-KILL', '-f', `^${APP_FOLDER}/`], { timeoutMs: 10_000 });
    if (existsSync(APP_FOLDER)) await dpkg('--purge', NAME);
  });

  test('installs with its command, its place in the menu and its icons', async () => {
    expect(await installedVersion()).toBe(`installed ${packages.olderVersion}`);
    expect(existsSync(COMMAND)).toBe(true);
    const entry = await readFile(DESKTOP_ENTRY, 'utf8');
    expect(entry).toMatch(/^Exec="\/opt\/Cafe24 Token Keeper\/cafe24-token-keeper"( %U)?$/m);
    expect(entry).toMatch(/^StartupWMClass=cafe24-token-keeper$/m);
    expect(existsSync(`/usr/share/icons/hicolor/512x512/apps/${NAME}.png`)).toBe(true);
  });

  test('starts from the menu, and its operator connects a shop', async () => {
    await startFromMenu();
    const tab = await beginConsent(world());
    expect(await decide(tab, 'approve')).toBe('consent.connected');
    await tab.close();
    await tooltip(KOREAN.healthy);
    expect(await log()).toContain(`started ${packages.olderVersion} `);
    await quit();
  });

  test('is upgraded, and goes on with the settings, the journal and the store that were there', async () => {
    const before = {
      journal: await filesIn('journal'),
      store: await filesIn('store'),
      keys: await filesIn('keys'),
    };
    expect(before.journal.length).toBeGreaterThan(0);
    expect(before.store.length).toBeGreaterThan(0);
    const settings = JSON.parse(await readFile(path.join(dataFolder, 'settings.json'), 'utf8'));
    await dpkg('--install', packages.deb);
    expect(await installedVersion()).toBe(`installed ${packages.version}`);

    await startFromMenu();
    await tooltip(KOREAN.healthy);
    expect(await log()).toContain(`started ${packages.version} `);
    expect((await world().simulator.requests()).length).toBe(1);
    await quit();
    expect(await filesIn('journal')).toEqual(expect.arrayContaining(before.journal));
    expect(await filesIn('keys')).toEqual(before.keys);
    const { window: _window, ...kept } = JSON.parse(
      await readFile(path.join(dataFolder, 'settings.json'), 'utf8'),
    );
    const { window: _was, ...were } = settings;
    expect(kept).toEqual(were);
  });

  test('is removed without a trace but the data folder', async () => {
    await dpkg('--remove', NAME);
    for (const gone of [APP_FOLDER, COMMAND, DESKTOP_ENTRY]) expect(existsSync(gone), gone).toBe(false);
    expect((await filesIn('journal')).length).toBeGreaterThan(0);
    expect(existsSync(path.join(dataFolder, 'settings.json'))).toBe(true);
  });
});
