/**
 * The vocabulary of the heart: a token set, where it came from, and what is known of a mall's place in the store.
 * Times are epoch milliseconds throughout; hashes are the first 32 hex digits of SHA-256 of a refresh token.
 */

/** The four values every program of the shop reads. */
export interface TokenSet {
  readonly accessToken: string;
  readonly expiresAt: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: number;
}

/**
 * A consent and everything that was refreshed out of it. `at` is the server's `issued_at` of the consent's answer.
 * A set found in the store without our notes is a grant of its own, `foreign:{hash}`.
 */
export interface Grant {
  readonly id: string;
  readonly at: number;
}

/** Where the refresh token's deadline came from: the server's answer, kept from the set before, or issued + 14 days. */
export type DeadlineSource = 'server' | 'kept' | 'estimated';

/** Whether a refresh moves the refresh token's deadline (learned from the last two sets) or leaves it. */
export type DeadlineKind = 'rolling' | 'fixed' | 'unknown';

/** A token set with its provenance: all that the order "which of two is newer" needs. */
export interface KnownSet extends TokenSet {
  readonly refreshTokenHash: string;
  readonly issuedAt: number;
  readonly grant: Grant;
  /** Hash of the refresh token that bought this set; null for a consent's set and for one found in the store. */
  readonly parent: string | null;
  readonly deadlineSource: DeadlineSource;
  readonly deadlineKind: DeadlineKind;
  /** Granted scopes; empty when no answer ever named them. */
  readonly scopes: readonly string[];
  /** The admin account that consented; null when unknown. */
  readonly userId: string | null;
}

const FOREIGN_GRANT = 'foreign:';

/** The grant of a set that was found in the store without our notes. */
export function foreignGrant(refreshTokenHash: string, issuedAt: number): Grant {
  return { id: `${FOREIGN_GRANT}${refreshTokenHash}`, at: issuedAt };
}

/** Whether the set is as another program wrote it: its times are that program's word, not the server's. */
export function isForeign(set: Pick<KnownSet, 'grant' | 'parent'>): boolean {
  return set.parent === null && set.grant.id.startsWith(FOREIGN_GRANT);
}

/** The access token's documented life (docs/cafe24.md, 4). */
export const ACCESS_TOKEN_LIFE_MS = 2 * 60 * 60 * 1000;

/** The refresh token's documented life (docs/cafe24.md, 4). */
export const REFRESH_TOKEN_LIFE_MS = 14 * 24 * 60 * 60 * 1000;

/** The authorization code's documented life (docs/cafe24.md, 4). */
export const CODE_LIFE_MS = 60 * 1000;

/** `id` of the grant that a disconnected mall leaves behind in the store (docs/keeper.md, 21). */
export const DISCONNECTED_GRANT = 'disconnected';
