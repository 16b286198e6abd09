/** Who this process is, for leases, intents and file names. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Identity } from '../ports.ts';
import { errnoOf, isMissing, setAsideCorrupt, writeDurably } from './durable-file.ts';
import { withLock } from './folder-lock.ts';
import { hostSlugOf } from './host-slug.ts';
import { isProcessAlive } from './process-alive.ts';

const FILE = 'install-id';
const INSTALL = /^[0-9a-f]{16}$/;

/**
 * Reads the install's id from the data folder, and makes one where there is none; processes that start at once end
 * with the same. A folder that keeps nothing is not written to: without an id there, this process gets one for itself.
 */
export async function readIdentity(dataFolder: string, keeps = true): Promise<Identity> {
  const install = await installOf(dataFolder, keeps);
  const host = hostSlugOf();
  const { pid } = process;
  return { install, host, pid, owner: `${install}-${host}-${pid}`, isAlive: isProcessAlive };
}

async function installOf(dataFolder: string, keeps: boolean): Promise<string> {
  const file = path.join(dataFolder, FILE);
  try {
    const found = await readId(file);
    if (found !== null) return found;
    return keeps ? await withLock(`${file}.lock`, () => makeId(file)) : newId();
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return newId();
  }
}

async function makeId(file: string): Promise<string> {
  const made = await readId(file);
  if (made !== null) return made;
  await setAsideCorrupt(file).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  const id = newId();
  await writeDurably(file, `${id}\n`);
  return id;
}

/** Null when there is none, or the file holds something else. */
async function readId(file: string): Promise<string | null> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return INSTALL.test(text) ? text : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function newId(): string {
  return randomBytes(8).toString('hex');
}
