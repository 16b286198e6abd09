/** A mall's place in the local store as one value, and what may be done to it: the promises of `TokenStore`, without I/O. */
import { z } from 'zod';
import { generationOf, type MetaField, type MetaFields } from '../../../shared/meta.ts';
import type { StoreCommit, StoreView } from '../../ports.ts';
import { type AlertBook, EMPTY_BOOK, formatBook, parseBook } from '../alert-book.ts';

/** How many redeemed hashes are remembered, as in Redis. */
const SPENT_KEPT = 400;
/** Over which time token requests are counted (docs/keeper.md, 3). */
const REQUEST_WINDOW_MS = 2 * 60 * 60_000;
/** How long an unreadable text is kept (ports.ts, `setAside`). */
const ASIDE_KEPT_MS = 14 * 24 * 60 * 60_000;
/** A host's clock is corrected by seconds in ordinary life; a lease that seems to run longer is not believed. */
const CLOCK_STEP_MS = 5000;

const schema = z.object({
  mall: z.string(),
  text: z.string().nullable(),
  wrongType: z.boolean(),
  meta: z.record(z.string(), z.string()),
  lease: z.object({ owner: z.string(), until: z.number(), ttlMs: z.number() }).nullable(),
  spent: z.array(z.string()),
  requests: z.record(z.string(), z.number()),
  announced: z.number().int(),
  aside: z.array(z.object({ text: z.string().nullable(), at: z.number() })),
  // Whatever became of the warnings, the tokens beside them are good.
  alerts: z.unknown().transform((book) => parseBook(book) ?? EMPTY_BOOK),
});

export interface Place {
  readonly text: string | null;
  /** Always false in what this program writes. */
  readonly wrongType: boolean;
  readonly meta: MetaFields;
  /** `until` is the host's real time, whatever a simulator's clock says; `ttlMs` bounds how far it may lie ahead. */
  readonly lease: { readonly owner: string; readonly until: number; readonly ttlMs: number } | null;
  /** Hashes of redeemed refresh tokens, newest first. */
  readonly spent: readonly string[];
  /** Token requests by id, with the store's time. */
  readonly requests: Readonly<Record<string, number>>;
  /** Counts announcements, for other processes that see only that the file is new. */
  readonly announced: number;
  readonly aside: readonly { readonly text: string | null; readonly at: number }[];
  /** The ledger of warnings. */
  readonly alerts: AlertBook;
}

export const EMPTY_PLACE: Place = {
  text: null,
  wrongType: false,
  meta: {},
  lease: null,
  spent: [],
  requests: {},
  announced: 0,
  aside: [],
  alerts: EMPTY_BOOK,
};

export function parsePlace(opened: string, mall: string): Place | null {
  try {
    const parsed = schema.safeParse(JSON.parse(opened));
    if (!parsed.success || parsed.data.mall !== mall) return null;
    const { mall: _, ...place } = parsed.data;
    return place;
  } catch {
    return null;
  }
}

export function writePlace(place: Place, mall: string): string {
  return JSON.stringify({ mall, ...place, alerts: formatBook(place.alerts) });
}

/** The moment of a look: the store's time, and the host's real time, in which leases run. */
export interface Moment {
  readonly at: number;
  readonly realMs: number;
}

export function viewOf(place: Place, { at, realMs }: Moment): StoreView {
  const { text, wrongType, meta } = place;
  return { text, wrongType, meta, leaseOwner: leaseOwnerOf(place, realMs), at };
}

function leaseOwnerOf({ lease }: Place, realMs: number): string | null {
  if (!lease) return null;
  const leftMs = lease.until - realMs;
  return leftMs > 0 && leftMs <= lease.ttlMs + CLOCK_STEP_MS ? lease.owner : null;
}

// ---------------------------------------------------------------- changes

export type Change =
  | { readonly kind: 'done'; readonly place: Place }
  | { readonly kind: 'moved' }
  | { readonly kind: 'limited'; readonly freeAt: number };

/** One commit; what comes back as `done` is to be written whole. */
export function changePlace(place: Place, change: StoreCommit, moment: Moment): Change {
  if (!holds(place, change.expect, moment)) return { kind: 'moved' };
  const counted = requestsIn(place, moment.at);
  const { admit } = change;
  if (admit && admit.limit !== null && !Object.hasOwn(counted, admit.id)) {
    const times = Object.values(counted).sort((a, b) => a - b);
    const over = times.length - admit.limit;
    // So many must leave the window before there is a place again.
    if (over >= 0) return { kind: 'limited', freeAt: (times[over] ?? moment.at) + REQUEST_WINDOW_MS };
  }
  return {
    kind: 'done',
    place: {
      text: change.text === undefined ? place.text : change.text,
      wrongType: change.text === undefined && place.wrongType,
      meta: patched(place.meta, change.meta ?? {}),
      lease: isReleased(place, change) ? null : place.lease,
      spent: [...new Set([...(change.spend ?? []).toReversed(), ...place.spent])].slice(0, SPENT_KEPT),
      requests: without(admit ? { [admit.id]: moment.at, ...counted } : counted, change.withdraw),
      announced: place.announced + (change.announce === undefined ? 0 : 1),
      aside: asideIn(place, moment.at),
      alerts: place.alerts,
    },
  };
}

function holds(place: Place, expect: StoreCommit['expect'], { realMs }: Moment): boolean {
  if (expect.text !== undefined && (place.wrongType || place.text !== expect.text)) return false;
  if (expect.generation !== undefined && generationOf(place.meta) !== expect.generation) return false;
  if (expect.leaseOwner !== undefined && leaseOwnerOf(place, realMs) !== expect.leaseOwner) return false;
  if (expect.unspent !== undefined && place.spent.includes(expect.unspent)) return false;
  return Object.entries(expect.meta ?? {}).every(
    ([field, value]) => (place.meta[field as MetaField] ?? null) === value,
  );
}

function patched(meta: MetaFields, patch: NonNullable<StoreCommit['meta']>): MetaFields {
  const next = Object.entries({ ...meta, ...patch }).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(next);
}

/** Those that count. One far ahead comes from a clock that was corrected since, and would block the budget until then. */
function requestsIn({ requests }: Place, at: number): Readonly<Record<string, number>> {
  const counts = (time: number) => time > at - REQUEST_WINDOW_MS && time <= at + REQUEST_WINDOW_MS;
  return Object.fromEntries(Object.entries(requests).filter(([, time]) => counts(time)));
}

function without(
  requests: Readonly<Record<string, number>>,
  id: string | undefined,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(requests).filter(([each]) => each !== id));
}

function isReleased({ lease }: Place, { releaseLease }: StoreCommit): boolean {
  return releaseLease !== undefined && lease?.owner === releaseLease;
}

function asideIn({ aside }: Place, at: number): Place['aside'] {
  return aside.filter((each) => each.at > at - ASIDE_KEPT_MS);
}

/** The lease taken for `owner` (again, where it is this owner's already); null where another's stands. */
export function takeLease(place: Place, owner: string, ttlMs: number, { realMs }: Moment): Place | null {
  const standing = leaseOwnerOf(place, realMs);
  if (standing !== null && standing !== owner) return null;
  return { ...place, lease: { owner, until: realMs + ttlMs, ttlMs } };
}

/** The lease prolonged; null where it is not this owner's any more. */
export function renewLease(place: Place, owner: string, ttlMs: number, moment: Moment): Place | null {
  return leaseOwnerOf(place, moment.realMs) === owner ? takeLease(place, owner, ttlMs, moment) : null;
}

export function releaseLease(place: Place, owner: string): Place | null {
  return place.lease?.owner === owner ? { ...place, lease: null } : null;
}

/** The text moved aside; null where something else stands there. A `text` of null means what is no text at all. */
export function setAside(place: Place, text: string | null, at: number, moment: Moment): Place | null {
  const isAsSeen = text === null ? place.wrongType : !place.wrongType && place.text === text;
  if (!isAsSeen) return null;
  const aside = [...asideIn(place, moment.at), { text: place.text, at }];
  return { ...place, text: null, wrongType: false, aside };
}
