/**
 * The one next step, from what is seen: the order of docs/keeper.md. Every rule that is more than an order is a pure
 * function of `shared/` (newer-of, due, presentation, state).
 */
import type { Code } from '../../shared/codes.ts';
import { intentOf, type PresentationIntent } from '../../shared/meta.ts';
import { nextPresentation, REFUSAL_REREAD_MS, troubleChangesAt } from '../../shared/presentation.ts';
import { seoulDayOf, seoulMidnightOf } from '../../shared/seoul-time.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { Attempt } from '../ports.ts';
import type { JudgedAttempt } from './knowledge.ts';
import { standingHold } from './memory.ts';
import type { Sight, Turn } from './sight.ts';

export type Step =
  /**
   * Nothing to do before `until`; `why` says what is waited for, where it is more than the ordinary due time, and
   * `plannedAt` when the token is to be presented next, null while that is not known.
   */
  | {
      readonly do: 'rest';
      readonly until: number;
      readonly why: Code | null;
      readonly plannedAt: number | null;
    }
  | { readonly do: 'set-aside' }
  | { readonly do: 'declare-lost'; readonly attempt: Attempt }
  | { readonly do: 'discard'; readonly attempt: Attempt }
  /** Write the journal's set to the store: a fresh answer, one found after a crash, or a heal. */
  | { readonly do: 'publish'; readonly set: KnownSet }
  | { readonly do: 'adopt'; readonly set: KnownSet }
  /** A person disconnected the mall: the main key goes, the mark takes the grant's place. */
  | { readonly do: 'forget'; readonly at: number }
  /** Another keeper's set goes to the journal too: whoever is left can heal a store that forgot it. */
  | { readonly do: 'keep'; readonly set: KnownSet }
  /** Tell the store how an attempt ended, and note in the journal that it knows. */
  | { readonly do: 'settle'; readonly ended: JudgedAttempt }
  | { readonly do: 'give-up-turn' }
  | { readonly do: 'begin-turn'; readonly set: KnownSet; readonly tries: number; readonly why: Code | null }
  | { readonly do: 'write-intent' }
  | { readonly do: 'send' }
  /** The store cannot be written and the deadline is near: refresh into the journal alone. */
  | { readonly do: 'refresh-offline'; readonly set: KnownSet };

const HOUR_MS = 60 * 60_000;

/** With less refresh-token life than this, the last writer refreshes once without the store (docs/keeper.md, 16). */
export const OFFLINE_LIFE_MS = 24 * HOUR_MS;

/** How soon a keeper looks again while another one is at work. */
const NEIGHBOUR_MS = 5000;

/** The longest rest: a foreign write without an event is found within this. */
export const LONGEST_REST_MS = 60_000;

export function decide(sight: Sight): Step {
  const orphan = sight.orphans.find(({ outcome }) => outcome === 'proving' || outcome === 'open');
  // Who only reads leaves it to those who go on.
  if (orphan && sight.mayNotRedeem !== 'keeper.read_only')
    return { do: orphan.outcome === 'open' ? 'declare-lost' : 'discard', attempt: orphan };
  return sight.store.kind === 'down' ? decideWithoutStore(sight) : decideWithStore(sight, sight.store);
}

function decideWithStore(sight: Sight, store: Extract<Sight['store'], { kind: 'up' }>): Step {
  if (store.content.kind === 'rubbish' && !mustServe(store.content.servesUntil, sight))
    return { do: 'set-aside' };
  // The commit that wrote the intent compared everything, and its view is the one that is looked at here.
  if (sight.turn?.phase === 'intended') return { do: 'send' };

  const { newest } = sight;
  if (newest?.kind === 'set' && !newest.fromStore && !newest.spent) {
    return canTryNow(sight, 'store.') ? { do: 'publish', set: newest.set } : restOnHold(sight);
  }
  if (newest?.kind === 'disconnected' && !newest.fromStore)
    return canTryNow(sight, 'store.') ? { do: 'forget', at: newest.grant.at } : restOnHold(sight);
  if (newest?.kind === 'set' && newest.fromStore && !newest.spent) {
    if (store.content.kind === 'set' && !store.content.isKnown) return { do: 'adopt', set: newest.set };
    if (sight.mayNotRedeem === null && !sight.journalTrouble && !isJournaled(sight, newest.set))
      return { do: 'keep', set: newest.set };
  }

  const unsettled = sight.journal.attempts.find(isUnsettled) ?? forgottenBy(store, sight);
  if (unsettled) return canTryNow(sight, 'store.') ? { do: 'settle', ended: unsettled } : restOnHold(sight);

  const wish = wishOf(sight);
  if (wish.do === 'rest') return sight.turn ? { do: 'give-up-turn' } : wish;
  if (!sight.turn) return wish;
  return wish.do === 'begin-turn' && isTurnFor(sight.turn, wish)
    ? { do: 'write-intent' }
    : { do: 'give-up-turn' };
}

/** An access token that works serves on, though nothing comes after it; unless there is a set to take its place. */
function mustServe(until: number, { newest, now }: Sight): boolean {
  return until > now && !(newest?.kind === 'set' && !newest.spent);
}

/** Whether, and when, the newest set's refresh token should be presented. */
function wishOf(sight: Sight): Extract<Step, { do: 'rest' | 'begin-turn' | 'refresh-offline' }> {
  const { newest, now, intent } = sight;
  const never = (why: Code | null) => rest(sight, Number.POSITIVE_INFINITY, why);
  if (newest?.kind !== 'set' || newest.spent || sight.dueAt === null)
    return never(sight.journalTrouble ?? storeTroubleOf(sight));
  if (sight.mayNotRedeem) return never(sight.mayNotRedeem);
  if (sight.isConsenting) return rest(sight, now + NEIGHBOUR_MS, null);
  const { set } = newest;
  const again = intent
    ? nextPresentation(intent, sight.observer, sight.client, set.refreshTokenExpiresAt)
    : { at: now, tries: 0, why: null };
  if (!again) return never(intent?.reason ?? null);
  // A person's wish overrides our own wait after an answer that took nothing, never a counted try or what was asked.
  const isFree = sight.askedBy === 'person' && intent?.outcome === 'blocked' && intent.retryAt === null;
  // A lost answer is due by itself: the operator was told of it, although the access token may be young.
  const isDue = sight.askedBy !== null || intent?.outcome === 'open' || intent?.outcome === 'lost';
  const at = Math.max(isDue ? now : sight.dueAt, isFree ? now : again.at);
  if (at > now)
    return rest(sight, at, (again.at > now ? waitReason(intent, again.why) : null) ?? storeTroubleOf(sight));
  // An answer that has not been published yet may lie in it.
  if (sight.journalTrouble) return rest(sight, now + NEIGHBOUR_MS, sight.journalTrouble);
  const storeTrouble = storeTroubleOf(sight);
  if (storeTrouble) {
    if (mayRefreshOffline(sight, set, storeTrouble)) return { do: 'refresh-offline', set };
    return rest(sight, heldUntil(sight) ?? now + NEIGHBOUR_MS, storeTrouble);
  }
  return canTryNow(sight, '')
    ? { do: 'begin-turn', set, tries: again.tries, why: again.why }
    : restOnHold(sight);
}

/** A request to wait is told as such, whatever the wait is for. */
function waitReason(intent: PresentationIntent | null, why: Code | null): Code | null {
  return intent?.outcome === 'limited' ? 'rate.limited' : why;
}

/** Under the lease the same presentation is still the one to make; else it moved, and is begun anew. */
function isTurnFor({ attempt }: Turn, wish: Extract<Step, { do: 'begin-turn' }>): boolean {
  return attempt.presentedHash === wish.set.refreshTokenHash && attempt.tries === wish.tries;
}

function isJournaled({ journal }: Sight, { refreshTokenHash }: KnownSet): boolean {
  return journal.attempts.some(({ set }) => set?.refreshTokenHash === refreshTokenHash);
}

/** Why the store cannot be written right now: it did not answer, or refused a write a moment ago. */
function storeTroubleOf(sight: Sight): Code | null {
  if (sight.store.kind === 'down') return sight.store.code;
  return canTryNow(sight, 'store.') ? null : (sight.hold?.code ?? null);
}

function decideWithoutStore(sight: Sight): Step {
  if (sight.turn) return { do: 'give-up-turn' };
  const consented = consentForLockedStore(sight);
  if (consented) return { do: 'publish', set: consented };
  const wish = wishOf(sight);
  return wish.do === 'rest' ? { ...wish, until: Math.min(wish.until, sight.now + NEIGHBOUR_MS) } : wish;
}

/** A consent under a new client secret begins a new place beside the one that no secret at hand opens. */
function consentForLockedStore({ store, newest, journal }: Sight): KnownSet | null {
  if (store.kind === 'up' || store.code !== 'store.locked' || newest?.kind !== 'set') return null;
  const { set } = newest;
  const source = journal.attempts.find((judged) => judged.set?.refreshTokenHash === set.refreshTokenHash);
  return source?.attempt.kind === 'consent' && source.attempt.settledAt === null ? set : null;
}

const OUT_OF_REACH: ReadonlySet<Code> = new Set([
  'store.unreachable',
  'store.tls',
  'store.full',
  'store.readonly',
]);

/** One refresh into the journal: near the deadline, by the last writer, from a set the store is known to have held. */
function mayRefreshOffline(sight: Sight, set: KnownSet, trouble: Code): boolean {
  const last = sight.journal.attempts.findLast((judged) => judged.set !== null);
  return (
    // A store that is locked or refuses us may be in good use by others.
    OUT_OF_REACH.has(trouble) &&
    canTryNow(sight, 'network.') &&
    sight.clockTrusted &&
    // Nothing counts for all keepers while the store is away: a token whose presentation may have taken effect waits.
    (sight.intent === null || sight.intent.outcome === 'limited' || sight.intent.outcome === 'blocked') &&
    set.refreshTokenExpiresAt - sight.now < OFFLINE_LIFE_MS &&
    last?.set?.refreshTokenHash === set.refreshTokenHash &&
    last.attempt.outcome === 'answered' &&
    last.attempt.settledAt !== null &&
    last.attempt.owner.startsWith(`${sight.install}-`)
  );
}

/** Ended, and the store has not been told; the answer that brought the newest set is told by publishing it. */
function isUnsettled({ attempt }: JudgedAttempt): boolean {
  return (
    attempt.settledAt === null &&
    (attempt.outcome === 'answered' || attempt.outcome === 'lost' || attempt.outcome === 'not_sent')
  );
}

/** How the last presentation of the stored token ended, where the journal knows it and the store does not any more. */
function forgottenBy(
  { view, content }: Extract<Sight['store'], { kind: 'up' }>,
  { intent, journal }: Sight,
): JudgedAttempt | undefined {
  // Of one in the air there is no end to tell.
  if (
    !intent ||
    intent.outcome === 'open' ||
    content.kind !== 'set' ||
    content.set.refreshTokenHash !== intent.hash
  )
    return undefined;
  if (intentOf(view.meta)?.hash === intent.hash) return undefined;
  return journal.attempts.findLast(
    ({ attempt }) => attempt.presentedHash === intent.hash && attempt.settledAt !== null,
  );
}

function canTryNow(sight: Sight, prefix: string): boolean {
  return heldUntil(sight) === null || !sight.hold?.code.startsWith(prefix);
}

function restOnHold(sight: Sight): Extract<Step, { do: 'rest' }> {
  return rest(sight, heldUntil(sight) ?? sight.now + NEIGHBOUR_MS, sight.hold?.code ?? null);
}

function heldUntil({ hold, now }: Sight): number | null {
  return standingHold(hold, now)?.until ?? null;
}

/** A rest ends in time for what is shown: the store is read again after a refusal, and the deadline is met on the dot. */
function rest(sight: Sight, until: number, why: Code | null): Extract<Step, { do: 'rest' }> {
  const { now, intent, newest, store } = sight;
  const ends = [until, now + LONGEST_REST_MS];
  if (intent?.outcome === 'refused' && now < intent.triedAt + REFUSAL_REREAD_MS)
    ends.push(now + NEIGHBOUR_MS);
  // Another keeper's request ends within seconds, and only what it brings is announced, not its refusal.
  if (intent?.outcome === 'open' && store.kind === 'up' && store.view.leaseOwner !== null)
    ends.push(now + NEIGHBOUR_MS);
  const changes = [
    ...(intent ? troubleChangesAt(intent) : []),
    ...(newest?.kind === 'set' ? [newest.set.refreshTokenExpiresAt] : []),
    // D-day counts in Seoul's calendar days.
    seoulMidnightOf(seoulDayOf(now) + 1),
  ];
  ends.push(...changes.filter((at) => at > now));
  return { do: 'rest', until: Math.min(...ends), why, plannedAt: Number.isFinite(until) ? until : null };
}
