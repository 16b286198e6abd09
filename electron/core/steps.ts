/** Does one step that `decide` named. Each returns whether to look again at once. */
import {
  generationOf,
  type Intent,
  intentMark,
  intentOf,
  metaOfIntent,
  metaOfSet,
  metaOfState,
  NO_INTENT,
} from '../../shared/meta.ts';
import { type Failure, unreachable } from '../../shared/result.ts';
import { writeStored } from '../../shared/stored-json.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { StoreCommit, StoreView } from '../ports.ts';
import { newAttempt, saveAttempt } from './attempts.ts';
import type { Step } from './decide.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { intentAfter, type JudgedAttempt, provesRedemption } from './knowledge.ts';
import { type Memory, nextHold } from './memory.ts';
import { recordedStateAfter } from './record.ts';
import type { Sight } from './sight.ts';
import { REQUEST_BUDGET } from './timing.ts';
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
      await deps.journal.remove(deps.mall, step.attempt.id);
      return true;
    case 'declare-lost':
      deps.log.warn('keeper', 'a request of a process that is gone has no answer', step.attempt.id);
      await saveAttempt(deps, memory, { ...step.attempt, outcome: 'lost' });
      return true;
    case 'publish':
      return publish(step.set, sight, deps, memory);
    case 'adopt':
      return adopt(step.set, sight, deps, memory);
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

/** The view a step writes against: the store's own, or an empty place where a locked one is left as it is. */
export function viewOf({ store, now }: Sight): StoreView {
  if (store.kind === 'up') return store.view;
  if (store.code === 'store.locked')
    return { text: null, wrongType: false, meta: {}, leaseOwner: null, at: now };
  throw new Error('this step needs the store');
}

/** One compare-and-set; a failure holds further writes for a while, a moved place is simply looked at again. */
export async function commit(
  change: StoreCommit,
  deps: KeeperDeps,
  memory: Memory,
): Promise<'done' | 'moved' | 'limited' | 'failed'> {
  const outcome = await deps.store.commit(deps.mall, change);
  if (!outcome.ok) {
    holdFor(outcome, deps, memory);
    return 'failed';
  }
  if (memory.hold && /^(store|disk)\./.test(memory.hold.code)) memory.hold = null;
  memory.freshView = outcome.value.view;
  if (outcome.value.kind === 'limited') {
    memory.hold = {
      code: 'budget.used_up',
      until: outcome.value.freeAt,
      since: deps.clock.now(),
      failures: 1,
    };
  }
  return outcome.value.kind;
}

export function holdFor(failure: Failure, { clock, log, mall }: KeeperDeps, memory: Memory): void {
  memory.hold = nextHold(memory.hold, failure.code, clock.now());
  log.warn(
    'keeper',
    `${failure.code}${failure.detail ? ` (${failure.detail})` : ''}, attempt ${memory.hold.failures}`,
    mall,
  );
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

async function publish(set: KnownSet, sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const view = viewOf(sight);
  const { store } = sight;
  const content = store.kind === 'up' ? store.content : null;
  const generation = generationOf(view.meta) + 1;
  const isHeal =
    set.parent !== (content?.kind === 'set' ? content.set.refreshTokenHash : null) && set.parent !== null;
  const redeemed = set.parent !== null && set.parent !== set.refreshTokenHash ? [set.parent] : [];
  const standing = intentOf(view.meta);
  // An answer that kept the refresh token ends the intent on it; any other set's publication leaves that to its answer.
  const bringer = sight.journal.attempts.find((judged) => judged.set === set);
  const isAnswered =
    standing?.hash !== set.refreshTokenHash ||
    (bringer?.attempt.presentedHash === standing.hash && isSettledBy(standing, bringer.attempt));
  const result = await commit(
    {
      expect: { text: view.text, generation: generation - 1 },
      text: writeStored(set, content?.kind === 'set' ? content.stored.extras : []),
      meta: {
        ...metaOfSet(set, generation, deps.identity.install),
        ...(isAnswered ? NO_INTENT : {}),
        ...metaOfState(recordedStateAfter(set, sight)),
      },
      spend: redeemed,
      announce: generation,
      ...(memory.turn ? { releaseLease: deps.identity.owner } : {}),
    },
    deps,
    memory,
  );
  if (result === 'failed') return false;
  if (result !== 'done') return true;
  memory.turn = null;
  memory.isAskedFor = false;
  deps.log.info(
    'keeper',
    `generation ${generation} is stored${isHeal ? ', from the journal' : ''}`,
    deps.mall,
  );
  if (isHeal) noteHeal(set, sight, memory);
  return true;
}

/** A store that lost its memory may be healed by another keeper with something newer: give that a minute. */
const HEAL_FORWARD_MS = 60_000;

function noteHeal(set: KnownSet, sight: Sight, memory: Memory): void {
  memory.happened.set('store.healed', sight.now);
  const isBlank = generationOf(viewOf(sight).meta) === 0;
  if (isBlank)
    memory.noticed = {
      hash: set.refreshTokenHash,
      at: sight.now,
      lookedAt: sight.now,
      notBefore: sight.now + HEAL_FORWARD_MS,
    };
}

async function adopt(set: KnownSet, sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const view = viewOf(sight);
  const generation = generationOf(view.meta) + 1;
  const isOurs = sight.journal.attempts.some(
    (judged) => judged.set?.refreshTokenHash === set.refreshTokenHash,
  );
  if (!isOurs && deps.mayNotRedeem() === null) await journalAdopted(set, sight, deps, memory);
  const standing = intentOf(view.meta);
  const result = await commit(
    {
      expect: { text: view.text, generation: generation - 1 },
      meta: {
        ...metaOfSet(set, generation, deps.identity.install),
        ...(standing?.hash === set.refreshTokenHash ? {} : NO_INTENT),
        ...metaOfState(recordedStateAfter(set, sight)),
      },
      announce: generation,
    },
    deps,
    memory,
  );
  if (result === 'done') {
    const isFirst = generation === 1;
    if (!isFirst) memory.happened.set('store.foreign_writer', sight.now);
    deps.log.info('keeper', `adopted a set that another program wrote, generation ${generation}`, deps.mall);
  }
  return result !== 'failed';
}

async function journalAdopted(set: KnownSet, sight: Sight, deps: KeeperDeps, memory: Memory): Promise<void> {
  const attempt = newAttempt({ kind: 'adopted', parent: set }, sight.now, deps, memory);
  await saveAttempt(deps, memory, { ...attempt, outcome: 'adopted', settledAt: sight.now });
  memory.active.delete(attempt.id);
}

/** Tells the store how an attempt ended, then notes in the journal that it knows. */
async function settle(
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
  memory.active.delete(attempt.id);
  if (attempt.outcome === 'not_sent') {
    memory.unsaved.delete(attempt.id);
    await deps.journal.remove(deps.mall, attempt.id);
  } else {
    await saveAttempt(deps, memory, { ...attempt, settledAt: sight.now });
  }
  return true;
}

/** The meta's intent is this very presentation, or none that came after it. */
function isSettledBy(standing: Intent | null, attempt: JudgedAttempt['attempt']): boolean {
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

async function writeIntent(sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
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

async function refreshOffline(
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
