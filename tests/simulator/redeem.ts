import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type Cafe24State,
  CODE_LIFE_MS,
  type IssuedSet,
  isLive,
  mintAccessToken,
  mintSet,
} from './cafe24-state.ts';

/** An error as the token endpoint states it: HTTP status, `error` and `error_description`. */
export interface OAuthError {
  readonly kind: 'error';
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

export type RedeemResult = { readonly kind: 'issued'; readonly set: IssuedSet } | OAuthError;

export const INVALID_REQUEST: OAuthError = {
  kind: 'error',
  status: 400,
  error: 'invalid_request',
  description: 'The request is invalid. check the request parameters.',
};
export const INVALID_CLIENT: OAuthError = {
  kind: 'error',
  status: 401,
  error: 'invalid_client',
  description: 'Invalid client_secret',
};
/** The status and the code of an uninstalled app are not known, only a part of the text is. */
export const UNINSTALLED_APP: OAuthError = {
  kind: 'error',
  status: 400,
  error: 'app_uninstalled',
  description: 'Uninstalled app',
};

/** Exchanges a code: once, within a minute, with the redirect URI and the verifier it was asked for with. */
export function redeemCode(
  state: Cafe24State,
  input: {
    readonly mallId: string;
    readonly clientId: string;
    readonly code: string;
    readonly redirectUri: string;
    readonly codeVerifier: string | null;
  },
  now: number,
): RedeemResult {
  const code = state.codes.get(input.code);
  const known =
    code !== undefined &&
    !code.used &&
    code.grant.clientId === input.clientId &&
    (code.askedMallId === input.mallId || code.grant.mallId === input.mallId);
  if (!known) return invalidGrant('Invalid code');
  if (now - code.issuedAt > CODE_LIFE_MS) return invalidGrant('Code time expired');
  if (code.redirectUri !== input.redirectUri) return invalidGrant('Invalid redirect_uri');
  if (code.codeChallenge !== null) {
    if (input.codeVerifier === null) return INVALID_REQUEST;
    if (!matchesChallenge(input.codeVerifier, code.codeChallenge))
      return invalidGrant('Invalid code_verifier');
  }
  code.used = true;
  return { kind: 'issued', set: mintSet(state, code.grant, now) };
}

/**
 * Redeems a refresh token: strictly once, without a grace window, and told apart from nothing: expired, wrong
 * and already used all read the same. With `keep` the server answers without rotating, as seen from outside
 * when an answer carries no new refresh token.
 */
export function redeemRefreshToken(
  state: Cafe24State,
  input: {
    readonly mallId: string;
    readonly clientId: string;
    readonly refreshToken: string;
    readonly rotation: 'rotate' | 'keep';
  },
  now: number,
): RedeemResult {
  const token = state.refreshTokens.get(input.refreshToken);
  const usable =
    token !== undefined &&
    token.grant.clientId === input.clientId &&
    token.grant.mallId === input.mallId &&
    isLive(token, now);
  if (!usable) return invalidGrant('Invalid refresh_token');
  switch (input.rotation) {
    case 'keep':
      return { kind: 'issued', set: mintAccessToken(state, token, now) };
    case 'rotate':
      token.death = 'rotated';
      return { kind: 'issued', set: mintSet(state, token.grant, now) };
  }
}

/**
 * Revokes a token and the one it was issued with; true where that took a living one. An unknown token, another app's or
 * another mall's changes nothing, as in RFC 7009.
 */
export function revokeToken(
  state: Cafe24State,
  owner: { readonly clientId: string; readonly mallId: string },
  value: string,
  now: number,
): boolean {
  const pairs = [...state.accessTokens.values()].filter(
    (token) => token.value === value || token.pairedRefreshToken === value,
  );
  const refreshTokens = [value, ...pairs.map((token) => token.pairedRefreshToken)].map((refreshToken) =>
    state.refreshTokens.get(refreshToken),
  );
  const taken = [...pairs, ...refreshTokens].filter(
    (token) => token?.grant.clientId === owner.clientId && token.grant.mallId === owner.mallId,
  );
  const wasAlive = taken.some((token) => token !== undefined && isLive(token, now));
  for (const token of taken) if (token) token.death ??= 'revoked';
  return wasAlive;
}

function invalidGrant(description: string): OAuthError {
  return { kind: 'error', status: 400, error: 'invalid_grant', description };
}

function matchesChallenge(verifier: string, challenge: string): boolean {
  const computed = Buffer.from(createHash('sha256').update(verifier).digest('base64url'));
  const expected = Buffer.from(challenge);
  return computed.length === expected.length && timingSafeEqual(computed, expected);
}
