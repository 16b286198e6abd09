import type { CodeCatalogue } from './message.ts';

/** Every code in English, under the same rules as the Korean texts. */
export const codesEn: CodeCatalogue = {
  'consent.connected': {
    title: 'The shop is connected',
    todo: 'The app keeps the tokens fresh by itself.',
  },
  'consent.connected_elsewhere': {
    title: 'Another program connected the shop',
    todo: 'Its new tokens were taken over. Nothing to do.',
  },
  'consent.saved_not_shared': {
    title: 'Saved on this PC, not yet shared',
    todo: 'It is uploaded as soon as the store answers. Keep the app running.',
  },
  'consent.denied': {
    title: 'Not connected: consent was refused',
    todo: 'Re-authorize: sign in as the representative operator and press Agree.',
  },
  'consent.invalid_scope': {
    title: 'A requested scope is not allowed for the app',
    todo: 'Make the list of scopes in Settings (CAFE24_SCOPES) exactly match Cafe24 Developers, then re-authorize.',
    more: ['Requested scopes: {scopes}.'],
  },
  'consent.invalid_request': {
    title: 'Cafe24 did not accept the request',
    todo: 'Make Client ID and Redirect URI exactly match Cafe24 Developers, then re-authorize.',
  },
  'consent.state_mismatch': {
    title: 'This answer belongs to another authorization',
    todo: 'Continue in the tab opened last, or paste its address into the app window.',
  },
  'consent.cookie_missing': {
    title: 'This is not the browser that started',
    todo: 'Copy the address of this page and paste it into the app window.',
  },
  'consent.code_expired': {
    title: 'The code was older than a minute',
    todo: 'Re-authorize to get a new code, and finish within a minute of agreeing.',
  },
  'consent.code_malformed': {
    title: 'No authorization code was found',
    todo: 'Paste the whole address of the page that opened after agreeing, or the code itself.',
  },
  'consent.other_mall': {
    title: 'Consent was given for another shop',
    todo: 'Sign out there and re-authorize as the representative operator of the shop to connect.',
    more: ['Shop to connect: {expected}.', 'Shop that agreed: {got}.'],
  },
  'consent.timeout': {
    title: 'No consent arrived within 5 minutes',
    todo: 'Re-authorize when you are ready. The current tokens are unchanged.',
  },
  'consent.cancelled': {
    title: 'The authorization was cancelled',
    todo: 'The current tokens are unchanged. Re-authorize whenever you need to.',
  },
  'consent.closed': {
    title: 'This authorization is already over',
    todo: 'Close this tab. If you need another one, start it from the app.',
  },
  'consent.not_started_here': {
    title: 'This was not started from the app',
    todo: 'Close this tab and press Re-authorize in the app window.',
  },
  'consent.no_browser': {
    title: 'The browser did not open',
    todo: 'Press Copy link and paste it into the address bar of a browser.',
  },
  'consent.failed': {
    title: 'The authorization could not be finished',
    todo: 'The current tokens are unchanged. Re-authorize in a moment.',
  },
  'client.secret_wrong': {
    title: 'The Client Secret is wrong',
    todo: 'Copy it from Cafe24 Developers and correct Client Secret in Settings (CAFE24_CLIENT_SECRET).',
  },
  'client.not_configured': {
    title: 'The app is not configured yet',
    todo: 'Enter Client ID, Client Secret and Redirect URI in Settings.',
    more: ['Missing values: {names}.'],
  },
  'client.app_removed': {
    title: 'The app was removed from the shop',
    todo: 'Install the app again in the shop admin, then re-authorize.',
  },
  'client.forbidden': {
    title: 'Cafe24 refused the request',
    todo: 'Check that the app is installed and its scopes are allowed. It is tried again every hour.',
    more: ['Next try: {retryAt}.'],
  },
  never_connected: {
    title: 'Connect this shop',
    todo: 'Sign in as the representative operator and press Agree. It takes a minute.',
  },
  disconnected: {
    title: 'This shop was disconnected',
    todo: 'Re-authorize to use it again.',
  },
  'grant.invalid': {
    title: 'The refresh token no longer works',
    todo: 'Re-authorize: sign in as the representative operator and press Agree.',
    more: ['PC that may hold the new tokens: {host}.'],
  },
  'grant.missing': {
    title: 'The tokens are gone from the store',
    todo: 'A PC or server that held them puts them back once its app runs. Where there is none, re-authorize.',
  },
  'grant.expired': {
    title: 'The authorization has expired',
    todo: 'Re-authorize: sign in as the representative operator and press Agree.',
  },
  'grant.expiring': {
    title: 'The authorization expires soon',
    todo: 'Re-authorize before it does. It takes a minute.',
  },
  'grant.critical': {
    title: 'The authorization expires within a day',
    todo: 'Re-authorize today. It takes a minute.',
  },
  'grant.fewer_scopes': {
    title: 'Fewer scopes were granted than asked for',
    todo: 'If you need the others, tick them in Cafe24 Developers and re-authorize.',
    more: ['Missing scopes: {missing}.'],
  },
  'answer.unconfirmed': {
    title: 'The answer to a refresh was lost',
    todo: 'The app checks again by itself. Nothing to do.',
    more: ['PC that may hold the answer: {host}.', 'Next check: {retryAt}.'],
  },
  'answer.other_mall': {
    title: 'Tokens of another shop arrived',
    todo: 'They are not used. Check the settings and re-authorize.',
    more: ['Shop to connect: {expected}.', 'Shop in the answer: {got}.'],
  },
  'answer.not_rotated': {
    title: 'The refresh token did not change',
    todo: 'It can be used as it is. Nothing to do.',
  },
  'answer.unknown_error': {
    title: 'Cafe24 sent an unknown error',
    todo: 'It is tried again every hour. If it persists, re-authorize.',
    more: ['Next try: {retryAt}.'],
  },
  'network.unreachable': {
    title: 'Cafe24 cannot be reached',
    todo: 'Check the internet connection. The app keeps trying.',
    more: ['Next try: {retryAt}.'],
  },
  'network.dns': {
    title: 'The address of Cafe24 was not found',
    todo: 'Check the internet connection and the mall id. The app keeps trying.',
  },
  'network.refused': {
    title: 'Cafe24 did not accept the connection',
    todo: 'Check firewall and proxy. The app keeps trying.',
  },
  'network.timeout': {
    title: 'Cafe24 did not answer in time',
    todo: 'The app keeps trying. If it lasts, check the internet connection.',
  },
  'network.tls': {
    title: 'No secure connection could be made',
    todo: 'Check the HTTPS inspection of your proxy or virus scanner, and the clock of this PC.',
  },
  'network.tls_untrusted': {
    title: 'The secure connection cannot be trusted',
    todo: 'If a proxy or virus scanner inspects HTTPS, add its certificate to this PC and restart the app.',
  },
  'network.tls_hostname': {
    title: 'The certificate of another server came',
    todo: 'Check whether a Wi-Fi sign-in page or a proxy intercepts the connection.',
  },
  'network.tls_expired': {
    title: 'The certificate is not valid at this time',
    todo: 'Check the date and time of this PC, and the HTTPS inspection of your virus scanner.',
  },
  'network.proxy_unreachable': {
    title: 'The proxy cannot be reached',
    todo: "Check the system's proxy settings, or the value of HTTPS_PROXY.",
  },
  'network.proxy_auth': {
    title: 'The proxy asks for a sign-in',
    todo: 'Put user and password into HTTPS_PROXY, or ask your administrator for an exception.',
  },
  'network.proxy_refused': {
    title: 'The proxy refused the connection',
    todo: 'Ask your administrator to allow connections to cafe24api.com.',
  },
  'network.proxy_unusable': {
    title: 'The proxy setting cannot be used',
    todo: 'Set an HTTP proxy. SOCKS proxies are not supported.',
  },
  'rate.limited': {
    title: 'Cafe24 asked to wait a moment',
    todo: 'The app waits and tries again. Nothing to do.',
    more: ['Next try: {retryAt}.'],
  },
  'budget.used_up': {
    title: 'The requests of these 2 hours are used up',
    todo: 'The app waits and goes on. If another program also refreshes, switch that off.',
    more: ['Next try: {retryAt}.'],
  },
  'store.unreachable': {
    title: 'The store does not answer',
    todo: 'Check that Redis is running and that Redis address in Settings (KV_REDIS_URL) is right.',
    more: ['Store: {place}.'],
  },
  'store.tls': {
    title: 'No secure connection to the store could be made',
    todo: "Check name and dates of Redis's certificate, and add its authority to this PC.",
  },
  'store.denied': {
    title: 'The store refused access',
    todo: 'Check Redis address in Settings (KV_REDIS_URL), the password, and what the Redis user may do.',
  },
  'store.full': {
    title: 'The store is full',
    todo: 'Raise the maxmemory of Redis or remove some data.',
  },
  'store.readonly': {
    title: 'The store cannot be written',
    todo: 'Set Redis address in Settings (KV_REDIS_URL) to the primary Redis, not to a replica.',
  },
  'store.locked': {
    title: 'The stored tokens cannot be opened',
    todo: 'Put the former Client Secret back, or re-authorize.',
  },
  'store.rubbish_set_aside': {
    title: 'An unreadable value was set aside',
    todo: 'Check whether another program writes to the same key.',
    more: ['Kept as: {place}.'],
  },
  'store.eviction_policy': {
    title: 'Redis may evict the tokens',
    todo: 'Set maxmemory-policy to noeviction.',
    more: ['Now: {policy}.'],
  },
  'store.foreign_writer': {
    title: 'Another program also refreshes',
    todo: 'Switch that off. Only this app should refresh the tokens.',
  },
  'store.not_shared': {
    title: 'The new tokens are not shared yet',
    todo: 'They are safe on this PC and are uploaded as soon as the store answers.',
  },
  'store.not_loopback': {
    title: 'The simulator cannot use a remote Redis',
    todo: 'Leave Redis address in Settings (KV_REDIS_URL) empty, or set it to a Redis on this PC.',
  },
  'store.healed': {
    title: 'The store was brought back to the newest tokens',
    todo: 'Nothing to do.',
  },
  'journal.corrupt': {
    title: 'A token record is damaged',
    todo: 'The app goes on. Check the health of the disk.',
    more: ['File: {file}.'],
  },
  'journal.locked': {
    title: 'Some token records cannot be opened',
    todo: 'If the Client Secret was changed, supply the former one as well. The records stay as they are.',
  },
  'disk.full': {
    title: 'The disk is full',
    todo: 'Free some space. Until then no token is refreshed.',
  },
  'disk.readonly': {
    title: 'The data folder cannot be written',
    todo: 'Check the permissions of the folder. Until then no token is refreshed.',
    more: ['Folder: {path}.'],
  },
  'keeper.read_only': {
    title: 'Running read-only',
    todo: 'No token is refreshed by this run. To refresh, use a data folder that can be written.',
  },
  'keeper.paused': {
    title: 'This shop is paused',
    todo: 'This PC neither refreshes nor warns. The tokens go on ageing.',
  },
  'config.token_in_env': {
    title: 'A token is in the environment',
    todo: 'Delete that line. Tokens are read from the store only, so its value was not used.',
    more: ['Variable: {name}.'],
  },
  'config.invalid_value': {
    title: 'Not every setting can be used',
    todo: 'Correct it in Settings, or in .env and restart the app.',
    more: ['Setting: {name}.'],
  },
  'config.missing_value': {
    title: 'The settings are incomplete',
    todo: 'Add what is missing in Settings, or in .env and restart the app.',
    more: ['Setting: {name}.'],
  },
  'config.redirect_uri_http': {
    title: 'The redirect URI is not https',
    todo: 'Cafe24 registers https addresses only. Enter the https address you registered.',
  },
  'config.redirect_uri_ip': {
    title: 'The redirect URI holds an IP address',
    todo: 'Cafe24 registers domain names only. Enter an address with a domain name.',
  },
  'config.redirect_uri_long': {
    title: 'The redirect URI is over 150 bytes',
    todo: 'Register a shorter address and enter that.',
  },
  'config.origin_refused': {
    title: 'CAFE24_API_ORIGIN cannot be used',
    todo: 'A simulator is on 127.0.0.1, [::1] or localhost only. For a real shop, leave it empty.',
  },
  'config.settings_corrupt': {
    title: 'The settings file could not be read',
    todo: 'The app started with defaults. Check the settings.',
  },
  'config.secret_in_keyring': {
    title: 'The secret is in the OS keyring only',
    todo: 'For the command line, set it as an environment variable.',
    more: ['Variable: {name}.'],
  },
  'config.keyring_unavailable': {
    title: 'The OS keyring cannot be used',
    todo: 'Secrets typed in are gone when the app quits. Keep them in the .env file.',
  },
  'config.other_os_user': {
    title: "This is another user's data folder",
    todo: 'It is only read. To refresh, run as that user.',
  },
  'config.newer_format': {
    title: 'A newer version of the app wrote this data folder',
    todo: 'It is only read. Install the newer version again.',
  },
  'config.consent_running': {
    title: 'Nothing was changed: a consent is under way',
    todo: 'Finish it in the browser or cancel it, then save again.',
  },
  'config.not_kept': {
    title: 'This holds until the app ends',
    todo: 'The settings file could not be written. Check the disk for room and permissions.',
  },
  'config.set_elsewhere': {
    title: 'The environment or a .env sets it already',
    todo: 'Change it there and restart the app.',
  },
  'server.ports_busy': {
    title: 'No port is free for the answer',
    todo: 'After agreeing, paste the address of the page that opened into the app window.',
    more: ['Ports in use: {ports}.'],
  },
  'clock.skewed': {
    title: 'The clock of this PC is wrong',
    todo: "The app goes by the server's time. Switch on automatic time on this PC.",
    more: ['Difference: {minutes} min.'],
  },
  'clock.unverified': {
    title: 'The clock of this PC is not verified',
    todo: 'It is checked as soon as the internet is reached. Nothing to do.',
  },
  'channel.os_unavailable': {
    title: 'The notification could not be shown',
    todo: 'Allow notifications of this app in the system settings.',
  },
  'channel.not_configured': {
    title: 'This channel is not configured',
    todo: 'Enter Slack webhook (SLACK_WEBHOOK_URL) or Mail server (SMTP_URL), From and To in Settings.',
  },
  'channel.unreachable': {
    title: 'The server for warnings cannot be reached',
    todo: 'Check the internet connection and the address of the server. The app sends it again.',
  },
  'channel.busy': {
    title: 'The server for warnings cannot take it now',
    todo: 'The app sends it again. If this goes on, check the state of that server.',
  },
  'channel.rate_limited': {
    title: 'The server for warnings asked to wait',
    todo: 'The app waits and sends it again. Nothing to do.',
  },
  'channel.slack_refused': {
    title: 'Slack did not take the message',
    todo: 'Check Slack webhook in Settings (SLACK_WEBHOOK_URL) and whether the Slack app may post there.',
  },
  'channel.slack_gone': {
    title: 'The Slack webhook or its channel is gone',
    todo: 'Create a new one and put it into Slack webhook in Settings (SLACK_WEBHOOK_URL).',
  },
  'channel.mail_refused': {
    title: 'The mail server did not take the mail',
    todo: 'Check From (ALERT_EMAIL_FROM) and To (ALERT_EMAIL_TO) in Settings.',
  },
  'channel.mail_auth': {
    title: 'The mail server refused the sign-in',
    todo: 'Check account and password of Mail server in Settings (SMTP_URL). An app password may be needed.',
  },
  'channel.mail_tls': {
    title: 'No secure connection to the mail server',
    todo: 'Check host and port of Mail server in Settings (SMTP_URL), and the certificate of that server.',
  },
  'channel.sent': {
    title: 'The test warning was sent',
    todo: 'See whether it arrived.',
  },
  'relay.ok': {
    title: 'The relay page answers',
    todo: 'Make sure that the same address is registered in Cafe24 Developers.',
  },
  'relay.other_page': {
    title: 'A page opens, but it is not the relay page',
    todo: 'A route of your own is fine. Otherwise put the relay page at that address.',
  },
  'relay.missing': {
    title: 'There is no page at that address',
    todo: 'Put the relay page there.',
    more: ['The server answered {status}.'],
  },
  'relay.not_needed': {
    title: 'This address needs no relay page',
    todo: 'The browser returns straight to the app.',
  },
  'relay.saved': {
    title: 'The relay page is saved',
    todo: 'Upload this file to a place that opens with https, and register its address.',
    more: ['File: {path}.'],
  },
  'relay.not_saved': {
    title: 'The relay page could not be saved',
    todo: 'Make sure that the downloads folder can be written and the disk has space, then press again.',
  },
  'test.ok': {
    title: 'The connection works',
    todo: 'Cafe24 was called with the access token. Nothing to do.',
  },
  'test.access_token_refused': {
    title: 'Cafe24 does not accept the access token',
    todo: 'Press Refresh now. If that does not help, re-authorize.',
  },
  'test.failed': {
    title: 'The connection could not be tested',
    todo: 'Press Test connection again in a moment.',
    more: ['Answer status: {status}.'],
  },
  'refresh.done': {
    title: 'The tokens were refreshed',
    todo: 'Nothing to do.',
  },
  'refresh.already_fresh': {
    title: 'The tokens are fresh already',
    todo: 'Nothing to do.',
  },
  'refresh.by_another': {
    title: 'Another PC or program refreshed them',
    todo: 'Its new tokens were taken over. Nothing to do.',
    more: ['Refreshed by: {host}.'],
  },
  'refresh.waiting': {
    title: 'A refresh is not possible right now',
    todo: 'The app waits and tries again. Nothing to do.',
    more: ['Next try: {retryAt}.'],
  },
  'logs.not_opened': {
    title: 'The log folder could not be opened',
    todo: 'Open the folder logs in the data folder, which the diagnostics name.',
  },
  'disconnect.done': {
    title: 'The shop is disconnected',
    todo: 'Its tokens are revoked and gone from the store. Connect the shop to use it again.',
  },
  'disconnect.forgotten': {
    title: 'Forgotten here, not confirmed by Cafe24',
    todo: 'Remove the app in the Cafe24 admin to end the remaining tokens at once.',
  },
  'disconnect.not_revoked': {
    title: 'Cafe24 did not confirm the revocation',
    todo: 'Nothing was deleted. Try again later, or forget the tokens without a confirmation.',
  },
  'disconnect.not_shared': {
    title: 'The store does not know of the disconnect yet',
    todo: 'It is told as soon as the store answers. Keep the app running.',
  },
  'disconnect.busy': {
    title: 'A refresh or a consent is under way',
    todo: 'Try again in a minute. Nothing was changed.',
  },
  'disconnect.nothing': {
    title: 'There is nothing to disconnect',
    todo: 'This shop has no tokens now.',
  },
  'remove.elsewhere': {
    title: 'It cannot be removed here',
    todo: 'Delete the line CAFE24_MALL_ID in the environment or in .env and restart the app.',
  },
  'remove.not_shared': {
    title: 'Something was not written to the store yet',
    todo: 'Removing the shop now could lose it, so it stays. Try again once the store answers.',
  },
  'remove.busy': {
    title: 'A refresh or a consent is under way',
    todo: 'Try again when it is over. Nothing was changed.',
  },
  'internal.error': {
    title: 'Something unexpected went wrong',
    todo: 'Restart the app. If it persists, send the log file to its developers.',
  },
};
