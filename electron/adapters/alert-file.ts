/**
 * This machine's own ledger of warnings: one file per mall, shared by app and command line. It decides while the store
 * is out of reach, and holds for the store what was sent meanwhile (docs/keeper.md, 18). No secret is in it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMallId } from '../../shared/mall-id.ts';
import { done, type Failure, failed, type Result } from '../../shared/result.ts';
import type { AlertLedger, Clock, Identity, Log } from '../ports.ts';
import { type AlertBook, EMPTY_BOOK, formatBook, parseBook } from './alert-book.ts';
import { createBookLedger } from './book-ledger.ts';
import {
  diskCodeOf,
  ensureFolder,
  isMissing,
  setAsideCorrupt,
  sweepLeftovers,
  writeDurably,
} from './durable-file.ts';
import { changeUnderLock, type HeldLock } from './folder-lock.ts';

export interface AlertFileOptions {
  /** `history` in the data folder. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'storeOffsetMs'>;
  readonly identity: Pick<Identity, 'isAlive'>;
  readonly log: Log;
}

/**
 * Nothing is opened before the first call, and nothing stays open. Times are the host's (the simulator's, where one is
 * named). Every change is durable when it resolves; where the disk takes nothing it fails with `disk.full` or
 * `disk.readonly`.
 */
export function createAlertFile({ folder, clock, identity, log }: AlertFileOptions): AlertLedger {
  let isSwept = false;

  const now = () => Math.round(Date.now() + clock.storeOffsetMs());

  function fileOf(mall: string): string {
    if (!isMallId(mall)) throw new Error('not a mall id');
    return path.join(folder, `${mall}.alerts.json`);
  }

  async function change(
    mall: string,
    act: (book: AlertBook, at: number) => AlertBook | null,
  ): Promise<Result<boolean>> {
    const file = fileOf(mall);
    const changeFile = async (lock: HeldLock) => {
      const next = act(await bookUnderLock(file, mall), now());
      if (!next) return done(false);
      await writeDurably(file, `${JSON.stringify(formatBook(next))}\n`, { mayReplace: lock.isHeld });
      return done(true);
    };
    return await guarded(async () => {
      await ensureFolder(folder);
      if (!isSwept) await sweepLeftovers(folder);
      isSwept = true;
      const lock = path.join(folder, `${mall}.alerts.lock`);
      return await changeUnderLock(lock, changeFile, { isAlive: identity.isAlive, log, mall });
    });
  }

  async function bookUnderLock(file: string, mall: string): Promise<AlertBook> {
    const book = await readBook(file);
    if (book) return book;
    log.error('store', `the ledger was damaged and set aside as ${await setAsideCorrupt(file)}`, mall);
    return EMPTY_BOOK;
  }

  return createBookLedger({
    // A file is replaced whole: reading needs no lock. A damaged one says nothing, and is set aside by the next change.
    read: (mall) => guarded(async () => done((await readBook(fileOf(mall))) ?? EMPTY_BOOK)),
    change,
    now,
  });
}

/** Null for a file that holds no ledger; an absent one is an empty ledger. */
async function readBook(file: string): Promise<AlertBook | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return EMPTY_BOOK;
    throw error;
  }
  try {
    return parseBook(JSON.parse(text));
  } catch {
    return null;
  }
}

async function guarded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  return await work().catch((error: unknown): Failure => failed(diskCodeOf(error)));
}
