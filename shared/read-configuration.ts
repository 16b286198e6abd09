/** From the gathered layers to one checked configuration (README.md, "Connect a real shop"). Pure; never throws. */
import type { ChannelConfiguration, Configuration, ConfigurationProblem } from './configuration.ts';
import type { VariableLayer } from './configuration-layers.ts';
import {
  DEFAULT_API_ORIGIN,
  readApiOrigin,
  readHeartbeatUrl,
  readMailAddress,
  readMailAddresses,
  readSmtpUrl,
  readWebhookUrl,
} from './configuration-values.ts';
import { type FormerSecrets, readShops } from './read-shops.ts';
import { readStore } from './read-store.ts';
import type { Settings } from './settings-schema.ts';
import {
  type OpenedSecrets,
  savedSecret,
  savedText,
  type Taker,
  takerFrom,
  valueOrNull,
} from './take-value.ts';

export interface GatheredConfiguration {
  /** Highest precedence first. */
  readonly layers: readonly VariableLayer[];
  readonly settings: Settings;
  readonly secrets: OpenedSecrets;
  readonly formerSecrets: FormerSecrets;
  /** What already went wrong while gathering (an unreadable `.env`, a damaged settings file). */
  readonly problems: readonly ConfigurationProblem[];
}

export function readConfiguration(gathered: GatheredConfiguration): Configuration {
  const { layers, settings, secrets } = gathered;
  const taker = takerFrom(layers);
  const origin = taker.take('CAFE24_API_ORIGIN', null, readApiOrigin);
  const shops = readShops(layers, settings.malls, secrets, gathered.formerSecrets, origin !== null);
  const store = readStore(taker, settings.store, secrets, origin);
  const channels = readChannels(taker, settings.channels, secrets);
  const heartbeat = taker.take(
    'HEARTBEAT_URL',
    savedSecret(settings.channels.heartbeatUrl, secrets),
    readHeartbeatUrl,
  );
  const [first] = shops.malls;
  return {
    malls: shops.malls,
    store,
    apiOrigin: origin === null ? DEFAULT_API_ORIGIN : valueOrNull(origin),
    simulator: origin?.ok === true,
    channels,
    heartbeatUrl: valueOrNull(heartbeat),
    locale: settings.locale,
    problems: withoutRepeats([
      ...gathered.problems,
      ...layers.flatMap(tokenProblems),
      ...shops.problems,
      ...taker.problems,
    ]),
    missing: shops.missing,
    sources: { ...(first && shops.sources[first.mall]), ...taker.sources },
    mallSources: shops.sources,
  };
}

function readChannels(
  taker: Taker,
  saved: Settings['channels'],
  secrets: OpenedSecrets,
): ChannelConfiguration {
  const { take, report, sourceOf } = taker;
  const slack = take('SLACK_WEBHOOK_URL', savedSecret(saved.slackWebhookUrl, secrets), readWebhookUrl);
  const smtpUrl = take('SMTP_URL', savedSecret(saved.smtpUrl, secrets), readSmtpUrl);
  const from = take('ALERT_EMAIL_FROM', savedText(saved.alertEmailFrom), readMailAddress);
  const to = take('ALERT_EMAIL_TO', savedText(saved.alertEmailTo), readMailAddresses);
  // Mail needs all three: one alone says that mail was meant, so what is missing is named.
  const names = ['SMTP_URL', 'ALERT_EMAIL_FROM', 'ALERT_EMAIL_TO'] as const;
  const meant = names.find((name) => sourceOf(name) !== 'default');
  for (const name of names) {
    if (meant && sourceOf(name) === 'default') report('config.missing_value', name, sourceOf(meant));
  }
  const complete = smtpUrl?.ok && from?.ok && to?.ok;
  return {
    slackWebhookUrl: valueOrNull(slack),
    mail: complete ? { smtpUrl: smtpUrl.value, from: from.value, to: to.value } : null,
  };
}

function tokenProblems({ layer, tokenNames }: VariableLayer): ConfigurationProblem[] {
  return tokenNames.map((name) => ({ code: 'config.token_in_env', name, layer }));
}

function withoutRepeats(problems: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  const key = ({ code, name, layer }: ConfigurationProblem) => `${code} ${name} ${layer}`;
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()];
}
