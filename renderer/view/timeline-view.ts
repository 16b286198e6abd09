/** The picture of the refresh token's 14 days: positions from 0 (issued) to 1 (deadline). */
import { dDayOf, seoulDayOf, seoulMidnightOf } from '../../shared/seoul-time.ts';
import { REFRESH_TOKEN_LIFE_MS } from '../../shared/token-set.ts';

/** Refreshes closer together than this share one dot: hourly dots would run into a line and hide every gap. */
const DOT_EVERY_MS = 6 * 60 * 60 * 1000;

/** From this length on, time without a refresh is drawn as a gap. A night with the PC off is one. */
const GAP_FROM_MS = 12 * 60 * 60 * 1000;

/** Days before the deadline's day at which warnings begin (design, section 4). */
const MARKED_D_DAYS = [3, 1] as const;

export interface TimelineView {
  readonly startAt: number;
  readonly startsToday: boolean;
  /** Where the present is. */
  readonly now: number;
  readonly over: boolean;
  readonly marks: readonly { readonly dDay: number; readonly at: number; readonly position: number }[];
  readonly dots: readonly number[];
  /** Refreshes within the line. */
  readonly refreshCount: number;
  /** Long times without a refresh: this app, and every other keeper it knows of, was off. */
  readonly gaps: readonly Stretch[];
  /** The travelled part without the gaps; one of no length is a single refresh between two gaps. */
  readonly stretches: readonly Stretch[];
  /** The longest time without a refresh within the travelled part. */
  readonly longestGap: Pause | null;
}

/** A part of the line. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function timelineOf(deadlineAt: number, refreshes: readonly number[], now: number): TimelineView {
  const startAt = deadlineAt - REFRESH_TOKEN_LIFE_MS;
  const position = (at: number): number => Math.min(1, Math.max(0, (at - startAt) / REFRESH_TOKEN_LIFE_MS));
  const travelledTo = Math.min(now, deadlineAt);
  const within = refreshes.filter((at) => at >= startAt && at <= travelledTo);
  const pauses = pausesOf([startAt, ...within, travelledTo]);
  const gaps = pauses
    .filter((pause) => lengthOf(pause) >= GAP_FROM_MS)
    .map(({ fromAt, toAt }) => ({ from: position(fromAt), to: position(toAt) }));
  const buckets = new Map(within.map((at) => [Math.floor((at - startAt) / DOT_EVERY_MS), at]));
  return {
    startAt,
    startsToday: dDayOf(startAt, now) === 0,
    now: position(now),
    over: now >= deadlineAt,
    marks: MARKED_D_DAYS.map((dDay) => {
      const at = seoulMidnightOf(seoulDayOf(deadlineAt) - dDay);
      return { dDay, at, position: position(at) };
    }),
    dots: [...buckets.values()].map(position),
    refreshCount: within.length,
    gaps,
    stretches: stretchesBetween(gaps, position(now)),
    longestGap: pauses.reduce<Pause | null>(
      (longest, pause) => (longest === null || lengthOf(pause) > lengthOf(longest) ? pause : longest),
      null,
    ),
  };
}

interface Pause {
  readonly fromAt: number;
  readonly toAt: number;
}

const lengthOf = ({ fromAt, toAt }: Pause): number => toAt - fromAt;

/** The times between neighbours; none of no length. */
function pausesOf(times: readonly number[]): readonly Pause[] {
  return times
    .map((fromAt, index) => ({ fromAt, toAt: times[index + 1] ?? fromAt }))
    .filter((pause) => lengthOf(pause) > 0);
}

function stretchesBetween(gaps: readonly Stretch[], end: number): readonly Stretch[] {
  const starts = [0, ...gaps.map(({ to }) => to)];
  const ends = [...gaps.map(({ from }) => from), end];
  return starts
    .map((from, index) => ({ from, to: ends[index] ?? end }))
    .filter(({ from, to }) => from < to || from < end);
}
