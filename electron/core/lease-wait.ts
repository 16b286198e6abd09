/** Getting between the looks of a keeper: a person's consent and disconnect wait for the lease, but not for long. */
import type { KeeperView } from './keeper.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { CONSENT_WAIT_MS, LEASE_TTL_MS } from './timing.ts';

/** The keeper as somebody sees it who does one thing beside its looks. */
export interface Actor {
  /** Resolves when the look that runs now is over. */
  settled(): Promise<void>;
  look(): Promise<KeeperView>;
}

const LEASE_POLL_MS = 250;

/** True when the lease was taken; false when 8 s went by without it, or the store is out of reach. */
export async function waitForLease(deps: KeeperDeps, actor: Actor): Promise<boolean> {
  const startedMs = deps.clock.monotonicMs();
  const leftMs = () => CONSENT_WAIT_MS - (deps.clock.monotonicMs() - startedMs);
  await Promise.race([actor.settled(), pause(deps, CONSENT_WAIT_MS)]);
  while (leftMs() > 0) {
    const lease = await Promise.race([
      deps.store.takeLease(deps.mall, deps.identity.owner, LEASE_TTL_MS),
      pause(deps, Math.max(0, leftMs())),
    ]);
    if (lease?.ok && lease.value.taken) return true;
    // What no secret at hand opens stays so for the whole wait: the answer begins a place of its own.
    if (lease && !lease.ok && lease.code === 'store.locked') return false;
    if (leftMs() > 0) await pause(deps, Math.min(LEASE_POLL_MS, leftMs()));
  }
  return false;
}

/** In real time. */
export function pause({ timers }: KeeperDeps, ms: number): Promise<null> {
  return new Promise((resolve) => {
    timers.after(ms, () => resolve(null));
  });
}
