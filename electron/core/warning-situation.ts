/**
 * What the policy of warnings (`shared/warnings.ts`) is asked about, from a keeper's view and the ledger: how the episode
 * is named, by which deadline is counted, and whether anybody may be alarmed yet.
 */
import { recordedStateOf } from '../../shared/meta.ts';
import {
  anchorOf,
  type Channel,
  episodeInLedger,
  type Ledger,
  renamedEpisode,
  type Situation,
} from '../../shared/warnings.ts';
import type { KeeperView } from './keeper.ts';
import { isForAll } from './record.ts';
import { type Chance, chanceOf, isChanceOver } from './refresh-chance.ts';
import type { LedgerView, WarningLedgers } from './warning-ledgers.ts';

export interface WarningSituations {
  /** @param isOnce asked once and never again: what a due refresh came to in the look before is all the chance it gets */
  of(view: KeeperView, ledger: LedgerView, now: number, isOnce: boolean): Promise<Situation>;
}

/** Of one mall; remembers between two checks since when a refresh is tried and how the episode was named. */
export function createWarningSituations(deps: {
  readonly ledgers: Pick<WarningLedgers, 'learn'>;
  isClockTrusted(): boolean;
  readonly channels: readonly Channel[];
  readonly machine: string;
}): WarningSituations {
  let chance: Chance | null = null;
  /** The episode of trouble as it was named last; provisional while the store has not recorded it. */
  let episode: { readonly state: string; readonly since: number } | null = null;

  /**
   * Names the episode: as the store recorded it, else as it was named before, here or in the ledger. What left under
   * another name of it is known under the recorded one from then on; a newer set ended the episode of that name.
   */
  async function sinceOf(
    state: Situation['state'],
    { sight, set }: KeeperView,
    entries: Ledger,
    now: number,
  ): Promise<number> {
    const recorded = sight?.store.kind === 'up' ? recordedStateOf(sight.store.view.meta) : null;
    const before = episode?.state === state ? episode.since : null;
    if (recorded?.state !== state) {
      const since = before ?? episodeInLedger(entries, state, set?.issuedAt ?? 0) ?? now;
      episode = { state, since };
      return since;
    }
    const { since } = recorded;
    episode = { state, since };
    const isSame = before !== null && before >= (set?.issuedAt ?? 0);
    if (isSame && before !== since) await deps.ledgers.learn(renamedEpisode(entries, before, since));
    return since;
  }

  return {
    async of(view, ledger, now, isOnce) {
      const { set, state } = view;
      chance = chanceOf(view, chance, now);
      const hadItsChance = isChanceOver(chance, now) || (isOnce && isTried(view));
      const known = state?.state ?? 'HEALTHY';
      return {
        state: known,
        reason: state?.reason ?? null,
        since: await sinceOf(known, view, ledger.entries, now),
        deadlineAt: set ? anchorOf(ledger.anchorAt, set.refreshTokenExpiresAt) : null,
        isSettled: deps.isClockTrusted() && hadItsChance && isNamed(view),
        channels: deps.channels,
        machine: deps.machine,
      };
    },
  };
}

/**
 * The store has recorded the state, or cannot, or must not be told: before that the machines would name the episode apart,
 * and each would warn of its own.
 */
function isNamed({ sight, state }: KeeperView): boolean {
  if (sight?.store.kind !== 'up' || sight.hold?.code.startsWith('store.')) return true;
  if (state && !isForAll(state)) return true;
  return recordedStateOf(sight.store.view.meta)?.state === (state?.state ?? 'HEALTHY');
}

/** The look before made what request there was to make, and nobody else is at one. */
function isTried({ isRefreshing, isNeighbourAtWork }: KeeperView): boolean {
  return !isRefreshing && !isNeighbourAtWork;
}
