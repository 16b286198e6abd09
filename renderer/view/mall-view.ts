/** What the status page shows of a mall, decided by pure functions of the snapshot and the server's time. */
import type { Code } from '../../shared/codes.ts';
import { isFlowRunning, isUnseen } from '../../shared/mall-face.ts';
import type { ActionResult, MallSnapshot } from '../../shared/snapshot.ts';
import { ACCESS_TOKEN_LIFE_MS, type DeadlineKind } from '../../shared/token-set.ts';

const MINUTE_MS = 60_000;

/** How long the result of something the person did stays in sight. A failure stays until they have read it. */
const GOOD_RESULT_SHOWN_MS = 2 * MINUTE_MS;
const BAD_RESULT_SHOWN_MS = 60 * MINUTE_MS;

/** Reasons of BLOCKED that a new consent removes; the others need something else first. */
const CURED_BY_CONSENT: ReadonlySet<Code> = new Set([
  'client.app_removed',
  'answer.other_mall',
  'answer.unknown_error',
  'store.locked',
]);

export type MainPart = 'unseen' | 'welcome' | 'deadline';

/** The card that takes the first place. */
export function mainPartOf(mall: MallSnapshot): MainPart {
  if (isUnseen(mall)) return 'unseen';
  return mall.deadlineAt === null ? 'welcome' : 'deadline';
}

/** Whether Re-authorize is the one coloured button. */
export function asksForConsent(mall: MallSnapshot): boolean {
  if (isFlowRunning(mall) || isUnseen(mall) || mall.paused || mall.reason === 'disconnected') return false;
  switch (mall.state) {
    case 'NEEDS_REAUTH':
    case 'CRITICAL':
    case 'EXPIRING':
      return true;
    case 'BLOCKED':
      return mall.reason !== null && CURED_BY_CONSENT.has(mall.reason);
    case 'UNCONFIRMED':
    case 'HEALTHY':
      return false;
  }
}

/** The code the alert is about. A running consent says itself what to do, and a welcome is no alert. */
export function alertCodeOf(mall: MallSnapshot): Code | null {
  if (isFlowRunning(mall) || mainPartOf(mall) !== 'deadline') return null;
  return mall.reason;
}

export type Meaning = `meaning.${DeadlineKind | 'paused' | 'estimated' | 'kept'}`;

/** What the deadline means, as one or two sentences. */
export function meaningOf(mall: MallSnapshot, now: number): readonly Meaning[] {
  if (mall.deadlineAt === null || now >= mall.deadlineAt) return [];
  if (mall.paused) return ['meaning.paused'];
  const source: readonly Meaning[] =
    mall.deadlineSource === 'estimated'
      ? ['meaning.estimated']
      : mall.deadlineSource === 'kept'
        ? ['meaning.kept']
        : [];
  if (mall.deadlineKind === 'unknown' && source.length > 0) return source;
  return [`meaning.${mall.deadlineKind}`, ...source];
}

/** The part of the access token's life that is left, 0 to 1. */
export function accessShareOf(accessExpiresAt: number, now: number): number {
  return Math.min(1, Math.max(0, (accessExpiresAt - now) / ACCESS_TOKEN_LIFE_MS));
}

/** Whether programs can go on although something is wrong. */
export function stillWorks(mall: MallSnapshot, now: number): boolean {
  return mall.state !== 'HEALTHY' && mall.state !== 'EXPIRING' && (mall.accessExpiresAt ?? 0) > now;
}

/** The result while it is news. A result of the future (the clock was moved back) is news. */
export function freshResult<Result extends ActionResult>(
  result: Result | null,
  isGood: boolean,
  now: number,
): Result | null {
  if (result === null) return null;
  return now - result.at < (isGood ? GOOD_RESULT_SHOWN_MS : BAD_RESULT_SHOWN_MS) ? result : null;
}
