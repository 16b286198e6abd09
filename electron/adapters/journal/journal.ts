/**
 * The journal: one sealed file per attempt, `journal/{mall}/{epoch ms}-{owner}.json`. What was written here before a
 * request and after its answer is what a crash cannot take.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMallId } from '../../../shared/mall-id.ts';
import { parseOwner } from '../../../shared/owner.ts';
import type { Attempt, Journal, JournalReading, Log } from '../../ports.ts';
import {
  diskCodeOf,
  diskResult,
  ensureFolder,
  isMissing,
  isTemporary,
  removeDurably,
  setAsideCorrupt,
  stampOf,
  sweepLeftovers,
  writeDurably,
} from '../durable-file.ts';
import type { Sealing } from '../sealing/sealing.ts';
import { parseAttempt } from './parse-attempt.ts';

export interface JournalOptions {
  /** `journal` in the data folder. */
  readonly folder: string;
  readonly sealing: (mall: string) => Sealing;
  readonly log: Log;
}

const PURPOSE = 'journal';
const EXTENSION = '.json';

/** An attempt that was opened before, and the file as it was then. */
interface Known {
  readonly stamp: string;
  readonly attempt: Attempt;
}

type FileReading =
  | { readonly kind: 'read'; readonly attempt: Attempt }
  | { readonly kind: 'locked' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'gone' };

export function createJournal({ folder, sealing, log }: JournalOptions): Journal {
  /** By mall, then by id: no more than what is in the folders. */
  const known = new Map<string, Map<string, Known>>();

  function folderOf(mall: string): string {
    if (!isMallId(mall)) throw new Error('not a mall id');
    return path.join(folder, mall);
  }

  function fileOf(mall: string, id: string): string {
    if (!isAttemptId(id)) throw new Error(`not the id of an attempt: ${id}`);
    return path.join(folderOf(mall), id + EXTENSION);
  }

  function knownOf(mall: string): Map<string, Known> {
    const found = known.get(mall) ?? new Map<string, Known>();
    known.set(mall, found);
    return found;
  }

  async function readAll(mall: string): Promise<JournalReading> {
    const names = await namesIn(folderOf(mall));
    if (names.some(isTemporary)) await sweepLeftovers(folderOf(mall));
    const ids = names.flatMap(idOf);
    const standing = new Set(ids);
    const cache = knownOf(mall);
    for (const id of cache.keys()) if (!standing.has(id)) cache.delete(id);
    const attempts: Attempt[] = [];
    let locked = 0;
    let corrupt = 0;
    // All at once: one after the other, asking for a file's stamp costs mostly the wait for its turn.
    for (const reading of await Promise.all(ids.map((id) => readOne(mall, id, cache)))) {
      if (reading.kind === 'read') attempts.push(reading.attempt);
      if (reading.kind === 'locked') locked += 1;
      if (reading.kind === 'corrupt') corrupt += 1;
    }
    attempts.sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
    return { attempts, locked, corrupt };
  }

  async function readOne(mall: string, id: string, cache: Map<string, Known>): Promise<FileReading> {
    const before = cache.get(id);
    // Of a wiped attempt only hashes are left, and nothing changes them any more.
    if (before?.attempt.wiped) return { kind: 'read', attempt: before.attempt };
    const file = fileOf(mall, id);
    try {
      const stamp = stampOf(await stat(file));
      if (before?.stamp === stamp) return { kind: 'read', attempt: before.attempt };
      const opening = await sealing(mall).open(PURPOSE, await readFile(file, 'utf8'));
      if (opening.kind === 'locked') return opening;
      const attempt = opening.kind === 'opened' ? parseAttempt(opening.data) : null;
      if (attempt?.id === id && attempt.mall === mall) {
        cache.set(id, { stamp, attempt });
        return { kind: 'read', attempt };
      }
      return await setAside(mall, id);
    } catch (error) {
      // Removed, or set aside, by another process since the folder was listed.
      if (isMissing(error)) return { kind: 'gone' };
      // One file that cannot be read now (another user's, a bad sector) must not hide the others.
      log.warn('journal', `a file cannot be read: ${diskCodeOf(error)}`, id);
      return { kind: 'locked' };
    }
  }

  async function setAside(mall: string, id: string): Promise<FileReading> {
    try {
      log.error('journal', `damaged, set aside as ${await setAsideCorrupt(fileOf(mall, id))}`, id);
    } catch (error) {
      if (isMissing(error)) return { kind: 'gone' };
      log.error('journal', `damaged, and cannot be set aside: ${diskCodeOf(error)}`, id);
    }
    return { kind: 'corrupt' };
  }

  return {
    async read(mall) {
      return await diskResult(() => readAll(mall));
    },
    async write(attempt) {
      const { mall, id } = attempt;
      const file = fileOf(mall, id);
      const sealed = await sealing(mall).seal(PURPOSE, JSON.stringify(attempt));
      if (!sealed.ok) return sealed;
      return await diskResult(async () => {
        await ensureFolder(path.dirname(file));
        // Whatever becomes of this write, the former content is no longer what is known to stand there.
        knownOf(mall).delete(id);
        const stamp = await writeDurably(file, sealed.value);
        knownOf(mall).set(id, { stamp, attempt });
      });
    },
    async remove(mall, id) {
      const file = fileOf(mall, id);
      return await diskResult(async () => {
        knownOf(mall).delete(id);
        await removeDurably(file);
      });
    },
  };
}

function isAttemptId(id: string): boolean {
  const [, owner] = /^\d{1,16}-(.+)$/.exec(id) ?? [];
  return owner !== undefined && parseOwner(owner) !== null;
}

function idOf(name: string): readonly string[] {
  const id = name.endsWith(EXTENSION) ? name.slice(0, -EXTENSION.length) : '';
  return isAttemptId(id) ? [id] : [];
}

/** What lies in a folder; a missing one is empty. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
