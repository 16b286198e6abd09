/** One parser per configured value: the text as somebody typed it in, a checked value or a code out. */
import { isPlausibleScope } from './authorize-url.ts';
import { isLoopbackHost } from './loopback.ts';
import { isMallId } from './mall-id.ts';
import { parseRedirectUri } from './redirect-uri.ts';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';
import { done, failed, type Result } from './result.ts';

export const DEFAULT_SCOPES: readonly string[] = ['mall.read_product', 'mall.write_product'];
export const DEFAULT_API_ORIGIN = 'https://{mall_id}.cafe24api.com';

/** Longer than any id or secret seen, short enough to notice a pasted page. */
const LONGEST_CREDENTIAL = 256;

export function readMallId(text: string): Result<string> {
  return isMallId(text) ? done(text) : failed('config.invalid_value');
}

/** A client id or secret: opaque, so only what can never be part of one is refused (spaces, control characters). */
export function readCredential(text: string): Result<string> {
  const visible = /^[\x21-\x7e]+$/.test(text) && text.length <= LONGEST_CREDENTIAL;
  return visible ? done(text) : failed('config.invalid_value');
}

/** Cafe24 itself registers no http address, not even one of this machine (docs/cafe24.md, 6). */
export function readRedirectUri(text: string, simulator: boolean): Result<string> {
  const parsed = parseRedirectUri(text);
  if (!parsed.ok) return parsed;
  return parsed.value.kind === 'direct' && !simulator
    ? failed('config.redirect_uri_http')
    : done(parsed.value.uri);
}

export interface ReadScopes {
  readonly scopes: readonly string[];
  /** Scopes stood apart by spaces: usable, because Cafe24 is sent commas, but worth telling. */
  readonly spaced: boolean;
}

export function readScopes(text: string): Result<ReadScopes> {
  const scopes = [...new Set(text.split(/[\s,]+/).filter((scope) => scope !== ''))];
  if (scopes.length === 0 || !scopes.every(isPlausibleScope)) return failed('config.invalid_value');
  const spaced = text.split(',').some((part) => /\S\s+\S/.test(part));
  return done({ scopes, spaced });
}

export function readSwitch(text: string): Result<boolean> {
  if (text === '1') return done(true);
  return text === '0' ? done(false) : failed('config.invalid_value');
}

export function readRedisUrl(text: string): Result<RedisAddress> {
  const address = parseRedisUrl(text);
  return address ? done(address) : failed('config.invalid_value');
}

/** CAFE24_API_ORIGIN: this machine only, so that no typing error can send credentials elsewhere. */
export function readApiOrigin(text: string): Result<string> {
  const url = parseUrl(text, ['http:', 'https:']);
  const plain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!url || !plain || !isLoopbackHost(url.hostname)) return failed('config.origin_refused');
  const path = url.pathname.replaceAll('%7Bmall_id%7D', '{mall_id}').replace(/\/+$/, '');
  return done(`${url.protocol}//${url.host}${path}`);
}

/** An incoming webhook: its path is a secret, so it travels encrypted, except on this machine. */
export function readWebhookUrl(text: string): Result<string> {
  const url = parseUrl(text, ['http:', 'https:']);
  if (!url || (url.protocol === 'http:' && !isLoopbackHost(url.hostname))) {
    return failed('config.invalid_value');
  }
  return done(text);
}

export function readHeartbeatUrl(text: string): Result<string> {
  return parseUrl(text, ['http:', 'https:']) ? done(text) : failed('config.invalid_value');
}

/** Only server and credentials: options in the query could switch off TLS or its checks. */
export function readSmtpUrl(text: string): Result<string> {
  const url = parseUrl(text, ['smtp:', 'smtps:']);
  const plain = url?.search === '' && url.hash === '' && ['', '/'].includes(url.pathname);
  return plain ? done(text) : failed('config.invalid_value');
}

/** `name@host` or `Name <name@host>`. */
const MAIL_ADDRESS = /^(?:[^<>@,;\r\n"]*<[^\s<>@,;"]+@[^\s<>@,;"]+>|[^\s<>@,;"]+@[^\s<>@,;"]+)$/;

export function readMailAddress(text: string): Result<string> {
  return MAIL_ADDRESS.test(text) ? done(text) : failed('config.invalid_value');
}

export function readMailAddresses(text: string): Result<readonly string[]> {
  const addresses = text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  const all = addresses.length > 0 && addresses.every((address) => MAIL_ADDRESS.test(address));
  return all ? done(addresses) : failed('config.invalid_value');
}

function parseUrl(text: string, protocols: readonly string[]): URL | null {
  if (/\s/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  // URL also accepts "http:host"; what is meant then is anybody's guess.
  return protocols.includes(url.protocol) && text.includes('://') && url.hostname !== '' ? url : null;
}
