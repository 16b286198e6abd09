/** Writing to the store: one compare-and-set, and what a failed one means for the next. */
import type { Failure } from '../../shared/result.ts';
import type { StoreCommit, StoreView } from '../ports.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { type Memory, NOTHING_ASKED, nextHold } from './memory.ts';
import type { Sight } from './sight.ts';

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
  // What moved may be what is known of redeemed tokens.
  if (outcome.value.kind === 'moved') memory.askedForSpent = NOTHING_ASKED;
  if (outcome.value.kind === 'limited') {
    const now = deps.clock.now();
    // The store counts by a clock of its own.
    const waitMs = outcome.value.freeAt - outcome.value.view.at;
    memory.hold = { code: 'budget.used_up', until: now + waitMs, since: now, failures: 1 };
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
