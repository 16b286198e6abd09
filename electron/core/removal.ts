/** When a shop may be taken out of this machine's settings: not while something of it is known here alone. */
import type { Code } from '../../shared/codes.ts';
import type { KeeperView } from './keeper.ts';
import type { JudgedAttempt } from './knowledge.ts';

type Seen = Pick<KeeperView, 'sight' | 'isRefreshing'>;

/** Why the shop must stay for now; null when the store knows all that this machine knows of it. */
export function whyNotRemove({ sight, isRefreshing }: Seen): Code | null {
  if (sight === null || isRefreshing || sight.isConsenting) return 'remove.busy';
  return sight.journal.attempts.some(isUntold) ? 'remove.not_shared' : null;
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
