/** In which order shops are shown: the one that most needs somebody first. The tray speaks of that one. */
import type { Code } from './codes.ts';
import { MALL_STATES } from './mall-state.ts';
import type { MallSnapshot } from './snapshot.ts';

/** Reasons for NEEDS_REAUTH that are nobody's alarm: the person knows, or never began. */
export const QUIET_REASONS: ReadonlySet<Code | null> = new Set(['never_connected', 'disconnected']);

/** Whether nobody waits for this shop: it must not hide another one's trouble. */
export function isQuiet({ reason, paused }: Pick<MallSnapshot, 'reason' | 'paused'>): boolean {
  return paused || QUIET_REASONS.has(reason);
}

/**
 * For sorting: shops that somebody waits for first, then the worst state, the nearest deadline, the name. Paused ones
 * come last: who paused a shop knows of it and looks to the icon for the others, so it speaks for itself only where
 * every shop is paused.
 */
export function byUrgency(a: MallSnapshot, b: MallSnapshot): number {
  return (
    Number(a.paused) - Number(b.paused) ||
    Number(isQuiet(a)) - Number(isQuiet(b)) ||
    MALL_STATES.indexOf(a.state) - MALL_STATES.indexOf(b.state) ||
    (a.deadlineAt ?? 0) - (b.deadlineAt ?? 0) ||
    a.mall.localeCompare(b.mall)
  );
}
