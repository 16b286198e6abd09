/** The intent to present a token: in the journal first, then in the store for all keepers, or in the journal alone. */
import { generationOf, type Intent, intentMark, metaOfIntent } from '../../shared/meta.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import { newAttempt, saveAttempt } from './attempts.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import type { Memory } from './memory.ts';
import type { Sight } from './sight.ts';
import { commit, holdFor, viewOf } from './store-writing.ts';
import { REQUEST_BUDGET } from './timing.ts';
import { dropTurn, sendTurn } from './turn.ts';

export async function writeIntent(sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const { turn } = memory;
  if (!turn) return true;
  const attempt = { ...turn.attempt, outcome: 'open' as const, before: sight.intent };
  const saved = await saveAttempt(deps, memory, attempt);
  if (!saved.ok) {
    memory.unsaved.delete(attempt.id);
    holdFor(saved, deps, memory);
    await dropTurn(deps, memory);
    return false;
  }
  const view = viewOf(sight);
  const intent: Intent = {
    hash: attempt.presentedHash ?? '',
    at: sight.intent?.at ?? attempt.openedAt,
    owner: attempt.owner,
    tries: attempt.tries,
    triedAt: attempt.openedAt,
    outcome: 'open',
    reason: attempt.why,
    retryAt: null,
    client: sight.client,
    lostHost: sight.intent?.lostHost ?? null,
    afterBlock: null,
  };
  memory.turn = { ...turn, attempt };
  const result = await commit(
    {
      expect: {
        text: view.text,
        generation: generationOf(view.meta),
        meta: intentMark(view.meta),
        leaseOwner: deps.identity.owner,
      },
      meta: metaOfIntent(intent),
      admit: { id: attempt.id, limit: REQUEST_BUDGET },
    },
    deps,
    memory,
  );
  if (result === 'done') {
    memory.turn = { attempt, phase: 'intended' };
    return true;
  }
  // Whether a failed commit was applied is unknown: the attempt is closed as never sent, wherever its intent stands.
  if (result === 'failed') {
    await saveAttempt(deps, memory, { ...attempt, outcome: 'not_sent' });
    memory.turn = null;
    memory.active.delete(attempt.id);
    return false;
  }
  await dropTurn(deps, memory);
  return true;
}

export async function refreshOffline(
  set: KnownSet,
  sight: Sight,
  deps: KeeperDeps,
  memory: Memory,
): Promise<boolean> {
  const attempt = {
    ...newAttempt({ kind: 'refresh', parent: set }, sight.now, deps, memory),
    outcome: 'open' as const,
    offline: true,
    why: sight.intent?.reason ?? null,
    before: sight.intent,
  };
  const saved = await saveAttempt(deps, memory, attempt);
  if (!saved.ok) {
    memory.unsaved.delete(attempt.id);
    holdFor(saved, deps, memory);
    return false;
  }
  deps.log.warn(
    'keeper',
    'refreshing into the journal: the store is out of reach and the deadline is near',
    deps.mall,
  );
  memory.turn = { attempt, phase: 'intended' };
  return sendTurn(sight, deps, memory);
}
