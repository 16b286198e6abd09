import type { PowerMonitor } from 'electron';
import type { Log, Timers } from '../ports.ts';

/** Linux tells of one resume twice, and unlocking follows waking: what comes within this time is one event. */
const JOIN_MS = 1_000;

/**
 * Tells of waking, unlocking and shutting down; returns its remover. `onWake` comes once per wake, `JOIN_MS` after
 * its first sign. Sleep itself asks nothing of us: due times are absolute, and what runs is in the journal.
 */
export function registerPower(options: {
  readonly powerMonitor: PowerMonitor;
  readonly timers: Timers;
  readonly log: Log;
  readonly onWake: () => void;
  readonly onShutdown: () => void;
}): () => void {
  const { powerMonitor, timers, log, onWake, onShutdown } = options;
  let cancel: (() => void) | null = null;

  const woke = (): void => {
    cancel ??= timers.after(JOIN_MS, () => {
      cancel = null;
      log.info('app', 'woke');
      onWake();
    });
  };
  const slept = (): void => log.info('app', 'going to sleep');
  const shutdown = (event: { preventDefault(): void }): void => {
    // Asks the system to wait for us, for as long as it allows; quitting is bounded.
    event.preventDefault();
    log.info('app', 'the system shuts down');
    onShutdown();
  };

  powerMonitor.on('resume', woke);
  powerMonitor.on('unlock-screen', woke);
  powerMonitor.on('suspend', slept);
  // The event is not in the type of this listener, though it is passed.
  powerMonitor.on('shutdown', shutdown as () => void);
  return () => {
    cancel?.();
    powerMonitor.off('resume', woke);
    powerMonitor.off('unlock-screen', woke);
    powerMonitor.off('suspend', slept);
    powerMonitor.off('shutdown', shutdown as () => void);
  };
}
