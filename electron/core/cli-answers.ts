/** What the command line answers: exit codes and the one line, or the JSON, of `status` (README.md, "Command line"). */
import type { MallState } from '../../shared/mall-state.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import type { CheckReport } from './alerter.ts';
import type { KeeperView } from './keeper.ts';

export const EXIT = { ok: 0, error: 1, usage: 2, needsConsent: 3, unusable: 4 } as const;

/** 0 while all is well or only expiring; 3 NEEDS_REAUTH; 4 BLOCKED or UNCONFIRMED. */
export function exitOfState(state: MallState): number {
  switch (state) {
    case 'HEALTHY':
    case 'EXPIRING':
    case 'CRITICAL':
      return EXIT.ok;
    case 'NEEDS_REAUTH':
      return EXIT.needsConsent;
    case 'BLOCKED':
    case 'UNCONFIRMED':
      return EXIT.unusable;
  }
}

/** `check-expiry`: 1 before any other where a channel failed or the store could not be read, else as `status`. */
export function exitOfCheck({ state }: KeeperView, { failures, isStoreRead }: CheckReport): number {
  return failures.length > 0 || !isStoreRead || !state ? EXIT.error : exitOfState(state.state);
}

/** What is said of a shop of which neither the store nor this machine could tell anything. */
export const UNKNOWN = 'UNKNOWN';

/** `status --json`: stable names in the style of the stored JSON, times in epoch ms. No token is in it. */
export function statusJsonOf(
  snapshot: MallSnapshot,
  { simulator, isKnown }: { readonly simulator: boolean; readonly isKnown: boolean },
): Readonly<Record<string, unknown>> {
  return {
    mall_id: snapshot.mall,
    state: isKnown ? snapshot.state : UNKNOWN,
    reason: snapshot.reason,
    since: snapshot.since,
    checked_at: snapshot.store.checkedAt,
    refresh_token_expires_at: snapshot.deadlineAt,
    deadline_source: snapshot.deadlineSource,
    deadline_kind: snapshot.deadlineKind,
    expires_at: snapshot.accessExpiresAt,
    issued_at: snapshot.issuedAt,
    next_refresh_at: snapshot.nextRefreshAt,
    scopes: snapshot.scopes,
    user_id: snapshot.userId,
    store: { kind: snapshot.store.kind, place: snapshot.store.place, reachable: snapshot.store.reachable },
    notices: snapshot.notices.map(({ code }) => code),
    simulator,
  };
}
