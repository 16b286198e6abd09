/** Gathers what the keeper sees: one read of the journal, one of the store, and arithmetic. */

import { refreshDueAt, SPREAD_MS } from '../../shared/due.ts';
import { generationOf, intentOf, isForeignWriterAtWork, type PresentationIntent } from '../../shared/meta.ts';
import { type Contender, newestOf, refreshTokenHashOf } from '../../shared/newer-of.ts';
import { parseOwner } from '../../shared/owner.ts';
import { type Observer, PRESENTER_SILENCE_MS } from '../../shared/presentation.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import type { Attempt, Identity, StoreView } from '../ports.ts';
import { isAtWork } from './attempts.ts';
import { placeInSpread } from './hash.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import {
  contendersOf,
  contentOf,
  intentAfter,
  type JournalKnowledge,
  type JudgedAttempt,
  judgeJournal,
  openIntentOf,
  parentOf,
  type StoreContent,
} from './knowledge.ts';
import { type Memory, NOTHING_ASKED } from './memory.ts';
import type { Sight } from './sight.ts';

export async function see(deps: KeeperDeps, memory: Memory): Promise<Sight> {
  const { clock, identity, mall } = deps;
  const attempts = await readJournal(deps, memory);
  const journal = judgeJournal(attempts);
  const read = await readStore(deps, memory);
  const now = clock.now();
  const store = await understand(read, journal, now, deps, memory);
  const content = store.kind === 'up' ? store.content : null;
  if (store.kind === 'up') {
    const { meta } = store.view;
    memory.standing = intentOf(meta);
    if (isForeignWriterAtWork(meta, now))
      memory.happened.set('store.foreign_writer', Number.POSITIVE_INFINITY);
    else memory.happened.delete('store.foreign_writer');
  }

  const redeemedByStored = parentOf(content?.kind === 'set' ? content.set : null);
  const isSpent = (hash: string) =>
    journal.redeemed.has(hash) || memory.spent.has(hash) || redeemedByStored.includes(hash);
  const contenders = contendersOf(content, journal, isSpent);
  const newest = newestOf(contenders);
  if (newest?.kind === 'set') {
    deps.learn(newest.set.accessToken);
    deps.learn(newest.set.refreshToken);
  }
  const client = deps.client();
  const fingerprint = client && deps.fingerprintOf(client);
  const intent =
    newest?.kind === 'set' ? intentOn(newest.set, store.kind, journal, memory, fingerprint, now) : null;

  return {
    now,
    clockTrusted: deps.isClockTrusted(),
    store,
    journal,
    journalTrouble: memory.journalTrouble,
    journalLocked: memory.happened.has('journal.locked'),
    contenders,
    newest,
    intent,
    observer: intent ? observerOf(intent, deps, memory) : 'other',
    orphans: attempts.filter((attempt) => isOrphan(attempt, deps, now)),
    turn: memory.turn,
    isConsenting: memory.consents > 0 || memory.isDisconnecting,
    mayNotRedeem: deps.mayNotRedeem() ?? (client ? null : 'client.not_configured'),
    client: fingerprint,
    hold: memory.hold,
    askedBy:
      memory.askedFor?.refreshTokenHash === refreshTokenHashOf(newest) ? (memory.askedFor?.by ?? null) : null,
    dueAt: dueAtOf(newest, memory, now, placeInSpread(identity.install, mall) * SPREAD_MS),
    install: identity.install,
  };
}

async function readJournal({ journal, mall, log }: KeeperDeps, memory: Memory): Promise<readonly Attempt[]> {
  const reading = await journal.read(mall);
  if (!reading.ok) {
    log.warn('journal', `cannot be read: ${reading.code}`, mall);
    memory.journalTrouble = reading.code;
    return [...memory.unsaved.values()];
  }
  memory.journalTrouble = null;
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

/** What the store's answer means. One that does not say which tokens are redeemed is as good as none. */
async function understand(
  read: Result<StoreView>,
  journal: JournalKnowledge,
  now: number,
  deps: KeeperDeps,
  memory: Memory,
): Promise<Sight['store']> {
  if (!read.ok) return { kind: 'down', code: read.code };
  const content = contentOf(read.value, journal, now);
  const asked = await askForSpent(deps, memory, generationOf(read.value.meta), content, journal);
  return asked.ok ? { kind: 'up', view: read.value, content } : { kind: 'down', code: asked.code };
}

/** Asks the store about every token that could be presented, once per generation: only a change can redeem one. */
async function askForSpent(
  { store, mall }: KeeperDeps,
  memory: Memory,
  generation: number,
  content: StoreContent,
  journal: JournalKnowledge,
): Promise<Result<unknown>> {
  if (memory.askedForSpent.generation !== generation) memory.askedForSpent = { ...NOTHING_ASKED, generation };
  const { hashes } = memory.askedForSpent;
  const sets = [content.kind === 'set' ? content.set : null, ...journal.attempts.map(({ set }) => set)];
  const strangers = sets
    .flatMap((set) => (set ? [set.refreshTokenHash] : []))
    .filter((hash) => !hashes.has(hash) && !journal.redeemed.has(hash) && !memory.spent.has(hash));
  if (strangers.length === 0) return done(null);
  const answer = await store.spentAmong(mall, [...new Set(strangers)]);
  if (!answer.ok) return answer;
  memory.askedForSpent = { generation, hashes: new Set([...hashes, ...strangers]) };
  for (const hash of answer.value) memory.spent.add(hash);
  return answer;
}

/**
 * The intent on a set's token: as an attempt of the journal began or ended it, if the store has not been told, else the
 * meta's.
 * While the store does not answer: what it said last, else what the journal knows of the last presentation. The
 * journal counts too where the store forgot (a backup, a flush); not for a set that came after that presentation.
 */
function intentOn(
  set: KnownSet,
  store: Sight['store']['kind'],
  { attempts }: JournalKnowledge,
  { standing }: Memory,
  client: string | null,
  now: number,
): PresentationIntent | null {
  const onToken = attempts.filter(
    ({ attempt }) => attempt.presentedHash === set.refreshTokenHash && attempt.outcome !== 'proving',
  );
  const untold = onToken.findLast(({ attempt }) => attempt.settledAt === null);
  const last = onToken.at(-1);
  // In the air, maybe by another process of this folder; while the store is away, nothing else tells of it. A later
  // presentation that has its end, here or by another keeper, was made because this one kept silent.
  const isOutdone =
    last?.attempt.outcome === 'answered' || last?.attempt.outcome === 'lost' || isEndLater(standing, untold);
  if (untold?.attempt.outcome === 'open' && !isOutdone) return openIntentOf(untold.attempt, client);
  const after = untold && intentAfter(untold, client, now);
  if (after) return after === 'closed' ? null : after;
  if (standing?.hash === set.refreshTokenHash) return standing;
  const mayBeForgotten = last?.attempt.parent?.accessToken === set.accessToken;
  const told = store === 'down' || mayBeForgotten ? last : undefined;
  const ended = told && intentAfter(told, client, now);
  return ended === 'closed' ? null : (ended ?? null);
}

/** Whether the store tells of the same token how a later presentation ended. */
function isEndLater(standing: PresentationIntent | null, untold: JudgedAttempt | undefined): boolean {
  if (!standing || !untold || standing.hash !== untold.attempt.presentedHash || standing.outcome === 'open')
    return false;
  return standing.triedAt > untold.attempt.openedAt || standing.tries > untold.attempt.tries;
}

function observerOf(
  { owner, hash, triedAt }: PresentationIntent,
  deps: KeeperDeps,
  { turn }: Memory,
): Observer {
  if (turn?.attempt.owner === owner && turn.attempt.presentedHash === hash && turn.phase === 'intended')
    return 'presenter';
  // Another core of this process may be the one whose request is in the air.
  if (owner === deps.identity.owner) return isAtWork(deps, triedAt, owner) ? 'other' : 'heir';
  return isGone(owner, deps.identity) ? 'heir' : 'other';
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

function isOrphan(attempt: Attempt, deps: KeeperDeps, now: number): boolean {
  const { identity } = deps;
  if (isAtWork(deps, attempt.openedAt, attempt.owner)) return false;
  if (attempt.owner === identity.owner || isGone(attempt.owner, identity)) return true;
  // Its writer is elsewhere (a journal that came with a copied data folder), or stands still, or is gone and another program
  // has its process id. One of this host may still write its answer, and must not be written over: it gets a day.
  const isElsewhere = parseOwner(attempt.owner)?.host !== identity.host;
  return now - attempt.openedAt > (isElsewhere ? PRESENTER_SILENCE_MS : STANDSTILL_MS);
}

/** No clock of a host is taken to be wrong by more. */
const STANDSTILL_MS = 24 * 60 * 60_000;

/** A keeper looks every minute: after a longer silence than this its host slept. */
const BREAK_MS = 5 * 60_000;

function dueAtOf(newest: Contender | null, memory: Memory, now: number, spreadMs: number): number | null {
  if (newest?.kind !== 'set') return null;
  const { set } = newest;
  const before = memory.noticed?.hash === set.refreshTokenHash ? memory.noticed : null;
  // A process that slept through the due time is as late as one that was just started.
  const at = before && now - before.lookedAt <= BREAK_MS ? before.at : now;
  const notBefore = before?.notBefore ?? 0;
  memory.noticed = { hash: set.refreshTokenHash, at, lookedAt: now, notBefore };
  return Math.max(refreshDueAt(set, now, spreadMs, at), notBefore);
}
