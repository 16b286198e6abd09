/** The configuration as the core sees it, after all layers were merged and checked. */
import type { Code } from './codes.ts';
import type { Locale } from './locale.ts';

/** Where a value came from; the window shows this, never a secret. */
export type Layer = 'environment' | 'data-folder-env' | 'working-folder-env' | 'settings' | 'default';

export interface MallConfiguration {
  readonly mall: string;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** Secrets used before, newest first: they may open what was sealed under them. */
  readonly formerSecrets: readonly string[];
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
  readonly pkce: boolean;
}

/** Something wrong in the configuration. It never stops the app. `name` is the variable or field. */
export interface ConfigurationProblem {
  readonly code: Code;
  readonly name: string;
  readonly layer: Layer;
}

export interface Configuration {
  readonly malls: readonly MallConfiguration[];
  /** null: the embedded local store. */
  readonly redisUrl: string | null;
  /** `https://{mall_id}.cafe24api.com` or the simulator's, with the placeholder still in it. */
  readonly apiOrigin: string;
  readonly simulator: boolean;
  readonly locale: Locale | null;
  readonly problems: readonly ConfigurationProblem[];
  /** By name (`CAFE24_MALL_ID`, `KV_REDIS_URL`, ...): the layer that supplied it. */
  readonly sources: Readonly<Record<string, Layer>>;
}

/** The API origin of one mall: the placeholder filled in. */
export function apiOriginOf(apiOrigin: string, mall: string): string {
  return apiOrigin.replaceAll('{mall_id}', mall);
}
