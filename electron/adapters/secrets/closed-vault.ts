/** The vault as plain Node sees it: Electron alone can ask the OS keyring, so everything in it stays closed. */
import { failed } from '../../../shared/result.ts';
import type { SecretVault } from './secret-vault.ts';

export function createClosedVault(): SecretVault {
  const closed = async () => failed('config.secret_in_keyring');
  return { available: closed, get: closed, set: closed, remove: closed };
}
