/**
 * Exchanges an authorization code (docs/keeper.md, 20). The code lives one minute and redeems no refresh token, so the
 * exchange waits a little for the lease or the store and then goes on without them; its answer is journaled like any
 * other and published by the order of `newer-of`.
 */
import type { Code } from '../../shared/codes.ts';
import type { Params } from '../../shared/snapshot.ts';
import type { Attempt } from '../ports.ts';
import { leaveAttempt, newAttempt, saveAttempt } from './attempts.ts';
import type { Consent, Outcome } from './keeper-api.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { type JudgedAttempt, judgeAttempt } from './knowledge.ts';
import { type Actor, pause, waitForLease } from './lease-wait.ts';
import type { Memory } from './memory.ts';
import { wiped } from './tidy.ts';
import { attemptAfter, wireOf } from './turn.ts';

interface ConsentingActor extends Actor {
  /** This grant is our own doing: its appearance in the store is no foreign one. */
  ownGrant(id: string): void;
  /** When the grant began, or ended by a disconnect, that is known now; null where none is. */
  grantSeen(): number | null;
}

/** A connection that did not come up took nothing: the code is tried again this often, a second apart. */
const MOST_TRIES = 4;
const RETRY_MS = 1000;

export async function exchangeCode(
  consent: Consent,
  deps: KeeperDeps,
  memory: Memory,
  actor: ConsentingActor,
): Promise<Outcome> {
  const client = deps.client();
  if (!client) return outcome('client.not_configured');
  const opened: Attempt = {
    ...newAttempt({ kind: 'consent', parent: null }, deps.clock.now(), deps, memory),
    outcome: 'open',
  };
  try {
    const saved = await saveAttempt(deps, memory, opened);
    if (!saved.ok) {
      memory.unsaved.delete(opened.id);
      return outcome(saved.code);
    }
    actor.ownGrant(opened.id);
    const hasLease = await waitForLease(deps, actor);
    await deps.store.commit(deps.mall, { expect: {}, admit: { id: opened.id, limit: null } });
    // What the lease brought may show a disconnect that no look has seen.
    if (hasLease) await actor.look();
    const follows = actor.grantSeen();
    const wire = await post(consent, client, deps);
    const ended = { ...attemptAfter(opened, wire, deps.clock.now()), follows };
    await saveAttempt(deps, memory, ended);
    if (hasLease) await deps.store.releaseLease(deps.mall, deps.identity.owner);
    if (wire.kind === 'not_sent') return await withoutTokens(wire.code, {}, ended, deps, memory);
    return await conclude(judgeAttempt(ended), deps, memory, actor);
  } finally {
    leaveAttempt(deps, opened);
  }
}

async function post(
  consent: Consent,
  client: Parameters<KeeperDeps['endpoint']['exchange']>[0],
  deps: KeeperDeps,
) {
  for (let tries = 1; ; tries += 1) {
    const wire = await wireOf(() => deps.endpoint.exchange(client, consent), deps);
    if (wire.kind !== 'not_sent' || tries === MOST_TRIES) return wire;
    await pause(deps, RETRY_MS);
  }
}

async function conclude(
  judged: JudgedAttempt,
  deps: KeeperDeps,
  memory: Memory,
  actor: Actor,
): Promise<Outcome> {
  const { attempt, verdict, set } = judged;
  switch (verdict?.kind) {
    case 'granted': {
      if (!set) throw new Error('a granted answer has a set');
      memory.hold = null;
      const after = await actor.look();
      const params = { account: set.userId ?? '', scopes: set.scopes.join(', ') };
      if (
        after.sight?.store.kind === 'up' &&
        after.set?.grant.id === set.grant.id &&
        after.sight.newest?.fromStore
      ) {
        return outcome('consent.connected', params);
      }
      return after.set && after.set.grant.id !== set.grant.id
        ? outcome('consent.connected_elsewhere', params)
        : outcome('consent.saved_not_shared', params);
    }
    case 'other_mall':
      // The one exception to "no token is lost": these open another shop (docs/keeper.md, 9).
      return withoutTokens(
        'consent.other_mall',
        { expected: deps.mall, got: verdict.mall },
        wiped(attempt),
        deps,
        memory,
      );
    case 'code_expired':
    case 'refused':
      return withoutTokens('consent.code_expired', {}, attempt, deps, memory);
    case 'blocked':
      return withoutTokens(verdict.code, {}, attempt, deps, memory);
    case 'limited':
      return withoutTokens('rate.limited', {}, attempt, deps, memory);
    case 'unreadable':
    case undefined:
      return outcome('consent.failed');
  }
}

/** No token came: the attempt's file is not needed any more. */
async function withoutTokens(
  code: Code,
  params: Params,
  attempt: Attempt,
  deps: KeeperDeps,
  memory: Memory,
): Promise<Outcome> {
  memory.unsaved.delete(attempt.id);
  const removed = await deps.journal.remove(deps.mall, attempt.id);
  if (!removed.ok) await saveAttempt(deps, memory, { ...wiped(attempt), settledAt: deps.clock.now() });
  return outcome(code, params);
}

function outcome(code: Code, params: Params = {}): Outcome {
  return { code, params };
}
