/** When a shop may be taken out of this machine's settings: not while something of it is known here alone. */
import type { Code } from '../../shared/codes.ts';
import type { KeeperView } from './keeper.ts';
import type { JudgedAttempt } from './knowledge.ts';

type Seen = Pick<KeeperView, 'sight' | 'isRefreshing' | 'waitsFor'>;

/** Why the shop must stay for now; null when the store knows all that this machine knows of it. */
export function whyNotRemove({ sight, isRefreshing, waitsFor }: Seen): Code | null {
  // The look failed on a bug: what is in sight is from an earlier one.
  if (waitsFor === 'internal.error') return waitsFor;
  if (sight === null || isRefreshing || sight.isConsenting || sight.journalTrouble) return 'remove.busy';
  const { newest, store, journal } = sight;
  // A store that lost its memory, and cannot be written right now: what it was told of is known here alone again.
  const isForgotten =
    store.kind === 'up' && newest !== null && !newest.fromStore && !(newest.kind === 'set' && newest.spent);
  return isForgotten || journal.attempts.some(isUntold) ? 'remove.not_shared' : null;
}

/** An answer, a request whose end is unknown, or a disconnect, of which the store was not told. */
function isUntold({ attempt }: JudgedAttempt): boolean {
  if (attempt.settledAt !== null) return false;
  switch (attempt.outcome) {
    case 'proving':
    case 'not_sent':
      return false;
    case 'adopted':
      return attempt.kind === 'disconnect';
    default:
      return true;
  }
}
