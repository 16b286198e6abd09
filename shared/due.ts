/** When a refresh is due (docs/keeper.md, 3): at half of the access token's life, spread a little. */
import { ACCESS_TOKEN_LIFE_MS, isForeign, type KnownSet } from './token-set.ts';

const MINUTE_MS = 60_000;

/** Malls and installs are spread over this much, so that a thousand shops do not refresh in one second. */
export const SPREAD_MS = 5 * MINUTE_MS;

/** Overdue by more than this counts as "was asleep" and is spread anew from the moment it was noticed. */
const OVERDUE_MS = 2 * SPREAD_MS;

/** With less than this left on the access token nothing is spread any more. */
const HURRY_MS = 15 * MINUTE_MS;

/** A foreign `expires_at` farther ahead than a token's whole life (and some skew) is not believed. */
export const BELIEVED_AHEAD_MS = ACCESS_TOKEN_LIFE_MS + 5 * MINUTE_MS;

/**
 * Until when the access token may be used. Of a set that another program wrote, a time no token can have counts as
 * passed; one that the server told us is believed: there it is our clock that is wrong, and a refresh would not help.
 */
export function accessUsableUntil(set: KnownSet, now: number): number {
  return isForeign(set) && set.expiresAt > now + BELIEVED_AHEAD_MS ? 0 : set.expiresAt;
}

export function isAccessUsable(set: KnownSet, now: number): boolean {
  return set.accessToken !== '' && accessUsableUntil(set, now) > now;
}

/** A deadline that had passed before the set came is no event to wait for. */
function deadlineToMeet({ issuedAt, refreshTokenExpiresAt }: KnownSet): number {
  return refreshTokenExpiresAt > issuedAt ? refreshTokenExpiresAt : Number.POSITIVE_INFINITY;
}

/**
 * @param spreadMs this install's and mall's own place in the spread, 0 to SPREAD_MS
 * @param noticedAt since when this process has looked at this set without a break
 * @returns epoch ms; not later than the access token's end
 */
export function refreshDueAt(set: KnownSet, now: number, spreadMs: number, noticedAt: number): number {
  if (!isAccessUsable(set, now)) return now;
  const half = set.issuedAt + Math.floor(Math.max(0, set.expiresAt - set.issuedAt) / 2);
  const spread = Math.floor(spreadMs);
  // The one try after a passed deadline may lift the alarm, and so is not kept waiting by a young access token.
  const planned = Math.min(half + spread, set.expiresAt, deadlineToMeet(set));
  const wasAsleep = noticedAt - planned > OVERDUE_MS;
  if (!wasAsleep) return planned;
  return set.expiresAt - now < HURRY_MS ? now : Math.min(noticedAt + spread, set.expiresAt - HURRY_MS);
}
