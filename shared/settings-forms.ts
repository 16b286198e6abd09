/** What the window sends to change settings. Texts are as they were typed; main checks them again. */

/** A secret in a form: null leaves the kept one as it is, an empty text removes it. Main never fills one in. */
export type SecretEdit = string | null;

export interface ShopForm {
  readonly mall: string;
  readonly clientId: string;
  readonly clientSecret: SecretEdit;
  readonly redirectUri: string;
  /** Comma-separated. */
  readonly scopes: string;
  readonly pkce: boolean;
}

export type StoreForm =
  | { readonly kind: 'local' }
  /** A password in the URL counts before the one beside it, and is kept apart from it. */
  | { readonly kind: 'redis'; readonly url: string; readonly password: SecretEdit };

export interface ChannelsForm {
  readonly slackWebhookUrl: SecretEdit;
  readonly smtpUrl: SecretEdit;
  readonly alertEmailFrom: string;
  readonly alertEmailTo: string;
  readonly heartbeatUrl: SecretEdit;
}

/** What a Redis said of itself when it was tried. `null`: it does not tell. */
export interface StoreTrial {
  readonly version: string | null;
  /** Whether a restart of Redis keeps the tokens. */
  readonly persistence: 'aof' | 'rdb' | 'none' | null;
  readonly evictionPolicy: string | null;
  readonly tls: boolean;
  readonly latencyMs: number;
  /** What lies there for the shop: `set` is taken over without a new consent. */
  readonly tokens: 'none' | 'set' | 'unreadable';
}
