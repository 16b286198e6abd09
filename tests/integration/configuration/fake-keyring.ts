import type { Keyring } from '../../../electron/adapters/secrets/safe-storage.ts';

export interface FakeKeyring extends Keyring {
  /** `silent`: it waits for its own password, and answers nothing until `answer` is called. */
  state: 'open' | 'locked' | 'gone' | 'rotated' | 'silent';
  /** How many questions it did not answer yet. */
  unanswered(): number;
  /** Its prompt was answered with the password, or sent away. */
  answer(state: 'open' | 'locked'): void;
}

/** Seals by reversing the text: enough to tell sealed from plain. */
export function createFakeKeyring(): FakeKeyring {
  let waiting: (() => void)[] = [];
  return {
    state: 'open',
    unanswered: () => waiting.length,
    answer(state) {
      this.state = state;
      for (const go of waiting.splice(0)) go();
    },
    async available() {
      return this.state !== 'gone';
    },
    async encrypt(secret) {
      await spoken(this);
      return Buffer.from([...secret].reverse().join(''));
    },
    async decrypt(sealed) {
      await spoken(this);
      return { secret: [...sealed.toString()].reverse().join(''), again: this.state === 'rotated' };
    },
  };

  async function spoken(keyring: FakeKeyring): Promise<void> {
    if (keyring.state === 'silent')
      await new Promise<void>((resolve) => {
        waiting = [...waiting, resolve];
      });
    if (keyring.state === 'locked') throw new Error('locked');
  }
}
