/** The history as it is read: by days in Seoul, newest first, with a night of refreshes in one line. */
import type { Code } from '../../shared/codes.ts';
import { type HistoryEntry, isSetEntry } from '../../shared/history.ts';
import { seoulDayOf, seoulMidnightOf } from '../../shared/seoul-time.ts';
import { type Tone, toneOfFace, toneOfResult } from './tone.ts';

export interface HistoryLine {
  readonly entry: HistoryEntry;
  /** When it was, or from when to when. */
  readonly fromAt: number;
  readonly toAt: number;
  /** How many refreshes in a row this line stands for. */
  readonly count: number;
}

export interface HistoryDay {
  /** Midnight of the day in Seoul. */
  readonly at: number;
  readonly lines: readonly HistoryLine[];
}

export function historyDaysOf(entries: readonly HistoryEntry[]): readonly HistoryDay[] {
  const days = new Map<number, HistoryLine[]>();
  for (const entry of entries.toSorted((a, b) => momentOf(a) - momentOf(b))) {
    const at = seoulMidnightOf(seoulDayOf(momentOf(entry)));
    const lines = days.get(at) ?? [];
    const last = lines.at(-1);
    if (last && isSameWork(last.entry, entry)) {
      lines[lines.length - 1] = { ...last, toAt: momentOf(entry), count: last.count + 1 };
    } else {
      lines.push({ entry, fromAt: entry.at, toAt: momentOf(entry), count: 1 });
    }
    days.set(at, lines);
  }
  return [...days].map(([at, lines]) => ({ at, lines: lines.toReversed() })).toReversed();
}

/** A gap is told of when it is over. */
function momentOf(entry: HistoryEntry): number {
  return entry.kind === 'gap' ? entry.until : entry.at;
}

function isSameWork(former: HistoryEntry, next: HistoryEntry): boolean {
  return (
    former.kind === 'refreshed' &&
    next.kind === 'refreshed' &&
    former.by.isHere === next.by.isHere &&
    former.by.host === next.by.host
  );
}

/** Reasons that only say their state once more. */
const SAID_BY_STATE: ReadonlySet<Code | null> = new Set(['grant.expiring', 'grant.critical']);

/** Why a state came, where that says more than the state does. */
export function reasonBesideState(reason: Code | null): Code | null {
  return SAID_BY_STATE.has(reason) ? null : reason;
}

/** The shape before a line; it says what colour says, too. */
export type HistoryShape = 'dot' | 'diamond' | 'cross' | 'bracket' | 'bell' | 'ring';

export function historyShapeOf({ kind }: HistoryEntry): HistoryShape {
  switch (kind) {
    case 'refreshed':
      return 'dot';
    case 'connected':
    case 'adopted':
      return 'diamond';
    case 'failed':
    case 'warning_failed':
      return 'cross';
    case 'gap':
      return 'bracket';
    case 'warned':
      return 'bell';
    case 'state':
    case 'disconnected':
      return 'ring';
  }
}

export function historyToneOf(entry: HistoryEntry): Tone {
  if (isSetEntry(entry)) return 'ok';
  switch (entry.kind) {
    case 'failed':
    case 'warning_failed':
      return toneOfResult(entry.code) === 'idle' ? 'soon' : 'bad';
    case 'state':
      return toneOfFace(entry.state);
    case 'warned':
      return entry.stage === 'recovered' ? 'ok' : 'soon';
    case 'gap':
    case 'disconnected':
      return 'idle';
  }
}
