/** What happened between two looks of a keeper, as lines of the history. Pure; nothing in a line is a secret. */
import type { Code } from '../../shared/codes.ts';
import { type Doer, type HistoryEntry, isSetEntry } from '../../shared/history.ts';
import type { PresentationIntent } from '../../shared/meta.ts';
import { parseOwner } from '../../shared/owner.ts';
import type { StateAndReason } from '../../shared/state-of.ts';
import { isForeign } from '../../shared/token-set.ts';
import type { KeeperView } from './keeper.ts';
import type { Sight } from './sight.ts';

/** What a look showed, as far as the history tells it. `key`s only tell one thing from the next. */
export interface Seen {
  readonly at: number;
  readonly state: StateAndReason;
  readonly set: {
    readonly key: string;
    readonly kind: 'refreshed' | 'connected' | 'adopted';
    readonly issuedAt: number;
    readonly account: string | null;
    readonly by: Doer;
  } | null;
  readonly disconnected: { readonly at: number; readonly by: Doer } | null;
  readonly troubles: readonly Trouble[];
}

interface Trouble {
  readonly key: string;
  readonly at: number;
  readonly code: Code;
  readonly by: Doer;
}

/** @param hosts names of other installs' hosts, learned from what they left in the store */
export function seenOf(view: KeeperView, hosts: ReadonlyMap<string, string>): Seen | null {
  const { sight, state, set } = view;
  if (!sight || !state) return null;
  const { newest } = sight;
  const by = writerOf(sight, hosts);
  return {
    at: sight.now,
    state,
    set: set && {
      key: `${set.refreshTokenHash} ${set.issuedAt}`,
      kind: isForeign(set) ? 'adopted' : set.parent === null ? 'connected' : 'refreshed',
      issuedAt: set.issuedAt,
      account: set.userId,
      by,
    },
    disconnected: newest?.kind === 'disconnected' ? { at: newest.grant.at, by } : null,
    troubles: [...storeTroubles(sight), ...holdTroubles(sight), ...intentTroubles(sight, hosts)],
  };
}

/** Names of hosts that wrote something lately, by their install's id. */
export function hostsIn({ sight }: KeeperView): ReadonlyMap<string, string> {
  if (sight?.store.kind !== 'up') return new Map();
  const { leaseOwner, meta } = sight.store.view;
  const owners = [leaseOwner, meta.intent_owner, sight.intent?.owner].map((owner) => parseOwner(owner ?? ''));
  return new Map(owners.flatMap((owner) => (owner ? [[owner.install, owner.host]] : [])));
}

/**
 * The lines between two looks. At the first look of a process there is no `before`: then what the history knows already
 * decides what is news.
 */
export function happeningsOf(
  before: Seen | null,
  seen: Seen,
  known: readonly HistoryEntry[],
): readonly HistoryEntry[] {
  const { at, set, disconnected, state } = seen;
  const entries: HistoryEntry[] = [];
  if (set && isNewSet(before, seen, known)) {
    const { by, account, issuedAt } = set;
    if (set.kind === 'adopted') entries.push({ kind: 'adopted', at });
    else if (set.kind === 'connected') entries.push({ kind: 'connected', at: issuedAt, by, account });
    else entries.push({ kind: 'refreshed', at: issuedAt, by });
  }
  if (disconnected && isNewDisconnect(before, disconnected.at, known))
    entries.push({ kind: 'disconnected', ...disconnected });
  const formerTroubles = new Set(before?.troubles.map(({ key }) => key));
  for (const { key, code, by, at: since } of seen.troubles) {
    const isKnown = before
      ? formerTroubles.has(key)
      : known.some((entry) => entry.kind === 'failed' && entry.at === since && entry.code === code);
    if (!isKnown) entries.push({ kind: 'failed', at: since, code, by });
  }
  const former = before?.state ?? known.findLast((entry) => entry.kind === 'state');
  if (former?.state !== state.state || former.reason !== state.reason)
    entries.push({ kind: 'state', at, ...state });
  return entries;
}

/** After a start the same set is no news: a line that is at least as young as the set speaks of it. */
function isNewSet(before: Seen | null, { set }: Seen, known: readonly HistoryEntry[]): boolean {
  if (!set) return false;
  if (before) return before.set?.key !== set.key;
  return !known.some((entry) => isSetEntry(entry) && entry.at >= set.issuedAt);
}

function isNewDisconnect(before: Seen | null, at: number, known: readonly HistoryEntry[]): boolean {
  if (before) return before.disconnected?.at !== at;
  return !known.some((entry) => entry.kind === 'disconnected' && entry.at >= at);
}

const HERE: Doer = { isHere: true, host: null };

/** Who wrote what stands in the store; what only lies in the journal was got here. */
function writerOf({ store, newest, install }: Sight, hosts: ReadonlyMap<string, string>): Doer {
  const writer = store.kind === 'up' && newest?.fromStore ? store.view.meta.writer : install;
  if (writer === install) return HERE;
  return { isHere: false, host: hosts.get(writer ?? '') ?? null };
}

function storeTroubles({ store, now }: Sight): readonly Trouble[] {
  return store.kind === 'up' ? [] : [{ key: `store ${store.code}`, at: now, code: store.code, by: HERE }];
}

/** One failed connection is a matter of seconds; from the second on it is a failure. What the store did is told above. */
function holdTroubles({ hold, store }: Sight): readonly Trouble[] {
  if (!hold || hold.failures < 2 || store.kind === 'down') return [];
  return [{ key: `hold ${hold.code} ${hold.since}`, at: hold.since, code: hold.code, by: HERE }];
}

/** How a presentation of the refresh token ended, whoever made it. */
function intentTroubles({ intent, install }: Sight, hosts: ReadonlyMap<string, string>): readonly Trouble[] {
  const code = intent && codeOf(intent);
  if (!code) return [];
  const owner = parseOwner(intent.owner);
  const isHere = owner?.install === install;
  const host = isHere ? null : (owner?.host ?? hosts.get(owner?.install ?? '') ?? null);
  return [{ key: `intent ${intent.triedAt} ${code}`, at: intent.triedAt, code, by: { isHere, host } }];
}

function codeOf({ outcome, reason }: PresentationIntent): Code | null {
  switch (outcome) {
    case 'open':
      return null;
    case 'lost':
      return 'answer.unconfirmed';
    case 'refused':
      return reason ?? 'grant.invalid';
    case 'blocked':
      return reason ?? 'answer.unknown_error';
    case 'limited':
      return 'rate.limited';
  }
}
