/** Finds and opens the data folder, and finds out whether it can keep anything (docs/guarantees.md, row 48). */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Code } from '../../shared/codes.ts';
import { layerOf } from '../../shared/configuration-layers.ts';
import { type Environment, readEnvFile, type Surroundings } from './environment.ts';

const FOLDER_NAME = 'cafe24-token-keeper';
const SUB_FOLDERS = ['keys', 'store', 'journal', 'history', 'logs'] as const;

export interface DataFolder {
  readonly folder: string;
  /** False: treat as `--ephemeral`. Reads, warnings and records go on; no refresh token may be redeemed. */
  readonly keeps: boolean;
  /** Why it keeps nothing: `config.other_os_user`, `config.newer_format`, `disk.full`, `disk.readonly`; null when it keeps. */
  readonly why: Code | null;
}

/**
 * Where the data folder is: `asked` (the command line's `--data-dir`), else `CAFE24_KEEPER_HOME` of the environment or
 * of the working folder's `.env`, else the platform's place. Relative paths start at the working folder. Synchronous,
 * because Electron must know it before it is ready.
 */
export function locateDataFolder(surroundings: Surroundings, asked: string | null = null): string {
  const { env, cwd, packaged } = surroundings;
  if (asked) return path.resolve(cwd, asked);
  const inFile = packaged ? [] : readEnvFile('working-folder-env', cwd).layers;
  const named = [layerOf('environment', env), ...inFile]
    .map(({ values }) => values.CAFE24_KEEPER_HOME)
    .find((value) => value !== undefined);
  return named === undefined ? dataFolderOf(env, process.platform, homedir()) : path.resolve(cwd, named);
}

/** The data folder by environment and platform alone (README.md, "Connect a real shop"). */
export function dataFolderOf(env: Environment, platform: NodeJS.Platform, home: string): string {
  const named = env.CAFE24_KEEPER_HOME?.trim();
  if (named) return path.resolve(named);
  switch (platform) {
    case 'win32':
      return path.win32.join(env.APPDATA || path.win32.join(home, 'AppData', 'Roaming'), FOLDER_NAME);
    case 'darwin':
      return path.posix.join(home, 'Library', 'Application Support', FOLDER_NAME);
    default: {
      // The XDG specification: a relative path is invalid and is to be ignored.
      const config = env.XDG_CONFIG_HOME;
      const base = config && path.posix.isAbsolute(config) ? config : path.posix.join(home, '.config');
      return path.posix.join(base, FOLDER_NAME);
    }
  }
}

/**
 * Creates the folder and its sub folders (0700) where they are missing, and proves that each takes a file to disk.
 * A folder of another OS user is left as it is: files made there would lock its owner out; so is one that a later
 * version wrote. What an older version wrote is migrated first.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    for (const each of [folder, ...SUB_FOLDERS.map((name) => path.join(folder, name))]) {
      await mkdir(each, { recursive: true, mode: 0o700 });
      if (await belongsToAnother(each)) return { folder, keeps: false, why: 'config.other_os_user' };
      await probe(each);
    }
    // Not before the tray's icon is shown: a parser comes with it.
    const { migrateFolder } = await import('./migrate-folder.ts');
    const { kind } = await migrateFolder(folder, Date.now());
    if (kind === 'later') return { folder, keeps: false, why: 'config.newer_format' };
    return { folder, keeps: true, why: null };
  } catch (error) {
    return { folder, keeps: false, why: whyNot(error) };
  }
}

/** Windows has no owner ids; there the profile's access list stands between users, and the probe fails. */
async function belongsToAnother(folder: string): Promise<boolean> {
  const own = process.getuid?.();
  return own !== undefined && (await stat(folder)).uid !== own;
}

async function probe(folder: string): Promise<void> {
  const file = path.join(folder, `.probe-${randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile('keeps');
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    await rm(file, { force: true });
  }
}

function whyNot(error: unknown): Code {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'disk.full' : 'disk.readonly';
}
