/**
 * Holds the engine and puts one of a new configuration in its place while the program runs. Old and new never overlap:
 * a shop's refresh tokens go through one keeper of this process at a time.
 */
import type { Log, Timers } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { Outcome } from './keeper-api.ts';

export interface LiveEngine {
  /** The engine that was built last; while it is being replaced, the one that is ending. */
  current(): Engine;
  /** The engine to act on: waits for a change that is under way. */
  settled(): Promise<Engine>;
  /**
   * Makes a change of the configuration and lets it take effect; one after another. `change` ends with null when it was
   * made, or says why nothing was changed. Refused while a person is in the middle of a consent: that would end it.
   */
  reconfigure(change: () => Promise<Outcome | null>): Promise<Outcome | null>;
  /** Ends the engine for good, after a change that is under way. */
  stop(): Promise<void>;
}

/** A build that failed (a disk that is gone) is tried again, so that no shop is left without a keeper. */
const BUILD_AGAIN_MS = 30_000;

export async function createLiveEngine(parts: {
  readonly build: () => Promise<Engine>;
  readonly timers: Timers;
  readonly log: Log;
  /** The engine is another one now. */
  readonly onReplaced: () => void;
}): Promise<LiveEngine> {
  let engine = await parts.build();
  let isBuilt = true;
  let isStopped = false;
  let cancelRetry = (): void => {};
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function replace(): Promise<void> {
    if (isBuilt) await ended();
    isBuilt = false;
    await buildNew();
  }

  /** Half ended it cannot go on; what it could end it has, so the shops get another one. */
  async function ended(): Promise<void> {
    try {
      await engine.stop();
    } catch (bug) {
      parts.log.error(
        'app',
        `the former engine did not end well: ${bug instanceof Error ? bug.stack : String(bug)}`,
      );
    }
  }

  async function buildNew(): Promise<void> {
    cancelRetry();
    if (isBuilt || isStopped) return;
    try {
      engine = await parts.build();
      isBuilt = true;
    } catch (error) {
      cancelRetry = parts.timers.after(BUILD_AGAIN_MS, () => void inTurn(buildNew).catch(() => {}));
      parts.log.error('app', 'the new configuration could not be put to work; trying again');
      throw error;
    }
    parts.onReplaced();
  }

  return {
    current: () => engine,
    settled: () => inTurn(async () => engine),
    reconfigure(change) {
      return inTurn(async () => {
        if (isStopped) return { code: 'internal.error', params: {} };
        if (engine.isConsentRunning()) return { code: 'config.consent_running', params: {} };
        const refused = await change();
        if (refused === null) await replace();
        return refused;
      });
    },
    stop() {
      isStopped = true;
      cancelRetry();
      return inTurn(async () => {
        if (isBuilt) await engine.stop();
      });
    },
  };
}
