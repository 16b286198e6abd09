/** What the journal no longer needs (docs/keeper.md, 11). */
import { REFRESH_TOKEN_LIFE_MS } from '../../shared/token-set.ts';
import type { Attempt } from '../ports.ts';
import { type JudgedAttempt, provesRedemption } from './knowledge.ts';
import type { Sight } from './sight.ts';

/** A refresh token was once seen to work 16 days after its issue (docs/cafe24.md, 4): its hash is kept longer. */
const HASHES_KEPT_MS = REFRESH_TOKEN_LIFE_MS + 3 * 24 * 60 * 60_000;

export interface Tidying {
  /** Attempts to write again without their tokens. */
  readonly wipe: readonly Attempt[];
  /** Ids to remove. */
  readonly remove: readonly string[];
}

export function tidyingOf(sight: Sight): Tidying {
  if (sight.store.kind === 'down' || sight.isConsenting || sight.turn) return { wipe: [], remove: [] };
  const settled = sight.journal.attempts.filter(({ attempt }) => attempt.settledAt !== null);
  const wipe: Attempt[] = [];
  const remove: string[] = [];
  for (const judged of settled) {
    const { attempt } = judged;
    const ageMs = sight.now - attempt.openedAt;
    if (isAboutNewest(judged, sight)) continue;
    if (
      ageMs > (attempt.wiped ? HASHES_KEPT_MS : REFRESH_TOKEN_LIFE_MS) ||
      isOlderThanDisconnect(judged, sight)
    )
      remove.push(attempt.id);
    else if (!attempt.wiped && isOutlived(judged, sight)) {
      if (provesRedemption(judged)) wipe.push(wiped(attempt));
      else remove.push(attempt.id);
    }
  }
  return { wipe, remove };
}

/** Without its tokens; the hash of what it redeemed stays, so that an old backup is recognised. */
export function wiped(attempt: Attempt): Attempt {
  return { ...attempt, parent: null, answer: null, before: null, wiped: true };
}

/** It brought the set that counts, or says what became of that set's token: kept until the next set, however old. */
function isAboutNewest({ set, attempt }: JudgedAttempt, { newest }: Sight): boolean {
  if (newest?.kind !== 'set') return false;
  const { refreshTokenHash } = newest.set;
  return set?.refreshTokenHash === refreshTokenHash || attempt.presentedHash === refreshTokenHash;
}

/** Its refresh token was redeemed since, or it never brought one: nothing in it can be of use again. */
function isOutlived({ set, verdict }: JudgedAttempt, { journal, contenders, newest }: Sight): boolean {
  if (newest?.kind !== 'set') return false;
  // An answer that could not be read, or was for another mall, may hold tokens all the same.
  if (!set) return verdict?.kind !== 'unreadable' && verdict?.kind !== 'other_mall';
  return (
    journal.redeemed.has(set.refreshTokenHash) ||
    contenders.some(
      (each) => each.kind === 'set' && each.spent && each.set.refreshTokenHash === set.refreshTokenHash,
    )
  );
}

/** Also of a request that brought nothing: the set it presented stands in its file. */
function isOlderThanDisconnect({ set, attempt }: JudgedAttempt, { newest }: Sight): boolean {
  const from = set ?? attempt.parent;
  return newest?.kind === 'disconnected' && (from?.grant.at ?? attempt.openedAt) < newest.grant.at;
}
