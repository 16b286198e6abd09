/** Builds what users download, as far as this machine can: `electron-builder.yml` says what, this says with what. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildIfStale } from '../build.ts';
import { run } from '../child-process.ts';
import { SetupError, say } from '../messages.ts';
import { describeRuntime, findRuntime, type Runtime } from '../runtime.ts';
import { ensureSystemPackages, findProgram } from '../system-packages.ts';
import { writeAppIcons } from './app-icons.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const BUILD_TIMEOUT_MS = 45 * 60_000;

export interface PackageOptions {
  /** Relative to the project. */
  readonly outDir: string;
  /** Other than package.json's: an older one for the test of upgrades. */
  readonly version?: string;
  /** Little or no compression: for tests. */
  readonly quick?: boolean;
  /** Other than all that this machine can build. */
  readonly targets?: readonly string[];
}

interface Plan {
  /** electron-builder's names. */
  readonly targets: readonly string[];
  readonly settings: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Why not everything, if so. */
  readonly missing: string | null;
}

/**
 * What can be built with a runtime. With the pinned one, which was downloaded, electron-builder may fetch its tools,
 * and everything configured for this platform is built. Otherwise Linux has the folder, tar.gz and deb by programs of
 * the system, and other platforms the folder.
 */
export function planFor(
  platform: NodeJS.Platform,
  runtime: Pick<Runtime, 'kind'>,
): Omit<Plan, 'env' | 'settings'> {
  if (runtime.kind === 'pinned') return { targets: [], missing: null };
  if (platform === 'linux') {
    return { targets: ['dir', 'tar.gz', 'deb'], missing: 'AppImage needs tools that are downloaded' };
  }
  return { targets: ['dir'], missing: 'installers need tools that are downloaded' };
}

/** Builds and returns the folder that holds the packages. */
export async function buildPackages(options: PackageOptions): Promise<string> {
  const { quick = false, version, outDir } = options;
  await ensureSystemPackages(['electron']);
  const runtime = await findRuntime();
  await buildIfStale();
  writeAppIcons(path.join(PROJECT, 'assets'), path.join(PROJECT, 'dist/package'));
  const plan = planFor(os.platform(), runtime);
  const targets = options.targets ?? plan.targets;
  say(describeRuntime(runtime));
  const own = runtime.kind === 'pinned' ? { settings: [], env: {} } : await withLocalParts(runtime);
  const built = await run(
    process.execPath,
    [
      path.join(PROJECT, 'node_modules/electron-builder/cli.js'),
      `--${platformName()}`,
      ...targets,
      '--publish=never',
      `-c.directories.output=${outDir}`,
      `-c.extraMetadata.homepage=${homepage()}`,
      ...(version ? [`-c.extraMetadata.version=${version}`] : []),
      ...own.settings,
    ],
    {
      cwd: PROJECT,
      env: {
        ...process.env,
        ...own.env,
        ...(quick ? { ELECTRON_BUILDER_COMPRESSION_LEVEL: '1', DEB_COMPRESSION: 'none' } : {}),
      },
      timeoutMs: BUILD_TIMEOUT_MS,
    },
  );
  if (built.code !== 0) {
    throw new SetupError(
      `electron-builder failed:\n${built.stdout.slice(-4_000)}\n${built.stderr.slice(-4_000)}`,
    );
  }
  if (plan.missing && !options.targets) say(`not built here: ${plan.missing}`);
  return path.join(PROJECT, outDir);
}

/** The runtime at hand in place of a download, and programs of the system in place of electron-builder's tools. */
async function withLocalParts(runtime: Runtime): Promise<Pick<Plan, 'settings' | 'env'>> {
  const settings = [
    `-c.electronDist=${path.dirname(runtime.executable)}`,
    `-c.electronVersion=${runtime.version}`,
  ];
  if (os.platform() !== 'linux') return { settings, env: {} };
  await ensureSystemPackages(['packaging']);
  const sevenZip = findProgram('7za');
  return {
    settings,
    env: {
      // 7-Zip's best gzip takes minutes for a few percent.
      ELECTRON_BUILDER_COMPRESSION_LEVEL: '5',
      CUSTOM_FPM_PATH: path.join(import.meta.dirname, 'deb-by-dpkg.mjs'),
      ...(sevenZip ? { ELECTRON_BUILDER_7ZIP_PATH: sevenZip } : {}),
    },
  };
}

/** Packages name where they come from: on GitHub the repository that builds them. */
function homepage(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  return server && repository ? `${server}/${repository}` : 'https://cafe24-token-keeper.invalid/';
}

function platformName(): string {
  switch (os.platform()) {
    case 'darwin':
      return 'mac';
    case 'win32':
      return 'win';
    default:
      return 'linux';
  }
}

/** One line for each package and unpacked folder, with its size. */
export async function sizesIn(folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.endsWith('unpacked') && entry.name !== 'mac-universal') continue;
    if (entry.isFile() && !/\.(?:deb|AppImage|exe|dmg|zip|gz)$/.test(entry.name)) continue;
    const bytes = entry.isDirectory() ? await sizeOfFolder(full) : (await stat(full)).size;
    lines.push(`${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${entry.name}`);
  }
  return lines;
}

async function sizeOfFolder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

export async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
