import { answerAdminRequest } from './admin-routes.ts';
import { answerAuthorizeRequest, answerDecision } from './authorize-endpoint.ts';
import type { Cafe24State } from './cafe24-state.ts';
import { answerControl } from './control-routes.ts';
import { exchange } from './exchange.ts';
import type { FaultArea, FaultPlan, ParsedFault } from './faults.ts';
import {
  type Answer,
  type Delivered,
  type Delivery,
  errorEnvelope,
  jsonAnswer,
  type SimRequest,
} from './http.ts';
import type { SimulatorMall } from './registration.ts';
import type { HookPhase, Simulator, TokenRequestContext } from './simulator.ts';
import type { TokenBodyForm } from './token-body.ts';
import { answerRevokeRequest } from './token-endpoint.ts';
import { handleTokenRequest } from './token-handler.ts';
import type { RequestLog } from './token-record.ts';

export interface RouterParts {
  readonly simulator: Simulator;
  readonly hidesClock: boolean;
  readonly state: Cafe24State;
  readonly log: RequestLog;
  readonly bodyForm: TokenBodyForm;
  readonly signal: AbortSignal;
  readonly takeFaults: (area: FaultArea, mallId: string | null, grantType: string | null) => FaultPlan;
  readonly runHooks: (phase: HookPhase, context: TokenRequestContext) => Promise<void>;
}

type Send = (answer: Answer, delivery: Delivery) => Promise<Delivered>;

const AUTHORIZE_PATH = '/api/v2/oauth/authorize';
const DECISION_PATH = `${AUTHORIZE_PATH}/decision`;
const ADMIN_PREFIX = '/api/v2/admin/';

/** Finds what a request is for and answers it through `send`. */
export async function route(parts: RouterParts, request: SimRequest, send: Send): Promise<void> {
  const { pathname, method } = request;
  if (pathname.startsWith('/__')) {
    const isHidden = parts.hidesClock && method === 'GET' && pathname === '/__clock';
    const answer = isHidden ? jsonAnswer(404, { error: 'hidden' }) : answerControl(parts.simulator, request);
    await send(answer, 'complete');
    return;
  }
  const [, mallId = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(pathname) ?? [];
  const mall = parts.state.malls.get(mallId);
  const isHome = rest === '' || rest === '/';

  if (method === 'HEAD' && isHome && (mallId === '' || mall !== undefined)) {
    await answerIn(parts, 'head', mallId, send, () => ({ status: 200, headers: {}, body: '' }));
  } else if (mallId === '') {
    await send(plainText(200, 'Cafe24 simulator. Malls live under /{mall_id}.'), 'complete');
  } else if (mall === undefined) {
    await send(jsonAnswer(404, errorEnvelope(404, `No such mall: ${mallId}`)), 'complete');
  } else {
    await answerMall(parts, mall, rest, request, send);
  }
}

async function answerMall(
  parts: RouterParts,
  mall: SimulatorMall,
  path: string,
  request: SimRequest,
  send: Send,
): Promise<void> {
  const { state } = parts;
  const { mallId } = mall;
  const issuer = `${parts.simulator.origin}/${mallId}`;
  const authorize = { state, mall, issuer, decisionPath: `/${mallId}${DECISION_PATH}` };
  if (path.startsWith(ADMIN_PREFIX)) {
    return answerIn(parts, 'admin', mallId, send, (now) =>
      answerAdminRequest(state, mallId, path, request, now),
    );
  }
  switch (`${request.method} ${path}`) {
    case 'POST /api/v2/oauth/token':
      return handleTokenRequest(
        {
          ...parts,
          send,
          now: parts.simulator.now,
          takeFaults: (id, grantType) => parts.takeFaults('token', id, grantType),
        },
        mallId,
        request,
      );
    case 'POST /api/v2/oauth/revoke':
      return answerIn(parts, 'revoke', mallId, send, (now) =>
        answerRevokeRequest(state, mallId, request, now),
      );
    case `GET ${AUTHORIZE_PATH}`:
      return answerIn(parts, 'authorize', mallId, send, (_now, effect) =>
        answerAuthorizeRequest(authorize, request.query, effect),
      );
    case `POST ${DECISION_PATH}`:
      await send(answerDecision(authorize, request, parts.simulator.now()), 'complete');
      return;
    default:
      await send(jsonAnswer(404, errorEnvelope(404, 'Not Found')), 'complete');
  }
}

async function answerIn(
  parts: RouterParts,
  area: FaultArea,
  mallId: string,
  send: Send,
  apply: (now: number, effect: ParsedFault | null) => Answer,
): Promise<void> {
  const plan = parts.takeFaults(area, mallId, null);
  // An error at the authorization endpoint is a redirect, so the endpoint itself has to send it.
  const redirected = area === 'authorize' && plan.effect?.kind === 'error';
  const outgoing = await exchange(
    redirected ? { ...plan, effect: null } : plan,
    parts.simulator.now,
    parts.signal,
    (now) => apply(now, plan.effect),
  );
  await send(outgoing.answer, outgoing.delivery);
}

function plainText(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body };
}
