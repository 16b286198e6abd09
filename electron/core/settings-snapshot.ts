/** The settings as the window may know them: where each value came from, and of a secret only that it is there. */
import type { Configuration, Layer, MallConfiguration } from '../../shared/configuration.ts';
import { parseRedisUrl, redisPlaceOf } from '../../shared/redis-url.ts';
import type { MallSettings, Settings } from '../../shared/settings-schema.ts';
import type {
  ChannelSettings,
  SettingsSnapshot,
  ShopSettings,
  ShownValue,
  StoreSettings,
} from '../../shared/settings-snapshot.ts';

export function settingsSnapshotOf(seen: {
  readonly configuration: Configuration;
  readonly settings: Settings;
  readonly areSecretsKept: boolean;
  readonly startsAtLogin: boolean;
  readonly dataFolder: string;
}): SettingsSnapshot {
  const { configuration, settings, areSecretsKept, startsAtLogin, dataFolder } = seen;
  return {
    dataFolder,
    areSecretsKept,
    startsAtLogin,
    locale: settings.locale,
    shops: configuration.malls.map((mall) =>
      shopOf(
        mall,
        settings.malls.find((saved) => saved.mall === mall.mall),
        configuration.mallSources[mall.mall] ?? {},
      ),
    ),
    store: storeOf(configuration, settings.store),
    channels: channelsOf(configuration, settings.channels),
  };
}

function shopOf(
  mall: MallConfiguration,
  saved: MallSettings | undefined,
  sources: Readonly<Record<string, Layer>>,
): ShopSettings {
  const from = (name: string): Layer => sources[name] ?? 'default';
  const typed = (name: string, used: string | null, kept: string | null | undefined) =>
    shown(from(name), from(name) === 'settings' ? (kept ?? null) : used);
  return {
    mall: mall.mall,
    from: from('CAFE24_MALL_ID'),
    clientId: typed('CAFE24_CLIENT_ID', mall.clientId, saved?.clientId),
    clientSecret: hidden(from('CAFE24_CLIENT_SECRET')),
    redirectUri: typed('CAFE24_REDIRECT_URI', mall.redirectUri, saved?.redirectUri),
    scopes: typed('CAFE24_SCOPES', mall.scopes.join(','), saved?.scopes),
    pkce: typed('CAFE24_PKCE', mall.pkce ? '1' : '0', saved?.pkce ? '1' : '0'),
    isPaused: mall.paused,
  };
}

function storeOf({ store, sources }: Configuration, saved: Settings['store']): StoreSettings {
  const from = sources.KV_REDIS_URL ?? 'default';
  const address = store.kind === 'redis' ? parseRedisUrl(store.url) : null;
  const url = from === 'settings' && saved.kind === 'redis' ? saved.url : address && redisPlaceOf(address);
  return {
    kind: store.kind,
    url: shown(from, url),
    password: {
      from,
      text: null,
      isSet:
        from === 'settings'
          ? saved.kind === 'redis' && saved.password !== null
          : (address?.password ?? null) !== null,
    },
  };
}

function channelsOf({ channels, sources }: Configuration, saved: Settings['channels']): ChannelSettings {
  const from = (name: string): Layer => sources[name] ?? 'default';
  const typed = (name: string, used: string | null, kept: string | null) =>
    shown(from(name), from(name) === 'settings' ? kept : used);
  return {
    slackWebhookUrl: hidden(from('SLACK_WEBHOOK_URL')),
    smtpUrl: hidden(from('SMTP_URL')),
    alertEmailFrom: typed('ALERT_EMAIL_FROM', channels.mail?.from ?? null, saved.alertEmailFrom),
    alertEmailTo: typed('ALERT_EMAIL_TO', channels.mail?.to.join(', ') ?? null, saved.alertEmailTo),
    heartbeatUrl: hidden(from('HEARTBEAT_URL')),
  };
}

function shown(from: Layer, text: string | null): ShownValue {
  return { from, text, isSet: from !== 'default' };
}

function hidden(from: Layer): ShownValue {
  return shown(from, null);
}
