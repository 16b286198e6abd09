import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { Shell } from 'electron';
import { isLoopbackHost } from '../../shared/loopback.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import type { Browser, Log } from '../ports.ts';

/**
 * The address as it may be handed to the system, or null. Only https, and http to this machine's own loopback, where
 * the redirect server is; whatever else the system has a program for (files, mail, other apps) is none of ours.
 */
export function openableAddressOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, username, password, href } = new URL(url);
  if (username !== '' || password !== '') return null;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname)) ? href : null;
}

/** Whether a program of this name lies on PATH and may be run. */
async function isOnPath(program: string, searchPath: string): Promise<boolean> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue;
    try {
      await access(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      // The next folder may have it.
    }
  }
  return false;
}

/**
 * The person's browser. `consent.no_browser` where it is certain that none came up; on Linux `openExternal` resolves
 * without waiting for `xdg-open`, so a missing one is looked for first.
 */
export function createBrowser(options: {
  readonly shell: Pick<Shell, 'openExternal'>;
  readonly platform: NodeJS.Platform;
  readonly searchPath: string;
  readonly log: Log;
}): Browser {
  const { shell, platform, searchPath, log } = options;
  return {
    async open(url): Promise<Result<void>> {
      const address = openableAddressOf(url);
      if (address === null) {
        // Without the address: it may carry a nonce.
        log.error('window', 'refused to open an address that is neither https nor our own loopback');
        return failed('internal.error', 'address refused');
      }
      if (platform === 'linux' && !(await isOnPath('xdg-open', searchPath))) {
        return failed('consent.no_browser', 'xdg-open is not installed');
      }
      try {
        await shell.openExternal(address);
        return done(undefined);
      } catch (error) {
        return failed('consent.no_browser', error instanceof Error ? error.message : String(error));
      }
    },
  };
}
