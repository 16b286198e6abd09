/**
 * When a refresh token that was presented may be presented again, and what is shown meanwhile: the failure rules
 * (docs/keeper.md, 12 to 15) as one table over the intent that stands in the store's meta.
 */
import type { Code } from './codes.ts';
import type { MallState } from './mall-state.ts';
import type { PresentationIntent } from './meta.ts';

/**
 * Who looks at an intent: its `presenter` while the request is in the air, its `heir` (the same install, once that
 * request is certainly over), or any `other` keeper.
 */
export type Observer = 'presenter' | 'heir' | 'other';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** For this long after `invalid_grant` the store is read again: another program may have rotated. */
export const REFUSAL_REREAD_MS = 30 * SECOND_MS;

/** The presenter waits this long before it presents a token again whose answer was lost; others leave it this long. */
const HEIR_WAIT_MS = 30 * SECOND_MS;
export const PRESENTER_SILENCE_MS = 10 * MINUTE_MS;

/** A request is over after 20 s; an open intent older than this had no live presenter's answer. */
const REQUEST_SURELY_OVER_MS = 30 * SECOND_MS;

/** Waits before the counted tries 2, 3 and 4 of a lost answer. */
const LOST_WAITS_MS = [PRESENTER_SILENCE_MS, HOUR_MS, DAY_MS] as const;
/** Tries after `invalid_grant`: 1 h after it and 24 h after it (23 h after the try before). */
const REFUSED_WAITS_MS = [HOUR_MS, DAY_MS - HOUR_MS] as const;

const BLOCKED_WAIT_MS = HOUR_MS;
const SECRET_WRONG_WAIT_MS = DAY_MS;
/** Without a Retry-After. */
const LIMITED_WAIT_MS = 10 * MINUTE_MS;
/** Whatever a server asks for, the token is presented once more while it lives this long. */
const LAST_CHANCE_MS = HOUR_MS;

/** The next presentation of a token: not before `at`, counted as try `tries`, for the reason `why`. */
export interface NextPresentation {
  readonly at: number;
  readonly tries: number;
  readonly why: Code;
}

/**
 * @param intent the intent on the token in question
 * @param client fingerprint of the credentials at hand
 * @param deadlineAt the refresh token's deadline: one try is made after it, not more
 * @returns null when this token is never presented again by anybody, or is in the air right now
 */
export function nextPresentation(
  intent: PresentationIntent,
  observer: Observer,
  client: string | null,
  deadlineAt: number,
): NextPresentation | null {
  if (observer === 'presenter') return null;
  switch (intent.outcome) {
    case 'open':
    case 'lost': {
      // A try of an earlier refusal that got lost stays a refusal's try: one is left at most.
      if (intent.reason === 'grant.invalid') return afterRefusal(intent, deadlineAt);
      const wait = intent.tries === 0 && observer === 'heir' ? HEIR_WAIT_MS : lostWaitOf(intent.tries);
      return wait === null
        ? null
        : { at: intent.triedAt + wait, tries: intent.tries + 1, why: 'answer.unconfirmed' };
    }
    case 'refused':
      return intent.reason === 'answer.unconfirmed' ? null : afterRefusal(intent, deadlineAt);
    case 'blocked':
      if (intent.reason === 'answer.other_mall') return null;
      return {
        at: blockedUntil(intent, client, deadlineAt),
        tries: intent.tries,
        why: intent.reason ?? 'answer.unknown_error',
      };
    case 'limited':
      return {
        at: askedWaitUntil(intent, deadlineAt) ?? intent.triedAt + LIMITED_WAIT_MS,
        tries: intent.tries,
        // What stood before it was asked to wait goes on standing.
        why: intent.reason ?? 'rate.limited',
      };
  }
}

function afterRefusal(intent: PresentationIntent, deadlineAt: number): NextPresentation | null {
  const wait = intent.triedAt >= deadlineAt ? undefined : REFUSED_WAITS_MS[intent.tries];
  return wait === undefined
    ? null
    : { at: intent.triedAt + wait, tries: intent.tries + 1, why: 'grant.invalid' };
}

function lostWaitOf(tries: number): number | null {
  if (tries === 0) return PRESENTER_SILENCE_MS;
  return LOST_WAITS_MS[tries - 1] ?? null;
}

/** As long as the server asked (Retry-After), but never until the token is dead: a pause is no end. */
function askedWaitUntil({ retryAt, triedAt }: PresentationIntent, deadlineAt: number): number | null {
  return retryAt === null
    ? null
    : Math.min(retryAt, Math.max(triedAt + LIMITED_WAIT_MS, deadlineAt - LAST_CHANCE_MS));
}

function blockedUntil(intent: PresentationIntent, client: string | null, deadlineAt: number): number {
  if (intent.reason !== 'client.secret_wrong')
    return askedWaitUntil(intent, deadlineAt) ?? intent.triedAt + BLOCKED_WAIT_MS;
  return intent.client === client ? intent.triedAt + SECRET_WRONG_WAIT_MS : intent.triedAt;
}

/** When what `troubleOf` shows, or may be tried, changes by the passing of time alone. */
export function troubleChangesAt(intent: PresentationIntent): readonly number[] {
  switch (intent.outcome) {
    case 'refused':
      return [intent.triedAt + REFUSAL_REREAD_MS];
    case 'open':
      return [intent.triedAt + REQUEST_SURELY_OVER_MS, intent.triedAt + PRESENTER_SILENCE_MS];
    case 'lost':
    case 'blocked':
    case 'limited':
      return [];
  }
}

export interface ShownTrouble {
  readonly state: Extract<MallState, 'NEEDS_REAUTH' | 'BLOCKED' | 'UNCONFIRMED'>;
  readonly reason: Code;
}

/** What the intent on the current token means for the mall's state; null while it means nothing. */
export function troubleOf(intent: PresentationIntent, observer: Observer, now: number): ShownTrouble | null {
  switch (intent.outcome) {
    case 'refused':
      if (now < intent.triedAt + REFUSAL_REREAD_MS && intent.tries === 0)
        return intent.afterBlock && { state: 'BLOCKED', reason: intent.afterBlock };
      return { state: 'NEEDS_REAUTH', reason: intent.reason ?? 'grant.invalid' };
    case 'blocked':
      return { state: 'BLOCKED', reason: intent.reason ?? 'answer.unknown_error' };
    case 'limited':
      return standingTrouble(intent);
    case 'lost':
      return lostTrouble(intent, true);
    case 'open':
      if (observer === 'presenter') return standingTrouble(intent);
      if (observer === 'other' && now < intent.triedAt + REQUEST_SURELY_OVER_MS)
        return standingTrouble(intent);
      return lostTrouble(intent, observer === 'heir' || now >= intent.triedAt + PRESENTER_SILENCE_MS);
  }
}

/** While a further try is in the air, what was shown before it stays. */
function standingTrouble(intent: PresentationIntent): ShownTrouble | null {
  switch (intent.reason) {
    case null:
    case 'rate.limited':
      return null;
    case 'answer.unconfirmed':
      return { state: 'UNCONFIRMED', reason: 'answer.unconfirmed' };
    case 'grant.invalid':
      return { state: 'NEEDS_REAUTH', reason: 'grant.invalid' };
    default:
      return { state: 'BLOCKED', reason: intent.reason };
  }
}

function lostTrouble(intent: PresentationIntent, isOver: boolean): ShownTrouble {
  if (intent.reason === 'grant.invalid') return { state: 'NEEDS_REAUTH', reason: 'grant.invalid' };
  const isExhausted = isOver && lostWaitOf(intent.tries) === null;
  return { state: isExhausted ? 'NEEDS_REAUTH' : 'UNCONFIRMED', reason: 'answer.unconfirmed' };
}
