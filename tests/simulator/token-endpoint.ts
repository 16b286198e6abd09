import type { Cafe24State } from './cafe24-state.ts';
import type { ParsedFault } from './faults.ts';
import { type Answer, errorEnvelope, jsonAnswer, oauthError, type SimRequest } from './http.ts';
import { countTokenRequest } from './limits.ts';
import {
  INVALID_CLIENT,
  INVALID_REQUEST,
  type OAuthError,
  type RedeemResult,
  redeemCode,
  redeemRefreshToken,
  revokeToken,
  UNINSTALLED_APP,
} from './redeem.ts';
import { type TokenBodyForm, tokenBodyOf } from './token-body.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** What a request to the token endpoint claims, before anything is checked. */
export interface TokenClaims {
  readonly clientId: string | null;
  readonly grantType: string | null;
  readonly refreshToken: string | null;
  readonly code: string | null;
}

export function readClaims(request: SimRequest): TokenClaims {
  const form = new URLSearchParams(request.body);
  return {
    clientId: readBasic(request)?.clientId ?? null,
    grantType: form.get('grant_type'),
    refreshToken: form.get('refresh_token'),
    code: form.get('code'),
  };
}

/** `POST /api/v2/oauth/token`. `effect` matters only where it changes what is applied. */
export function answerTokenRequest(
  state: Cafe24State,
  mallId: string,
  request: SimRequest,
  now: number,
  effect: ParsedFault | null,
  bodyForm: TokenBodyForm,
): { readonly answer: Answer; readonly result: RedeemResult | null } {
  const client = authenticate(state, request);
  const limitedForMs = countKnownClient(state, mallId, request, now);
  if (limitedForMs !== null) {
    const retryAfter = { 'Retry-After': String(Math.ceil(limitedForMs / 1000)) };
    return { answer: jsonAnswer(429, errorEnvelope(429, 'Too Many Requests'), retryAfter), result: null };
  }
  const result =
    client.kind === 'error' ? client : redeem(state, mallId, client.clientId, client.form, now, effect);
  const answer =
    result.kind === 'issued' ? jsonAnswer(200, tokenBodyOf(result.set, bodyForm)) : answerOf(result);
  return { answer, result };
}

/** `POST /api/v2/oauth/revoke`, form `token` and `token_hint` (not RFC 7009's `token_type_hint`). */
export function answerRevokeRequest(
  state: Cafe24State,
  mallId: string,
  request: SimRequest,
  now: number,
): Answer {
  const client = authenticate(state, request);
  if (client.kind === 'error') return answerOf(client);
  const token = client.form.get('token');
  const hint = client.form.get('token_hint');
  const hintIsKnown = hint === 'access_token' || hint === 'refresh_token';
  if (!token || !hintIsKnown || !holdsOnly(client.form, ['token', 'token_hint']))
    return answerOf(INVALID_REQUEST);
  const { clientId } = client;
  const applied = revokeToken(state, { clientId, mallId }, token, now);
  state.revocations.push({ at: now, mallId, clientId, token, hint, applied });
  return jsonAnswer(200, {});
}

function redeem(
  state: Cafe24State,
  mallId: string,
  clientId: string,
  form: URLSearchParams,
  now: number,
  effect: ParsedFault | null,
): RedeemResult {
  if (state.uninstalledMalls.has(mallId)) return UNINSTALLED_APP;
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const code = form.get('code');
      const redirectUri = form.get('redirect_uri');
      const allowed = ['grant_type', 'code', 'redirect_uri', 'code_verifier'];
      if (!code || !redirectUri || !holdsOnly(form, allowed)) return INVALID_REQUEST;
      const codeVerifier = form.get('code_verifier');
      return redeemCode(state, { mallId, clientId, code, redirectUri, codeVerifier }, now);
    }
    case 'refresh_token': {
      const refreshToken = form.get('refresh_token');
      if (!refreshToken || !holdsOnly(form, ['grant_type', 'refresh_token'])) return INVALID_REQUEST;
      const rotation = effect?.kind === 'no-rotation' ? 'keep' : 'rotate';
      return redeemRefreshToken(state, { mallId, clientId, refreshToken, rotation }, now);
    }
    case null:
    case '':
      return INVALID_REQUEST;
    default:
      return { ...INVALID_REQUEST, error: 'unsupported_grant_type', description: 'Unsupported grant_type' };
  }
}

/** The checks both endpoints share: a form, Basic only, credentials never in the body, a right secret. */
function authenticate(
  state: Cafe24State,
  request: SimRequest,
): { readonly kind: 'client'; readonly clientId: string; readonly form: URLSearchParams } | OAuthError {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== FORM_TYPE) return INVALID_REQUEST;
  const form = new URLSearchParams(request.body);
  if (form.has('client_id') || form.has('client_secret')) return INVALID_REQUEST;
  const credentials = readBasic(request);
  const client = credentials === null ? undefined : state.clients.get(credentials.clientId);
  if (client === undefined || client.clientSecret !== credentials?.clientSecret) return INVALID_CLIENT;
  return { kind: 'client', clientId: client.clientId, form };
}

/** The limit belongs to the app, so requests that name no known one are not counted. */
function countKnownClient(
  state: Cafe24State,
  mallId: string,
  request: SimRequest,
  now: number,
): number | null {
  const clientId = readBasic(request)?.clientId;
  if (clientId === undefined || !state.clients.has(clientId)) return null;
  return countTokenRequest(state, clientId, mallId, now);
}

/** Cafe24 takes `base64(client_id:client_secret)` as it is, without RFC 6749's form encoding before. */
function readBasic(request: SimRequest): { readonly clientId: string; readonly clientSecret: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) return null;
  return { clientId: decoded.slice(0, colon), clientSecret: decoded.slice(colon + 1) };
}

/** Nothing but the documented fields, each at most once: the simulator is stricter than it would have to be. */
function holdsOnly(form: URLSearchParams, allowed: readonly string[]): boolean {
  const names = [...form.keys()];
  return names.every((name) => allowed.includes(name)) && new Set(names).size === names.length;
}

function answerOf(error: OAuthError): Answer {
  return oauthError(error.status, error.error, error.description);
}
