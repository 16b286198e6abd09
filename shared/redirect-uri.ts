/**
 * The redirect URI as it is registered at Cafe24, and what it means for the way a consent comes back
 * (docs/keeper.md, 20). Cafe24 registers https with a domain name only, at most 150 bytes, and compares exactly
 * (docs/cafe24.md, 6); http on loopback serves the simulator alone.
 */
import { done, type Failure, failed, type Result } from './result.ts';

/** The local server's port and its spares; the relay page forwards to these alone. */
export const LOCAL_PORTS: readonly number[] = [17424, 18424, 19424];
/** Where the person's tab begins: needs the flow's nonce. */
export const START_PATH = '/api/auth/cafe24/start';
/** Where the consent arrives in the ordinary way, from the relay page. */
export const CALLBACK_PATH = '/api/auth/cafe24/callback';

/** A host name of this machine, written as in a URL. */
export type LoopbackHost = '127.0.0.1' | 'localhost' | '[::1]';
const LOOPBACK_HOSTS: readonly LoopbackHost[] = ['127.0.0.1', 'localhost', '[::1]'];

export type RedirectUri =
  /** An https page hands the consent on to the local server, or a person pastes it. */
  | { readonly kind: 'relayed'; readonly uri: string }
  /** Cafe24 returns straight to the local server, which must listen on exactly this host, port and path. */
  | {
      readonly kind: 'direct';
      readonly uri: string;
      readonly host: LoopbackHost;
      readonly port: number;
      readonly path: string;
    };

const MAX_REDIRECT_URI_BYTES = 150;

/** Reads a configured redirect URI; `uri` stays as written, because Cafe24 compares it letter by letter. */
export function parseRedirectUri(text: string): Result<RedirectUri> {
  if (/\s/.test(text) || !URL.canParse(text)) return failed('config.invalid_value');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return failed('config.invalid_value');
  if (url.hash !== '' || url.username !== '' || url.password !== '') return failed('config.invalid_value');
  if (new TextEncoder().encode(text).length > MAX_REDIRECT_URI_BYTES)
    return failed('config.redirect_uri_long');
  return url.protocol === 'http:' ? parseDirect(text, url) : (refuseHost(url.hostname) ?? relayed(text));
}

function parseDirect(uri: string, url: URL): Result<RedirectUri> {
  const host = LOOPBACK_HOSTS.find((name) => name === url.hostname);
  if (host === undefined) return failed('config.redirect_uri_http');
  const port = url.port === '' ? 80 : Number(url.port);
  // The start page lives at its own path of the same server; port 0 is no place to return to.
  if (port === 0 || url.pathname === START_PATH) return failed('config.invalid_value');
  return done({ kind: 'direct', uri, host, port, path: url.pathname });
}

function relayed(uri: string): Result<RedirectUri> {
  return done({ kind: 'relayed', uri });
}

function refuseHost(hostname: string): Failure | null {
  if (hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname))
    return failed('config.redirect_uri_ip');
  // Nobody knows whether `https://localhost` can be registered (docs/cafe24.md, 6), so it is not ours to refuse.
  return hostname === 'localhost' || hostname.includes('.') ? null : failed('config.invalid_value');
}

/** `host:port` as a browser writes it into an address and a Host header: port 80 is left out. */
export function authorityOf(host: LoopbackHost, port: number): string {
  return port === 80 ? host : `${host}:${port}`;
}
