/**
 * Secrets typed into Settings, encrypted under a key of the OS keyring, in one file of the data folder. Without a usable
 * keyring they stay in memory, never in plain text on disk (SECURITY.md, "A stolen disk, or a copy of the data folder").
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { done, failed, type Result } from '../../../shared/result.ts';
import type { Keyring } from './safe-storage.ts';
import type { SecretVault } from './secret-vault.ts';

/** Below `keys/`; a mall id cannot begin with an underscore, so no shop's key file can have this name. */
export const VAULT_FILE = 'keys/_secrets.json';

const vaultFile = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

type Sealed = Readonly<Record<string, string>>;

export interface KeyringVaultOptions {
  readonly keyring: Keyring;
  /** Path of the file; null where the data folder keeps nothing. */
  readonly file: string | null;
  /** Replaces the file durably, readable by its owner only (0600). */
  readonly write: (file: string, text: string) => Promise<Result<void>>;
}

export function createKeyringVault({ keyring, file, write }: KeyringVaultOptions): SecretVault {
  const inMemory = new Map<string, string>();
  /** One change after another: each reads the file, changes it and writes it back. */
  let lastChange: Promise<unknown> = Promise.resolve();

  return {
    async available() {
      return (await keeps()) ? { ok: true } : failed('config.keyring_unavailable');
    },
    async get(name) {
      const remembered = inMemory.get(name);
      if (remembered !== undefined) return done(remembered);
      const kept = await readVault(file);
      if (!kept.ok) return kept;
      const sealed = kept.value[name];
      return sealed === undefined ? done(null) : await open(name, sealed);
    },
    async set(name, value) {
      inMemory.set(name, value);
      const sealed = (await keeps()) ? await seal(name, value) : failed('config.keyring_unavailable');
      // What lies on disk is out of date; better none at the next start than the former one.
      if (!sealed.ok) await change((secrets) => without(secrets, name));
      return sealed;
    },
    async remove(name) {
      inMemory.delete(name);
      return await change((secrets) => without(secrets, name));
    },
  };

  async function keeps(): Promise<boolean> {
    return file !== null && (await keyring.available());
  }

  async function open(name: string, sealed: string): Promise<Result<string>> {
    if (!(await keyring.available())) return failed('config.keyring_unavailable');
    try {
      const { secret, again } = await keyring.decrypt(Buffer.from(sealed, 'base64'));
      if (again) await seal(name, secret);
      return done(secret);
    } catch (error) {
      // Another keyring than the one it was sealed under, or a locked one: left as it is, it may open later.
      return failed('config.keyring_unavailable', detailOf(error));
    }
  }

  async function seal(name: string, value: string): Promise<Result<void>> {
    let sealed: string;
    try {
      sealed = (await keyring.encrypt(value)).toString('base64');
    } catch (error) {
      return failed('config.keyring_unavailable', detailOf(error));
    }
    return await change((secrets) => ({ ...secrets, [name]: sealed }));
  }

  function change(edit: (secrets: Sealed) => Sealed): Promise<Result<void>> {
    const changed = lastChange.then(async () => {
      const before = await readVault(file);
      if (!before.ok) return before;
      const after = edit(before.value);
      if (file === null || after === before.value) return done(undefined);
      return await write(file, JSON.stringify({ version: 1, secrets: after }));
    });
    lastChange = changed.catch(() => undefined);
    return changed;
  }
}

/**
 * A damaged file counts as empty: nobody can open what was in it, and the secrets can be typed again. One that cannot
 * be read is not empty, and must not be written over.
 */
async function readVault(file: string | null): Promise<Result<Sealed>> {
  if (file === null) return done({});
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? done({}) : failed('config.keyring_unavailable', detailOf(error));
  }
  return done(parseVault(text));
}

function parseVault(text: string): Sealed {
  try {
    const parsed = vaultFile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.secrets : {};
  } catch {
    return {};
  }
}

function without(secrets: Sealed, name: string): Sealed {
  if (!(name in secrets)) return secrets;
  const { [name]: _, ...rest } = secrets;
  return rest;
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
