import { setTimeout as sleep } from 'node:timers/promises';
import { afterApplying, insteadOfApplying, type Outgoing } from './fault-effects.ts';
import type { FaultPlan } from './faults.ts';
import type { Answer } from './http.ts';

/**
 * Runs one request through its faults: wait, refuse or apply, wait, spoil the answer.
 *
 * `apply` is not called where a fault answers in its place. It runs at the time after the first wait, so a
 * client that hung up meanwhile still has its token rotated, as with a real server. `beforeLeaving` runs
 * inside the handler in either case. `signal` ends the waits when the simulator closes.
 */
export async function exchange(
  plan: FaultPlan,
  now: () => number,
  signal: AbortSignal,
  apply: (now: number) => Answer,
  beforeLeaving: () => Promise<void> = async () => {},
): Promise<Outgoing> {
  if (plan.delayBeforeMs > 0) await sleep(plan.delayBeforeMs, undefined, { signal });
  const instead = insteadOfApplying(plan.effect, now());
  const answer = instead?.answer ?? apply(now());
  await beforeLeaving();
  if (plan.delayAfterMs > 0) await sleep(plan.delayAfterMs, undefined, { signal });
  return instead ?? afterApplying(plan.effect, answer);
}
