/**
 * A mall's ledger of warnings as one value, and what may be done to it: the promises of `AlertLedger`, without I/O, for
 * the ledgers that lie in files. The store in Redis keeps the same promises in Lua; one contract of tests holds for all.
 */
import { z } from 'zod';
import { ALERTS_KEPT_MS, type Ledger, type LedgerEntry } from '../../shared/warnings.ts';

/** A claim that seems to run longer was made by a clock that was corrected since, and would silence a warning. */
export const LONGEST_CLAIM_MS = 60 * 60_000;

export interface AlertBook {
  readonly entries: Ledger;
  /** The deadline that stages are counted by, as it was first seen. */
  readonly anchorAt: number | null;
}

export const EMPTY_BOOK: AlertBook = { entries: new Map(), anchorAt: null };

const entrySchema = z.object({
  status: z.enum(['claimed', 'sent']),
  owner: z.string(),
  until: z.number().gte(0).lte(Number.MAX_SAFE_INTEGER),
});

const bookSchema = z.object({
  anchor: z.number().int().nonnegative().nullable().catch(null),
  entries: z.record(z.string(), z.unknown()),
});

/** One entry of any ledger; null for what is none. */
export function parseEntry(value: unknown): LedgerEntry | null {
  return entrySchema.safeParse(value).data ?? null;
}

/** A book as `formatBook` made it; entries that are none are left out. Null for what is no book at all. */
export function parseBook(value: unknown): AlertBook | null {
  const parsed = bookSchema.safeParse(value).data;
  if (!parsed) return null;
  const entries = Object.entries(parsed.entries).flatMap(([field, each]) => {
    const entry = parseEntry(each);
    return entry ? [[field, entry] as const] : [];
  });
  return { entries: new Map(entries), anchorAt: parsed.anchor };
}

/** A book as JSON can hold it. */
export function formatBook({ entries, anchorAt }: AlertBook): z.input<typeof bookSchema> {
  return { anchor: anchorAt, entries: Object.fromEntries(entries) };
}

/** What a reader is told at the ledger's time: claims that cannot be true are left out. */
export function readingOf({ entries, anchorAt }: AlertBook, at: number): AlertBook & { readonly at: number } {
  const believed = [...entries].filter(([, entry]) => entry.status === 'sent' || isBelievable(entry, at));
  return { entries: new Map(believed), anchorAt, at };
}

/** The book with the claim; null where the warning was sent or another claim stands. */
export function claimIn(
  book: AlertBook,
  field: string,
  owner: string,
  ttlMs: number,
  at: number,
): AlertBook | null {
  const standing = book.entries.get(field);
  if (standing && isTaken(standing, at)) return null;
  return withEntry(book, field, { status: 'claimed', owner, until: at + ttlMs }, at);
}

/**
 * The book with the claim settled; null where another owner's entry stands, or nothing changes. What was sent is noted
 * also where the claim is gone (a flushed store): it did leave.
 */
export function settleIn(
  book: AlertBook,
  field: string,
  owner: string,
  outcome: 'sent' | 'given_up',
  at: number,
): AlertBook | null {
  const standing = book.entries.get(field);
  if (standing && (standing.status === 'sent' || standing.owner !== owner)) return null;
  if (outcome === 'sent') return withEntry(book, field, { status: 'sent', owner, until: at }, at);
  if (!standing) return null;
  return { ...book, entries: new Map([...book.entries].filter(([each]) => each !== field)) };
}

/** The book with what another ledger knows as sent; null where that is nothing new. */
export function importInto(book: AlertBook, entries: Ledger, at: number): AlertBook | null {
  const news = [...entries].flatMap(([field, entry]) => {
    const isNew = entry.status === 'sent' && book.entries.get(field)?.status !== 'sent';
    // It cannot have been sent later than now, whatever the other ledger's clock said.
    return isNew ? [[field, { ...entry, until: Math.min(entry.until, at) }] as const] : [];
  });
  return news.length > 0 ? { ...book, entries: pruned([...book.entries, ...news], at) } : null;
}

function withEntry(book: AlertBook, field: string, entry: LedgerEntry, at: number): AlertBook {
  return { ...book, entries: pruned([...book.entries, [field, entry]], at) };
}

function pruned(entries: readonly (readonly [string, LedgerEntry])[], at: number): Ledger {
  return new Map(entries.filter(([, { until }]) => until > at - ALERTS_KEPT_MS));
}

function isTaken(entry: LedgerEntry, at: number): boolean {
  return entry.status === 'sent' || (entry.until > at && isBelievable(entry, at));
}

function isBelievable({ until }: LedgerEntry, at: number): boolean {
  return until <= at + LONGEST_CLAIM_MS;
}
