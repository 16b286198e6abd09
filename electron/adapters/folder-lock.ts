/**
 * Mutual exclusion between processes on one file. The lock is a folder that holds one file named after its owner,
 * `{host}-{pid}-{random}`, and it is taken by renaming a prepared folder into place: that works only where no folder
 * stands, or an empty one. So a lock never exists without saying whose it is, and whoever removes a dead owner's lock
 * names that owner, and cannot remove the lock of somebody who was quicker.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { failed, type Result } from '../../shared/result.ts';
import type { Log } from '../ports.ts';
import { errnoOf, isMissing, Superseded, temporaryNameOf } from './durable-file.ts';
import { hostSlugOf } from './host-slug.ts';
import { isProcessAlive } from './process-alive.ts';

/** A lock is held for milliseconds: one that stood this long without change belongs to nobody who still works. */
export const LOCK_BOUND_MS = 10_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

export interface HeldLock {
  /** Whether the lock still is ours: a process that was stopped for long may find it taken over. */
  isHeld(): Promise<boolean>;
}

export interface LockOptions {
  readonly isAlive?: (pid: number) => boolean;
  readonly boundMs?: number;
}

/** Does `work` while holding the lock `folder`, and gives it up afterwards. Throws what the file system throws. */
export async function withLock<T>(
  folder: string,
  work: (lock: HeldLock) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const owner = `${hostSlugOf()}-${process.pid}-${randomBytes(6).toString('hex')}`;
  await take(folder, owner, options);
  try {
    return await work({ isHeld: async () => (await ownersOf(folder)).includes(owner) });
  } finally {
    // The work is done whatever becomes of its lock: one that cannot be removed is taken over in time.
    await removeOwner(folder, owner).catch(() => {});
  }
}

/** A process that was stopped in the middle finds its lock taken over, and begins again; twice in a row is strange. */
const MOST_BEGINNINGS = 3;

/** As `withLock`, for a change that is written with `mayReplace: lock.isHeld`: one that came too late begins again. */
export async function changeUnderLock<T>(
  folder: string,
  change: (lock: HeldLock) => Promise<Result<T>>,
  options: LockOptions & { readonly log: Log; readonly mall: string },
): Promise<Result<T>> {
  for (let beginning = 1; ; beginning += 1) {
    try {
      return await withLock(folder, change, options);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      options.log.warn('store', 'the lock was taken over while this process stood still', options.mall);
      if (beginning === MOST_BEGINNINGS) return failed('store.unreachable', 'lock');
    }
  }
}

async function take(folder: string, owner: string, options: LockOptions): Promise<void> {
  const { isAlive = isProcessAlive, boundMs = LOCK_BOUND_MS } = options;
  const prepared = path.join(path.dirname(folder), temporaryNameOf(path.basename(folder)));
  await mkdir(prepared, { mode: 0o700 });
  try {
    await writeFile(path.join(prepared, owner), '', { mode: 0o600, flag: 'wx' });
    let seen = { owner: '', sinceMs: performance.now() };
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (await renamed(prepared, folder)) return;
      const [standing = ''] = await ownersOf(folder);
      if (standing !== seen.owner) seen = { owner: standing, sinceMs: performance.now() };
      const isStale = performance.now() - seen.sinceMs > boundMs || isDead(standing, isAlive);
      if (standing !== '' && isStale) await removeOwner(folder, standing);
      // Windows does not rename over an empty folder, which is what a process killed while giving up leaves.
      else if (standing === '') await rmdir(folder).catch(() => {});
      // Jitter, so that many who wait do not come back in step.
      await pause(pauseMs * (0.5 + Math.random()));
    }
  } catch (error) {
    await rm(prepared, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);
/** What Windows says where a folder stands already, or where somebody looks into it at this moment. */
const TAKEN_ON_WINDOWS = new Set([...TAKEN, 'EPERM', 'EACCES', 'EBUSY']);

async function renamed(prepared: string, folder: string): Promise<boolean> {
  try {
    await rename(prepared, folder);
    return true;
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    const taken = process.platform === 'win32' ? TAKEN_ON_WINDOWS : TAKEN;
    if (!taken.has(errno)) throw error;
    // A plain file under this name is nobody's lock and would stand in the way for ever.
    if (errno === 'ENOTDIR' && (await isFile(folder))) await rm(folder, { force: true });
    return false;
  }
}

/** A killed process of this host; of another host's (a shared folder) nothing is known but the time. */
function isDead(owner: string, isAlive: (pid: number) => boolean): boolean {
  const [, host, pid] = /^(.+)-(\d+)-[0-9a-f]{12}$/.exec(owner) ?? [];
  return host === hostSlugOf() && pid !== undefined && !isAlive(Number(pid));
}

async function removeOwner(folder: string, owner: string): Promise<void> {
  await unlink(path.join(folder, owner)).catch(ignoreMissing);
  // Not empty, or gone: somebody was quicker, and holds it now.
  await rmdir(folder).catch(() => {});
}

async function ownersOf(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if (isMissing(error) || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  });
}

async function isFile(name: string): Promise<boolean> {
  return await stat(name).then(
    (found) => found.isFile(),
    () => false,
  );
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
