import type { Configuration } from '../../../shared/configuration.ts';
import { parseRedisUrl } from '../../../shared/redis-url.ts';
import type { Redactor } from './redactor.ts';

/** Teaches the redactor every secret of a configuration; to be called with each newly loaded one. */
export function learnConfiguration(redactor: Redactor, configuration: Configuration): void {
  for (const { clientSecret, formerSecrets } of configuration.malls) {
    for (const secret of [clientSecret, ...formerSecrets]) if (secret) redactor.learn(secret);
  }
  const { store, channels, heartbeatUrl } = configuration;
  if (store.kind === 'redis') {
    // Without credentials it is a place, which a person looking for it must be able to read.
    if (store.url.includes('@')) redactor.learn(store.url);
    redactor.learn(parseRedisUrl(store.url)?.password ?? '');
  }
  // Whoever knows the path of a webhook or a heartbeat may use it.
  for (const url of [channels.slackWebhookUrl, heartbeatUrl]) if (url) learnPath(redactor, url);
  if (channels.mail) learnPassword(redactor, channels.mail.smtpUrl);
}

function learnPath(redactor: Redactor, url: string): void {
  const { pathname, search } = new URL(url);
  redactor.learn(url);
  redactor.learn(`${pathname}${search}`);
}

function learnPassword(redactor: Redactor, url: string): void {
  const { password } = new URL(url);
  redactor.learn(url);
  redactor.learn(password);
  try {
    redactor.learn(decodeURIComponent(password));
  } catch {
    // Not percent-encoded after all: it was learned as it stands.
  }
}
