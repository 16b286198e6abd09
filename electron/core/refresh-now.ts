/** A refresh that a person or a program asked for, and in one code what came of it. */
import { parseOwner } from '../../shared/owner.ts';
import type { Clock, Timers } from '../ports.ts';
import type { Keeper, KeeperView } from './keeper.ts';
import type { Outcome } from './keeper-api.ts';
import type { Asker } from './sight.ts';

/** Younger than this a set is "already fresh" (README.md, "Command line"). */
const FRESH_MS = 5 * 60_000;
/** Another keeper's refresh is waited for this long, in real time. */
const NEIGHBOUR_WAIT_MS = 30_000;
const NEIGHBOUR_POLL_MS = 500;

export async function refreshNow(
  keeper: Keeper,
  clock: Clock,
  timers: Timers,
  by: Asker = 'person',
): Promise<Outcome> {
  const before = await keeper.look();
  const isFresh =
    before.set !== null && clock.now() - before.set.issuedAt < FRESH_MS && before.set.issuedAt <= clock.now();
  if (isFresh && before.state?.state !== 'NEEDS_REAUTH') return { code: 'refresh.already_fresh', params: {} };
  let after = await keeper.refresh(by);
  const startedMs = clock.monotonicMs();
  while (after.isNeighbourAtWork && clock.monotonicMs() - startedMs < NEIGHBOUR_WAIT_MS) {
    await new Promise<void>((resolve) => {
      timers.after(NEIGHBOUR_POLL_MS, resolve);
    });
    after = await keeper.look();
    if (isNewer(before, after)) break;
    after = await keeper.refresh(by);
  }
  if (!isNewer(before, after)) return whyNot(after);
  const writer = after.sight?.store.kind === 'up' ? after.sight.store.view.meta.writer : undefined;
  const isOurs = writer === undefined || writer === after.sight?.install;
  return isOurs ? { code: 'refresh.done', params: {} } : { code: 'refresh.by_another', params: {} };
}

function isNewer(before: KeeperView, after: KeeperView): boolean {
  return after.set !== null && after.set.accessToken !== before.set?.accessToken;
}

function whyNot({ isNeighbourAtWork, sight, state, waitsFor, plannedAt }: KeeperView): Outcome {
  if (isNeighbourAtWork) {
    const owner = sight?.store.kind === 'up' ? parseOwner(sight.store.view.leaseOwner ?? '') : null;
    return { code: 'refresh.waiting', params: owner ? { host: owner.host } : {} };
  }
  const code = waitsFor ?? state?.reason ?? 'refresh.waiting';
  return { code, params: plannedAt === null ? {} : { retryAt: plannedAt } };
}
