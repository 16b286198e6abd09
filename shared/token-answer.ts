/**
 * Judges a complete answer of the token endpoint (docs/keeper.md, 9; docs/cafe24.md, 11 and 12). A verdict
 * rests on `error` and the status class; an error's text may only soften it, never harden it.
 */
import type { Code } from './codes.ts';
import { parseCafe24Time } from './korean-time.ts';
import {
  ACCESS_TOKEN_LIFE_MS,
  type DeadlineKind,
  type DeadlineSource,
  type Grant,
  type KnownSet,
  REFRESH_TOKEN_LIFE_MS,
} from './token-set.ts';

/** What came over the wire, as the journal keeps it. */
export interface AnswerToJudge {
  readonly status: number;
  readonly date: number | null;
  readonly retryAfterMs: number | null;
  readonly body: string;
  /** When it was received by our own clock; the last resort for `issued_at`. */
  readonly receivedAt: number;
}

export interface JudgeContext {
  readonly mall: string;
  /** The set whose refresh token was presented; null for a consent's code. */
  readonly parent: KnownSet | null;
  /** Id for the grant that a consent starts; its `at` is the answer's own `issued_at`, but after `follows`. */
  readonly grantId: string;
  /** When the grant began, or ended by a disconnect, that was known before a consent; epoch ms, null for none. */
  readonly follows: number | null;
  readonly hashOf: (refreshToken: string) => string;
}

export type Verdict =
  /** Tokens came. `rotated` is false where the answer carried no new refresh token. */
  | { readonly kind: 'granted'; readonly set: KnownSet; readonly rotated: boolean }
  /** Tokens came, but for another mall than the one asked for. */
  | { readonly kind: 'other_mall'; readonly mall: string }
  /** `invalid_grant`: the token is expired, wrong or already used; these cannot be told apart. */
  | { readonly kind: 'refused' }
  /** The code was older than its minute. */
  | { readonly kind: 'code_expired' }
  /** The answer says nothing about the token: it is still good. */
  | { readonly kind: 'blocked'; readonly code: Code; readonly retryAfterMs: number | null }
  /** 429: nothing was taken. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null }
  /** No verdict can be read out of it: whether it was applied is unknown. */
  | { readonly kind: 'unreadable' };

export function judgeAnswer(answer: AnswerToJudge, context: JudgeContext): Verdict {
  const body = jsonObjectOf(answer.body);
  if (answer.status >= 200 && answer.status < 300)
    return body ? judgeTokens(body, answer, context) : UNREADABLE;
  // Its status is unknown (docs/cafe24.md, 12): the text is believed with any, since it only softens.
  if (isAppRemoved(body)) return blocked('client.app_removed', answer);
  if (answer.status === 429) return { kind: 'limited', retryAfterMs: answer.retryAfterMs };
  if (answer.status === 403) return blocked('client.forbidden', answer);
  if (answer.status >= 400 && answer.status < 500 && body) return judgeError(body, answer);
  return UNREADABLE;
}

const UNREADABLE: Verdict = { kind: 'unreadable' };

function blocked(code: Code, { retryAfterMs }: AnswerToJudge): Verdict {
  return { kind: 'blocked', code, retryAfterMs };
}

type JsonObject = Readonly<Record<string, unknown>>;

function judgeError(body: JsonObject, answer: AnswerToJudge): Verdict {
  const text = descriptionOf(body);
  switch (body.error) {
    case 'invalid_client':
      return blocked('client.secret_wrong', answer);
    case 'invalid_grant':
      if (/client[_ ]secret/i.test(text)) return blocked('client.secret_wrong', answer);
      return /code time expired/i.test(text) ? { kind: 'code_expired' } : { kind: 'refused' };
    default:
      return blocked('answer.unknown_error', answer);
  }
}

function judgeTokens(body: JsonObject, answer: AnswerToJudge, context: JudgeContext): Verdict {
  const mall = typeof body.mall_id === 'number' ? String(body.mall_id) : body.mall_id;
  if (typeof mall === 'string' && mall !== context.mall) return { kind: 'other_mall', mall };
  const { parent } = context;
  const newAccessToken = nonEmpty(body.access_token);
  const newRefreshToken = nonEmpty(body.refresh_token);
  const refreshToken = newRefreshToken ?? parent?.refreshToken ?? null;
  if (refreshToken === null || (newAccessToken === null && newRefreshToken === null))
    return isAppRemoved(body) ? blocked('client.app_removed', answer) : UNREADABLE;

  const rotated = newRefreshToken !== null && newRefreshToken !== parent?.refreshToken;
  const issuedAt = timeOf(body.issued_at) ?? answer.date ?? answer.receivedAt;
  const deadline = deadlineOf(body, issuedAt, parent, rotated);
  const refreshTokenHash = context.hashOf(refreshToken);
  return {
    kind: 'granted',
    rotated,
    set: {
      accessToken: newAccessToken ?? parent?.accessToken ?? '',
      expiresAt: newAccessToken === null ? (parent?.expiresAt ?? issuedAt) : accessEndOf(body, issuedAt),
      refreshToken,
      refreshTokenExpiresAt: deadline.at,
      refreshTokenHash,
      issuedAt,
      grant: grantOf(context, issuedAt),
      parent: parent?.refreshTokenHash ?? null,
      deadlineSource: deadline.source,
      deadlineKind: parent ? kindOf(parent, deadline, issuedAt) : 'unknown',
      scopes: scopesOf(body.scopes) ?? parent?.scopes ?? [],
      userId: nonEmpty(body.user_id) ?? parent?.userId ?? null,
    },
  };
}

/**
 * A consent comes after what was known when it began, whatever clock that was noted by: the mark of a disconnect, made
 * while a clock was ahead, would take the tokens of every consent until its time has come.
 */
function grantOf({ parent, grantId, follows }: JudgeContext, issuedAt: number): Grant {
  if (parent) return parent.grant;
  return { id: grantId, at: follows !== null && follows > issuedAt ? follows + 1 : issuedAt };
}

function accessEndOf(body: JsonObject, issuedAt: number): number {
  return timeOf(body.expires_at) ?? issuedAt + (secondsOf(body.expires_in) ?? ACCESS_TOKEN_LIFE_MS);
}

/** Absolute times win, then seconds from the issue; without either the earlier deadline is kept, or 14 days assumed. */
function deadlineOf(
  body: JsonObject,
  issuedAt: number,
  parent: KnownSet | null,
  rotated: boolean,
): { readonly at: number; readonly source: DeadlineSource } {
  // The same refresh token came back: its life is not longer than it was (docs/guarantees.md, row 6).
  if (parent && !rotated) return { at: parent.refreshTokenExpiresAt, source: 'kept' };
  const absolute = timeOf(body.refresh_token_expires_at);
  if (absolute !== null) return { at: absolute, source: 'server' };
  const seconds = secondsOf(body.refresh_token_expires_in);
  if (seconds !== null) return { at: issuedAt + seconds, source: 'server' };
  // A deadline that had passed when the token was issued is not this token's.
  if (parent && parent.refreshTokenExpiresAt > issuedAt)
    return { at: parent.refreshTokenExpiresAt, source: 'kept' };
  return { at: issuedAt + REFRESH_TOKEN_LIFE_MS, source: 'estimated' };
}

/** A deadline is new only if it moved by more than this (docs/keeper.md, 18). */
export const DEADLINE_MOVED_MS = 10 * 60_000;

/** Learned only where both deadlines are the server's, and the two sets lie far enough apart for one to have moved. */
function kindOf(
  parent: KnownSet,
  deadline: { readonly at: number; readonly source: DeadlineSource },
  issuedAt: number,
): DeadlineKind {
  const isTelling =
    deadline.source === 'server' &&
    parent.deadlineSource !== 'estimated' &&
    issuedAt - parent.issuedAt > DEADLINE_MOVED_MS;
  if (!isTelling) return parent.deadlineKind;
  return deadline.at - parent.refreshTokenExpiresAt > DEADLINE_MOVED_MS ? 'rolling' : 'fixed';
}

function jsonObjectOf(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    return null;
  }
}

function isAppRemoved(body: JsonObject | null): boolean {
  return body !== null && /uninstalled app/i.test(descriptionOf(body));
}

function descriptionOf(body: JsonObject): string {
  return `${typeof body.error === 'string' ? body.error : ''} ${typeof body.error_description === 'string' ? body.error_description : ''}`;
}

function nonEmpty(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function timeOf(value: unknown): number | null {
  return typeof value === 'string' ? parseCafe24Time(value) : null;
}

/** Seconds, as a number or as text (Cafe24 writes all values as strings), in ms. */
function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

function scopesOf(value: unknown): readonly string[] | null {
  if (Array.isArray(value)) return value.filter((scope): scope is string => typeof scope === 'string');
  return typeof value === 'string' && value !== '' ? value.split(/[\s,]+/) : null;
}
