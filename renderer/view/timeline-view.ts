/** The picture of the past 14 days and the way to the deadline: positions from 0 (its start) to 1 (the deadline). */
import type { PastMark } from '../../shared/history.ts';
import { dDayOf, seoulDayOf, seoulMidnightOf } from '../../shared/seoul-time.ts';
import { REFRESH_TOKEN_LIFE_MS } from '../../shared/token-set.ts';

/** As many marks of a kind fit on the line: hourly dots would run into one another and hide every gap. */
const MOST_MARKS = 56;

/** From this length on, time without a refresh is drawn as a gap. A night with the PC off is one. */
const GAP_FROM_MS = 12 * 60 * 60 * 1000;

/** Days before the deadline's day at which warnings begin (README.md, "Warnings"). */
const MARKED_D_DAYS = [3, 1] as const;

export interface TimelineView {
  readonly startAt: number;
  readonly startsToday: boolean;
  /** Where the present is. */
  readonly now: number;
  readonly over: boolean;
  readonly marks: readonly { readonly dDay: number; readonly at: number; readonly position: number }[];
  readonly dots: readonly number[];
  readonly consents: readonly number[];
  readonly failures: readonly number[];
  /** This program was off, or its host slept. */
  readonly off: readonly Stretch[];
  readonly counts: { readonly consents: number; readonly failures: number; readonly off: number };
  /** How long it was off in all, ms. */
  readonly offMs: number;
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

export interface TimelineInput {
  readonly deadlineAt: number;
  /** Oldest first. */
  readonly refreshes: readonly number[];
  readonly past: readonly PastMark[];
  readonly now: number;
}

export function timelineOf({ deadlineAt, refreshes, past, now }: TimelineInput): TimelineView {
  const travelledTo = Math.min(now, deadlineAt);
  // A line as long as what is known: a new shop's begins with its first set, a rolling one's 14 days ago.
  const firstAt = Math.min(deadlineAt - REFRESH_TOKEN_LIFE_MS, ...refreshes, ...past.map(({ at }) => at));
  const startAt = Math.max(firstAt, travelledTo - REFRESH_TOKEN_LIFE_MS);
  const spanMs = Math.max(1, deadlineAt - startAt);
  const position = (at: number): number => Math.min(1, Math.max(0, (at - startAt) / spanMs));
  const sparse = (times: readonly number[]): readonly number[] => {
    const buckets = new Map(times.map((at) => [Math.floor(((at - startAt) / spanMs) * MOST_MARKS), at]));
    return [...buckets.values()].map(position);
  };
  const isWithin = (at: number): boolean => at >= startAt && at <= travelledTo;
  const timesOf = (kind: 'consent' | 'failure') =>
    past.filter((mark) => mark.kind === kind && isWithin(mark.at)).map(({ at }) => at);
  const [consents, failures] = [timesOf('consent'), timesOf('failure')];
  const off = past.flatMap((mark) =>
    mark.kind === 'gap' && mark.until > startAt && mark.at < travelledTo
      ? [{ fromAt: Math.max(mark.at, startAt), toAt: Math.min(mark.until, travelledTo) }]
      : [],
  );
  const within = refreshes.filter(isWithin);
  const pauses = pausesOf([startAt, ...within, travelledTo]);
  const gaps = pauses
    .filter((pause) => lengthOf(pause) >= GAP_FROM_MS)
    .map(({ fromAt, toAt }) => ({ from: position(fromAt), to: position(toAt) }));
  return {
    startAt,
    startsToday: dDayOf(startAt, now) === 0,
    now: position(now),
    over: now >= deadlineAt,
    marks: MARKED_D_DAYS.map((dDay) => {
      const at = seoulMidnightOf(seoulDayOf(deadlineAt) - dDay);
      return { dDay, at, position: position(at) };
    }),
    dots: sparse(within),
    consents: sparse(consents),
    failures: sparse(failures),
    off: off.map(({ fromAt, toAt }) => ({ from: position(fromAt), to: position(toAt) })),
    counts: { consents: consents.length, failures: failures.length, off: off.length },
    offMs: off.reduce((sum, pause) => sum + lengthOf(pause), 0),
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
