import type { Result } from '../../shared/result.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { Attempt } from '../ports.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import type { Memory } from './memory.ts';

/** Attempts of one process follow each other, also where its clock was set back; a disconnect's by this much at most. */
const MARK_AHEAD_MS = 1000;

/** A new attempt of this process; its id is unique in this process even within one millisecond. */
export function newAttempt(
  what: {
    readonly kind: Attempt['kind'];
    readonly parent: KnownSet | null;
    readonly tries?: number;
    readonly why?: Attempt['why'];
    /** Not before this, whatever the clock says. */
    readonly notBefore?: number;
  },
  now: number,
  { identity, mall }: KeeperDeps,
  memory: Memory,
): Attempt {
  const following = memory.lastAttemptAt + 1;
  // The mark of a disconnect takes all grants away that are older: one of the future would take the next consent's.
  const isTooFar = what.kind === 'disconnect' && following > now + MARK_AHEAD_MS;
  let openedAt = Math.max(now, isTooFar ? 0 : following, what.notBefore ?? 0);
  // Two cores of one process share their owner.
  while (identity.atWork.has(atWorkKey(mall, openedAt, identity.owner))) openedAt += 1;
  memory.lastAttemptAt = Math.max(openedAt, memory.lastAttemptAt);
  identity.atWork.add(atWorkKey(mall, openedAt, identity.owner));
  return {
    id: idOf(openedAt, identity.owner),
    mall,
    owner: identity.owner,
    kind: what.kind,
    openedAt,
    outcome: 'proving',
    parent: what.parent,
    tries: what.tries ?? 0,
    why: what.why ?? null,
    before: null,
    follows: null,
    answer: null,
    offline: false,
    settledAt: null,
    wiped: false,
    presentedHash: what.kind === 'refresh' ? (what.parent?.refreshTokenHash ?? null) : null,
  };
}

/** Whether a keeper of this process is at the attempt that this owner opened then. */
export function isAtWork({ identity, mall }: KeeperDeps, openedAt: number, owner: string): boolean {
  return identity.atWork.has(atWorkKey(mall, openedAt, owner));
}

/**
 * Nobody is at this attempt any more: whoever finds it open ends it. So the journal is told first how it ended, or another
 * core of this process takes it for lost in between.
 */
export function leaveAttempt({ identity, mall }: KeeperDeps, { openedAt, owner }: Attempt): void {
  identity.atWork.delete(atWorkKey(mall, openedAt, owner));
}

function atWorkKey(mall: string, openedAt: number, owner: string): string {
  return `${mall}/${idOf(openedAt, owner)}`;
}

function idOf(openedAt: number, owner: string): string {
  return `${openedAt}-${owner}`;
}

/** Writes an attempt; one that the journal cannot take is remembered instead and tried again at the next look. */
export async function saveAttempt(
  { journal, log }: KeeperDeps,
  memory: Memory,
  attempt: Attempt,
): Promise<Result<void>> {
  const written = await journal.write(attempt);
  if (written.ok) {
    memory.unsaved.delete(attempt.id);
  } else {
    memory.unsaved.set(attempt.id, attempt);
    log.error('journal', `cannot be written: ${written.code}`, attempt.id);
  }
  return written;
}
