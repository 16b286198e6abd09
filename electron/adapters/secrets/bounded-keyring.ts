/**
 * A keyring that always answers. The system's may say nothing for as long as it waits for its own password, perhaps in a
 * prompt that nobody sees: nobody here waits with it. Its answers are bounded, and it counts as unavailable until it speaks.
 */
import type { Timers } from '../../ports.ts';
import { TimeoutError, within } from '../within.ts';
import type { Keyring } from './safe-storage.ts';

/** Of somebody who is just typing the keyring's password a start should not get ahead. */
export const KEYRING_ANSWER_MS = 15_000;

export interface BoundedKeyring extends Keyring {
  /**
   * Calls back when the keyring opens after all what it was asked too long ago, also where that was before anybody
   * listened; returns its remover. A prompt that was sent away is no answer: it would come again.
   */
  onLateAnswer(listener: () => void): () => void;
}

/** After one call without an answer the others fail at once, so that many secrets take no longer than one. */
export function boundedKeyring(keyring: Keyring, timers: Timers): BoundedKeyring {
  const listeners = new Set<() => void>();
  let unanswered = 0;
  let isUnheard = false;

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    if (unanswered > 0) throw new TimeoutError('the keyring is silent');
    const answer = question();
    try {
      return await within(KEYRING_ANSWER_MS, answer, timers);
    } catch (error) {
      if (error instanceof TimeoutError) hearLater(answer);
      throw error;
    }
  }

  function hearLater(answer: Promise<unknown>): void {
    unanswered += 1;
    const isOpen = answer.then(
      (value) => value !== false,
      () => false,
    );
    void isOpen.then((opened) => {
      unanswered -= 1;
      if (!opened) return;
      isUnheard = listeners.size === 0;
      for (const listener of listeners) listener();
    });
  }

  return {
    available: () => ask(() => keyring.available()).catch(() => false),
    encrypt: (secret) => ask(() => keyring.encrypt(secret)),
    decrypt: (sealed) => ask(() => keyring.decrypt(sealed)),
    onLateAnswer(listener) {
      listeners.add(listener);
      if (isUnheard) listener();
      isUnheard = false;
      return () => listeners.delete(listener);
    },
  };
}
