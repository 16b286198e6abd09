/** What lies beside the program in its package, for people to have. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackedLicence } from '../../shared/ipc.ts';

export interface PackedFiles {
  /** Of all packages whose code is part of the app (`scripts/packed-licences.ts`). */
  licences(): Promise<readonly PackedLicence[]>;
}

/** @throws what the file system throws: a package that lacks one of them was not built by us */
export function packedFilesIn(distFolder: string): PackedFiles {
  return {
    licences: async () => JSON.parse(await readFile(path.join(distFolder, 'licences.json'), 'utf8')),
  };
}
