/**
 * What is wrong with a value while it is typed: one pure check per field, over the parsers that read configured values.
 * The texts stand in `messages/` under `field.{problem}`.
 */
import { isPlausibleScope } from './authorize-url.ts';
import {
  readCredential,
  readHeartbeatUrl,
  readMailAddress,
  readMailAddresses,
  readRedirectUri,
  readSmtpUrl,
  readWebhookUrl,
} from './configuration-values.ts';
import { isLoopbackHost } from './loopback.ts';
import { isMallId } from './mall-id.ts';
import { parseRedisUrl } from './redis-url.ts';
import type { Result } from './result.ts';

/** Problems that a few more letters may mend: told only once the field was left. */
const UNFINISHED = [
  'required',
  'mall.hyphen',
  'scope.form',
  'url.form',
  'redis.form',
  'smtp.form',
  'mail.form',
] as const;

/** Problems that stay, whatever is typed behind: told at once. */
const PLAIN_WRONG = [
  'mall.address',
  'mall.capitals',
  'mall.form',
  'credential.space',
  'credential.token',
  'credential.assignment',
  'credential.long',
  'uri.http',
  'uri.ip',
  'uri.long',
  'uri.fragment',
  'scope.space',
  'redis.http',
  'redis.clusterDatabase',
  'slack.http',
  'smtp.http',
] as const;

export const FIELD_PROBLEMS = [...UNFINISHED, ...PLAIN_WRONG] as const;
export type FieldProblem = (typeof FIELD_PROBLEMS)[number];

/**
 * Null: nothing is wrong with it. An empty text is `required` for every field; whether it is, is the form's to say.
 * `simulator`: the shop is one of CAFE24_API_ORIGIN.
 */
export type FieldCheck = (text: string, simulator?: boolean) => FieldProblem | null;

export function isUnfinished(problem: FieldProblem): boolean {
  return (UNFINISHED as readonly FieldProblem[]).includes(problem);
}

export const FIELD_CHECKS = {
  mall: nonEmpty(mallProblem),
  clientId: nonEmpty(credentialProblem),
  clientSecret: nonEmpty(credentialProblem),
  redirectUri: nonEmpty(redirectProblem),
  scopes: nonEmpty(scopesProblem),
  redisUrl: nonEmpty(redisProblem),
  redisPassword: () => null,
  slackWebhookUrl: nonEmpty((text) =>
    isHttpElsewhere(text) ? 'slack.http' : refused(readWebhookUrl(text), 'url.form'),
  ),
  smtpUrl: nonEmpty((text) =>
    /^https?:/i.test(text) ? 'smtp.http' : refused(readSmtpUrl(text), 'smtp.form'),
  ),
  alertEmailFrom: nonEmpty((text) => refused(readMailAddress(text), 'mail.form')),
  alertEmailTo: nonEmpty((text) => refused(readMailAddresses(text), 'mail.form')),
  heartbeatUrl: nonEmpty((text) => refused(readHeartbeatUrl(text), 'url.form')),
} as const satisfies Readonly<Record<string, FieldCheck>>;

export type FieldName = keyof typeof FIELD_CHECKS;

/** The whole of a pasted shop address holds the id; everything else is left for the person to see. */
export function mallIdIn(text: string): string | null {
  const host = /^(?:https?:\/\/)?([^/\s]+)\.cafe24(?:api|shop)?\.com(?:\/.*)?$/i.exec(text.trim())?.[1];
  const id = host?.toLowerCase().replace(/^(?:www|m)\./, '');
  return id !== undefined && isMallId(id) ? id : null;
}

function nonEmpty(check: FieldCheck): FieldCheck {
  return (text, simulator) => (text.trim() === '' ? 'required' : check(text.trim(), simulator));
}

function refused(result: Result<unknown>, problem: FieldProblem): FieldProblem | null {
  return result.ok ? null : problem;
}

function mallProblem(text: string): FieldProblem | null {
  if (/[.:/]/.test(text)) return 'mall.address';
  if (/[A-Z]/.test(text)) return 'mall.capitals';
  if (isMallId(text)) return null;
  return isMallId(text.replace(/-+$/, '')) ? 'mall.hyphen' : 'mall.form';
}

/** Cafe24's ids, secrets and tokens look alike; what can be told apart is how a token travels. */
const LOOKS_LIKE_TOKEN = /^(?:bearer|basic)\s|^eyJ[\w-]+\.|[{}"]|(?:access|refresh)_?token/i;

function credentialProblem(text: string): FieldProblem | null {
  if (LOOKS_LIKE_TOKEN.test(text)) return 'credential.token';
  if (/^\w+\s*=\s*[^=\s]/.test(text)) return 'credential.assignment';
  if (/[^\x21-\x7e]/.test(text)) return 'credential.space';
  return refused(readCredential(text), 'credential.long');
}

function redirectProblem(text: string, simulator = false): FieldProblem | null {
  if (text.includes('#')) return 'uri.fragment';
  const parsed = readRedirectUri(text, simulator);
  if (parsed.ok) return null;
  switch (parsed.code) {
    case 'config.redirect_uri_http':
      // `http://127.` may become a loopback address, which a simulator accepts.
      return simulator && mayBecomeLoopback(text) ? 'url.form' : 'uri.http';
    case 'config.redirect_uri_ip':
      return 'uri.ip';
    case 'config.redirect_uri_long':
      return 'uri.long';
    default:
      return 'url.form';
  }
}

function mayBecomeLoopback(text: string): boolean {
  const host = /^http:\/\/([^/:]*)$/i.exec(text)?.[1];
  return host !== undefined && ['127.0.0.1', 'localhost', '[::1]'].some((name) => name.startsWith(host));
}

function scopesProblem(text: string): FieldProblem | null {
  if (/[^\s,]\s+[^\s,]/.test(text)) return 'scope.space';
  const scopes = text.split(',').map((scope) => scope.trim());
  return scopes.every(isPlausibleScope) ? null : 'scope.form';
}

function redisProblem(text: string): FieldProblem | null {
  if (/^https?:/i.test(text)) return 'redis.http';
  if (parseRedisUrl(text) !== null) return null;
  const isCluster = /^rediss?:\/\/[^/]*,[^/]*\/[1-9]\d*$/.test(text);
  return isCluster ? 'redis.clusterDatabase' : 'redis.form';
}

function isHttpElsewhere(text: string): boolean {
  const host = /^http:\/\/([^/:?#]+)[/:?#]/i.exec(text)?.[1];
  return host !== undefined && !isLoopbackHost(host);
}
