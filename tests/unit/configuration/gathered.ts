import type { Configuration, Layer } from '../../../shared/configuration.ts';
import { layerOf, type VariableLayer } from '../../../shared/configuration-layers.ts';
import { type GatheredConfiguration, readConfiguration } from '../../../shared/read-configuration.ts';
import { parseSettings } from '../../../shared/settings-schema.ts';

type Variables = Readonly<Record<string, string>>;

export interface Given {
  readonly environment?: Variables;
  readonly dataFolderEnv?: Variables;
  readonly workingFolderEnv?: Variables;
  /** As it stands in `settings.json`. */
  readonly settings?: unknown;
  readonly secrets?: GatheredConfiguration['secrets'];
  readonly formerSecrets?: GatheredConfiguration['formerSecrets'];
}

/** A complete shop, as a layer of variables. */
export const SHOP: Variables = {
  CAFE24_MALL_ID: 'myshop',
  CAFE24_CLIENT_ID: 'id-of-myshop',
  CAFE24_CLIENT_SECRET: 'secret-of-myshop',
  CAFE24_REDIRECT_URI: 'https://relay.example.com/cafe24',
};

export function read(given: Given): Configuration {
  const { settings, damaged } = parseSettings(JSON.stringify(given.settings ?? {}));
  if (damaged) throw new Error('the test gives settings that do not fit the schema');
  const layers: readonly (readonly [VariableLayer['layer'], Variables | undefined])[] = [
    ['environment', given.environment],
    ['data-folder-env', given.dataFolderEnv],
    ['working-folder-env', given.workingFolderEnv],
  ];
  return readConfiguration({
    layers: layers.map(([layer, variables]) => layerOf(layer, variables ?? {})),
    settings,
    secrets: given.secrets ?? new Map(),
    formerSecrets: given.formerSecrets ?? {},
    problems: [],
  });
}

/** The problems as short lines: `code name layer`. */
export function problemsOf({ problems }: Configuration): readonly string[] {
  return problems.map(({ code, name, layer }: { code: string; name: string; layer: Layer }) =>
    [code, name, layer].join(' '),
  );
}
