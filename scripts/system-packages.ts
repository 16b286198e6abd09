import { accessSync, constants, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type RunResult, run } from './child-process.ts';
import { SetupError, say } from './messages.ts';

export type Purpose =
  | 'electron'
  | 'display'
  | 'bus'
  | 'panel'
  | 'browser'
  | 'redis'
  | 'fonts'
  | 'input'
  | 'screenshots'
  | 'certificates'
  | 'host-clock'
  | 'packaging'
  | 'installing';

interface Package {
  readonly name: string;
  /** What later releases call the same package. */
  readonly alsoNamed?: string;
  /** One of these programs on PATH does as well, wherever it came from. */
  readonly programs?: readonly string[];
}

/** Debian's names, by what they are for. Nothing is asked for that the given purposes do not need. */
const PACKAGES: Readonly<Record<Purpose, readonly Package[]>> = {
  electron: [
    { name: 'libgtk-3-0', alsoNamed: 'libgtk-3-0t64' },
    { name: 'libnss3' },
    { name: 'libgbm1' },
    { name: 'libasound2', alsoNamed: 'libasound2t64' },
    // Loaded at run time, and silently done without: no notification, no keyring.
    { name: 'libnotify4' },
    { name: 'libsecret-1-0' },
    { name: 'xdg-utils', programs: ['xdg-open'] },
  ],
  display: [{ name: 'xvfb', programs: ['Xvfb'] }],
  bus: [{ name: 'dbus', programs: ['dbus-daemon'] }],
  panel: [
    { name: 'openbox', programs: ['openbox'] },
    { name: 'xfce4-panel', programs: ['xfce4-panel'] },
    { name: 'dunst', programs: ['dunst'] },
    { name: 'x11-utils', programs: ['xprop'] },
    { name: 'x11-xserver-utils', programs: ['xsetroot'] },
  ],
  browser: [{ name: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'] }],
  redis: [{ name: 'redis-server', programs: ['redis-server'] }],
  // The window is Korean first; without these fonts a screenshot shows boxes.
  fonts: [{ name: 'fonts-noto-cjk' }],
  input: [
    { name: 'xdotool', programs: ['xdotool'] },
    { name: 'x11-utils', programs: ['xprop'] },
  ],
  screenshots: [{ name: 'scrot', programs: ['scrot'] }],
  certificates: [{ name: 'openssl', programs: ['openssl'] }],
  // A process whose host's clock is set, without touching the machine's.
  'host-clock': [{ name: 'libfaketime' }],
  packaging: [{ name: 'p7zip-full', programs: ['7za'] }],
  // Starts what is in the menu, as the menu does.
  installing: [
    { name: 'libglib2.0-bin', programs: ['gio'] },
    { name: 'procps', programs: ['pgrep'] },
  ],
};

const APT_TIMEOUT_MS = 15 * 60_000;

/** Where a program lies on PATH, or undefined. */
export function findProgram(name: string, searchPath = process.env.PATH ?? ''): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes sure that what the purposes need is installed. As root on Debian it installs; otherwise it names the exact
 * command in a SetupError. Systems without dpkg are only told what is needed, as their names differ.
 */
export async function ensureSystemPackages(purposes: readonly Purpose[]): Promise<void> {
  if (os.platform() !== 'linux') return;
  const wanted = purposes.flatMap((purpose) => PACKAGES[purpose]);
  if (!existsSync('/usr/bin/dpkg-query')) {
    const absent = wanted.filter(({ programs }) => programs && !programs.some((name) => findProgram(name)));
    if (absent.length > 0) {
      say(
        `needed, by Debian's names, from your system's packages: ${absent.map(({ name }) => name).join(' ')}`,
      );
    }
    return;
  }
  const missing = await missingOf(wanted);
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `System packages are missing. Install them, then run this again:\n\n  sudo apt-get ${install.join(' ')}\n`,
    );
  }
  say(`installing system packages: ${missing.join(' ')}`);
  const first = await installWithApt(install);
  if (first.code === 0) return;
  say('apt-get failed once, trying again');
  const second = await installWithApt(install);
  if (second.code === 0) return;
  throw new SetupError(
    `apt-get could not install ${missing.join(' ')}:\n${second.stdout.slice(-2_000)}\n${second.stderr.slice(-2_000)}`,
  );
}

async function missingOf(wanted: readonly Package[]): Promise<readonly string[]> {
  const names = wanted.flatMap(({ name, alsoNamed }) => (alsoNamed ? [name, alsoNamed] : [name]));
  const query = await run(
    '/usr/bin/dpkg-query',
    ['-W', '-f', `\${Package} \${db:Status-Status}\\n`, ...new Set(names)],
    { timeoutMs: 30_000 },
  );
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.slice(0, line.indexOf(' '))),
  );
  const isThere = ({ name, alsoNamed, programs = [] }: Package) =>
    installed.has(name) ||
    (alsoNamed !== undefined && installed.has(alsoNamed)) ||
    programs.some((program) => findProgram(program));
  return [...new Set(wanted.filter((entry) => !isThere(entry)).map(({ name }) => name))];
}

/** Lists first: a fresh machine has none, and an old list names versions that are gone. */
async function installWithApt(install: readonly string[]): Promise<RunResult> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt-get (unattended upgrades) may hold the lock for a while.
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  const update = await run('apt-get', [...lock, 'update'], { env, timeoutMs: APT_TIMEOUT_MS });
  if (update.code !== 0) return update;
  return run('apt-get', [...lock, ...install], { env, timeoutMs: APT_TIMEOUT_MS });
}
