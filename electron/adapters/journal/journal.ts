/**
 * The journal: one sealed file per attempt, `journal/{mall}/{epoch ms}-{owner}.json`. What was written here before a
 * request and after its answer is what a crash cannot take.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMallId } from '../../../shared/mall-id.ts';
import { parseOwner } from '../../../shared/owner.ts';
import { done, failed, type Result } from '../../../shared/result.ts';
import type { Attempt, Journal, JournalReading, Log } from '../../ports.ts';
import {
  diskCodeOf,
  ensureFolder,
  isMissing,
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
    const ids = await idsIn(folderOf(mall));
    const standing = new Set(ids);
    const cache = knownOf(mall);
    for (const id of cache.keys()) if (!standing.has(id)) cache.delete(id);
    const attempts: Attempt[] = [];
    let locked = 0;
    let corrupt = 0;
    for (const id of ids) {
      const reading = await readOne(mall, id, cache);
      if (reading.kind === 'read') attempts.push(reading.attempt);
      if (reading.kind === 'locked') locked += 1;
      if (reading.kind === 'corrupt') corrupt += 1;
    }
    attempts.sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
    return { attempts, locked, corrupt };
  }

  async function readOne(mall: string, id: string, cache: Map<string, Known>): Promise<FileReading> {
    const file = fileOf(mall, id);
    try {
      const stamp = stampOf(await stat(file));
      const before = cache.get(id);
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
      return await guarded(async () => {
        await sweepLeftovers(folderOf(mall));
        return await readAll(mall);
      });
    },
    async write(attempt) {
      const { mall, id } = attempt;
      const file = fileOf(mall, id);
      const sealed = await sealing(mall).seal(PURPOSE, JSON.stringify(attempt));
      if (!sealed.ok) return sealed;
      return await guarded(async () => {
        await ensureFolder(path.dirname(file));
        // Whatever becomes of this write, the former content is no longer what is known to stand there.
        knownOf(mall).delete(id);
        const stamp = await writeDurably(file, sealed.value);
        knownOf(mall).set(id, { stamp, attempt });
      });
    },
    async remove(mall, id) {
      const file = fileOf(mall, id);
      return await guarded(async () => {
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

/** Ids of the attempts in a folder; a missing folder has none. */
async function idsIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length))
      .filter(isAttemptId);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return done(await work());
  } catch (error) {
    return failed(diskCodeOf(error));
  }
}
