import { type AccessToken, type Cafe24State, isLive } from './cafe24-state.ts';
import { type Answer, errorEnvelope, jsonAnswer, type SimRequest } from './http.ts';
import { ADMIN_BUCKET_SIZE, countAdminCall } from './limits.ts';
import { DEFAULT_SCOPE } from './registration.ts';

/** The versions this simulated platform knows; any other one in the header gives 400. */
export const API_VERSIONS: readonly string[] = ['2025-12-01', '2026-03-01', '2026-06-01', '2026-09-01'];

interface Probe {
  readonly scope: string;
  readonly body: (mallId: string) => unknown;
}

const PROBES: Readonly<Record<string, Probe>> = {
  '/api/v2/admin/products/count': { scope: 'mall.read_product', body: () => ({ count: 42 }) },
  '/api/v2/admin/store': {
    scope: 'mall.read_store',
    body: (mallId) => ({ store: { shop_no: 1, mall_id: mallId, shop_name: `Shop ${mallId}` } }),
  },
  '/api/v2/admin/webhooks/setting': {
    scope: DEFAULT_SCOPE,
    body: () => ({ webhook: { reception_status: 'T' } }),
  },
};

/** `GET /api/v2/admin/...`: the cheap probes that tell whether an access token works. */
export function answerAdminRequest(
  state: Cafe24State,
  mallId: string,
  path: string,
  request: SimRequest,
  now: number,
): Answer {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = state.accessTokens.get(bearer);
  if (token === undefined || token.grant.mallId !== mallId || !isLive(token, now)) {
    return jsonAnswer(401, errorEnvelope(401, 'access_token time expired. (invalid_token)'));
  }
  const { accepted, fill } = countAdminCall(state, token.grant.clientId, mallId, now);
  const headers = { 'X-Api-Call-Limit': `${fill}/${ADMIN_BUCKET_SIZE}` };
  if (!accepted) return jsonAnswer(429, errorEnvelope(429, 'Too Many Requests'), headers);
  return jsonAnswer(...probe(state, token, path, request), headers);
}

function probe(
  state: Cafe24State,
  token: AccessToken,
  path: string,
  request: SimRequest,
): [status: number, body: unknown] {
  const { mallId, scopes } = token.grant;
  if (state.uninstalledMalls.has(mallId)) return [403, errorEnvelope(403, 'The app is not installed.')];
  const version = request.headers['x-cafe24-api-version'];
  if (version !== undefined && !API_VERSIONS.includes(String(version))) {
    return [400, errorEnvelope(400, 'Invalid X-Cafe24-Api-Version')];
  }
  const known = PROBES[path];
  if (known === undefined) return [404, errorEnvelope(404, 'Not Found')];
  if (request.method !== 'GET') return [405, errorEnvelope(405, 'Method Not Allowed')];
  if (known.scope !== DEFAULT_SCOPE && !scopes.includes(known.scope)) {
    return [403, errorEnvelope(403, `The scope ${known.scope} is missing. (insufficient_scope)`)];
  }
  return [200, known.body(mallId)];
}
