import type { IssuedSet } from '../simulator/cafe24-state.ts';

/** The documented JSON of a set, as programs read it. */
export function documentedJson(set: IssuedSet): string {
  return JSON.stringify({
    access_token: set.accessToken,
    expires_at: set.expiresAt,
    refresh_token: set.refreshToken,
    refresh_token_expires_at: set.refreshTokenExpiresAt,
  });
}
