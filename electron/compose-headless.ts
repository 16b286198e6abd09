/** Builds the core for plain Node: what command line and package do alike, from the place of the data folder on. */
import { existsSync } from 'node:fs';
import type { Configuration } from '../shared/configuration.ts';
import type { Locale } from '../shared/locale.ts';
import { locateDataFolder, openDataFolder } from './adapters/data-folder.ts';
import type { Environment } from './adapters/environment.ts';
import { loadConfiguration } from './adapters/load-configuration.ts';
import { createClosedVault } from './adapters/secrets/closed-vault.ts';
import { readSettingsFile } from './adapters/settings/read-settings-file.ts';
import { type Core, composeCore, openLogging } from './compose-core.ts';

export interface HeadlessConditions {
  readonly env: Environment;
  /** The data folder that was asked for; null: where it usually is. */
  readonly dataDir: string | null;
  /** Never redeem a refresh token. */
  readonly ephemeral: boolean;
  /** Make no request, although one is due. */
  readonly onlyLooks?: boolean;
  /** The program, as the name of its log. */
  readonly name: string;
  readonly locale: () => Locale;
  /** Whether the program can do anything with this configuration. */
  readonly isEnough: (configuration: Configuration) => boolean;
}

export type Headless =
  | { readonly kind: 'core'; readonly core: Core }
  /** Nothing can be done with it, and no data folder was made for that. */
  | { readonly kind: 'idle'; readonly configuration: Configuration };

export async function composeHeadless(conditions: HeadlessConditions): Promise<Headless> {
  const { env, dataDir, ephemeral, onlyLooks = false, name, locale, isEnough } = conditions;
  const surroundings = { env, cwd: process.cwd(), packaged: false };
  const vault = createClosedVault();
  const folder = locateDataFolder(surroundings, dataDir);
  // A folder that is there may first have to be migrated before it says what is configured.
  if (!existsSync(folder)) {
    const settings = await readSettingsFile(folder);
    const configuration = await loadConfiguration({
      ...surroundings,
      dataFolder: folder,
      settings,
      secrets: vault,
    });
    if (!isEnough(configuration)) return { kind: 'idle', configuration };
  }
  const dataFolder = await openDataFolder(folder);
  const core = await composeCore({
    ...surroundings,
    dataFolder,
    settings: await readSettingsFile(folder),
    vault,
    ephemeral,
    onlyLooks,
    locale,
    logging: openLogging(dataFolder, { name, console: false }),
  });
  return { kind: 'core', core };
}
