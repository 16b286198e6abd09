import type { Keyring } from '../../../electron/adapters/secrets/safe-storage.ts';

export interface FakeKeyring extends Keyring {
  state: 'open' | 'locked' | 'gone' | 'rotated';
}

/** Seals by reversing the text: enough to tell sealed from plain. */
export function createFakeKeyring(): FakeKeyring {
  return {
    state: 'open',
    async available() {
      return this.state !== 'gone';
    },
    async encrypt(secret) {
      if (this.state === 'locked') throw new Error('locked');
      return Buffer.from([...secret].reverse().join(''));
    },
    async decrypt(sealed) {
      if (this.state === 'locked') throw new Error('locked');
      return { secret: [...sealed.toString()].reverse().join(''), again: this.state === 'rotated' };
    },
  };
}
