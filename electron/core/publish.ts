/** Brings a set into the store: a fresh answer, one found after a crash, a heal, or one that another program wrote. */
import {
  generationOf,
  intentMark,
  intentOf,
  type MetaFields,
  metaOfForeignWrite,
  metaOfSet,
  metaOfState,
  NO_INTENT,
  type PresentationIntent,
  provenanceOf,
} from '../../shared/meta.ts';
import { type Contender, newerOf, refreshTokenHashOf } from '../../shared/newer-of.ts';
import { PRESENTER_SILENCE_MS } from '../../shared/presentation.ts';
import { writeStored } from '../../shared/stored-json.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import { leaveAttempt, newAttempt, saveAttempt } from './attempts.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import type { Memory } from './memory.ts';
import { recordedStateAfter } from './record.ts';
import { isSettledBy } from './settle.ts';
import type { Sight } from './sight.ts';
import { commit, viewOf } from './store-writing.ts';

export async function publish(
  set: KnownSet,
  sight: Sight,
  deps: KeeperDeps,
  memory: Memory,
): Promise<boolean> {
  const view = viewOf(sight);
  const { store } = sight;
  const content = store.kind === 'up' ? store.content : null;
  const generation = generationOf(view.meta) + 1;
  const redeemed = set.parent !== null && set.parent !== set.refreshTokenHash ? [set.parent] : [];
  const standing = intentOf(view.meta);
  const isNewer = !isOutdone(set, view.meta);
  // What an older set is written over for now may be tried again by its holder.
  const spend = new Set([...redeemed, ...(isNewer ? refusedBefore(standing, set) : [])]);
  // An answer that kept the refresh token ends the intent on it; any other set's publication leaves that to its answer.
  const bringer = sight.journal.attempts.find((judged) => judged.set === set);
  const stored = content?.kind === 'set' ? content.set.refreshTokenHash : null;
  // The store was told of it before, or lacks the one that it came from.
  const isHeal =
    (bringer?.attempt.settledAt ?? null) !== null || (set.parent !== null && set.parent !== stored);
  const isAnswered =
    standing?.hash !== set.refreshTokenHash ||
    (bringer?.attempt.presentedHash === standing.hash && isSettledBy(standing, bringer.attempt));
  const result = await commit(
    {
      expect: {
        text: view.text,
        generation: generation - 1,
        meta: intentMark(view.meta),
        unspent: set.refreshTokenHash,
      },
      text: writeStored(set, content?.kind === 'set' ? content.stored.extras : []),
      meta: {
        ...metaOfSet(set, generation, deps.identity.install),
        ...(isAnswered ? NO_INTENT : {}),
        ...metaOfState(recordedStateAfter(set, sight)),
      },
      spend: [...spend],
      announce: generation,
      ...(memory.turn ? { releaseLease: deps.identity.owner } : {}),
    },
    deps,
    memory,
  );
  if (result === 'failed') return false;
  if (result !== 'done') return true;
  memory.turn = null;
  memory.askedFor = null;
  deps.log.info(
    'keeper',
    `generation ${generation} is stored${isHeal ? ', from the journal' : ''}`,
    deps.mall,
  );
  if (isHeal) noteHeal(set, sight, memory);
  return true;
}

/**
 * The hash of a token that Cafe24 refused, once a set that is not its child takes its place: the intent that says so
 * goes, and a keeper that slept meanwhile would present it again if the main key were damaged before it looks.
 */
function refusedBefore(
  standing: PresentationIntent | null,
  { refreshTokenHash }: KnownSet,
): readonly string[] {
  return standing?.outcome === 'refused' && standing.hash !== refreshTokenHash ? [standing.hash] : [];
}

/** A store that lost its memory may be healed by another keeper with something newer: give that a minute. */
const HEAL_FORWARD_MS = 60_000;

/** Where the store still says that there is something newer, its holder gets as long as one that owes an answer. */
const HOLDER_SILENCE_MS = PRESENTER_SILENCE_MS;

function noteHeal(set: KnownSet, sight: Sight, memory: Memory): void {
  memory.happened.set('store.healed', sight.now);
  const { meta } = viewOf(sight);
  const waitMs = isOutdone(set, meta) ? HOLDER_SILENCE_MS : generationOf(meta) === 0 ? HEAL_FORWARD_MS : null;
  if (waitMs === null) return;
  memory.noticed = {
    hash: set.refreshTokenHash,
    at: sight.now,
    lookedAt: sight.now,
    notBefore: sight.now + waitMs,
  };
}

/** The main key was lost and its companions were not: they speak of a set that is newer than the one at hand. */
function isOutdone(set: KnownSet, meta: MetaFields): boolean {
  const hash = meta.refresh_token_hash;
  const provenance = hash && hash !== set.refreshTokenHash ? provenanceOf(meta, hash) : null;
  if (!provenance || !hash) return false;
  const named = { ...set, ...provenance, refreshTokenHash: hash };
  const contender = (each: KnownSet, fromStore: boolean): Contender => ({
    kind: 'set',
    set: each,
    spent: false,
    fromStore,
  });
  return refreshTokenHashOf(newerOf(contender(set, false), contender(named, true))) === hash;
}

export async function adopt(set: KnownSet, sight: Sight, deps: KeeperDeps, memory: Memory): Promise<boolean> {
  const view = viewOf(sight);
  const generation = generationOf(view.meta) + 1;
  const isOurs = sight.journal.attempts.some(
    (judged) => judged.set?.refreshTokenHash === set.refreshTokenHash,
  );
  if (!isOurs && deps.mayNotRedeem() === null) await journalAdopted(set, sight, deps, memory);
  const standing = intentOf(view.meta);
  // The first set of a shop is no sign of another program at work, nor is one of ours that lost its companions.
  const isForeign = generation > 1 && !isOurs;
  const result = await commit(
    {
      expect: { text: view.text, generation: generation - 1 },
      meta: {
        ...metaOfSet(set, generation, deps.identity.install),
        ...(isForeign ? metaOfForeignWrite(sight.now) : {}),
        ...(standing?.hash === set.refreshTokenHash ? {} : NO_INTENT),
        ...metaOfState(recordedStateAfter(set, sight)),
      },
      spend: refusedBefore(standing, set),
      announce: generation,
    },
    deps,
    memory,
  );
  if (result === 'done') {
    const whose = isOurs ? 'a set of ours that had lost its companions' : 'a set that another program wrote';
    deps.log.info('keeper', `adopted ${whose}, generation ${generation}`, deps.mall);
  }
  return result !== 'failed';
}

export async function journalAdopted(
  set: KnownSet,
  sight: Sight,
  deps: KeeperDeps,
  memory: Memory,
): Promise<void> {
  const attempt = newAttempt({ kind: 'adopted', parent: set }, sight.now, deps, memory);
  await saveAttempt(deps, memory, { ...attempt, outcome: 'adopted', settledAt: sight.now });
  leaveAttempt(deps, attempt);
}
