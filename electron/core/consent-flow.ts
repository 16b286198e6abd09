/**
 * The rules of one consent, without doing anything: whether it can start, what its tab opens, and what an answer
 * from the browser or from the clipboard means (docs/keeper.md, 20).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { authorizeUrlOf, isPlausibleScope, NO_PORT, oauthStateOf } from '../../shared/authorize-url.ts';
import type { MallConfiguration } from '../../shared/configuration.ts';
import { type ConsentReply, codeOfConsentError } from '../../shared/pasted.ts';
import { authorityOf, parseRedirectUri, type RedirectUri, START_PATH } from '../../shared/redirect-uri.ts';
import { unreachable } from '../../shared/result.ts';
import type { Randomness } from '../ports.ts';
import type { Outcome } from './keeper-api.ts';

/** What a consent is asked with: configured values that passed the preflight. */
export interface ConsentPlan {
  readonly clientId: string;
  readonly redirectUri: RedirectUri;
  readonly scopes: readonly string[];
  readonly pkce: boolean;
}

export type Preflight =
  | { readonly kind: 'ready'; readonly plan: ConsentPlan }
  | { readonly kind: 'cannot_start'; readonly outcome: Outcome };

/** Finds what would only be told after the tab has opened, or never: Cafe24 answers a bad URI with a JSON page. */
export function preflight(mall: MallConfiguration): Preflight {
  const { clientId, clientSecret } = mall;
  if (clientId === null || clientSecret === null || mall.redirectUri === null) {
    const values = {
      CAFE24_CLIENT_ID: clientId,
      CAFE24_CLIENT_SECRET: clientSecret,
      CAFE24_REDIRECT_URI: mall.redirectUri,
    };
    const missing = Object.entries(values).filter(([, value]) => value === null);
    return cannotStart({
      code: 'client.not_configured',
      params: { names: missing.map(([name]) => name).join(', ') },
    });
  }
  const redirectUri = parseRedirectUri(mall.redirectUri);
  if (!redirectUri.ok) {
    return cannotStart({ code: redirectUri.code, params: { name: 'CAFE24_REDIRECT_URI' } });
  }
  // One scope that Cafe24 does not know blocks the consent altogether, without a consent page (docs/cafe24.md, 7).
  if (mall.scopes.length === 0 || !mall.scopes.every(isPlausibleScope)) {
    return cannotStart({ code: 'config.invalid_value', params: { name: 'CAFE24_SCOPES' } });
  }
  return {
    kind: 'ready',
    plan: { clientId, redirectUri: redirectUri.value, scopes: mall.scopes, pkce: mall.pkce },
  };
}

function cannotStart(outcome: Outcome): Preflight {
  return { kind: 'cannot_start', outcome };
}

/** The secrets of one flow. They live in memory only and die with it. */
export interface ConsentSecrets {
  /** Lets a tab begin: proves that its address came from this app. */
  readonly nonce: string;
  /** Random part of `state`. */
  readonly state: string;
  /** Proves that the browser which returns is the one that began. */
  readonly cookie: { readonly name: string; readonly value: string };
  /** RFC 7636, section 4.1; null where PKCE is off. */
  readonly codeVerifier: string | null;
}

export function makeSecrets(random: Randomness, pkce: boolean): ConsentSecrets {
  return {
    nonce: random.token(32),
    state: random.token(32),
    cookie: { name: `ctk_${random.token(9)}`, value: random.token(32) },
    codeVerifier: pkce ? random.token(32) : null,
  };
}

/** The addresses of one flow, once it is known which port listens; `port` is null when none does. */
export interface ConsentAddresses {
  readonly state: string;
  /** Cafe24's consent page. */
  readonly authorizeUrl: string;
  /** What the tab opens: the local start page, or Cafe24's page where nobody listens. */
  readonly link: string;
}

export function addressesOf(
  plan: ConsentPlan,
  secrets: ConsentSecrets,
  apiOrigin: string,
  port: number | null,
): ConsentAddresses {
  const state = oauthStateOf(port ?? NO_PORT, secrets.state);
  const authorizeUrl = authorizeUrlOf({
    apiOrigin,
    clientId: plan.clientId,
    redirectUri: plan.redirectUri.uri,
    scopes: plan.scopes,
    state,
    codeChallenge:
      secrets.codeVerifier === null
        ? null
        : createHash('sha256').update(secrets.codeVerifier).digest('base64url'),
  });
  if (port === null) return { state, authorizeUrl, link: authorizeUrl };
  // The cookie returns only to the host name that set it, so the tab begins on the name it will come back to.
  const host = plan.redirectUri.kind === 'direct' ? plan.redirectUri.host : '127.0.0.1';
  const link = `http://${authorityOf(host, port)}${START_PATH}?nonce=${secrets.nonce}`;
  return { state, authorizeUrl, link };
}

export type Verdict =
  /** A code of this flow: exchange it at once. */
  | { readonly kind: 'accepted'; readonly code: string }
  /** Cafe24 said no to this flow: it is over. */
  | { readonly kind: 'refused'; readonly outcome: Outcome }
  /** Stray or mistaken: the person is told, and the wait goes on. */
  | { readonly kind: 'hint'; readonly outcome: Outcome };

/** An answer that the browser brought: state first, then the cookie, then the content. */
export function judgeCallback(
  reply: ConsentReply,
  state: string,
  cookie: { readonly expected: string; readonly given: string | undefined },
  scopes: readonly string[],
): Verdict {
  if (!sameSecret(reply.state, state)) return hint('consent.state_mismatch');
  if (!sameSecret(cookie.given, cookie.expected)) return hint('consent.cookie_missing');
  return judgeContent(reply, scopes);
}

/** An answer that a person pasted. A bare code carries no state; the mall is checked in the answer to it. */
export function judgePaste(reply: ConsentReply, state: string, scopes: readonly string[]): Verdict {
  if (reply.state !== null && !sameSecret(reply.state, state)) return hint('consent.state_mismatch');
  return judgeContent(reply, scopes);
}

function judgeContent(reply: ConsentReply, scopes: readonly string[]): Verdict {
  switch (reply.kind) {
    case 'code':
      return { kind: 'accepted', code: reply.code };
    case 'error': {
      const code = codeOfConsentError(reply.error);
      // The scopes are our own: nothing that a server or a web page wrote is ever shown.
      const params = code === 'consent.invalid_scope' ? { scopes: scopes.join(', ') } : {};
      return { kind: 'refused', outcome: { code, params } };
    }
    case 'unreadable':
      return hint('consent.code_malformed');
    default:
      return unreachable(reply);
  }
}

function hint(code: 'consent.state_mismatch' | 'consent.cookie_missing' | 'consent.code_malformed'): Verdict {
  return { kind: 'hint', outcome: { code, params: {} } };
}

/** Compares in a time that tells nothing about how much was right, whatever the lengths. */
export function sameSecret(given: string | null | undefined, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected)) && given !== null && given !== undefined;
}

const ENDS_WITHOUT_ANSWER: ReadonlySet<Outcome['code']> = new Set([
  'consent.timeout',
  'consent.cancelled',
  'consent.connected_elsewhere',
]);

/**
 * What an answer that comes too late is told: why nobody waits for it any more, or, where an earlier answer was taken
 * (`end` null while that one is exchanged), only that it is over.
 */
export function codeOfLateAnswer(end: Outcome['code'] | null): Outcome['code'] {
  return end !== null && ENDS_WITHOUT_ANSWER.has(end) ? end : 'consent.closed';
}

const GOOD_ENDS: ReadonlySet<Outcome['code']> = new Set([
  'consent.connected',
  'consent.connected_elsewhere',
  'consent.saved_not_shared',
  'grant.fewer_scopes',
]);

/** Whether the shop has a good set after this outcome: the browser's page answers 200 and may be closed. */
export function endsWell(code: Outcome['code']): boolean {
  return GOOD_ENDS.has(code);
}
