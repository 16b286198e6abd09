/**
 * Tokens and the ledger of warnings of a shop without Redis: one sealed file per mall in the data folder, shared by app
 * and command line. A change is read, compared and written whole under a lock that its owner's death opens.
 */
import path from 'node:path';
import { done, type Failure, failed, type Result } from '../../../shared/result.ts';
import type {
  AlertLedger,
  Clock,
  CommitOutcome,
  Identity,
  Log,
  StoreCommit,
  Timers,
  TokenStore,
} from '../../ports.ts';
import { createBookLedger } from '../book-ledger.ts';
import { diskCodeOf, ensureFolder, sweepLeftovers } from '../durable-file.ts';
import { changeUnderLock, type HeldLock } from '../folder-lock.ts';
import type { Sealing } from '../sealing/sealing.ts';
import {
  changePlace,
  EMPTY_PLACE,
  type Moment,
  type Place,
  releaseLease,
  renewLease,
  setAside,
  takeLease,
  viewOf,
} from './place.ts';
import { createPlaceFiles, type PlaceReading } from './place-files.ts';
import { type AnnouncementWatch, watchAnnouncements } from './watch-announcements.ts';

export interface LocalStoreOptions {
  /** `store` in the data folder. */
  readonly folder: string;
  readonly sealing: (mall: string) => Sealing;
  readonly clock: Pick<Clock, 'storeOffsetMs'>;
  readonly identity: Pick<Identity, 'isAlive'>;
  readonly timers: Timers;
  readonly log: Log;
}

/** What an action makes of a place: the new one to write (null writes nothing), and what to answer. */
interface Act<T> {
  readonly next: Place | null;
  readonly answer: T;
}

export function createLocalStore(options: LocalStoreOptions): TokenStore & AlertLedger {
  const { folder, clock, identity, timers, log } = options;
  const files = createPlaceFiles(folder, options.sealing, log);
  const listeners = new Set<(mall: string) => void>();
  const reachableListeners = new Set<() => void>();
  /** The last change of each mall in this process: the lock is for other processes. */
  const queues = new Map<string, Promise<unknown>>();
  let announcements: AnnouncementWatch | null = null;
  let isSwept = false;
  let isDown = false;
  let isClosed = false;

  const momentOf = (): Moment => {
    const realMs = Date.now();
    return { at: Math.round(realMs + clock.storeOffsetMs()), realMs };
  };

  /** Reads without a lock; only a damaged file needs one, to be set aside by one process alone. */
  async function readPlace(mall: string): Promise<Result<Place>> {
    const reading = await files.read(mall);
    if (reading.kind === 'corrupt') return await inTurn(mall, () => change(mall, false, keep));
    return reading.kind === 'read' ? done(reading.place) : failed('store.locked');
  }

  async function change<T>(
    mall: string,
    beginsAnew: boolean,
    act: (place: Place) => Act<T>,
  ): Promise<Result<T>> {
    await ensureFolder(folder);
    if (!isSwept) await sweepLeftovers(folder);
    isSwept = true;
    return await changeUnderLock(files.lockOf(mall), (lock) => changeUnder(lock, mall, beginsAnew, act), {
      isAlive: identity.isAlive,
      log,
      mall,
    });
  }

  async function changeUnder<T>(
    lock: HeldLock,
    mall: string,
    beginsAnew: boolean,
    act: (place: Place) => Act<T>,
  ): Promise<Result<T>> {
    const reading = await readThroughDamage(mall);
    // What is locked may be good: it stays, and a new consent's set is kept beside it.
    if (reading.kind === 'locked' && !beginsAnew) return failed('store.locked');
    const place = reading.kind === 'locked' ? EMPTY_PLACE : reading.place;
    const number = reading.kind === 'locked' ? reading.number + 1 : reading.number;
    const { next, answer } = act(place);
    if (next === null) return done(answer);
    const written = await files.write(mall, number, next, lock);
    if (!written.ok) return written;
    if (reading.kind === 'locked') log.warn('store', `locked; begun anew beside it, number ${number}`, mall);
    if (next.announced !== place.announced) announce(mall, next.announced);
    return done(answer);
  }

  async function readThroughDamage(mall: string): Promise<Exclude<PlaceReading, { kind: 'corrupt' }>> {
    for (;;) {
      const reading = await files.read(mall);
      if (reading.kind !== 'corrupt') return reading;
      await files.setAside(mall, reading.number);
    }
  }

  function announce(mall: string, announced: number): void {
    announcements?.heard(mall, announced);
    queueMicrotask(() => notify(mall));
  }

  function notify(mall: string): void {
    for (const listener of listeners) listener(mall);
  }

  async function inTurn<T>(mall: string, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(mall) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    queues.set(mall, settled);
    try {
      return await turn;
    } finally {
      if (queues.get(mall) === settled) queues.delete(mall);
    }
  }

  /** The file system's refusals as codes, and the news when it works again. */
  async function guarded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    if (isClosed) return failed('store.unreachable', 'closed');
    const result = await work().catch((error: unknown): Failure => failed(diskCodeOf(error)));
    const isBack = result.ok && isDown;
    isDown = !result.ok;
    if (isBack) for (const listener of reachableListeners) listener();
    return result;
  }

  function changed<T>(mall: string, act: (place: Place) => Act<T>, beginsAnew = false): Promise<Result<T>> {
    return guarded(() => inTurn(mall, () => change(mall, beginsAnew, act)));
  }

  const alerts = createBookLedger({
    read: (mall) => guarded(async () => onValue(await readPlace(mall), (place) => place.alerts)),
    change: (mall, act) =>
      changed(mall, (place) => {
        const book = act(place.alerts, momentOf().at);
        return { next: book && { ...place, alerts: book }, answer: book !== null };
      }),
    now: () => momentOf().at,
  });

  return {
    ...alerts,

    read: (mall) => guarded(async () => onValue(await readPlace(mall), (place) => viewOf(place, momentOf()))),
    readText: (mall) => guarded(async () => onValue(await readPlace(mall), (place) => place.text)),

    spentAmong: (mall, hashes) =>
      guarded(async () =>
        onValue(
          await readPlace(mall),
          ({ spent }): ReadonlySet<string> => new Set(hashes.filter((hash) => spent.includes(hash))),
        ),
      ),

    commit: (mall, wanted) =>
      changed(mall, (place) => commitTo(place, wanted, momentOf()), typeof wanted.text === 'string'),

    takeLease: (mall, owner, ttlMs) =>
      changed(mall, (place) => {
        const moment = momentOf();
        const next = takeLease(place, owner, ttlMs, moment);
        return { next, answer: { taken: next !== null, view: viewOf(next ?? place, moment) } };
      }),

    renewLease: (mall, owner, ttlMs) =>
      changed(mall, (place) => {
        const next = renewLease(place, owner, ttlMs, momentOf());
        return { next, answer: next !== null };
      }),

    releaseLease: (mall, owner) =>
      changed(mall, (place) => ({ next: releaseLease(place, owner), answer: undefined })),

    setAside: (mall, text, at) =>
      changed(mall, (place) => {
        const next = setAside(place, text, at, momentOf());
        return { next, answer: next !== null };
      }),

    onChanged(listener) {
      if (!isClosed) announcements ??= watchAnnouncements(folder, files, timers, notify);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopWatching();
      };
    },

    onReachable(listener) {
      reachableListeners.add(listener);
      return () => reachableListeners.delete(listener);
    },

    facts: () =>
      guarded(async () =>
        done({
          kind: 'local',
          // Not the whole path: it holds the name of a person on most systems.
          place: path.join(path.basename(path.dirname(folder)), path.basename(folder)),
          version: null,
          warnings: [],
        }),
      ),

    async close() {
      isClosed = true;
      stopWatching();
      listeners.clear();
      reachableListeners.clear();
      await Promise.all(queues.values());
    },
  };

  function stopWatching(): void {
    announcements?.stop();
    announcements = null;
  }
}

function keep(place: Place): Act<Place> {
  return { next: null, answer: place };
}

function commitTo(place: Place, wanted: StoreCommit, moment: Moment): Act<CommitOutcome> {
  const change = changePlace(place, wanted, moment);
  switch (change.kind) {
    case 'done':
      return { next: change.place, answer: { kind: 'done', view: viewOf(change.place, moment) } };
    case 'moved':
      return { next: null, answer: { kind: 'moved', view: viewOf(place, moment) } };
    case 'limited':
      return {
        next: null,
        answer: { kind: 'limited', freeAt: change.freeAt, view: viewOf(place, moment) },
      };
  }
}

function onValue<T, U>(result: Result<T>, project: (value: T) => U): Result<U> {
  return result.ok ? done(project(result.value)) : result;
}
