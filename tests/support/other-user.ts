import { lchown, readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/child-process.ts';

/** An account as the system knows it, to start programs as. */
export interface OtherUser {
  readonly uid: number;
  readonly gid: number;
}

/** Exists everywhere, and owns nothing. */
const NOBODY: OtherUser = { uid: 65534, gid: 65534 };

/** The command that runs another one as that user, with none of our privileges. */
export function asUser(
  { uid, gid }: OtherUser,
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  return [
    'setpriv',
    [
      '--reuid',
      String(uid),
      '--regid',
      String(gid),
      '--clear-groups',
      '--no-new-privs',
      '--',
      command,
      ...args,
    ],
  ];
}

/**
 * Who runs the app with Chromium's OS sandbox on: nobody in particular where the tests run as root, `self` where they
 * do not. Null where the kernel lets no ordinary user make a namespace, which the sandbox is built of.
 */
export async function sandboxedUser(): Promise<OtherUser | 'self' | null> {
  if (os.platform() !== 'linux') return null;
  const self = process.getuid?.() !== 0;
  const [command, args] = self
    ? (['unshare', ['--user', 'true']] as const)
    : asUser(NOBODY, 'unshare', ['--user', 'true']);
  const tried = await run(command, args, { timeoutMs: 10_000 }).catch(() => null);
  if (tried?.code !== 0) return null;
  return self ? 'self' : NOBODY;
}

/** Hands a folder with all it holds to a user; what a browser at work takes away meanwhile needs no owner. */
export async function giveTo({ uid, gid }: OtherUser, folder: string): Promise<void> {
  await lchown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(path.join(entry.parentPath, entry.name), uid, gid).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
