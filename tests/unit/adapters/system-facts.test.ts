import { expect, it } from 'vitest';
import { systemFactsOf } from '../../../electron/adapters/system-facts.ts';

it.each([
  [true, 'available'],
  [false, 'not available'],
])(
  'says of the keyring what the vault hears of it (%s), and asks Electron nothing that blocks',
  async (is, word) => {
    const safeStorage = {
      getSelectedStorageBackend: () => 'gnome_libsecret' as const,
      isEncryptionAvailable(): boolean {
        throw new Error('it would wait for a locked keyring');
      },
    };
    const facts = await systemFactsOf({
      app: { isPackaged: true },
      safeStorage,
      keyring: { available: async () => is },
      notification: { isSupported: () => true },
      env: {},
      dataFolder: { folder: '/data', keeps: true, why: null },
      hasTray: () => null,
    });
    const backend = process.platform === 'linux' ? 'gnome_libsecret' : process.platform;
    expect(facts).toContainEqual(['keyring', `${backend}, ${word}`]);
  },
);
