/** Tells the store how an attempt ended. */
import {
  generationOf,
  intentMark,
  intentOf,
  metaOfIntent,
  NO_INTENT,
  type PresentationIntent,
} from '../../shared/meta.ts';
import { leaveAttempt, saveAttempt } from './attempts.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { intentAfter, type JudgedAttempt, provesRedemption } from './knowledge.ts';
import type { Memory } from './memory.ts';
import type { Sight } from './sight.ts';
import { commit, viewOf } from './store-writing.ts';
import { dropTurn } from './turn.ts';

/** Tells the store how an attempt ended, then notes in the journal that it knows. */
export async function settle(
  ended: JudgedAttempt,
  sight: Sight,
  deps: KeeperDeps,
  memory: Memory,
): Promise<boolean> {
  const { attempt } = ended;
  const view = viewOf(sight);
  const standing = intentOf(view.meta);
  const after = intentAfter(ended, sight.client, sight.now);
  const isTurn = memory.turn?.attempt.id === attempt.id;
  const releaseLease = isTurn ? { releaseLease: deps.identity.owner } : {};
  const spend =
    attempt.presentedHash !== null && provesRedemption(ended) ? { spend: [attempt.presentedHash] } : {};
  const base = {
    expect: { generation: generationOf(view.meta), meta: intentMark(view.meta) },
    ...releaseLease,
    ...spend,
  };
  let result: Awaited<ReturnType<typeof commit>> = 'done';
  if (after !== null && isSettledBy(standing, attempt) && concernsStored(ended, sight)) {
    const meta = after === 'closed' ? NO_INTENT : metaOfIntent(after);
    const withdraw = attempt.outcome === 'not_sent' ? { withdraw: attempt.id } : {};
    result = await commit({ ...base, meta, ...withdraw }, deps, memory);
  } else if (spend.spend && isLoser(ended, sight)) {
    result = await commit(base, deps, memory);
  } else if (isTurn) {
    await dropTurn(deps, memory);
  }
  if (result === 'failed') return false;
  if (result !== 'done') return true;
  if (isTurn) memory.turn = null;
  leaveAttempt(deps, attempt);
  if (attempt.outcome === 'not_sent') {
    memory.unsaved.delete(attempt.id);
    await deps.journal.remove(deps.mall, attempt.id);
  } else {
    await saveAttempt(deps, memory, { ...attempt, settledAt: sight.now });
  }
  return true;
}

/** The meta's intent is this very presentation, or none that came after it. */
export function isSettledBy(standing: PresentationIntent | null, attempt: JudgedAttempt['attempt']): boolean {
  if (standing === null || standing.hash !== attempt.presentedHash) return attempt.outcome !== 'not_sent';
  return standing.owner === attempt.owner
    ? standing.triedAt === attempt.openedAt
    : attempt.openedAt > standing.triedAt;
}

/** An intent is about the token that stands in the store; how an older one's presentation ended is nobody's wait. */
function concernsStored({ attempt }: JudgedAttempt, { store }: Sight): boolean {
  return (
    attempt.outcome === 'not_sent' ||
    (store.kind === 'up' &&
      store.content.kind === 'set' &&
      store.content.set.refreshTokenHash === attempt.presentedHash)
  );
}

function isLoser({ set }: JudgedAttempt, { store }: Sight): boolean {
  return !(
    store.kind === 'up' &&
    store.content.kind === 'set' &&
    store.content.set.refreshTokenHash === set?.refreshTokenHash
  );
}
