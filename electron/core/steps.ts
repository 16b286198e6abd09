/** Does one step that `decide` named. Each returns whether to look again at once. */
import { unreachable } from '../../shared/result.ts';
import type { Attempt } from '../ports.ts';
import { saveAttempt } from './attempts.ts';
import type { Step } from './decide.ts';
import { forget } from './disconnect.ts';
import { refreshOffline, writeIntent } from './intent.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import type { Memory } from './memory.ts';
import { adopt, journalAdopted, publish } from './publish.ts';
import { settle } from './settle.ts';
import type { Sight } from './sight.ts';
import { holdFor, viewOf } from './store-writing.ts';
import { beginTurn, dropTurn, sendTurn } from './turn.ts';

export async function perform(
  step: Exclude<Step, { do: 'rest' }>,
  sight: Sight,
  deps: KeeperDeps,
  memory: Memory,
): Promise<boolean> {
  switch (step.do) {
    case 'set-aside':
      return setAside(sight, deps, memory);
    case 'discard':
      return discard(step.attempt, deps, memory);
    case 'declare-lost':
      return declareLost(step.attempt, deps, memory);
    case 'publish':
      return publish(step.set, sight, deps, memory);
    case 'adopt':
      return adopt(step.set, sight, deps, memory);
    case 'forget':
      return forget(step.at, sight, deps, memory);
    case 'keep':
      await journalAdopted(step.set, sight, deps, memory);
      return true;
    case 'settle':
      return settle(step.ended, sight, deps, memory);
    case 'give-up-turn':
      await dropTurn(deps, memory);
      return true;
    case 'begin-turn':
      return beginTurn(step, sight, deps, memory);
    case 'write-intent':
      return writeIntent(sight, deps, memory);
    case 'send':
      return sendTurn(sight, deps, memory);
    case 'refresh-offline':
      return refreshOffline(step.set, sight, deps, memory);
    default:
      return unreachable(step);
  }
}

async function discard({ id }: Attempt, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const removed = await deps.journal.remove(deps.mall, id);
  if (!removed.ok) holdFor(removed, deps, memory);
  return removed.ok;
}

/** Its process may have stood still while this one looked, and have written its answer since: that is not written over. */
async function declareLost(attempt: Attempt, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const reading = await deps.journal.read(deps.mall);
  if (!reading.ok) {
    holdFor(reading, deps, memory);
    return false;
  }
  if (reading.value.attempts.some(({ id, outcome }) => id === attempt.id && outcome !== 'open')) return true;
  deps.log.warn('keeper', 'a request of a process that is gone has no answer', attempt.id);
  await saveAttempt(deps, memory, { ...attempt, outcome: 'lost' });
  return true;
}

async function setAside(sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const moved = await deps.store.setAside(deps.mall, viewOf(sight).text, sight.now);
  if (!moved.ok) {
    holdFor(moved, deps, memory);
    return false;
  }
  memory.happened.set('store.rubbish_set_aside', sight.now);
  deps.log.warn('store', 'the key held no usable token set; set aside', deps.mall);
  return true;
}
