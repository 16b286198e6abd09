import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Environment, run } from './child-process.ts';
import { SetupError, say } from './messages.ts';
import { prepareStandIn, STAND_IN_VERSION, standInExists } from './runtime/stand-in.ts';

export interface Runtime {
  /** `pinned` is what users get; `stand-in` serves tests where that cannot be downloaded; `given` came by the environment. */
  readonly kind: 'pinned' | 'stand-in' | 'given';
  readonly version: string;
  readonly executable: string;
  /** Why this one, in a few words. */
  readonly why: string;
}

const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;
const REMEMBER_FAILURE_MS = 24 * 3_600_000;

const electronHome = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Where this project keeps what is slow to make: outside the work tree, shared by all checkouts. */
export function cacheRootOf(env: Environment = process.env): string {
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'cafe24-token-keeper');
}

/**
 * Finds the Electron to run: the pinned package, downloading its binary where that is possible, else the stand-in.
 * `ELECTRON_OVERRIDE_DIST_PATH`, Electron's own variable, wins over both. Its shared libraries must be installed.
 */
export async function findRuntime(): Promise<Runtime> {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) {
    return proven({
      kind: 'given',
      executable: path.join(given, 'electron'),
      why: 'named by ELECTRON_OVERRIDE_DIST_PATH',
    });
  }
  const cacheRoot = cacheRootOf();
  const executable = pinnedExecutable() ?? (await downloadPinned(cacheRoot));
  if (executable) return proven({ kind: 'pinned', executable, why: 'the pinned package, as users get it' });
  if (!standInExists(os.platform(), os.arch())) {
    throw new SetupError(
      `Electron ${pinnedVersion()} could not be downloaded, and there is no stand-in for ${os.platform()} ${os.arch()}.`,
    );
  }
  return proven({
    kind: 'stand-in',
    executable: await prepareStandIn(cacheRoot),
    why: `for tests in a closed network, never shipped; Electron ${pinnedVersion()} could not be downloaded`,
  });
}

/** One line for a log: which runtime, and why. */
export function describeRuntime({ kind, version, why }: Runtime): string {
  return `runtime: Electron ${version} (${kind}: ${why})`;
}

function pinnedVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(electronHome, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

/** The package's binary where it has been downloaded, by the two files its installer writes last. */
function pinnedExecutable(): string | undefined {
  try {
    const version = readFileSync(path.join(electronHome, 'dist', 'version'), 'utf8')
      .replace(/^v/, '')
      .trim();
    const inside = readFileSync(path.join(electronHome, 'path.txt'), 'utf8');
    return version === pinnedVersion() ? path.join(electronHome, 'dist', inside) : undefined;
  } catch {
    return undefined;
  }
}

/** Tries the package's own installer, which checks the binary against the package's checksums; once a day. */
async function downloadPinned(cacheRoot: string): Promise<string | undefined> {
  const note = path.join(cacheRoot, `electron-${pinnedVersion()}-unreachable.json`);
  if (await failedLately(note)) return undefined;
  say(`downloading Electron ${pinnedVersion()}`);
  const install = await run(process.execPath, [path.join(electronHome, 'install.js')], {
    env: { ...process.env, ELECTRON_GET_NO_PROGRESS: '1' },
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const executable = install.code === 0 ? pinnedExecutable() : undefined;
  if (executable) {
    await rm(note, { force: true });
    return executable;
  }
  const why = install.timedOut ? 'no end in time' : (install.stderr.trim().split('\n')[0] ?? 'unknown');
  say(`that did not work (${why}); it is tried again tomorrow, or after deleting ${note}`);
  await mkdir(cacheRoot, { recursive: true });
  await writeFile(note, `${JSON.stringify({ failedAt: Date.now() })}\n`);
  return undefined;
}

async function failedLately(note: string): Promise<boolean> {
  try {
    const { failedAt } = JSON.parse(await readFile(note, 'utf8')) as { readonly failedAt: number };
    const age = Date.now() - failedAt;
    return age >= 0 && age < REMEMBER_FAILURE_MS;
  } catch {
    return false;
  }
}

/** Starts the executable as plain Node: proves that its libraries are there, and asks it for its version. */
async function proven(found: Omit<Runtime, 'version'>): Promise<Runtime> {
  const asked = await run(found.executable, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: 60_000,
  }).catch((error: Error) => ({ code: null, stdout: '', stderr: error.message }));
  const version = asked.stdout.trim();
  if (asked.code !== 0 || version === '') {
    throw new SetupError(`${found.executable} does not start:\n${asked.stderr.slice(-2_000)}`);
  }
  if (found.kind === 'stand-in' && version !== STAND_IN_VERSION) {
    throw new SetupError(`${found.executable} says it is Electron ${version}, not ${STAND_IN_VERSION}.`);
  }
  return { ...found, version };
}
