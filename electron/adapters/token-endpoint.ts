/**
 * The POST to Cafe24's token endpoint. One fresh connection, no pool, no redirects, no retry: a refresh token is single
 * use, so below the keeper nothing may ever repeat a request (docs/keeper.md, 7; RFC 6749, sections 4.1.3, 6).
 */

import { apiOriginOf } from '../../shared/configuration.ts';
import { CONNECT_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../core/timing.ts';
import type { ClientCredentials, TokenEndpoint, WireResult } from '../ports.ts';
import { textUpTo } from './http/text-up-to.ts';
import { Client } from './http/undici-parts.ts';
import { codeOf, detailOf } from './network/failure.ts';
import type { Network } from './network/network.ts';

/** A token answer has well under 1 kB; more than this is no token answer. */
const LARGEST_BODY = 256 * 1024;

export interface TokenEndpointOptions {
  /** `https://{mall_id}.cafe24api.com`, or the simulator's origin, with the placeholder in it. */
  readonly apiOrigin: string;
  /** Told the Date of every complete answer as it comes in, epoch ms. */
  readonly onDate?: (date: number) => void;
  readonly network: Pick<Network, 'connector'>;
  /** Bounds in ms, where tests cannot wait for the real ones. */
  readonly bounds?: { readonly connectMs: number; readonly requestMs: number };
}

const BOUNDS = { connectMs: CONNECT_TIMEOUT_MS, requestMs: REQUEST_TIMEOUT_MS };

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  return {
    refresh: (client, refreshToken) =>
      post(
        options,
        client,
        'token',
        new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
      ),
    exchange: (client, { code, redirectUri, codeVerifier }) =>
      post(
        options,
        client,
        'token',
        new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
        }),
      ),
    // Cafe24 names the hint otherwise than RFC 7009 does.
    revoke: (client, { value, kind }) =>
      post(options, client, 'revoke', new URLSearchParams({ token: value, token_hint: kind })),
  };
}

async function post(
  options: TokenEndpointOptions,
  credentials: ClientCredentials,
  endpoint: 'token' | 'revoke',
  form: URLSearchParams,
): Promise<WireResult> {
  const url = new URL(`${apiOriginOf(options.apiOrigin, credentials.mall)}/api/v2/oauth/${endpoint}`);
  const { connectMs, requestMs } = options.bounds ?? BOUNDS;
  let isConnected = false;
  const connect = options.network.connector(connectMs);
  const client = new Client(url.origin, {
    pipelining: 0,
    connect(target, callback) {
      connect(target, (...outcome) => {
        // From here on bytes may leave: what comes to nothing now is lost, not unsent.
        isConnected ||= outcome[0] === null;
        callback(...outcome);
      });
    },
  });
  try {
    const response = await client.request({
      method: 'POST',
      path: url.pathname,
      headers: {
        authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: form.toString(),
      signal: AbortSignal.timeout(requestMs),
    });
    const body = await textUpTo(LARGEST_BODY, response.body);
    if (body === null) throw new Error('the answer is too large to be a token answer');
    const date = dateOf(headerOf(response.headers.date));
    if (date !== null) options.onDate?.(date);
    return {
      kind: 'answered',
      answer: {
        status: response.statusCode,
        date,
        retryAfterMs: retryAfterOf(
          headerOf(response.headers['retry-after']),
          headerOf(response.headers.date),
        ),
        body,
      },
    };
  } catch (error) {
    const detail = detailOf(error);
    return isConnected ? { kind: 'lost', detail } : { kind: 'not_sent', code: codeOf(error), detail };
  } finally {
    await client.destroy();
  }
}

function headerOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`. */
const NAMES_GMT = /^[A-Z][a-z]+, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;
/** `Sun Nov  6 08:49:37 1994`, in GMT without saying so. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** An HTTP date in any of its three forms (RFC 9110, section 5.6.7) as epoch ms; null for anything else. */
export function dateOf(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  const named = ASCTIME.test(trimmed) ? `${trimmed} GMT` : NAMES_GMT.test(trimmed) ? trimmed : null;
  const at = named === null ? Number.NaN : Date.parse(named);
  return Number.isNaN(at) ? null : at;
}

/** Retry-After in ms: seconds, or an HTTP date against the answer's own Date (RFC 9110, section 10.2.3). */
export function retryAfterOf(text: string | null, date: string | null): number | null {
  if (text === null) return null;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const [until, from] = [dateOf(text), dateOf(date)];
  return until === null || from === null ? null : Math.max(0, until - from);
}
