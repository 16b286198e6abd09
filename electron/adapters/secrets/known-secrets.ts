/**
 * The client secrets of each shop that this install has seen, in the vault: when a secret changes, the former one may
 * still open what was sealed under it (docs/keeper.md, 25).
 */
import { z } from 'zod';
import { done, type Result } from '../../../shared/result.ts';
import { VAULT_NAMES } from '../../core/settings-change.ts';
import type { SecretVault } from './secret-vault.ts';

/** A secret is re-issued a few times in a shop's life; older ones guard nothing that is still of use. */
const KEPT = 5;

const list = z.array(z.string().min(1));

/** Newest first; the one in use among them. Empty where the vault is closed. */
export async function knownClientSecrets(vault: SecretVault, mall: string): Promise<readonly string[]> {
  const known = await readKnown(vault, mall);
  return known.ok ? known.value : [];
}

/** Puts the secret in use first. Does nothing when it already is, and nothing while the others cannot be read. */
export async function rememberClientSecret(
  vault: SecretVault,
  mall: string,
  secret: string,
): Promise<Result<void>> {
  const known = await readKnown(vault, mall);
  if (!known.ok) return known;
  if (known.value[0] === secret) return done(undefined);
  const next = [secret, ...known.value.filter((each) => each !== secret)].slice(0, KEPT);
  return await vault.set(VAULT_NAMES.knownClientSecrets(mall), JSON.stringify(next));
}

async function readKnown(vault: SecretVault, mall: string): Promise<Result<readonly string[]>> {
  const kept = await vault.get(VAULT_NAMES.knownClientSecrets(mall));
  if (!kept.ok) return kept;
  try {
    const parsed = list.safeParse(JSON.parse(kept.value ?? '[]'));
    return done(parsed.success ? parsed.data : []);
  } catch {
    return done([]);
  }
}
