/** What window and tests may know of the settings: each value and where it came from, and of a secret that it is there. */
import type { Layer } from './configuration.ts';
import type { Locale } from './locale.ts';

export interface ShownValue {
  /** Anything but `settings` and `default` is read-only in the window: it is changed where it came from. */
  readonly from: Layer;
  /** Null for a secret, and where nothing is set. */
  readonly text: string | null;
  readonly isSet: boolean;
}

export interface ShopSettings {
  readonly mall: string;
  /** What named this shop. */
  readonly from: Layer;
  readonly clientId: ShownValue;
  readonly clientSecret: ShownValue;
  readonly redirectUri: ShownValue;
  /** Comma-separated. */
  readonly scopes: ShownValue;
  /** `1` or `0`. */
  readonly pkce: ShownValue;
  readonly isPaused: boolean;
}

export interface StoreSettings {
  /** `refused`: a store is named that cannot or must not be opened. */
  readonly kind: 'local' | 'redis' | 'refused';
  /** Without the password. */
  readonly url: ShownValue;
  readonly password: ShownValue;
}

export interface ChannelSettings {
  readonly slackWebhookUrl: ShownValue;
  readonly smtpUrl: ShownValue;
  readonly alertEmailFrom: ShownValue;
  readonly alertEmailTo: ShownValue;
  readonly heartbeatUrl: ShownValue;
}

export interface SettingsSnapshot {
  /** Where this install's own `.env` and everything else lies. */
  readonly dataFolder: string;
  /** False: the system has no keyring to use, so a secret that is typed here is gone when the app ends. */
  readonly areSecretsKept: boolean;
  /** Null: as the system speaks. */
  readonly locale: Locale | null;
  readonly startsAtLogin: boolean;
  readonly shops: readonly ShopSettings[];
  readonly store: StoreSettings;
  readonly channels: ChannelSettings;
}

/** Whether the window may change a value. */
export function isOwn({ from }: Pick<ShownValue, 'from'>): boolean {
  return from === 'settings' || from === 'default';
}
