/** Folders of a test's own, and places on disk that misbehave. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keeper-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder with its content, by path from there. */
export async function contentsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file), await readFile(file, 'utf8')] as const;
    }),
  );
  return new Map(contents.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether this process may mount: needed for a disk that is really full. */
export const MAY_MOUNT = mayMount();

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A file system of `size` (`64k`) on the folder, until the test is over. */
export function mountSmallDisk(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
}

/**
 * Runs `work` while the folder takes nothing. Permissions do not bind root: as root, it runs under an unprivileged
 * user's rights, who may read and list what `work` needs.
 */
export async function whileReadOnly<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const modes = entries.map(
    (entry) => [path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o555 : 0o444] as const,
  );
  for (const [name, mode] of [...modes, [folder, 0o555] as const]) await chmod(name, mode);
  if (isRoot) process.seteuid?.(UNPRIVILEGED);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const [name, mode] of [[folder, 0o555] as const, ...modes])
      await chmod(name, mode === 0o555 ? 0o700 : 0o600);
  }
}

/** `nobody` on the systems these tests run on. */
const UNPRIVILEGED = 65_534;
