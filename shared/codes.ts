/**
 * Every outcome a person can meet, once. The texts (title, what to do) live in `messages/ko.ts` and `messages/en.ts`
 * under the same keys; a test proves that none is missing. Codes are public: `meta.reason`, `status --json`, the log,
 * `data-code` on the window's alert and on the browser's page.
 */
export const CODES = [
  // the consent
  'consent.connected',
  'consent.connected_elsewhere',
  'consent.saved_not_shared',
  'consent.denied',
  'consent.invalid_scope',
  'consent.invalid_request',
  'consent.state_mismatch',
  'consent.cookie_missing',
  'consent.code_expired',
  'consent.code_malformed',
  'consent.other_mall',
  'consent.timeout',
  'consent.cancelled',
  'consent.closed',
  'consent.not_started_here',
  'consent.no_browser',
  'consent.failed',
  // the client
  'client.secret_wrong',
  'client.not_configured',
  'client.app_removed',
  'client.forbidden',
  // the grant
  'never_connected',
  'disconnected',
  'grant.missing',
  'grant.invalid',
  'grant.expired',
  'grant.expiring',
  'grant.critical',
  'grant.fewer_scopes',
  // the token answer
  'answer.unconfirmed',
  'answer.other_mall',
  'answer.not_rotated',
  'answer.unknown_error',
  // the way there
  'network.unreachable',
  'network.dns',
  'network.refused',
  'network.timeout',
  'network.tls',
  'network.tls_untrusted',
  'network.tls_hostname',
  'network.tls_expired',
  'network.proxy_unreachable',
  'network.proxy_auth',
  'network.proxy_refused',
  'network.proxy_unusable',
  'rate.limited',
  'budget.used_up',
  // the store
  'store.unreachable',
  'store.tls',
  'store.denied',
  'store.full',
  'store.readonly',
  'store.locked',
  'store.rubbish_set_aside',
  'store.eviction_policy',
  'store.foreign_writer',
  'store.not_shared',
  'store.not_loopback',
  'store.healed',
  // the data folder
  'journal.corrupt',
  'journal.locked',
  'disk.full',
  'disk.readonly',
  'keeper.read_only',
  'keeper.paused',
  // the configuration
  'config.token_in_env',
  'config.invalid_value',
  'config.missing_value',
  'config.redirect_uri_http',
  'config.redirect_uri_ip',
  'config.redirect_uri_long',
  'config.origin_refused',
  'config.settings_corrupt',
  'config.secret_in_keyring',
  'config.keyring_unavailable',
  'config.other_os_user',
  'config.newer_format',
  'config.consent_running',
  'config.not_kept',
  'config.set_elsewhere',
  // the local server
  'server.ports_busy',
  // the clock
  'clock.skewed',
  'clock.unverified',
  // a way to reach a person
  'channel.os_unavailable',
  'channel.not_configured',
  'channel.unreachable',
  'channel.busy',
  'channel.rate_limited',
  'channel.slack_refused',
  'channel.slack_gone',
  'channel.mail_refused',
  'channel.mail_auth',
  'channel.mail_tls',
  'channel.sent',
  // the page of a redirect URI, tried from Settings
  'relay.ok',
  'relay.other_page',
  'relay.missing',
  'relay.not_needed',
  // the copy of that page that the app hands out
  'relay.saved',
  'relay.not_saved',
  // a tested connection
  'test.ok',
  'test.access_token_refused',
  'test.failed',
  // a refresh asked for by a person
  'refresh.done',
  'refresh.already_fresh',
  'refresh.by_another',
  'refresh.waiting',
  // diagnostics
  'logs.not_opened',
  // a disconnect asked for by a person
  'disconnect.done',
  'disconnect.forgotten',
  'disconnect.not_revoked',
  'disconnect.not_shared',
  'disconnect.busy',
  'disconnect.nothing',
  // a shop taken out of this machine's settings
  'remove.elsewhere',
  'remove.not_shared',
  'remove.busy',
  // anything else
  'internal.error',
] as const;

export type Code = (typeof CODES)[number];

export function isCode(value: unknown): value is Code {
  return typeof value === 'string' && (CODES as readonly string[]).includes(value);
}
