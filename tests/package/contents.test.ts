import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../scripts/child-process.ts';
import type { PackedLicence } from '../../shared/ipc.ts';
import { MARK } from '../support/guards/without-guard.ts';
import { canPackageHere, type Packages, packagesForTests } from '../support/packaged-app.ts';

/** As docs/decisions/009-fuses.md wants them; the V8 snapshot is none of ours. */
const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
} as const;

/** Unpacked; what Electron itself takes is most of it. */
const LARGEST_BYTES = 330e6;
/** A byte of the wire that says "on" (the package does not export its name as a value). */
const ON = '1'.charCodeAt(0);
/** Loaded by name where they are there, or brought by libgtk-3-0 itself. */
const NOT_ASKED_FOR = ['libgssapi_krb5.so.2', 'libgdk_pixbuf-2.0.so.0', 'libXcursor.so.1'];

async function fusesOf(executable: string): Promise<Record<string, boolean>> {
  const wire = (await getCurrentFuseWire(executable)) as unknown as Record<string, number>;
  return Object.fromEntries(
    Object.keys(FUSES).map((name) => [name, wire[FuseV1Options[name as keyof typeof FUSES]] === ON]),
  );
}

describe.skipIf(!canPackageHere())('what is packed', () => {
  let packages: Packages;
  let asar: string;
  let packed: readonly string[];
  const textOf = (file: string) => extractFile(asar, file).toString('utf8');

  beforeAll(async () => {
    packages = await packagesForTests();
    asar = path.join(packages.folder, 'resources/app.asar');
    packed = listPackage(asar, { isPack: false }).map((name) => name.slice(1));
  });

  test('has its fuses blown', async () => {
    expect(await fusesOf(packages.executable)).toEqual(FUSES);
  });

  test.skip('refuses a changed app.asar (integrity: Electron enforces it on Windows and macOS only)', () => {});

  test('runs neither as Node nor with foreign Node options, whatever the environment says', async () => {
    const asked = await run(packages.executable, ['-p', '"own" + "ed"'], {
      env: { PATH: process.env.PATH, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=/nowhere.js' },
      timeoutMs: 20_000,
    });
    expect(asked.stdout).not.toContain('owned');
    expect(asked.stderr).not.toContain('nowhere.js');
  });

  test('holds what runs and nothing else: no modules, no sources, no maps, no loader', () => {
    const files = packed.filter((name) => path.extname(name) !== '');
    expect(
      files.filter(
        (name) =>
          !/^(?:package\.json|dist\/(?:(?:main|preload|renderer|icons)\/|licences\.json$|relay\/index\.html$))/.test(
            name,
          ),
      ),
    ).toEqual([]);
    expect(files.filter((name) => /\.(?:map|ts|tsx)$|node_modules/.test(name))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['dist/main/main.js', 'dist/preload/preload.cjs']));
    const built = readdirSync('dist/main').filter((name) => name.endsWith('.js'));
    expect(
      files
        .filter((name) => name.startsWith('dist/main/'))
        .map((name) => path.basename(name))
        .sort(),
    ).toEqual(built.sort());
    expect(
      readdirSync(path.join(packages.folder, 'resources')).filter((name) => name !== 'apparmor-profile'),
    ).toEqual(['app.asar']);
    expect(readdirSync(path.join(packages.folder, 'locales')).sort()).toEqual(['en-US.pak', 'ko.pak']);
    expect(JSON.parse(textOf('package.json')).dependencies ?? {}).toEqual({});
  });

  test('holds the relay page that it hands out, as it is in the project', () => {
    expect(textOf('dist/relay/index.html')).toBe(readFileSync('relay/index.html', 'utf8'));
  });

  test('has no switch that takes a guard out', () => {
    const scripts = packed.filter((name) => /\.c?js$/.test(name));
    expect(scripts).toEqual(expect.arrayContaining(['dist/main/main.js', 'dist/preload/preload.cjs']));
    expect(scripts.filter((name) => new RegExp(`${MARK}|WITHOUT_GUARD`).test(textOf(name)))).toEqual([]);
  });

  test('tells the licences of all that was bundled, and each allows it', () => {
    const licences = JSON.parse(textOf('dist/licences.json')) as PackedLicence[];
    const names = licences.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['react', 'ioredis', 'undici', 'zod', 'electron-store', 'nodemailer']),
    );
    const maps = readdirSync('dist/main').filter((name) => name.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(1);
    const bundled = maps
      .map((name) => JSON.parse(readFileSync(path.join('dist/main', name), 'utf8')) as { sources: string[] })
      .flatMap(({ sources }) => sources)
      .flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
    expect([...new Set(bundled)].filter((name) => !names.includes(name))).toEqual([]);
    expect(
      licences.filter(({ licence }) => !/^(?:MIT|MIT-0|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD)$/.test(licence)),
    ).toEqual([]);
    expect(licences.filter(({ text }) => text.length < 200).map(({ name }) => name)).toEqual([]);
  });

  test('stays small', () => {
    const bytes = readdirSync(packages.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
    expect(bytes).toBeLessThan(LARGEST_BYTES);
    expect(statSync(asar).size).toBeLessThan(8e6);
  });

  test('is, for the tests of its inside, the same app but for the one fuse', async () => {
    expect(await fusesOf(packages.inspectable)).toEqual({ ...FUSES, EnableNodeCliInspectArguments: true });
    const inspectableFolder = path.dirname(packages.inspectable);
    expect(readFileSync(path.join(inspectableFolder, 'resources/app.asar')).equals(readFileSync(asar))).toBe(
      true,
    );
    const [shipped, opened] = [readFileSync(packages.executable), readFileSync(packages.inspectable)];
    expect(shipped.length).toBe(opened.length);
    let differing = 0;
    for (let at = 0; at < shipped.length; at += 1) if (shipped[at] !== opened[at]) differing += 1;
    expect(differing).toBe(1);
  });

  test('needs no library that the deb does not bring', async () => {
    const control = await run('dpkg-deb', ['--field', packages.deb, 'Depends'], { timeoutMs: 20_000 });
    const depends = control.stdout.split(/[,|]/).map((each) => each.trim().split(' ')[0]);
    const linked = await run('ldd', [packages.executable], { timeoutMs: 20_000 });
    // What is linked is named at the file's beginning; what the code loads by name, further down.
    const linkage = readFileSync(packages.executable).subarray(0, 8e6).toString('latin1');
    const isNamedIn = (name: string) => linkage.includes(`\0${name}\0`);
    const names = linked.stdout
      .split('\n')
      .flatMap((line) => /(\S+) => \/\S+/.exec(line)?.[1] ?? [])
      .filter((name) => isNamedIn(name) && !existsSync(path.join(packages.folder, name)));
    const listed = await run(
      'grep',
      ['-rE', '--include=*.list', '/lib[^/]+\\.so[^/]*$', '/var/lib/dpkg/info'],
      {
        timeoutMs: 60_000,
      },
    );
    const owners = listed.stdout.split('\n').map((line) => {
      const [list = '', file = ''] = line.split('.list:');
      return { owner: path.basename(list).split(':')[0] ?? '', name: path.basename(file) };
    });
    const unmet = names.filter(
      (name) => !owners.some((each) => each.name === name && depends.includes(each.owner)),
    );
    expect(unmet.filter((name) => !NOT_ASKED_FOR.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(20);
  });
});
