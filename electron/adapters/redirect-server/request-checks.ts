import type { IncomingMessage } from 'node:http';
import { authorityOf, type LoopbackHost, START_PATH } from '../../../shared/redirect-uri.ts';
import type { RedirectRequest } from '../../ports.ts';

/** Where a server listens, as its checks need it. */
export interface ListeningPlace {
  readonly host: LoopbackHost;
  readonly port: number;
  readonly callbackPath: string;
}

export type CheckedRequest =
  | { readonly kind: 'passed'; readonly request: RedirectRequest }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 405 };

/**
 * The order (docs/keeper.md, 20): wrong Host, then other paths, then another method (431 came before, from the
 * parser). A page of the web that had its own name point to 127.0.0.1 (DNS rebinding) ends at the first.
 */
export function checkRequest(message: IncomingMessage, place: ListeningPlace): CheckedRequest {
  if (message.headers.host?.toLowerCase() !== authorityOf(place.host, place.port)) return refused(400);
  const target = message.url ?? '';
  const [path = '', ...rest] = target.split('?');
  const kind = path === START_PATH ? 'start' : path === place.callbackPath ? 'callback' : null;
  if (kind === null) return refused(404);
  if (message.method !== 'GET') return refused(405);
  return {
    kind: 'passed',
    request: { kind, query: readQuery(rest.join('?')), cookies: readCookies(message.headers.cookie ?? '') },
  };
}

function refused(status: 400 | 404 | 405): CheckedRequest {
  return { kind: 'refused', status };
}

/** The first value of each name: OAuth parameters are never repeated (RFC 6749, section 3.1). */
function readQuery(query: string): ReadonlyMap<string, string> {
  return firstOfEach(new URLSearchParams(query));
}

function readCookies(header: string): ReadonlyMap<string, string> {
  return firstOfEach(
    header.split(';').flatMap((pair): [string, string][] => {
      const at = pair.indexOf('=');
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
    }),
  );
}

function firstOfEach(pairs: Iterable<[string, string]>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}
