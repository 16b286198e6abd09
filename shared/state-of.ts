/** A mall's state by precedence (docs/keeper.md, 17). */
import type { Code } from './codes.ts';
import type { MallState } from './mall-state.ts';
import type { PresentationIntent } from './meta.ts';
import { type Observer, troubleOf } from './presentation.ts';
import { dDayOf } from './seoul-time.ts';
import type { KnownSet } from './token-set.ts';

/**
 * What is known of the mall's grant. `spent`: its refresh token is known as redeemed and nothing newer was found;
 * `missing`: the store's notes speak of a set that is nowhere to be found; `locked`: there is something, but no secret at
 * hand opens it.
 */
export type Holding =
  | { readonly kind: 'set'; readonly set: KnownSet; readonly spent: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'locked' };

export interface StateAndReason {
  readonly state: MallState;
  readonly reason: Code | null;
}

/** Stages by calendar days in Seoul (docs/keeper.md, 17). */
const CRITICAL_DAYS = 1;
const EXPIRING_DAYS = 3;

/**
 * @param intent the intent on the set's refresh token, or null
 * @param clockTrusted false for the first minutes without a server's Date: then nothing new is concluded from the clock
 * @param standing what was concluded last; null where nothing was
 */
export function stateOf(input: {
  readonly holding: Holding;
  readonly intent: PresentationIntent | null;
  readonly observer: Observer;
  readonly now: number;
  readonly clockTrusted: boolean;
  readonly standing: StateAndReason | null;
}): StateAndReason {
  const { holding, intent, observer, now, clockTrusted, standing } = input;
  switch (holding.kind) {
    case 'none':
      return { state: 'NEEDS_REAUTH', reason: 'never_connected' };
    case 'missing':
      return { state: 'NEEDS_REAUTH', reason: 'grant.missing' };
    case 'disconnected':
      return { state: 'NEEDS_REAUTH', reason: 'disconnected' };
    case 'locked':
      return { state: 'BLOCKED', reason: 'store.locked' };
    case 'set': {
      const deadlineAt = holding.set.refreshTokenExpiresAt;
      if (clockTrusted && now >= deadlineAt) return { state: 'NEEDS_REAUTH', reason: 'grant.expired' };
      const trouble = intent && troubleOf(intent, observer, now);
      // Redeemed, and the tokens it bought open another shop: that is what there is to tell.
      if (trouble?.reason === 'answer.other_mall') return trouble;
      if (holding.spent) return { state: 'NEEDS_REAUTH', reason: 'grant.invalid' };
      if (trouble) return trouble;
      return !clockTrusted && standing && isByClock(standing)
        ? standing
        : stateByDays(dDayOf(deadlineAt, now));
    }
  }
}

const BY_CLOCK: readonly StateAndReason['reason'][] = [
  null,
  'grant.expiring',
  'grant.critical',
  'grant.expired',
];

/** Whether time alone led to this state. */
function isByClock({ reason }: StateAndReason): boolean {
  return BY_CLOCK.includes(reason);
}

function stateByDays(days: number): StateAndReason {
  if (days <= CRITICAL_DAYS) return { state: 'CRITICAL', reason: 'grant.critical' };
  if (days <= EXPIRING_DAYS) return { state: 'EXPIRING', reason: 'grant.expiring' };
  return { state: 'HEALTHY', reason: null };
}
