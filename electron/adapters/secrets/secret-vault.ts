/** Where secrets typed into Settings are kept. */
import type { Code } from '../../../shared/codes.ts';
import type { Result } from '../../../shared/result.ts';

export type VaultState = { readonly ok: true } | { readonly ok: false; readonly code: Code };

export interface SecretVault {
  /**
   * Whether secrets outlive this process. `config.keyring_unavailable`: they are kept in memory only.
   * `config.secret_in_keyring`: this program cannot open the keyring at all.
   */
  available(): Promise<VaultState>;
  /** The secret; null when there is none under that name. */
  get(name: string): Promise<Result<string | null>>;
  /** Ends with `config.keyring_unavailable` when the secret is kept in memory only. */
  set(name: string, value: string): Promise<Result<void>>;
  remove(name: string): Promise<Result<void>>;
}
