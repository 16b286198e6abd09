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
  /** Empty when the configured text is no list of scopes: then no consent can be asked for, but refreshing goes on. */
  readonly scopes: readonly string[];
  readonly pkce: boolean;
  /** The operator paused this shop in Settings: nothing is refreshed here. */
  readonly paused: boolean;
}

/** Something wrong in the configuration. It never stops the app. `name` is the variable or field. */
export interface ConfigurationProblem {
  readonly code: Code;
  readonly name: string;
  readonly layer: Layer;
}

/**
 * Where the tokens are to be kept. `refused`: a store was named that cannot or must not be opened; another is never
 * taken in its place, so nothing is read, refreshed or published until that is mended.
 */
export type StoreChoice =
  | { readonly kind: 'local' }
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'refused'; readonly code: Code };

export interface MailChannel {
  /** `smtps://` (TLS) or `smtp://` (STARTTLS), with its credentials. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** Where warnings go besides the desktop; null: not configured, or configured wrongly (then `problems` says so). */
export interface ChannelConfiguration {
  readonly slackWebhookUrl: string | null;
  readonly mail: MailChannel | null;
}

export interface Configuration {
  readonly malls: readonly MallConfiguration[];
  readonly store: StoreChoice;
  /**
   * `https://{mall_id}.cafe24api.com` or the simulator's, with the placeholder still in it. null: CAFE24_API_ORIGIN
   * was refused, so nothing may be sent anywhere: test credentials must not reach the real Cafe24.
   */
  readonly apiOrigin: string | null;
  /** CAFE24_API_ORIGIN names a simulator (and was accepted). */
  readonly simulator: boolean;
  readonly channels: ChannelConfiguration;
  /** GET after each healthy check, for an outside dead-man monitor. */
  readonly heartbeatUrl: string | null;
  readonly locale: Locale | null;
  readonly problems: readonly ConfigurationProblem[];
  /** While no shop is configured: the variables of one that no layer has. */
  readonly missing: readonly string[];
  /** By name (`CAFE24_MALL_ID`, `KV_REDIS_URL`, ...): the layer that supplied it. Shop values are the first mall's. */
  readonly sources: Readonly<Record<string, Layer>>;
  /** The same for the values of each shop, by mall id. */
  readonly mallSources: Readonly<Record<string, Readonly<Record<string, Layer>>>>;
}

/** The API origin of one mall: the placeholder filled in. */
export function apiOriginOf(apiOrigin: string, mall: string): string {
  return apiOrigin.replaceAll('{mall_id}', mall);
}
