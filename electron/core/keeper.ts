/**
 * The actor: one per mall. All redemption of refresh tokens goes through its one serial queue. It sees, decides, does
 * one step, and looks again; what it does next never depends on where it was, only on what is there.
 */
import type { Code } from '../../shared/codes.ts';
import { isAccessUsable } from '../../shared/due.ts';
import { grantAtOf, refreshTokenHashOf } from '../../shared/newer-of.ts';
import type { StateAndReason } from '../../shared/state-of.ts';
import type { KnownSet } from '../../shared/token-set.ts';
import { atMost } from './at-most.ts';
import { saveAttempt } from './attempts.ts';
import { exchangeCode } from './consent.ts';
import { decide, LONGEST_REST_MS, type Step } from './decide.ts';
import { disconnect } from './disconnect.ts';
import type { Consent, ConsentTaker, Disconnector, GrantWatch, Outcome } from './keeper-api.ts';
import type { KeeperDeps } from './keeper-deps.ts';
import { emptyMemory, type Memory, standingHold } from './memory.ts';
import { recordChange, seenState, sightAfter } from './record.ts';
import { see } from './see.ts';
import type { Asker, Sight } from './sight.ts';
import { perform } from './steps.ts';
import { commit } from './store-writing.ts';
import { tidyingOf } from './tidy.ts';
import { STOP_WAIT_MS } from './timing.ts';
import { dropTurn } from './turn.ts';

/** What a keeper knows after a look; nothing in it is for the window as it is (it holds tokens). */
export interface KeeperView {
  readonly sight: Sight | null;
  /** Null while nothing is known. */
  readonly state: StateAndReason | null;
  readonly set: KnownSet | null;
  /** When it will look again at the latest, and what it waits for. */
  readonly nextLookAt: number;
  readonly waitsFor: Code | null;
  /** When the refresh token is to be presented next; null while that is not known. */
  readonly plannedAt: number | null;
  readonly isNeighbourAtWork: boolean;
  readonly storeLatencyMs: number | null;
  readonly happened: ReadonlyMap<Code, number>;
  readonly isRefreshing: boolean;
}

export interface Keeper extends ConsentTaker, Disconnector, GrantWatch {
  readonly mall: string;
  view(): KeeperView;
  /** `nextLookAt` of the view, without making one: asked of every mall at every tick. */
  nextLookAt(): number;
  /** Looks now and does what there is to do; resolves when it rests. Calls while one is queued share it. */
  look(): Promise<KeeperView>;
  /** The same, with the wish of a person or a program to refresh although it is not due. */
  refresh(by?: Asker): Promise<KeeperView>;
  /** The network, the store or the host came back: waits after failures end, and it looks at once. */
  wake(): Promise<KeeperView>;
  /** Calls back after every look and step; returns its remover. */
  onChange(listener: () => void): () => void;
  /** Lets what is in flight come to its end, into the store where that answers (at most 20 s), and begins nothing more. */
  stop(): Promise<void>;
}

type Rest = Omit<Extract<Step, { do: 'rest' }>, 'do'>;

/** A bound for steps in one look: far above any real sequence, so that a bug cannot spin. */
const MOST_STEPS = 40;
/** What uses a refresh token up. */
const PRESENTING: readonly Step['do'][] = ['begin-turn', 'refresh-offline'];
/** What stands before any other step. */
const IN_THE_WAY: readonly Step['do'][] = ['discard', 'declare-lost', 'set-aside'];
/** What a keeper that is to stop still does: an answer that came is worth telling those who stay, and a disconnect, too. */
const FINISHING: readonly Step['do'][] = ['publish', 'settle', 'forget', ...IN_THE_WAY];
const NEIGHBOUR_LOOK_MS = 2000;

export function createKeeper(deps: KeeperDeps): Keeper {
  const memory: Memory = emptyMemory();
  const listeners = new Set<() => void>();
  const grantListeners = new Set<(set: KnownSet) => void>();
  let sight: Sight | null = null;
  let rest: Rest = { until: 0, why: null, plannedAt: null };
  let running: Promise<void> | null = null;
  let queued: Promise<KeeperView> | null = null;
  let disconnecting: Promise<unknown> = Promise.resolve();
  let isStopped = false;
  let lastGrant: string | null | undefined;
  const ownGrants = new Set<string>();

  async function lookThrough(): Promise<void> {
    memory.isNeighbourAtWork = false;
    for (const attempt of memory.unsaved.values()) await saveAttempt(deps, memory, attempt);
    for (let step = 1; ; step += 1) {
      sight = await see(deps, memory);
      noticeGrant(sight);
      if (step > MOST_STEPS) {
        deps.log.error('keeper', 'internal.error: no end of steps', deps.mall);
        rest = { until: sight.now + LONGEST_REST_MS, why: 'internal.error', plannedAt: null };
        break;
      }
      const next = decide(sight);
      if (next.do === 'rest') {
        rest = next;
        break;
      }
      if (isStopped ? !FINISHING.includes(next.do) : deps.onlyLooks && PRESENTING.includes(next.do)) {
        rest = { until: sight.now, why: null, plannedAt: isStopped ? null : sight.now };
        break;
      }
      if (next.do === 'send') notify();
      const goOn = await perform(next, sight, deps, memory);
      if (!goOn) {
        sight = await see(deps, memory);
        const hold = standingHold(memory.hold, sight.now);
        const plannedAt = hold?.until ?? sight.now + NEIGHBOUR_LOOK_MS;
        const until = Math.min(plannedAt, sight.now + LONGEST_REST_MS);
        rest = { until, why: hold?.code ?? null, plannedAt };
        break;
      }
    }
    if (sight) await record(sight);
  }

  async function record(seen: Sight): Promise<void> {
    // While the store refuses writes, only what must be written tries again and lengthens the wait.
    const isHeld = memory.hold?.code.startsWith('store.') && memory.hold.until > seen.now;
    const change = isHeld ? null : recordChange(seen);
    if (change) {
      await commit(change, deps, memory);
      sight = sightAfter(seen, memory.freshView);
    }
    const { wipe, remove } = tidyingOf(seen);
    for (const attempt of wipe) await saveAttempt(deps, memory, attempt);
    for (const id of remove) {
      memory.unsaved.delete(id);
      await deps.journal.remove(deps.mall, id);
    }
    memory.freshView = null;
  }

  function noticeGrant({ newest, store }: Sight): void {
    if (store.kind === 'down') return;
    const set = newest?.kind === 'set' && newest.fromStore && !newest.spent ? newest.set : null;
    const grant = set?.grant.id ?? null;
    const isForeign =
      lastGrant !== undefined && set !== null && grant !== lastGrant && !ownGrants.has(set.grant.id);
    if (newest === null || newest.fromStore) lastGrant = grant;
    if (isForeign && set) for (const listener of grantListeners) listener(set);
  }

  function look(): Promise<KeeperView> {
    queued ??= (async () => {
      await running;
      queued = null;
      const run = lookThrough().catch((error: unknown) => {
        deps.log.error(
          'keeper',
          `internal.error: ${error instanceof Error ? error.stack : String(error)}`,
          deps.mall,
        );
        rest = { until: deps.clock.now() + LONGEST_REST_MS, why: 'internal.error', plannedAt: null };
      });
      running = run;
      await run;
      if (running === run) running = null;
      notify();
      return view();
    })();
    return queued;
  }

  function notify(): void {
    for (const listener of listeners) listener();
  }

  function view(): KeeperView {
    const newest = sight?.newest;
    return {
      sight,
      state: sight && seenState(sight),
      set: newest?.kind === 'set' ? newest.set : null,
      nextLookAt: rest.until,
      waitsFor: rest.why,
      plannedAt: rest.plannedAt,
      isNeighbourAtWork: memory.isNeighbourAtWork || isLeaseOfAnother(sight, deps.identity.owner),
      storeLatencyMs: memory.storeLatencyMs,
      happened: memory.happened,
      isRefreshing: memory.turn !== null,
    };
  }

  async function finish(): Promise<void> {
    // What Cafe24 revokes is dead: whoever is left must hear of it.
    await disconnecting;
    await running;
    const isAnnounced = memory.turn?.phase === 'intended';
    await dropTurn(deps, memory);
    // All others wait for what was announced: they are told that it was never sent.
    if (isAnnounced) await lookThrough();
  }

  const actor = { settled: () => running ?? Promise.resolve(), look };

  return {
    mall: deps.mall,
    view,
    nextLookAt: () => rest.until,
    look,
    async refresh(by = 'person') {
      // Whoever asks is not kept waiting by the wait after a failed connection.
      memory.hold = null;
      if (!sight) await look();
      // A person's wish is not lost where a program asks the same a moment later.
      const asker = by === 'person' ? by : (memory.askedFor?.by ?? by);
      memory.askedFor = { refreshTokenHash: refreshTokenHashOf(sight?.newest ?? null), by: asker };
      const after = await look();
      memory.askedFor = null;
      return after;
    },
    wake() {
      if (memory.hold && /^(store|disk|network)\./.test(memory.hold.code)) memory.hold = null;
      return look();
    },
    async exchange(consent: Consent): Promise<Outcome> {
      memory.consents += 1;
      try {
        return await exchangeCode(consent, deps, memory, {
          ...actor,
          ownGrant: (id) => ownGrants.add(id),
          grantSeen: () => grantAtOf(sight?.newest ?? null),
        });
      } finally {
        memory.consents -= 1;
        void look();
      }
    },
    disconnect(how) {
      const outcome = disconnect(how, deps, memory, actor);
      disconnecting = Promise.allSettled([disconnecting, outcome]);
      return outcome;
    },
    onForeignGrant(listener) {
      grantListeners.add(listener);
      return () => grantListeners.delete(listener);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      isStopped = true;
      return atMost(STOP_WAIT_MS, finish(), deps.timers);
    },
  };
}

/** Whether a program may be handed this keeper's access token now. */
export function usableAccess(view: KeeperView, now: number): KnownSet | null {
  return view.set && isAccessUsable(view.set, now) ? view.set : null;
}

/** Another keeper is between its intent and its answer: what it gets is worth waiting for. */
function isLeaseOfAnother(sight: Sight | null, owner: string): boolean {
  const leaseOwner = sight?.store.kind === 'up' ? sight.store.view.leaseOwner : null;
  return leaseOwner !== null && leaseOwner !== owner;
}
