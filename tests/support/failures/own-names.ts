/** A host whose names resolve, or do not, for the processes started on it: the machine's own are left alone. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export interface OwnNames {
  /** Starts a process on this host. */
  readonly launcher: { readonly execPath: string; readonly execArgv: readonly string[] };
  /** Running processes see it at once. */
  resolve(isPossible: boolean): void;
}

/** An ordinary user may mount in a user namespace of its own, where the system allows one. */
const OWN_MOUNTS = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/** Whether this process may give another one a view of `/etc` of its own. */
export const MAY_OWN_NAMES = mayOwnNames();

function mayOwnNames(): boolean {
  try {
    execFileSync('unshare', [...OWN_MOUNTS, 'mount', '--bind', '/etc/hosts', '/etc/hosts'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** @param folder where the host's `/etc/hosts` is kept */
export function createOwnNames(folder: string): OwnNames {
  const hosts = path.join(folder, 'hosts');
  const order = path.join(folder, 'nsswitch.conf');
  const resolve = (isPossible: boolean) => writeFileSync(hosts, isPossible ? '127.0.0.1 localhost\n' : '');
  // Nobody else is asked: neither a name server nor what knows "localhost" by itself.
  writeFileSync(order, 'hosts: files\n');
  resolve(true);
  const script =
    'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/nsswitch.conf && shift 2 && exec "$@"';
  return {
    launcher: {
      execPath: 'unshare',
      execArgv: [...OWN_MOUNTS, 'sh', '-c', script, 'sh', hosts, order, process.execPath],
    },
    resolve,
  };
}
