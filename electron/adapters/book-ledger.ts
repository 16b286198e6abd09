import { done, type Result } from '../../shared/result.ts';
import type { AlertLedger } from '../ports.ts';
import { type AlertBook, claimIn, importInto, readingOf, settleIn } from './alert-book.ts';

/** Where a book lies, and how one of several processes changes it. */
export interface BookPlace {
  read(mall: string): Promise<Result<AlertBook>>;
  /**
   * Hands the book as it stands to `act` while no other process can change it, and makes what comes back durable (null
   * changes nothing). Answers whether there was a change.
   */
  change(mall: string, act: (book: AlertBook, at: number) => AlertBook | null): Promise<Result<boolean>>;
  /** The ledger's time, which `act` is given too. */
  now(): number;
}

/** The ledger of warnings over a book that lies in a file. */
export function createBookLedger({ read, change, now }: BookPlace): AlertLedger {
  const changeOnly: (...args: Parameters<BookPlace['change']>) => Promise<Result<void>> = async (...args) => {
    const changed = await change(...args);
    return changed.ok ? done(undefined) : changed;
  };
  return {
    async readAlerts(mall) {
      const book = await read(mall);
      return book.ok ? done(readingOf(book.value, now())) : book;
    },
    claimAlert: (mall, field, owner, ttlMs) =>
      change(mall, (book, at) => claimIn(book, field, owner, ttlMs, at)),
    settleAlert: (mall, field, owner, outcome) =>
      changeOnly(mall, (book, at) => settleIn(book, field, owner, outcome, at)),
    importAlerts: (mall, entries) => changeOnly(mall, (book, at) => importInto(book, entries, at)),
    setAnchor: (mall, anchorAt) =>
      changeOnly(mall, (book) => (book.anchorAt === anchorAt ? null : { ...book, anchorAt })),
  };
}
