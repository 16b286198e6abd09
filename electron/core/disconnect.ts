/**
 * A person gives a shop's grant up (docs/keeper.md, 21): Cafe24 revokes it, then everybody forgets it. The mark
 * of it lies in the journal before the store is told, and is a set in `newer-of`: what was consented earlier never
 * comes back over it, from whatever disk or backup.
 */
import type { Code } from '../../shared/codes.ts';
import { isAccessUsable } from '../../shared/due.ts';
import { generationOf, metaOfDisconnect, metaOfState } from '../../shared/meta.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { RevokedToken } from '../ports.ts';
import { leaveAttempt, newAttempt, saveAttempt } from './attempts.ts';
import type { KeeperView } from './keeper.ts';
import type { Outcome } from './keeper-api.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { type Actor, waitForLease } from './lease-wait.ts';
import type { Memory } from './memory.ts';
import { recordedDisconnect } from './record.ts';
import type { Sight } from './sight.ts';
import { commit, viewOf } from './store-writing.ts';

export async function disconnect(
  { anyway }: { readonly anyway: boolean },
  deps: KeeperDeps,
  memory: Memory,
  actor: Actor,
): Promise<Outcome> {
  if (memory.consents > 0 || memory.isDisconnecting) return outcome('disconnect.busy');
  memory.isDisconnecting = true;
  let hasLease = false;
  try {
    const obstacle = obstacleOf(await actor.look());
    if (obstacle) return outcome(obstacle);
    hasLease = await waitForLease(deps, actor);
    if (!hasLease) return outcome('disconnect.busy');
    // Under the lease nobody brings a set that would outlive this one: what stands now is what is revoked.
    const view = await actor.look();
    const moved = obstacleOf(view);
    if (moved || !view.set) return outcome(moved ?? 'disconnect.nothing');
    const isRevoked = await revoke(view.set, deps);
    if (!isRevoked && !anyway) return outcome('disconnect.not_revoked');
    await mark(view.set, deps, memory);
    const after = await actor.look();
    if (!isForgotten(after)) return outcome('disconnect.not_shared');
    deps.log.info('keeper', `disconnected${isRevoked ? '' : ', without an answer of Cafe24'}`, deps.mall);
    return outcome(isRevoked ? 'disconnect.done' : 'disconnect.forgotten');
  } finally {
    memory.isDisconnecting = false;
    if (hasLease) await deps.store.releaseLease(deps.mall, deps.identity.owner);
    // Destroys the copies of this journal: until now this was still at work.
    await actor.look();
  }
}

/** Without the store nothing is revoked: the shop's programs would be left with dead tokens and no word of it. */
function obstacleOf({ sight, set }: KeeperView): Code | null {
  if (sight === null) return 'store.unreachable';
  if (sight.store.kind === 'down') return sight.store.code;
  return set === null ? 'disconnect.nothing' : null;
}

async function revoke(set: KnownSet, deps: KeeperDeps): Promise<boolean> {
  const client = deps.client();
  if (!client) return false;
  const wire = await deps.endpoint.revoke(client, revokedTokenOf(set, deps.clock.now()));
  const isRevoked = wire.kind === 'answered' && wire.answer.status >= 200 && wire.answer.status < 300;
  const end = wire.kind === 'answered' ? `status ${wire.answer.status}` : `${wire.kind} (${wire.detail})`;
  deps.log[isRevoked ? 'info' : 'warn']('keeper', `revoking the grant: ${end}`, deps.mall);
  return isRevoked;
}

/** An access token takes its refresh token along, as documented; where it is over, the refresh token is all there is. */
function revokedTokenOf(set: KnownSet, now: number): RevokedToken {
  return isAccessUsable(set, now)
    ? { value: set.accessToken, kind: 'access_token' }
    : { value: set.refreshToken, kind: 'refresh_token' };
}

/** Later than the grant it ends, also where this host's clock is behind. */
async function mark(set: KnownSet, deps: KeeperDeps, memory: Memory): Promise<void> {
  const attempt = newAttempt(
    { kind: 'disconnect', parent: null, notBefore: set.grant.at + 1 },
    deps.clock.now(),
    deps,
    memory,
  );
  await saveAttempt(deps, memory, { ...attempt, outcome: 'adopted' });
  leaveAttempt(deps, attempt);
}

function isForgotten({ sight }: KeeperView): boolean {
  return sight?.newest?.kind === 'disconnected' && sight.newest.fromStore;
}

/** The step that tells the store: the main key goes, and the mark stands where the grant stood. */
export async function forget(at: number, sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const view = viewOf(sight);
  const generation = generationOf(view.meta) + 1;
  const result = await commit(
    {
      expect: { text: view.text, generation: generation - 1 },
      text: null,
      meta: {
        ...metaOfDisconnect(at, generation, deps.identity.install),
        ...metaOfState(recordedDisconnect(sight)),
      },
      announce: generation,
    },
    deps,
    memory,
  );
  if (result === 'failed') return false;
  if (result !== 'done') return true;
  const told = sight.journal.attempts.filter(
    ({ attempt }) => attempt.kind === 'disconnect' && attempt.openedAt === at && attempt.settledAt === null,
  );
  for (const { attempt } of told) await saveAttempt(deps, memory, { ...attempt, settledAt: sight.now });
  return true;
}

function outcome(code: Code): Outcome {
  return { code, params: {} };
}
