/** The intent to present a token: in the journal first, then in the store for all keepers, or in the journal alone. */
import { generationOf, intentMark, metaOfIntent } from '../../shared/meta.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { Attempt } from '../ports.ts';
import { leaveAttempt, newAttempt, saveAttempt } from './attempts.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { openIntentOf } from './knowledge.ts';
import { pause } from './lease-wait.ts';
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
  memory.turn = { ...turn, attempt };
  const result = await commit(
    {
      expect: {
        text: view.text,
        generation: generationOf(view.meta),
        meta: intentMark(view.meta),
        leaseOwner: deps.identity.owner,
      },
      meta: metaOfIntent(openIntentOf(attempt, sight.client)),
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
    leaveAttempt(deps, attempt);
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
  if (!(await isAlone(attempt, sight, deps))) {
    await deps.journal.remove(deps.mall, attempt.id);
    leaveAttempt(deps, attempt);
    memory.isNeighbourAtWork = true;
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

/** What giving way takes: a look into the journal and the removal of a file. */
const GIVE_WAY_MS = 500;

/**
 * Without the store there is no lease between the processes of a data folder. Who has written its attempt and finds one
 * that it did not see when it decided gives way; so at most one goes on. Where each finds the other, both would: the
 * first of them waits for the others to do it.
 */
async function isAlone(attempt: Attempt, sight: Sight, deps: KeeperDeps): Promise<boolean> {
  const rivals = await rivalsOf(attempt, sight, deps);
  if (!rivals || rivals.some(({ id }) => id < attempt.id)) return false;
  if (rivals.length === 0) return true;
  await pause(deps, GIVE_WAY_MS);
  return (await rivalsOf(attempt, sight, deps))?.length === 0;
}

/** Null where the journal cannot be read. */
async function rivalsOf(
  { id, presentedHash }: Attempt,
  sight: Sight,
  { journal, mall }: KeeperDeps,
): Promise<readonly Attempt[] | null> {
  const reading = await journal.read(mall);
  if (!reading.ok) return null;
  const seen = new Set([id, ...sight.journal.attempts.map(({ attempt }) => attempt.id)]);
  return reading.value.attempts.filter(
    (each) => each.presentedHash === presentedHash && each.outcome !== 'not_sent' && !seen.has(each.id),
  );
}
