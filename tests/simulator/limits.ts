import type { Cafe24State } from './cafe24-state.ts';

/** At most 15 token requests in 2 hours per app and mall (docs/cafe24.md, 5). */
export const TOKEN_REQUEST_LIMIT = 15;
export const TOKEN_REQUEST_WINDOW_MS = 2 * 60 * 60 * 1000;

/** The Admin API's leaky bucket (docs/cafe24.md, 13). */
export const ADMIN_BUCKET_SIZE = 40;
export const ADMIN_DRAIN_PER_SECOND = 2;

/**
 * Counts a token request of an app for a mall, whatever its outcome will be.
 *
 * Returns null while it is within the limit, else the milliseconds until the oldest counted one leaves the
 * window; a request over the limit is not counted itself.
 */
export function countTokenRequest(
  state: Cafe24State,
  clientId: string,
  mallId: string,
  now: number,
): number | null {
  const key = keyOf(clientId, mallId);
  const recent = (state.tokenRequestTimes.get(key) ?? []).filter((at) => at > now - TOKEN_REQUEST_WINDOW_MS);
  const oldest = recent[0];
  if (oldest !== undefined && recent.length >= TOKEN_REQUEST_LIMIT) {
    return oldest + TOKEN_REQUEST_WINDOW_MS - now;
  }
  state.tokenRequestTimes.set(key, [...recent, now]);
  return null;
}

/** Adds one call to the bucket. `fill` is what `X-Api-Call-Limit` shows; a refused call adds nothing. */
export function countAdminCall(
  state: Cafe24State,
  clientId: string,
  mallId: string,
  now: number,
): { readonly accepted: boolean; readonly fill: number } {
  const key = keyOf(clientId, mallId);
  const before = state.adminBuckets.get(key) ?? { fill: 0, at: now };
  const drained = (Math.max(0, now - before.at) / 1000) * ADMIN_DRAIN_PER_SECOND;
  const level = Math.max(0, before.fill - drained);
  const accepted = level + 1 <= ADMIN_BUCKET_SIZE;
  const fill = accepted ? level + 1 : level;
  state.adminBuckets.set(key, { fill, at: now });
  return { accepted, fill: Math.ceil(fill) };
}

function keyOf(clientId: string, mallId: string): string {
  return `${clientId}/${mallId}`;
}
