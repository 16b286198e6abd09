/** What lies beside the program in its package, for people to have. */
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { PackedLicence } from '../../shared/ipc.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import { type CopyFolder, placeRelayCopy } from '../core/relay-copy.ts';
import type { Log } from '../ports.ts';
import { errnoOf } from './durable-file.ts';

export interface PackedFiles {
  /** Of all packages whose code is part of the app (`scripts/packed-licences.ts`). */
  licences(): Promise<readonly PackedLicence[]>;
  /** Lays a copy of the relay page among the person's downloads and shows it; returns its path. */
  saveRelayPage(): Promise<Result<string>>;
}

/** Throws what the file system throws where the package lacks one of them: it was not built by us then. */
export function packedFilesIn(options: {
  readonly distFolder: string;
  /** The desktop's folder for downloads, which need not be there yet. May throw where there is none. */
  readonly downloads: () => string;
  /** Shows a file in the desktop's file manager, if there is one. */
  readonly show: (file: string) => void;
  readonly log: Log;
}): PackedFiles {
  const { distFolder, downloads, show, log } = options;
  return {
    licences: async () => JSON.parse(await readFile(path.join(distFolder, 'licences.json'), 'utf8')),
    async saveRelayPage() {
      const page = await readFile(path.join(distFolder, 'relay', 'index.html'));
      try {
        const folder = downloads();
        await mkdir(folder, { recursive: true });
        const name = await placeRelayCopy(copyFolderAt(folder, page));
        if (name === null) return failed('relay.not_saved');
        const file = path.join(folder, name);
        show(file);
        return done(file);
      } catch (error) {
        log.warn('app', `the relay page could not be saved: ${errnoOf(error) ?? String(error)}`);
        return failed('relay.not_saved');
      }
    },
  };
}

function copyFolderAt(folder: string, page: Buffer): CopyFolder {
  return {
    async create(name) {
      const file = path.join(folder, name);
      try {
        const handle = await open(file, 'wx');
        try {
          await handle.writeFile(page);
        } catch (error) {
          // Half a page is none, and it would be taken for somebody else's the next time.
          await rm(file, { force: true }).catch(() => {});
          throw error;
        } finally {
          await handle.close();
        }
        return true;
      } catch (error) {
        if (errnoOf(error) === 'EEXIST') return false;
        throw error;
      }
    },
    async holds(name) {
      const file = path.join(folder, name);
      try {
        // Looked at first: what is no file, or a large one, is not to be read.
        const found = await stat(file);
        return found.isFile() && found.size === page.length && page.equals(await readFile(file));
      } catch {
        return false;
      }
    },
  };
}
