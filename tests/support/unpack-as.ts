import { run } from '../../scripts/child-process.ts';
import { asUser, type OtherUser } from './other-user.ts';

/** Unpacks a tar.gz of the app into a folder, as a user (or whoever runs the tests) who owns that folder. */
export async function unpackAs(user: OtherUser | undefined, tarball: string, folder: string): Promise<void> {
  const untar = ['-xz', '--strip-components=1', '-C', folder];
  const [command, args] = user ? asUser(user, 'tar', untar) : ['tar', untar];
  // The folder of the checkout may be out of that user's sight: the shell opens the file before it gives up root.
  const unpacked = await run('sh', ['-c', 'exec "$@" < "$0"', tarball, command, ...args], {
    timeoutMs: 60_000,
  });
  if (unpacked.code !== 0) throw new Error(unpacked.stderr);
}
