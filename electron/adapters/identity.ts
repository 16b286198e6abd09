/** Who this process is, for leases, intents and file names. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
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
  // Threads share a process id and no memory: a thread is to the others what another host is.
  const host = isMainThread ? hostSlugOf() : `${hostSlugOf()}-thread-${threadId}`;
  const { pid } = process;
  const owner = `${install}-${host}-${pid}`;
  return { install, host, pid, owner, atWork: attemptsAtWork(), isAlive: isProcessAlive };
}

/** One for the process, whatever number of copies of this module a program's bundles brought along. */
function attemptsAtWork(): Set<string> {
  const key = Symbol.for('cafe24-token-keeper.attempts-at-work');
  const shared = globalThis as { [key]?: Set<string> };
  shared[key] ??= new Set();
  return shared[key];
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
