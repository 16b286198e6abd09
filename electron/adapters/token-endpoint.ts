/**
 * The POST to Cafe24's token endpoint. One fresh connection, no pool, no redirects, no retry: a refresh token is single
 * use, so below the keeper nothing may ever repeat a request (design, section 3, step 6; RFC 6749, sections 4.1.3, 6).
 */

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { Code } from '../../shared/codes.ts';
import { apiOriginOf } from '../../shared/configuration.ts';
import { CONNECT_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../core/timing.ts';
import type { ClientCredentials, TokenEndpoint, WireResult } from '../ports.ts';

/** A token answer has well under 1 kB; more than this is no token answer. */
const LARGEST_BODY = 256 * 1024;

export interface TokenEndpointOptions {
  /** `https://{mall_id}.cafe24api.com`, or the simulator's origin, with the placeholder in it. */
  readonly apiOrigin: string;
  /** Further certificate authorities, PEM. */
  readonly ca?: readonly string[];
}

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  return {
    refresh: (client, refreshToken) =>
      post(
        options,
        client,
        new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
      ),
    exchange: (client, { code, redirectUri, codeVerifier }) =>
      post(
        options,
        client,
        new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
        }),
      ),
  };
}

async function post(
  options: TokenEndpointOptions,
  credentials: ClientCredentials,
  form: URLSearchParams,
): Promise<WireResult> {
  const url = new URL(`${apiOriginOf(options.apiOrigin, credentials.mall)}/api/v2/oauth/token`);
  let isConnected = false;
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    ...(options.ca ? { ca: [...options.ca] } : {}),
  });
  const client = new Client(url.origin, {
    pipelining: 0,
    connect(target, callback) {
      connect(target, (...[error, socket]: [Error, null] | [null, Socket | TLSSocket]) => {
        isConnected ||= socket !== null;
        if (socket) callback(null, socket);
        else callback(error ?? new Error('no socket'), null);
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
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const body = await readBounded(response.body);
    return {
      kind: 'answered',
      answer: {
        status: response.statusCode,
        date: dateOf(headerOf(response.headers.date)),
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

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw new Error('the answer is too large to be a token answer');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headerOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** An HTTP date (RFC 9110, section 5.6.7) as epoch ms; null for anything else. */
export function dateOf(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** Retry-After in ms: seconds, or an HTTP date against the answer's own Date (RFC 9110, section 10.2.3). */
export function retryAfterOf(text: string | null, date: string | null): number | null {
  if (text === null) return null;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const [until, from] = [dateOf(text), dateOf(date)];
  return until === null || from === null ? null : Math.max(0, until - from);
}

/** The cause in a word for the log: codes and names only, never a header or a body. */
export function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = (error as NodeJS.ErrnoException).code;
  const cause = error.cause === undefined ? '' : `: ${detailOf(error.cause)}`;
  return `${code ?? error.name}${cause}`;
}

const TLS_ERROR = /^(ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|ERR_SSL|HOSTNAME_MISMATCH)/;

/** Which of our codes a failure to connect is. */
export function codeOf(error: unknown): Code {
  const detail = detailOf(error);
  const code = detail.split(': ')[0] ?? '';
  if (TLS_ERROR.test(code)) return 'network.tls';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'network.dns';
    case 'ECONNREFUSED':
      return 'network.refused';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'TimeoutError':
      return 'network.timeout';
    default:
      return 'network.unreachable';
  }
}
