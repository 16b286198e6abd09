import type { Timers } from '../ports.ts';
import type { Outcome } from './keeper-api.ts';

/** A keyring that is slow every time would have the shops begin anew without end: each time it is waited longer. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Reads the configuration again once the keyring answers after all; a consent that runs is let end before. Returns what
 * ends it.
 */
export function takeUpLateSecrets(parts: {
  onLateAnswer(listener: () => void): () => void;
  /** Ends with why it could not be done now. */
  readAgain(): Promise<Outcome | null>;
  readonly timers: Timers;
}): () => void {
  let waitMs = FIRST_WAIT_MS;
  let cancel: (() => void) | null = null;

  function later(): void {
    if (cancel) return;
    cancel = parts.timers.after(waitMs, () => void readAgain());
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }

  async function readAgain(): Promise<void> {
    cancel = null;
    const refused = await parts.readAgain().catch(() => null);
    if (refused?.code === 'config.consent_running') later();
  }

  const forget = parts.onLateAnswer(later);
  return () => {
    forget();
    cancel?.();
  };
}
