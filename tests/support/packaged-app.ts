import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { hashOf, SOURCES } from '../../scripts/build.ts';
import { say } from '../../scripts/messages.ts';
import { buildPackages } from '../../scripts/package/build-packages.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const OUT = 'out/packages';
const EXECUTABLE = 'cafe24-token-keeper';
const OLDER_VERSION = '0.0.1';

/** What a test may ask of the packages; all of one build, made when the sources changed. */
export interface Packages {
  /** The unpacked app as it is shipped. */
  readonly folder: string;
  readonly executable: string;
  /** The same, byte for byte, but for one fuse: `--inspect` reaches its main process. */
  readonly inspectable: string;
  readonly deb: string;
  readonly tarball: string;
  /** The same app as an older version. */
  readonly olderDeb: string;
  readonly olderTarball: string;
  readonly version: string;
  readonly olderVersion: string;
}

/** Packages are built for this machine's tests on Linux x64; elsewhere CI runs `npm run package` itself. */
export function canPackageHere(): boolean {
  return os.platform() === 'linux' && os.arch() === 'x64';
}

const out = path.join(PROJECT, OUT);

/** Builds the packages unless they were made of exactly these sources. Vitest's globalSetup calls it, once a run. */
export async function packageIfStale(): Promise<void> {
  const stamp = path.join(out, '.sources');
  const sources = await hashOf(PROJECT, [
    ...SOURCES,
    'electron-builder.yml',
    'scripts/package',
    'scripts/runtime',
    'tests/support/packaged-app.ts',
  ]);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === sources) return;
  say('packaging for tests');
  await rm(out, { recursive: true, force: true });
  const older = await buildPackages({
    outDir: `${OUT}/older`,
    version: OLDER_VERSION,
    quick: true,
    targets: ['deb', 'tar.gz'],
  });
  await rm(path.join(older, 'linux-unpacked'), { recursive: true, force: true });
  await buildPackages({ outDir: OUT, quick: true, targets: ['dir', 'deb', 'tar.gz'] });
  await openForInspection(path.join(out, 'linux-unpacked'), path.join(out, 'inspectable'));
  await writeFile(stamp, sources);
}

/** The packages that were built for this run. */
export async function packagesForTests(): Promise<Packages> {
  const version = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8')).version as string;
  const fileIn = async (folder: string, ending: string) => {
    const found = (await readdir(folder)).find((name) => name.endsWith(ending));
    if (!found) throw new Error(`no ${ending} in ${folder}`);
    return path.join(folder, found);
  };
  return {
    folder: path.join(out, 'linux-unpacked'),
    executable: path.join(out, 'linux-unpacked', EXECUTABLE),
    inspectable: path.join(out, 'inspectable', EXECUTABLE),
    deb: await fileIn(out, '.deb'),
    olderDeb: await fileIn(path.join(out, 'older'), '.deb'),
    tarball: await fileIn(out, '.tar.gz'),
    olderTarball: await fileIn(path.join(out, 'older'), '.tar.gz'),
    version,
    olderVersion: OLDER_VERSION,
  };
}

async function openForInspection(from: string, to: string): Promise<void> {
  const making = `${to}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(path.dirname(making), { recursive: true });
  await cp(from, making, { recursive: true, verbatimSymlinks: true });
  const executable = path.join(making, EXECUTABLE);
  await chmod(executable, 0o755);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await rename(making, to);
}
