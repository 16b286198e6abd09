import type { Result } from '../../shared/result.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { Attempt } from '../ports.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import type { Memory } from './memory.ts';

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
  const openedAt = Math.max(now, memory.lastAttemptAt + 1, what.notBefore ?? 0);
  memory.lastAttemptAt = openedAt;
  const id = `${openedAt}-${identity.owner}`;
  memory.active.add(id);
  return {
    id,
    mall,
    owner: identity.owner,
    kind: what.kind,
    openedAt,
    outcome: 'proving',
    parent: what.parent,
    tries: what.tries ?? 0,
    why: what.why ?? null,
    before: null,
    answer: null,
    offline: false,
    settledAt: null,
    wiped: false,
    presentedHash: what.kind === 'refresh' ? (what.parent?.refreshTokenHash ?? null) : null,
  };
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
