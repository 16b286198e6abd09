/** Gathers everything a configuration is made of, then lets the pure reader decide. */
import type { Configuration } from '../../shared/configuration.ts';
import type { VariableLayer } from '../../shared/configuration-layers.ts';
import { readConfiguration } from '../../shared/read-configuration.ts';
import type { FormerSecrets } from '../../shared/read-shops.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import type { SecretReference, Settings } from '../../shared/settings-schema.ts';
import { gatherLayers, type Surroundings } from './environment.ts';
import { knownClientSecrets } from './secrets/known-secrets.ts';
import type { SecretVault } from './secrets/secret-vault.ts';
import type { SettingsReading } from './settings/settings-file.ts';

export interface ConfigurationPlaces extends Surroundings {
  /** The located data folder; it need not exist. */
  readonly dataFolder: string;
  readonly settings: SettingsReading;
  readonly secrets: SecretVault;
}

/** Reads, and writes nothing. Never throws for what a person configured: that ends in `problems`. */
export async function loadConfiguration(places: ConfigurationPlaces): Promise<Configuration> {
  const { settings, problems } = places.settings;
  const gathered = gatherLayers(places, places.dataFolder);
  return readConfiguration({
    layers: gathered.layers,
    settings,
    secrets: await openSecrets(places.secrets, settings),
    formerSecrets: await formerSecrets(places.secrets, mallsAmong(gathered.layers, settings)),
    problems: [...problems, ...gathered.problems],
  });
}

async function openSecrets(
  vault: SecretVault,
  settings: Settings,
): Promise<ReadonlyMap<string, Result<string>>> {
  const opened = new Map<string, Result<string>>();
  for (const { keyring } of referencesOf(settings)) opened.set(keyring, await open(vault, keyring));
  return opened;
}

async function open(vault: SecretVault, name: string): Promise<Result<string>> {
  const secret = await vault.get(name);
  if (!secret.ok) return secret;
  return secret.value === null ? failed('config.missing_value') : done(secret.value);
}

function referencesOf({ malls, store, channels }: Settings): readonly SecretReference[] {
  return [
    ...malls.map(({ clientSecret }) => clientSecret),
    store.kind === 'redis' ? store.password : null,
    channels.slackWebhookUrl,
    channels.smtpUrl,
    channels.heartbeatUrl,
  ].filter((reference) => reference !== null);
}

async function formerSecrets(vault: SecretVault, malls: ReadonlySet<string>): Promise<FormerSecrets> {
  const former: Record<string, readonly string[]> = {};
  for (const mall of malls) former[mall] = await knownClientSecrets(vault, mall);
  return former;
}

function mallsAmong(layers: readonly VariableLayer[], settings: Settings): ReadonlySet<string> {
  const named = layers.map(({ values }) => values.CAFE24_MALL_ID).filter((mall) => mall !== undefined);
  return new Set([...named, ...settings.malls.map(({ mall }) => mall)]);
}
