import { randomUUID } from 'node:crypto';
import {
  type Cafe24State,
  consentDeadline,
  type Grant,
  opaqueToken,
  type PendingConsent,
} from './cafe24-state.ts';
import { type ConsentDecision, parseConsentDecision, renderConsentPage } from './consent-page.ts';
import type { ParsedFault } from './faults.ts';
import { type Answer, htmlAnswer, oauthError, redirectAnswer, type SimRequest } from './http.ts';
import { OTHER_MALL, type SimulatorMall } from './registration.ts';

/** What every step of the authorization endpoint needs to know about its surroundings. */
export interface AuthorizeContext {
  readonly state: Cafe24State;
  readonly mall: SimulatorMall;
  /** Address of the mall as the browser sees it, for the `iss` parameter. */
  readonly issuer: string;
  /** Path of the form's target. */
  readonly decisionPath: string;
}

/** Where an authorization request may be answered to, once its redirect URI is known to be registered. */
interface ReturnAddress {
  readonly redirectUri: string;
  readonly state: string | null;
}

/**
 * `GET /api/v2/oauth/authorize`: an error page where the redirect URI cannot be trusted, a redirect with an
 * error where the request is wrong, else the consent page.
 */
export function answerAuthorizeRequest(
  context: AuthorizeContext,
  query: URLSearchParams,
  effect: ParsedFault | null,
): Answer {
  const client = context.state.clients.get(query.get('client_id') ?? '');
  if (client === undefined) return oauthError(400, 'invalid_request', 'Invalid client_id');
  const redirectUri = query.get('redirect_uri');
  if (redirectUri === null || !client.redirectUris.includes(redirectUri)) {
    return oauthError(400, 'invalid_request', 'The redirect_uri is not registered');
  }
  const back: ReturnAddress = { redirectUri, state: query.get('state') };
  if (effect?.kind === 'error') return redirectError(back, effect.error, effect.description);

  const responseType = query.get('response_type');
  if (!responseType) return redirectError(back, 'invalid_request', 'response_type is required');
  if (responseType !== 'code')
    return redirectError(back, 'unsupported_response_type', 'Only code is supported');
  if (!back.state) return redirectError(back, 'invalid_request', 'state is required');

  const codeChallenge = query.get('code_challenge');
  const method = query.get('code_challenge_method');
  const challengeIsS256 = method === 'S256' && /^[A-Za-z0-9_-]{43}$/.test(codeChallenge ?? '');
  if ((codeChallenge !== null || method !== null) && !challengeIsS256) {
    return redirectError(back, 'invalid_request', 'Only code_challenge_method S256 is supported');
  }
  if (client.pkceRequired === true && codeChallenge === null) {
    return redirectError(back, 'invalid_request', 'code_challenge is required');
  }

  const scope = query.get('scope');
  if (!scope) return redirectError(back, 'invalid_request', 'scope is required');
  const scopes = scope.split(',');
  const unticked = scopes.find((name) => !client.scopes.includes(name));
  if (unticked !== undefined) {
    // Seen live encoded twice, with the spaces as plus signs of the first round.
    const description = `The scope added to the request is not registered for the app: ${unticked}`;
    return redirectError(back, 'invalid_scope', new URLSearchParams({ d: description }).toString().slice(2));
  }

  const consentId = randomUUID();
  const consent: PendingConsent = {
    mallId: context.mall.mallId,
    clientId: client.clientId,
    redirectUri,
    state: back.state,
    scopes,
    codeChallenge,
  };
  context.state.pendingConsents.set(consentId, consent);
  return htmlAnswer(200, renderConsentPage(consentId, consent, context.decisionPath));
}

/** What the consent page's form posts to: turns a person's decision into a redirect. */
export function answerDecision(context: AuthorizeContext, request: SimRequest, now: number): Answer {
  const form = new URLSearchParams(request.body);
  const consent = context.state.pendingConsents.get(form.get('consent') ?? '');
  const decision = parseConsentDecision(form.get('decision'));
  if (consent === undefined || consent.mallId !== context.mall.mallId || decision === null) {
    return oauthError(400, 'invalid_request', 'This consent page is not known any more');
  }
  const outcome = outcomeOf(context, consent, decision, now);
  if (outcome.kind === 'denied') return redirectError(consent, 'access_denied', outcome.description);

  const code = opaqueToken();
  context.state.codes.set(code, {
    code,
    askedMallId: consent.mallId,
    grant: outcome.grant,
    redirectUri: consent.redirectUri,
    codeChallenge: consent.codeChallenge,
    issuedAt: now,
    used: false,
  });
  // A consent installs the app again where it had been removed.
  context.state.uninstalledMalls.delete(outcome.grant.mallId);
  return redirectTo(consent, { code, iss: context.issuer });
}

function outcomeOf(
  context: AuthorizeContext,
  consent: PendingConsent,
  decision: ConsentDecision,
  now: number,
):
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'denied'; readonly description: string } {
  const asked: Grant = {
    mallId: consent.mallId,
    clientId: consent.clientId,
    userId: context.mall.ownerId,
    scopes: consent.scopes,
    consentDeadlineAt: consentDeadline(now),
  };
  switch (decision) {
    case 'approve':
      return { kind: 'granted', grant: asked };
    case 'refuse':
      return { kind: 'denied', description: 'The resource owner denied the request' };
    case 'other-account-denied':
      return { kind: 'denied', description: 'Only the representative operator can approve the app' };
    case 'other-account':
      return { kind: 'granted', grant: { ...asked, userId: `${context.mall.ownerId}2` } };
    case 'fewer-scopes':
      return { kind: 'granted', grant: { ...asked, scopes: consent.scopes.slice(0, -1) } };
    case 'other-mall': {
      const other = otherMall(context.state, consent.mallId);
      return { kind: 'granted', grant: { ...asked, mallId: other.mallId, userId: other.ownerId } };
    }
  }
}

/** The next configured mall; with only one, a shop nobody configured but which exists all the same. */
function otherMall(state: Cafe24State, mallId: string): SimulatorMall {
  const known = [...state.malls.values()].find((mall) => mall.mallId !== mallId);
  if (known !== undefined) return known;
  state.malls.set(OTHER_MALL.mallId, OTHER_MALL);
  return OTHER_MALL;
}

function redirectError(back: ReturnAddress, error: string, description: string): Answer {
  return redirectTo(back, { error, error_description: description, trace_id: randomUUID() });
}

function redirectTo(back: ReturnAddress, parameters: Readonly<Record<string, string>>): Answer {
  const url = new URL(back.redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (back.state !== null) url.searchParams.set('state', back.state);
  return redirectAnswer(url.href);
}
