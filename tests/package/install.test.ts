import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../scripts/child-process.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { setUpWorld } from '../e2e/support/set-up-world.ts';
import { giveTo, sandboxedUser } from '../support/other-user.ts';
import { canPackageHere, type Packages, packagesForTests } from '../support/packaged-app.ts';
import { unpackAs } from '../support/unpack-as.ts';
import { dataFolderOf, endAllOf, filesIn, type Installation, tellUpgrade } from './upgrade-story.ts';

const NAME = 'cafe24-token-keeper';
const DESKTOP_ENTRY = `/usr/share/applications/${NAME}.desktop`;
const COMMAND = `/usr/bin/${NAME}`;
const APP_FOLDER = '/opt/Cafe24 Token Keeper';
/** Is there while the deb on this machine is one that this test installed. */
const OURS = path.resolve('out/packages/.installed-by-test');

const user = canPackageHere() ? await sandboxedUser() : null;
const operator = user !== 'self' && user !== null ? user : undefined;

/** Why the deb is not installed here, or null. A keeper that is in use is not touched. */
function obstacle(): string | null {
  if (!canPackageHere() || !existsSync('/usr/bin/dpkg')) return 'no Debian on x64';
  if (process.getuid?.() !== 0) return 'not root';
  if (operator === undefined) return 'no user namespaces for ordinary users here';
  return existsSync(APP_FOLDER) && !existsSync(OURS) ? 'a keeper is installed already' : null;
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

/** What dpkg knows of it; empty for a package that it does not know. */
async function knownToDpkg(): Promise<string> {
  const asked = await run('dpkg-query', ['-W', '-f', `\${db:Status-Status} \${Version}`, NAME], {
    timeoutMs: 20_000,
  });
  return asked.stdout;
}

/** Nothing of it is left, not even what a removal that was cut off leaves in dpkg's records. */
async function purge(): Promise<void> {
  if ((await knownToDpkg()) !== '') await dpkg('--purge', NAME);
  await rm(OURS, { force: true });
}

describe.skipIf(why !== null)(`the deb${why === null ? '' : ` (skipped: ${why})`}`, () => {
  const world = setUpWorld(operator ? { operator } : {});
  let packages: Packages;
  let folder: string;
  const installation: Installation = {
    world,
    packages: () => packages,
    operator,
    appFolder: () => APP_FOLDER,
    folder: () => folder,
    // As a person does who picks it from the menu.
    command: () => ['gio', 'launch', DESKTOP_ENTRY],
    upgrade: async () => {
      await dpkg('--install', packages.deb);
      expect(await knownToDpkg()).toBe(`installed ${packages.version}`);
    },
  };

  beforeAll(async () => {
    packages = await packagesForTests();
    folder = await world().newFolder();
    if (operator) await giveTo(operator, folder);
    await purge();
    await writeFile(OURS, '');
    await dpkg('--install', packages.olderDeb);
  });
  afterAll(async () => {
    await endAllOf(installation);
    await purge();
    expect(await knownToDpkg()).toBe('');
  });

  test('installs with its command, its place in the menu and its icons', async () => {
    expect(await knownToDpkg()).toBe(`installed ${packages.olderVersion}`);
    expect(existsSync(COMMAND)).toBe(true);
    const entry = await readFile(DESKTOP_ENTRY, 'utf8');
    expect(entry).toMatch(/^Exec="\/opt\/Cafe24 Token Keeper\/cafe24-token-keeper"( %U)?$/m);
    expect(entry).toMatch(/^StartupWMClass=cafe24-token-keeper$/m);
    expect(existsSync(`/usr/share/icons/hicolor/512x512/apps/${NAME}.png`)).toBe(true);
  });

  tellUpgrade(installation);

  test('is removed without a trace but the data folder', async () => {
    await dpkg('--remove', NAME);
    for (const gone of [APP_FOLDER, COMMAND, DESKTOP_ENTRY]) expect(existsSync(gone), gone).toBe(false);
    const kept = dataFolderOf(installation);
    expect((await filesIn(path.join(kept, 'journal'))).length).toBeGreaterThan(0);
    expect((await filesIn(path.join(kept, 'history'))).length).toBeGreaterThan(0);
    expect(existsSync(path.join(kept, 'settings.json'))).toBe(true);
  });
});

const noSandbox = user === null ? ' (skipped: no user namespaces for ordinary users here)' : '';

describe.skipIf(user === null)(`the tar.gz${noSandbox}`, () => {
  const world = setUpWorld(operator ? { operator } : {});
  let packages: Packages;
  let folder: string;
  const appFolder = () => path.join(folder, NAME);

  /** A folder in place of what was there, as its users do. */
  const unpack = async (tarball: string) => {
    await rm(appFolder(), { recursive: true, force: true });
    await mkdir(appFolder());
    if (operator) await giveTo(operator, appFolder());
    await unpackAs(operator, tarball, appFolder());
  };
  const installation: Installation = {
    world,
    packages: () => packages,
    operator,
    appFolder,
    folder: () => folder,
    command: () => [path.join(appFolder(), NAME)],
    upgrade: () => unpack(packages.tarball),
  };

  beforeAll(async () => {
    packages = await packagesForTests();
    folder = await world().newFolder();
    if (operator) await giveTo(operator, folder);
    await unpack(packages.olderTarball);
  });
  afterAll(() => endAllOf(installation));

  tellUpgrade(installation);

  test('is removed with its folder, and the data folder stays', async () => {
    await rm(appFolder(), { recursive: true });
    const kept = dataFolderOf(installation);
    expect((await filesIn(path.join(kept, 'journal'))).length).toBeGreaterThan(0);
    expect((await filesIn(path.join(kept, 'history'))).length).toBeGreaterThan(0);
    expect(existsSync(path.join(kept, 'settings.json'))).toBe(true);
  });
});
