/** One refresh of this process from the proven place to the journaled answer (docs/keeper.md, 4 to 8). */
import type { Attempt, WireResult } from '../ports.ts';
import { leaveAttempt, newAttempt, saveAttempt } from './attempts.ts';
import type { Step } from './decide.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { judgeAttempt } from './knowledge.ts';
import { type Memory, nextHold } from './memory.ts';
import type { Sight } from './sight.ts';
import { LEASE_NEEDED_MS, LEASE_RENEWAL_MS, LEASE_TTL_MS } from './timing.ts';

/** The place for the answer is written and synced, then the lease is taken; its view is looked at next (docs/keeper.md, 4). */
export async function beginTurn(
  step: Extract<Step, { do: 'begin-turn' }>,
  sight: Sight,
  deps: KeeperDeps,
  memory: Memory,
): Promise<boolean> {
  const attempt = newAttempt(
    { kind: 'refresh', parent: step.set, tries: step.tries, why: step.why },
    sight.now,
    deps,
    memory,
  );
  const saved = await saveAttempt(deps, memory, attempt);
  if (!saved.ok) {
    memory.unsaved.delete(attempt.id);
    leaveAttempt(deps, attempt);
    memory.hold = nextHold(memory.hold, saved.code, sight.now);
    return false;
  }
  const startedAt = readClocks(deps);
  const lease = await deps.store.takeLease(deps.mall, deps.identity.owner, LEASE_TTL_MS);
  if (lease.ok && lease.value.taken) {
    memory.freshView = lease.value.view;
    memory.lease = startedAt;
    memory.turn = { attempt, phase: 'leased' };
    return true;
  }
  await deps.journal.remove(deps.mall, attempt.id);
  leaveAttempt(deps, attempt);
  if (!lease.ok) {
    memory.hold = nextHold(memory.hold, lease.code, sight.now);
    return true;
  }
  memory.isNeighbourAtWork = true;
  return false;
}

/** Ends a turn without a request: what was written is closed or removed, the lease is given up. */
export async function dropTurn(deps: KeeperDeps, memory: Memory): Promise<void> {
  const { turn } = memory;
  memory.turn = null;
  if (!turn) return;
  if (turn.phase === 'intended') await saveAttempt(deps, memory, { ...turn.attempt, outcome: 'not_sent' });
  if (turn.phase === 'leased') await deps.journal.remove(deps.mall, turn.attempt.id);
  leaveAttempt(deps, turn.attempt);
  await deps.store.releaseLease(deps.mall, deps.identity.owner);
}

/** One POST while the lease is renewed, and its answer on disk before anybody judges it (docs/keeper.md, 7 and 8). */
export async function sendTurn(sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const { turn } = memory;
  const client = deps.client();
  const parent = turn?.attempt.parent;
  if (!turn || !client || !parent || !(turn.attempt.offline || hasLeaseLeft(deps, memory))) {
    await dropTurn(deps, memory);
    return true;
  }
  deps.log.info(
    'keeper',
    turn.attempt.why ? `presenting the token again: ${turn.attempt.why}` : 'refreshing',
    turn.attempt.id,
  );
  const stopRenewal = turn.attempt.offline ? () => {} : renewLease(deps);
  const wire = await wireOf(() => deps.endpoint.refresh(client, parent.refreshToken), deps).finally(
    stopRenewal,
  );
  const ended = attemptAfter(turn.attempt, wire, deps.clock.now());
  // One wish is one request: what is BLOCKED would else be tried on its behalf until the budget is gone.
  memory.askedFor = null;
  await saveAttempt(deps, memory, ended);
  memory.turn = { attempt: ended, phase: 'over' };
  foresee(ended, sight, memory);
  if (wire.kind === 'not_sent') {
    memory.hold = nextHold(memory.hold, wire.code, deps.clock.now());
    deps.log.warn('keeper', `nothing was sent: ${wire.code} (${wire.detail})`, ended.id);
  } else {
    memory.hold = null;
    if (wire.kind === 'lost') deps.log.error('keeper', `no complete answer: ${wire.detail}`, ended.id);
  }
  if (ended.offline) {
    memory.turn = null;
    leaveAttempt(deps, ended);
    return sight.store.kind === 'up';
  }
  return true;
}

/**
 * A set that came is published against what was seen before its request: the script compares all of that, and that the
 * new token is not known as redeemed, so neither need be asked for again. What moved meanwhile shows in its answer.
 */
function foresee(ended: Attempt, { store }: Sight, memory: Memory): void {
  const { set } = judgeAttempt(ended);
  if (!set || store.kind === 'down' || ended.offline) return;
  memory.freshView = store.view;
  const { generation, hashes } = memory.askedForSpent;
  memory.askedForSpent = { generation, hashes: new Set([...hashes, set.refreshTokenHash]) };
}

/**
 * What came of a request, also where a bug ended it: how far it had come is unknown then, so it counts as sent. Thrown
 * on, it would leave its attempt open and the turn undone, and the next look would end the two as never sent.
 */
export async function wireOf(
  request: () => Promise<WireResult>,
  { log, mall }: Pick<KeeperDeps, 'log' | 'mall'>,
): Promise<WireResult> {
  try {
    return await request();
  } catch (error) {
    log.error(
      'keeper',
      `internal.error in a request: ${error instanceof Error ? error.stack : String(error)}`,
      mall,
    );
    return { kind: 'lost', detail: 'internal.error' };
  }
}

export function attemptAfter(attempt: Attempt, wire: WireResult, now: number): Attempt {
  switch (wire.kind) {
    case 'not_sent':
      return { ...attempt, outcome: 'not_sent' };
    case 'lost':
      return { ...attempt, outcome: 'lost' };
    case 'answered':
      return { ...attempt, outcome: 'answered', answer: { ...wire.answer, receivedAt: now } };
  }
}

function readClocks({ clock }: KeeperDeps): NonNullable<Memory['lease']> {
  return { monotonicMs: clock.monotonicMs(), hostMs: clock.hostMs(), serverMs: clock.now() };
}

/** By all clocks: a suspended host's monotonic clock may have stood still, a wall clock may have been set. */
function hasLeaseLeft(deps: KeeperDeps, { lease }: Memory): boolean {
  if (!lease) return false;
  const now = readClocks(deps);
  const elapsed = [
    now.monotonicMs - lease.monotonicMs,
    now.hostMs - lease.hostMs,
    now.serverMs - lease.serverMs,
  ];
  return elapsed.every((ms) => ms >= 0 && LEASE_TTL_MS - ms >= LEASE_NEEDED_MS);
}

function renewLease({ timers, store, mall, identity, log }: KeeperDeps): () => void {
  let cancel = timers.after(LEASE_RENEWAL_MS, renew);
  let isOver = false;
  async function renew(): Promise<void> {
    const renewed = await store.renewLease(mall, identity.owner, LEASE_TTL_MS);
    if (isOver) return;
    if (!renewed.ok || !renewed.value) log.warn('keeper', 'the lease could not be renewed', mall);
    cancel = timers.after(LEASE_RENEWAL_MS, renew);
  }
  return () => {
    isOver = true;
    cancel();
  };
}
