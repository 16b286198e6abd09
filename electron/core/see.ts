/** Gathers what the keeper sees: one read of the journal, one of the store, and arithmetic. */

import { refreshDueAt, SPREAD_MS } from '../../shared/due.ts';
import { intentOf } from '../../shared/meta.ts';
import { type Contender, newestOf } from '../../shared/newer-of.ts';
import { parseOwner } from '../../shared/owner.ts';
import { type Observer, PRESENTER_SILENCE_MS } from '../../shared/presentation.ts';
import { failed, type Result } from '../../shared/result.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { Attempt, Identity, StoreView } from '../ports.ts';
import { placeInSpread } from './hash.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { contendersOf, contentOf, intentAfter, type JournalKnowledge, judgeJournal } from './knowledge.ts';
import type { Memory } from './memory.ts';
import type { Sight } from './sight.ts';

export async function see(deps: KeeperDeps, memory: Memory): Promise<Sight> {
  const { clock, identity, mall } = deps;
  const attempts = await readJournal(deps, memory);
  const journal = judgeJournal(attempts);
  const read = await readStore(deps, memory);
  const now = clock.now();
  const store: Sight['store'] = read.ok
    ? { kind: 'up', view: read.value, content: contentOf(read.value, journal, now) }
    : { kind: 'down', code: read.code };
  const content = store.kind === 'up' ? store.content : null;

  if (store.kind === 'up') await askForSpent(deps, memory, store, journal);
  const isSpent = (hash: string) => journal.redeemed.has(hash) || memory.spent.has(hash);
  const contenders = contendersOf(content, journal, isSpent);
  const newest = newestOf(contenders);
  if (newest?.kind === 'set') {
    deps.learn(newest.set.accessToken);
    deps.learn(newest.set.refreshToken);
  }
  const client = deps.client();
  const fingerprint = client && deps.fingerprintOf(client);
  const intent = newest?.kind === 'set' ? intentOn(newest.set, store, journal, fingerprint, now) : null;

  return {
    now,
    clockTrusted: deps.isClockTrusted(),
    store,
    journal,
    journalLocked: memory.happened.has('journal.locked'),
    contenders,
    newest,
    intent,
    observer: intent ? observerOf(intent.owner, intent.hash, memory, identity) : 'other',
    orphans: attempts.filter((attempt) => isOrphan(attempt, memory, identity, now)),
    turn: memory.turn,
    isConsenting: memory.consents > 0,
    mayNotRedeem: deps.mayNotRedeem() ?? (client ? null : 'client.not_configured'),
    client: fingerprint,
    hold: memory.hold,
    isAskedFor: memory.isAskedFor,
    dueAt: dueAtOf(newest, memory, now, placeInSpread(identity.install, mall) * SPREAD_MS),
    install: identity.install,
  };
}

async function readJournal({ journal, mall, log }: KeeperDeps, memory: Memory): Promise<readonly Attempt[]> {
  const reading = await journal.read(mall);
  if (!reading.ok) {
    log.warn('journal', `cannot be read: ${reading.code}`, mall);
    return [...memory.unsaved.values()];
  }
  const { attempts, locked, corrupt } = reading.value;
  if (corrupt > 0) memory.happened.set('journal.corrupt', Number.POSITIVE_INFINITY);
  if (locked > 0) memory.happened.set('journal.locked', Number.POSITIVE_INFINITY);
  else memory.happened.delete('journal.locked');
  const saved = attempts.filter(({ id }) => !memory.unsaved.has(id));
  return [...saved, ...memory.unsaved.values()].sort((a, b) => a.openedAt - b.openedAt);
}

async function readStore({ store, mall, clock }: KeeperDeps, memory: Memory): Promise<Result<StoreView>> {
  const fresh = memory.freshView;
  memory.freshView = null;
  if (fresh) return { ok: true, value: fresh };
  const startedMs = clock.monotonicMs();
  const read = await store.read(mall);
  memory.storeLatencyMs = read.ok ? clock.monotonicMs() - startedMs : null;
  return read.ok ? read : failed(read.code, read.detail);
}

/** One more question, only where something stands in the store or the journal that the meta does not explain. */
async function askForSpent(
  { store, mall }: KeeperDeps,
  memory: Memory,
  { content }: Extract<Sight['store'], { kind: 'up' }>,
  journal: JournalKnowledge,
): Promise<void> {
  const stored = content.kind === 'set' ? content : null;
  const strangers = new Set<string>();
  if (stored && !stored.isKnown) strangers.add(stored.set.refreshTokenHash);
  for (const { set } of journal.attempts) {
    const isStoredOrItsChild =
      set?.refreshTokenHash === stored?.set.refreshTokenHash || set?.parent === stored?.set.refreshTokenHash;
    if (set && !isStoredOrItsChild && !journal.redeemed.has(set.refreshTokenHash))
      strangers.add(set.refreshTokenHash);
  }
  for (const known of memory.spent) strangers.delete(known);
  if (strangers.size === 0) return;
  const answer = await store.spentAmong(mall, [...strangers]);
  if (answer.ok) for (const hash of answer.value) memory.spent.add(hash);
}

/** The intent on a set's token: as an attempt of the journal ended it, if the store has not been told, else the meta's. */
function intentOn(
  set: KnownSet,
  store: Sight['store'],
  journal: JournalKnowledge,
  client: string | null,
  now: number,
): ReturnType<typeof intentOf> {
  const untold = journal.attempts.findLast(
    ({ attempt }) =>
      attempt.presentedHash === set.refreshTokenHash &&
      attempt.settledAt === null &&
      attempt.outcome !== 'proving',
  );
  const after = untold && intentAfter(untold, client, now);
  if (after === 'closed') return null;
  if (after) return after;
  const standing = store.kind === 'up' ? intentOf(store.view.meta) : null;
  return standing?.hash === set.refreshTokenHash ? standing : null;
}

function observerOf(owner: string, hash: string, memory: Memory, identity: Identity): Observer {
  const { turn } = memory;
  if (turn?.attempt.owner === owner && turn.attempt.presentedHash === hash && turn.phase === 'intended')
    return 'presenter';
  if (owner === identity.owner) return 'heir';
  return isGone(owner, identity) ? 'heir' : 'other';
}

/** Another process of this very install and host that runs no more. */
function isGone(owner: string, identity: Identity): boolean {
  const parsed = parseOwner(owner);
  return (
    parsed !== null &&
    parsed.install === identity.install &&
    parsed.host === identity.host &&
    !(parsed.pid === identity.pid) &&
    !identity.isAlive(parsed.pid)
  );
}

function isOrphan(attempt: Attempt, memory: Memory, identity: Identity, now: number): boolean {
  if (memory.active.has(attempt.id)) return false;
  if (attempt.owner === identity.owner || isGone(attempt.owner, identity)) return true;
  // A journal that came with a copied data folder: its writer is elsewhere, or was.
  return parseOwner(attempt.owner)?.host !== identity.host && now - attempt.openedAt > PRESENTER_SILENCE_MS;
}

function dueAtOf(newest: Contender | null, memory: Memory, now: number, spreadMs: number): number | null {
  if (newest?.kind !== 'set') return null;
  const { set } = newest;
  if (memory.noticed?.hash !== set.refreshTokenHash) {
    memory.noticed = { hash: set.refreshTokenHash, at: now, notBefore: 0 };
  }
  const { at, notBefore } = memory.noticed;
  return Math.max(refreshDueAt(set, now, spreadMs, at), notBefore);
}
