/**
 * Which of two sets is newer: the one rule that adopting, publishing, late answers and healing share
 * (docs/keeper.md, 2). `generation` is no evidence of age and does not appear here.
 */
import type { Grant, KnownSet } from './token-set.ts';

/** A set, or the mark that a disconnect left: only a later grant replaces it. */
export type Contender =
  | { readonly kind: 'set'; readonly set: KnownSet; readonly spent: boolean; readonly fromStore: boolean }
  | { readonly kind: 'disconnected'; readonly grant: Grant; readonly fromStore: boolean };

/**
 * The newer of two, by the first rule that decides: a redeemed refresh token loses; a child beats its parent; the later
 * grant; the later issue; what the store holds; the first given.
 */
export function newerOf(a: Contender, b: Contender): Contender {
  return prefer(a, b) >= 0 ? a : b;
}

function prefer(a: Contender, b: Contender): number {
  return (
    Number(isSpent(b)) - Number(isSpent(a)) ||
    Number(isChildOf(a, b)) - Number(isChildOf(b, a)) ||
    grantOf(a).at - grantOf(b).at ||
    issuedAtOf(a) - issuedAtOf(b) ||
    Number(a.fromStore) - Number(b.fromStore)
  );
}

/** The newest of any number; null for none. */
export function newestOf(contenders: readonly Contender[]): Contender | null {
  const [first, ...rest] = contenders;
  return first ? rest.reduce(newerOf, first) : null;
}

/** What its refresh token hashes to; null for none. */
export function refreshTokenHashOf(contender: Contender | null): string | null {
  return contender?.kind === 'set' ? contender.set.refreshTokenHash : null;
}

/** When its grant began, or a disconnect ended it; null for none. */
export function grantAtOf(contender: Contender | null): number | null {
  return contender && grantOf(contender).at;
}

function isSpent(contender: Contender): boolean {
  return contender.kind === 'set' && contender.spent;
}

/** A set whose answer kept the refresh token is its own parent by hash: that says nothing of age. */
function isChildOf(child: Contender, parent: Contender): boolean {
  return (
    child.kind === 'set' &&
    parent.kind === 'set' &&
    child.set.parent === parent.set.refreshTokenHash &&
    child.set.refreshTokenHash !== parent.set.refreshTokenHash
  );
}

function grantOf(contender: Contender): Grant {
  return contender.kind === 'set' ? contender.set.grant : contender.grant;
}

function issuedAtOf(contender: Contender): number {
  return contender.kind === 'set' ? contender.set.issuedAt : contender.grant.at;
}
