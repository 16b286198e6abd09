/**
 * Nobody is alarmed before a due refresh had its chance (docs/keeper.md, 18): until it succeeded, failed definitely, or
 * was tried for ten minutes.
 */
import type { KeeperView } from './keeper.ts';

const MINUTE_MS = 60_000;
const CHANCE_MS = 10 * MINUTE_MS;
/** A keeper looks every minute: after a longer silence its host slept, and what was tried before counts no more. */
const BREAK_MS = 5 * MINUTE_MS;

/** Since when a due refresh has been tried without a break, and when that was seen last. */
export interface Chance {
  readonly since: number;
  readonly seenAt: number;
}

/** Pure: what is still waited for; null once there is nothing to wait for. */
export function chanceOf(view: KeeperView, before: Chance | null, now: number): Chance | null {
  if (!isDue(view, now) || isDefinite(view)) return null;
  const goesOn = before !== null && now >= before.seenAt && now - before.seenAt <= BREAK_MS;
  return { since: goesOn ? before.since : now, seenAt: now };
}

export function isChanceOver(chance: Chance | null, now: number): boolean {
  return chance === null || now - chance.since >= CHANCE_MS;
}

function isDue({ sight, state, isRefreshing }: KeeperView, now: number): boolean {
  // Both are said at once, but may be lifted soon: by the one try after a passed deadline, be it spread a little, and by
  // whoever still has the set that is missing.
  return (
    isRefreshing ||
    state?.reason === 'grant.expired' ||
    state?.reason === 'grant.missing' ||
    (sight?.dueAt ?? Number.POSITIVE_INFINITY) <= now
  );
}

/** There is a verdict, or this process makes no request at all. */
function isDefinite({ sight, state }: KeeperView): boolean {
  if (!sight || !state) return true;
  if (state.reason === 'grant.missing') return false;
  if (sight.mayNotRedeem !== null) return true;
  const { intent } = sight;
  if (state.reason === 'grant.expired') return intent !== null && intent.outcome !== 'open';
  switch (state.state) {
    case 'NEEDS_REAUTH':
    case 'UNCONFIRMED':
    case 'BLOCKED':
      return true;
    case 'CRITICAL':
    case 'EXPIRING':
    case 'HEALTHY':
      // A refusal counts once the store was read again for a newer set: then it is the state.
      return intent?.outcome === 'limited';
  }
}
