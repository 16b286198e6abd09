/** What the vault needs of Electron's `safeStorage`, over the async calls where the runtime has them (42 and later). */
import type { SafeStorage } from 'electron';

export interface Keyring {
  /** False also where Chromium would "encrypt" with a password that is the same everywhere. */
  available(): Promise<boolean>;
  encrypt(secret: string): Promise<Buffer>;
  /** `again`: the key was rotated, so the secret should be encrypted anew. */
  decrypt(sealed: Buffer): Promise<{ readonly secret: string; readonly again: boolean }>;
}

/** To be used after the app's `ready`. */
export function keyringOf(safeStorage: SafeStorage, platform: NodeJS.Platform): Keyring {
  // The types are those of the newest runtime; an older one lacks these members.
  const runtime: Partial<SafeStorage> = safeStorage;
  const isAsync =
    typeof runtime.encryptStringAsync === 'function' && typeof runtime.decryptStringAsync === 'function';
  return {
    async available() {
      // Without a keyring the backend is basic_text: text as good as plain, and `setUsePlainTextEncryption` elsewhere in
      // the process would make the next call say "available" all the same.
      if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return false;
      return isAsync ? await safeStorage.isAsyncEncryptionAvailable() : safeStorage.isEncryptionAvailable();
    },
    async encrypt(secret) {
      return isAsync ? await safeStorage.encryptStringAsync(secret) : safeStorage.encryptString(secret);
    },
    async decrypt(sealed) {
      if (!isAsync) return { secret: safeStorage.decryptString(sealed), again: false };
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      return { secret: result, again: shouldReEncrypt };
    },
  };
}
