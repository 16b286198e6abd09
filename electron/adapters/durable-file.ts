/** Files that are either the old or the new one, whole and on disk, whenever the process or the host dies. */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Code } from '../../shared/codes.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import { isProcessAlive } from './process-alive.ts';

export interface WriteOptions {
  /** Default 0600: what the data folder holds is its owner's alone. */
  readonly mode?: number;
  /** Asked right before the new file takes the old one's place; false leaves the old one and throws `Superseded`. */
  readonly mayReplace?: () => Promise<boolean>;
}

/** A write that came too late: whoever may write this file changed while it was prepared. */
export class Superseded extends Error {}

/**
 * Replaces `file` by `data`: temporary file in the same folder, fsync, rename, fsync of the folder. Resolved means
 * durable; rejected means that it is not (the old file stands, or the rename was not seen to reach the disk). Throws
 * what the file system throws (see `diskCodeOf`).
 *
 * @returns the new file's stamp
 */
export async function writeDurably(file: string, data: string, options: WriteOptions = {}): Promise<string> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, temporaryNameOf(path.basename(file)));
  let stamp: string;
  try {
    const handle = await open(temporary, 'wx', options.mode ?? 0o600);
    try {
      await handle.writeFile(data);
      await handle.sync();
      stamp = stampOf(await handle.stat());
    } finally {
      await handle.close();
    }
    if (options.mayReplace && !(await options.mayReplace())) throw new Superseded(path.basename(file));
    await renamePatiently(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
  return stamp;
}

/** Tells one content of a file from the next: every durable write is a new file with a number of its own. */
export function stampOf({ ino, mtimeMs, size }: Stats): string {
  return `${ino}:${mtimeMs}:${size}`;
}

/** Creates a folder (0700) with what is missing above it, durably. */
export async function ensureFolder(folder: string): Promise<void> {
  const created = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (created !== undefined) await syncFolder(path.dirname(created));
}

/** Makes a file's removal or its new name outlive a power loss. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file for good; one that is gone already is fine. */
export async function removeDurably(file: string): Promise<void> {
  try {
    await rm(file);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Moves a damaged file to the first free of `FILE.corrupt`, `FILE.2.corrupt`, ... and returns its new name. */
export async function setAsideCorrupt(file: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const aside = count === 1 ? `${file}.corrupt` : `${file}.${count}.corrupt`;
    if (await exists(aside)) continue;
    await renamePatiently(file, aside);
    await syncFolder(path.dirname(file));
    return path.basename(aside);
  }
}

// ---------------------------------------------------------------- Windows

/** Virus scanners and indexers hold new files for a moment: how long a rename is tried again (docs/keeper.md, 24). */
const RENAME_PATIENCE_MS = 2000;
const RENAME_PAUSE_MS = 20;
const HELD_BY_ANOTHER = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Renames; on Windows it is tried again for 2 s while another program holds one of the two files. */
export async function renamePatiently(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  move: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  const endAt = performance.now() + RENAME_PATIENCE_MS;
  for (;;) {
    try {
      return await move(from, to);
    } catch (error) {
      const isHeld = platform === 'win32' && HELD_BY_ANOTHER.has(errnoOf(error) ?? '');
      if (!isHeld || performance.now() >= endAt) throw error;
      await pause(RENAME_PAUSE_MS);
    }
  }
}

// ---------------------------------------------------------------- leftovers

const TEMPORARY = /^\..+\.(\d+)-[0-9a-f]{12}\.tmp$/;
/** A write takes milliseconds. A dead writer's file may go after a minute, one whose writer cannot be asked after a day. */
const LEFTOVER_MS = 60_000;
const FORGOTTEN_MS = 24 * 60 * 60_000;

export function temporaryNameOf(name: string): string {
  return `.${name}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
}

/** The name of a file that is being written, or was when its writer died. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes what writers that were killed before their rename left in a folder. Never fails: it is housekeeping. */
export async function sweepLeftovers(folder: string, now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined) continue;
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (!found) continue;
    const ageMs = now - found.mtimeMs;
    if (ageMs > FORGOTTEN_MS || (ageMs > LEFTOVER_MS && !isProcessAlive(Number(pid)))) {
      await rm(file, { force: true, recursive: true }).catch(() => {});
    }
  }
}

// ---------------------------------------------------------------- errors

/**
 * The code of a file system's refusal: `disk.full` (ENOSPC, EDQUOT), else `disk.readonly` (EROFS, EACCES, EPERM, EIO,
 * ...: the place takes nothing, whyever). An error that no file system throws is a bug, and is thrown on.
 */
export function diskCodeOf(error: unknown): Extract<Code, `disk.${string}`> {
  const errno = errnoOf(error);
  if (errno === null) throw error;
  return errno === 'ENOSPC' || errno === 'EDQUOT' ? 'disk.full' : 'disk.readonly';
}

/** `ENOENT` and its like; null for an error that did not come from the system. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return 'syscall' in error || 'errno' in error ? error.code : null;
}

export function isMissing(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT';
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

/** What the work on files comes to, with the code of what the file system threw. */
export async function diskResult<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return done(await work());
  } catch (error) {
    return failed(diskCodeOf(error));
  }
}
