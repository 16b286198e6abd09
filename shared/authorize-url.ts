/** The address of Cafe24's consent page, and the `state` that comes back from it. */

/** `{port}.{32 random bytes, base64url}`: the relay page reads the port, the local server compares the whole. */
const STATE_FORM = /^(0|[1-9]\d{0,4})\.[A-Za-z0-9_-]{43}$/;

/** The port of a state that no local server waits for: the relay page shows its code and forwards nothing. */
export const NO_PORT = 0;

export function oauthStateOf(port: number, random: string): string {
  return `${port}.${random}`;
}

/** The port a state names, or null where the text has not the form of a state. */
export function portOfState(state: string): number | null {
  const port = Number(STATE_FORM.exec(state)?.[1] ?? Number.NaN);
  return port <= 65_535 ? port : null;
}

export interface AuthorizeRequest {
  /** The API origin of the mall (`apiOriginOf`); may have a path. */
  readonly apiOrigin: string;
  readonly clientId: string;
  /** Exactly as registered. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string;
  /** S256 challenge, where PKCE is switched on (RFC 7636, section 4.3). */
  readonly codeChallenge: string | null;
}

/** Scopes are joined with commas: spaces were answered with `invalid_scope` (docs/cafe24.md, 7). */
export function authorizeUrlOf(request: AuthorizeRequest): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: request.clientId,
    state: request.state,
    redirect_uri: request.redirectUri,
    scope: [...new Set(request.scopes)].join(','),
  });
  if (request.codeChallenge !== null) {
    query.set('code_challenge', request.codeChallenge);
    query.set('code_challenge_method', 'S256');
  }
  return `${request.apiOrigin.replace(/\/+$/, '')}/api/v2/oauth/authorize?${query}`;
}

/** Whether a scope has the form of Cafe24's: `mall.read_product`. One that is not ticked blocks every consent. */
export function isPlausibleScope(scope: string): boolean {
  return /^mall\.(?:read|write)_[a-z0-9_]+$/.test(scope);
}
