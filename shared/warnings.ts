/**
 * Who is to be warned of what, and when (docs/keeper.md, 18): pure functions over the mall's situation and the ledger of
 * what was sent. D-day counts calendar days in Seoul; a stage falls due at 09:00 there.
 */
import type { Code } from './codes.ts';
import type { MallState } from './mall-state.ts';
import { DAY_MS, dDayOf, seoulDayOf, seoulMidnightOf } from './seoul-time.ts';
import { DEADLINE_MOVED_MS } from './token-answer.ts';
import { QUIET_REASONS } from './urgency.ts';

export const CHANNELS = ['os', 'slack', 'mail'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Stages by the deadline, least urgent first, and the channels each goes to. */
const DAY_STAGES = [
  { stage: 'D-3', days: 3, channels: ['os', 'slack', 'mail'] },
  { stage: 'D-2', days: 2, channels: ['mail'] },
  { stage: 'D-1', days: 1, channels: ['os', 'slack', 'mail'] },
] as const satisfies readonly { stage: string; days: number; channels: readonly Channel[] }[];

export type DayStage = (typeof DAY_STAGES)[number]['stage'];
export type TroubleStage = Extract<MallState, 'NEEDS_REAUTH' | 'BLOCKED' | 'UNCONFIRMED'>;
export const STAGES = ['D-3', 'D-2', 'D-1', 'UNCONFIRMED', 'BLOCKED', 'NEEDS_REAUTH', 'recovered'] as const;
export type Stage = (typeof STAGES)[number];

// Every stage that is decided on has its place in the list.
const complete: DayStage | TroubleStage extends Stage ? true : never = true;
void complete;

const HOUR_MS = 60 * 60_000;
/** When a day's stage falls due, after Seoul's midnight. */
const DUE_AFTER_MIDNIGHT_MS = 9 * HOUR_MS;
/** UNCONFIRMED and BLOCKED often heal by themselves: the channels that reach a person elsewhere wait this long. */
const TROUBLE_PATIENCE_MS = 30 * 60_000;
/** A claim that was not followed by "sent" ends after this, by the store's time. */
export const CLAIM_MS = 2 * 60_000;
/** Older entries of a ledger are dropped by its next write: four times as long as a refresh token lives. */
export const ALERTS_KEPT_MS = 60 * DAY_MS;

/** One line of the ledger `{cafe24:oauth:MALL}:alerts`. */
export interface LedgerEntry {
  readonly status: 'claimed' | 'sent';
  readonly owner: string;
  /** End of a claim; of what was sent, when. */
  readonly until: number;
}

export type Ledger = ReadonlyMap<string, LedgerEntry>;

export interface Situation {
  readonly state: MallState;
  readonly reason: Code | null;
  /** Since when the state holds (`meta.since`): names the episode. */
  readonly since: number;
  /** The refresh token's deadline as it was first seen (see `anchorOf`); null while there is none. */
  readonly deadlineAt: number | null;
  /** A due refresh succeeded, failed definitely, or was tried for ten minutes: only then may anybody be alarmed. */
  readonly isSettled: boolean;
  /** What is configured here. */
  readonly channels: readonly Channel[];
  /** This machine, for the notices that each machine shows. */
  readonly machine: string;
}

export interface Warning {
  readonly stage: Stage;
  readonly channel: Channel;
  /** The ledger's field. */
  readonly field: string;
  /** When it fell due. */
  readonly dueAt: number;
}

/** The deadline to count by: the one first seen, until it moves by more than ten minutes. */
export function anchorOf(anchorAt: number | null, deadlineAt: number): number {
  return anchorAt !== null && Math.abs(deadlineAt - anchorAt) <= DEADLINE_MOVED_MS ? anchorAt : deadlineAt;
}

/**
 * What is to be sent now, at most one warning a channel.
 *
 * @param ledgerNow the ledger's own time, by which its claims end
 */
export function warningsDue(
  situation: Situation,
  ledger: Ledger,
  now: number,
  ledgerNow: number = now,
): readonly Warning[] {
  if (!situation.isSettled) return [];
  return situation.channels.flatMap((channel) => {
    const warning = mostUrgent(situation, ledger, channel, now);
    return warning && isOpen(ledger.get(warning.field), ledgerNow) ? [warning] : [];
  });
}

/**
 * When the next warning falls due or a claim ends, for the wake-up; null when nothing is to come.
 *
 * @param ledgerNow the ledger's own time, by which its claims end
 */
export function nextWarningAt(
  situation: Situation,
  ledger: Ledger,
  now: number,
  ledgerNow: number = now,
): number | null {
  const claims = [...ledger.values()].filter(({ status }) => status === 'claimed');
  const times = [
    ...situation.channels.flatMap((channel) => comingTimes(situation, channel)),
    ...claims.map(({ until }) => until - ledgerNow + now),
  ].filter((at) => at > now);
  return times.length > 0 ? Math.min(...times) : null;
}

/**
 * Under which `since` this trouble was warned of before, where no store says: the latest that began with the newest set or
 * after it. A newer set ends every episode.
 *
 * @param setIssuedAt when the newest set was issued
 */
export function episodeInLedger(ledger: Ledger, state: MallState, setIssuedAt: number): number | null {
  const named = (stage: string) =>
    [...ledger.keys()].flatMap((field) => {
      const parsed = parseField(field);
      return parsed?.stage === stage ? [Number(parsed.episode)] : [];
    });
  // What was told to be well again is over.
  const after = Math.max(setIssuedAt, ...named('recovered'));
  const begun = named(state).filter((since) => since >= after);
  return begun.length > 0 ? Math.max(...begun) : null;
}

/** What was sent in an episode, under another name of it. */
export function renamedEpisode(ledger: Ledger, from: number, to: number): Ledger {
  const sent = [...ledger].filter(([field, { status }]) => status === 'sent' && field.startsWith(`${from}:`));
  return new Map(sent.map(([field, entry]) => [`${to}${field.slice(String(from).length)}`, entry]));
}

/** The one warning a channel has to give in this situation, whether it was given or not. */
function mostUrgent(situation: Situation, ledger: Ledger, channel: Channel, now: number): Warning | null {
  const { state, reason } = situation;
  switch (state) {
    case 'NEEDS_REAUTH':
    case 'BLOCKED':
    case 'UNCONFIRMED': {
      const dueAt = troubleDueAt(situation, channel);
      if (QUIET_REASONS.has(reason) || dueAt > now) return null;
      return {
        stage: state,
        channel,
        field: fieldOf(situation.since, state, channel, situation.machine),
        dueAt,
      };
    }
    case 'CRITICAL':
    case 'EXPIRING':
      return dayWarning(situation, channel, now);
    case 'HEALTHY':
      return recovery(situation, ledger, channel, now);
  }
}

function troubleDueAt({ state, since }: Situation, channel: Channel): number {
  return state === 'NEEDS_REAUTH' || channel === 'os' ? since : since + TROUBLE_PATIENCE_MS;
}

/** Of the stages a channel has and that are due, the most urgent: what was missed before it is not made up for. */
function dayWarning({ deadlineAt, machine }: Situation, channel: Channel, now: number): Warning | null {
  if (deadlineAt === null) return null;
  const due = DAY_STAGES.filter(({ channels }) => (channels as readonly Channel[]).includes(channel))
    .map(({ stage, days }) => ({ stage, dueAt: stageDueAt(deadlineAt, days) }))
    .findLast(({ dueAt }) => dueAt <= now);
  return due
    ? { ...due, channel, field: fieldOf(seoulDateOf(deadlineAt), due.stage, channel, machine) }
    : null;
}

/** It is well again: told once to whom a warning was given since the last time that was told. */
function recovery(
  { deadlineAt, since, machine }: Situation,
  ledger: Ledger,
  channel: Channel,
  now: number,
): Warning | null {
  if (deadlineAt === null || dDayOf(deadlineAt, now) <= DAY_STAGES[0].days) return null;
  const told = [...ledger].flatMap(([field, { status, until }]) => {
    const parsed = parseField(field);
    const isOurs =
      status === 'sent' && parsed?.channel === channel && (channel !== 'os' || parsed.machine === machine);
    return isOurs ? [{ isRecovery: parsed.stage === 'recovered', at: until }] : [];
  });
  const latest = told.reduce<(typeof told)[number] | null>(
    (last, next) => (last && last.at >= next.at ? last : next),
    null,
  );
  if (!latest || latest.isRecovery) return null;
  return { stage: 'recovered', channel, field: fieldOf(since, 'recovered', channel, machine), dueAt: since };
}

/** Nobody has sent it, and nobody is about to. */
function isOpen(entry: LedgerEntry | undefined, now: number): boolean {
  return entry === undefined || (entry.status === 'claimed' && entry.until <= now);
}

function comingTimes(situation: Situation, channel: Channel): readonly number[] {
  const { deadlineAt, state, reason } = situation;
  const days =
    deadlineAt === null ? [] : DAY_STAGES.map(({ days: before }) => stageDueAt(deadlineAt, before));
  const end = deadlineAt === null ? [] : [deadlineAt];
  const isTrouble = (state === 'BLOCKED' || state === 'UNCONFIRMED') && !QUIET_REASONS.has(reason);
  return [...days, ...end, ...(isTrouble ? [troubleDueAt(situation, channel)] : [])];
}

function stageDueAt(deadlineAt: number, daysBefore: number): number {
  return seoulMidnightOf(seoulDayOf(deadlineAt) - daysBefore) + DUE_AFTER_MIDNIGHT_MS;
}

/** `2026-11-25`, in Seoul. */
function seoulDateOf(at: number): string {
  return new Date(seoulDayOf(at) * DAY_MS).toISOString().slice(0, 10);
}

/** `{KST date of the deadline, or the episode's since}:{stage}:{channel}`, and `:{machine}` for the OS notice. */
function fieldOf(episode: string | number, stage: Stage, channel: Channel, machine: string): string {
  return [episode, stage, channel, ...(channel === 'os' ? [machine] : [])].join(':');
}

interface Field {
  readonly episode: string;
  readonly stage: string;
  readonly channel: string;
  readonly machine: string | null;
}

function parseField(field: string): Field | null {
  const [episode, stage, channel, machine] = field.split(':');
  return episode && stage && channel ? { episode, stage, channel, machine: machine ?? null } : null;
}
