import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run, startProcess } from '../../../scripts/child-process.ts';
import { type Desktop, startDesktop } from '../../../scripts/desktop.ts';
import { findRuntime } from '../../../scripts/runtime.ts';
import { waitForName } from '../../../scripts/session-bus.ts';
import { findProgram } from '../../../scripts/system-packages.ts';

const KEYRING_TIMEOUT_MS = 15_000;
const keyringDaemon = findProgram('gnome-keyring-daemon');

let appFolder: string;
let executable: string;
beforeAll(async () => {
  appFolder = await mkdtemp(path.join(os.tmpdir(), 'settings-app-'));
  executable = (await findRuntime()).executable;
  const external = ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external },
    build: {
      ssr: path.join(import.meta.dirname, 'electron-fixture/main.ts'),
      outDir: path.join(appFolder, 'dist'),
      target: 'node20',
      rolldownOptions: {
        external,
        output: { format: 'es', entryFileNames: 'main.js', codeSplitting: false },
      },
    },
  });
  const manifest = { name: 'settings-app', version: '1.0.0', type: 'module', main: 'dist/main.js' };
  await writeFile(path.join(appFolder, 'package.json'), JSON.stringify(manifest));
});
afterAll(() => rm(appFolder, { recursive: true, force: true }));

let desktop: Desktop;
let dataFolder: string;
beforeEach(async () => {
  desktop = await startDesktop({ kind: 'bare' });
  dataFolder = path.join(desktop.folder, 'data');
  await mkdir(path.join(dataFolder, 'keys'), { recursive: true });
});
afterEach(() => desktop.stop());

/** One start of the app to its end; what it saw. */
async function start(args: readonly string[] = []) {
  const reportFile = path.join(desktop.folder, 'report.json');
  await rm(reportFile, { force: true });
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const profile = `--user-data-dir=${path.join(desktop.folder, 'profile')}`;
  const ended = await run(executable, [...sandbox, profile, ...args, appFolder], {
    env: { ...desktop.env, CAFE24_KEEPER_HOME: dataFolder, REPORT_FILE: reportFile },
    timeoutMs: 40_000,
  });
  const text = await readFile(reportFile, 'utf8').catch(() => {
    throw new Error(`the app reported nothing; it said:\n${ended.stderr}`);
  });
  return JSON.parse(text);
}

/** A keyring that is unlocked for as long as `use` takes; its files lie in the desktop's own home. */
async function withKeyring(use: () => Promise<void>) {
  const daemon = await startProcess(
    'gnome-keyring-daemon',
    ['--foreground', '--unlock', '--components=secrets'],
    { env: desktop.env, stdin: 'password-of-the-test' },
  );
  try {
    await waitForName(desktop.busAddress, 'org.freedesktop.secrets', KEYRING_TIMEOUT_MS);
    await use();
  } finally {
    await daemon.stop();
  }
}

const settingsFile = () => path.join(dataFolder, 'settings.json');
const settingsNow = async () => JSON.parse(await readFile(settingsFile(), 'utf8'));

describe('settings in real Electron', () => {
  it('are found again by the next start, in a file for its owner alone', async () => {
    expect(await start()).toMatchObject({ locale: null, problems: [], store: { kind: 'local' } });
    expect(await start()).toMatchObject({ locale: 'en', problems: [] });
    expect(await settingsNow()).toMatchObject({
      version: 1,
      locale: 'en',
      malls: [],
      store: { kind: 'local' },
    });
    expect((await stat(settingsFile())).mode & 0o777).toBe(0o600);
  });

  it('that are damaged are set aside, said so, and no store is guessed, now or at the next start', async () => {
    await writeFile(settingsFile(), '{"store":{"kind":"redis","ur');
    expect(await start()).toMatchObject({
      locale: null,
      store: { kind: 'unknown' },
      problems: [{ code: 'config.settings_corrupt', name: 'settings.json', layer: 'settings' }],
    });
    const aside = path.join(dataFolder, 'settings.json.damaged-1700000000000');
    expect(await readFile(aside, 'utf8')).toBe('{"store":{"kind":"redis","ur');
    expect(await start()).toMatchObject({ locale: 'en', problems: [], store: { kind: 'unknown' } });
  });

  it('keep what a newer version wrote', async () => {
    await writeFile(
      settingsFile(),
      JSON.stringify({ version: 2, malls: [{ mall: 'a', later: 1 }], later: 2 }),
    );
    await start();
    expect(await settingsNow()).toMatchObject({
      version: 2,
      locale: 'en',
      later: 2,
      malls: [{ mall: 'a', later: 1 }],
    });
  });
});

describe('the vault in real Electron', () => {
  it('keeps nothing on disk where there is no keyring', async () => {
    const nothing = {
      available: { ok: false, code: 'config.keyring_unavailable' },
      found: { ok: true, value: null },
    };
    expect(await start(['--password-store=basic'])).toMatchObject(nothing);
    expect(await start(['--password-store=basic'])).toMatchObject(nothing);
    expect(await readdir(path.join(dataFolder, 'keys'))).toEqual([]);
  });

  it.skipIf(!keyringDaemon)('seals under the OS keyring, and the next start opens it', async () => {
    await withKeyring(async () => {
      const args = ['--password-store=gnome-libsecret'];
      expect(await start(args)).toMatchObject({ available: { ok: true }, found: { ok: true, value: null } });
      expect(await start(args)).toMatchObject({
        available: { ok: true },
        found: { ok: true, value: 'canary-4711' },
      });
      const sealed = await readFile(path.join(dataFolder, 'keys/_secrets.json'), 'utf8');
      expect(sealed).toContain('"canary":');
      expect(sealed).not.toContain('4711');
    });
    expect(await start(['--password-store=basic'])).toMatchObject({
      found: { ok: false, code: 'config.keyring_unavailable' },
    });
  });
});
