import { unreachable } from '../../shared/result.ts';
import type { ActionResult, FlowSnapshot } from '../../shared/snapshot.ts';
import type { Clock, RedirectServer } from '../ports.ts';
import type { ConsentAddresses, ConsentPlan, ConsentSecrets } from './consent-flow.ts';
import type { Outcome } from './keeper-api.ts';

/** How long a person has (docs/keeper.md, 20). */
const CONSENT_TIMEOUT_MS = 5 * 60_000;

/** What the wait is counted by: time that passes, whatever any clock is set to; where a simulator is moved, its time. */
type WaitClock = Pick<Clock, 'now' | 'monotonicMs' | 'storeOffsetMs'>;

/** One flow. What comes late for an older one finds `stage` ended and changes nothing. */
export interface ConsentWait {
  readonly plan: ConsentPlan;
  readonly secrets: ConsentSecrets;
  readonly startedAt: number;
  /** By the wait's clock. */
  readonly endsMs: number;
  stage: 'preparing' | 'waiting' | 'exchanging' | 'ended';
  /** How it ended; null until then. */
  outcome: Outcome | null;
  /** Null until it is known which port listens. */
  addresses: ConsentAddresses | null;
  /** Null where no port was free: then only a paste can finish it. */
  server: RedirectServer | null;
  hint: ActionResult | null;
  /** Monotonic ms. */
  tabOpenedAt: number;
  /** What to take down when it ends: the watch of the store, the timer. */
  readonly undo: (() => void)[];
}

export function newConsentWait(plan: ConsentPlan, secrets: ConsentSecrets, clock: WaitClock): ConsentWait {
  return {
    plan,
    secrets,
    startedAt: clock.now(),
    endsMs: passedMs(clock) + CONSENT_TIMEOUT_MS,
    stage: 'preparing',
    outcome: null,
    addresses: null,
    server: null,
    hint: null,
    tabOpenedAt: Number.NEGATIVE_INFINITY,
    undo: [],
  };
}

function passedMs(clock: WaitClock): number {
  return clock.monotonicMs() + clock.storeOffsetMs();
}

/** How long a person still has, ms. */
export function leftMs({ endsMs }: ConsentWait, clock: WaitClock): number {
  return endsMs - passedMs(clock);
}

/** What window and tray are told: no address, no secret. */
export function flowSnapshotOf(
  flow: ConsentWait | null,
  last: ActionResult | null,
  clock: WaitClock,
): FlowSnapshot {
  if (flow === null) return { phase: 'idle', last };
  const { startedAt, stage, hint, server } = flow;
  switch (stage) {
    case 'preparing':
    case 'exchanging':
      return { phase: stage, startedAt };
    case 'waiting':
      return {
        phase: 'waiting',
        startedAt,
        endsAt: Math.round(clock.now() + leftMs(flow, clock)),
        pasteOnly: server === null,
        hint,
      };
    case 'ended':
      return { phase: 'idle', last };
    default:
      return unreachable(stage);
  }
}
