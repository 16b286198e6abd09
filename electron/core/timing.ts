/** Numbers that only make sense together (docs/keeper.md, 4 and 7); a test asserts how they relate. */

/** A lease stands this long, in the store's real time, unless it is renewed. */
export const LEASE_TTL_MS = 60_000;
export const LEASE_RENEWAL_MS = 20_000;
/** A request is not begun with less than this left of the lease. */
export const LEASE_NEEDED_MS = 25_000;
/** Bounds of one request at the token endpoint: to connect, and in all. */
export const CONNECT_TIMEOUT_MS = 5000;
export const REQUEST_TIMEOUT_MS = 20_000;
/** A consent waits this long for the lease or for the store, then goes on without. */
export const CONSENT_WAIT_MS = 8000;
/** Quitting waits this long for what is in flight. */
export const STOP_WAIT_MS = 20_000;
/** Sent requests in two hours per mall; three of Cafe24's fifteen stay for consents (docs/keeper.md, 3). */
export const REQUEST_BUDGET = 12;
