/** The mall's state as it is shown, and as it is written to the store's meta for other programs to read. */
import {
  generationOf,
  hasHeldSet,
  metaOfState,
  type RecordedState,
  recordedStateOf,
} from '../../shared/meta.ts';
import { type Holding, type StateAndReason, stateOf } from '../../shared/state-of.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { StoreCommit, StoreView } from '../ports.ts';
import type { Sight } from './sight.ts';

/** How old `checked_at` may grow while nothing changes. */
const CHECKED_EVERY_MS = 5 * 60_000;

/** The state of what is seen; null while nothing is known (the store never answered and the journal is empty). */
export function seenState(sight: Sight): StateAndReason | null {
  const holding = holdingOf(sight);
  const { intent, observer, now, clockTrusted } = sight;
  const recorded = recordedIn(sight);
  const standing = recorded && { state: recorded.state, reason: recorded.reason };
  return holding && stateOf({ holding, intent, observer, now, clockTrusted, standing });
}

function holdingOf({ store, newest, journalTrouble, journalLocked }: Sight): Holding | null {
  if (store.kind === 'down' && store.code === 'store.locked') return { kind: 'locked' };
  if (newest?.kind === 'set') return { kind: 'set', set: newest.set, spent: newest.spent };
  if (newest?.kind === 'disconnected') return { kind: 'disconnected' };
  // What cannot be opened may well be a good set: this is never "please consent again".
  if (journalLocked) return { kind: 'locked' };
  if (store.kind === 'down' || (journalTrouble && hasHeldSet(store.view.meta))) return null;
  return { kind: hasHeldSet(store.view.meta) ? 'missing' : 'none' };
}

/** The state that holds once `set` is stored: with no intent on it any more. */
export function recordedStateAfter(set: KnownSet, sight: Sight): RecordedState {
  const { observer, now, clockTrusted } = sight;
  return withSince(
    stateOf({
      holding: { kind: 'set', set, spent: false },
      intent: null,
      observer,
      // By a clock nobody vouches for a set that just came could be past its end.
      now: clockTrusted ? now : set.issuedAt,
      clockTrusted,
      standing: null,
    }),
    sight,
  );
}

/** The state that holds once the mark of a disconnect is stored. */
export function recordedDisconnect(sight: Sight): RecordedState {
  return withSince({ state: 'NEEDS_REAUTH', reason: 'disconnected' }, sight);
}

/** The change that records the seen state; null where the store has it already, or must not be told. */
export function recordChange(sight: Sight): StoreCommit | null {
  const seen = seenState(sight);
  if (sight.store.kind === 'down' || !seen || !isForAll(seen)) return null;
  const { meta } = sight.store.view;
  const recorded = recordedIn(sight);
  const isSame = recorded?.state === seen.state && recorded.reason === seen.reason;
  if (isSame && sight.now - recorded.checkedAt < CHECKED_EVERY_MS && recorded.checkedAt <= sight.now)
    return null;
  const { state = null, since = null } = meta;
  return {
    // Of two who see a new state at once the first names the episode.
    expect: { generation: generationOf(meta), meta: { state, since } },
    meta: metaOfState(withSince(seen, sight)),
  };
}

/** Whether all machines share the state: which files no secret at hand opens is one machine's own affair. */
export function isForAll({ reason }: StateAndReason): boolean {
  return reason !== 'store.locked';
}

/** What is seen, with the meta that stands in the store after the state was recorded, by whoever it was. */
export function sightAfter(sight: Sight, view: StoreView | null): Sight {
  const { store } = sight;
  const isSamePlace =
    store.kind === 'up' &&
    view?.text === store.view.text &&
    generationOf(view.meta) === generationOf(store.view.meta);
  return isSamePlace ? { ...sight, store: { ...store, view } } : sight;
}

/** An episode goes on while its state does: only a change of the state begins a new one. */
function withSince(seen: StateAndReason, sight: Sight): RecordedState {
  const recorded = recordedIn(sight);
  const { now } = sight;
  return { ...seen, since: recorded?.state === seen.state ? recorded.since : now, checkedAt: now };
}

function recordedIn({ store }: Sight): RecordedState | null {
  return store.kind === 'up' ? recordedStateOf(store.view.meta) : null;
}
