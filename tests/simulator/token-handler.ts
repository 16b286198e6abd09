import type { Cafe24State } from './cafe24-state.ts';
import { exchange } from './exchange.ts';
import type { FaultPlan } from './faults.ts';
import type { Answer, Delivered, Delivery, SimRequest } from './http.ts';
import type { HookPhase, TokenRequestContext } from './simulator.ts';
import type { TokenBodyForm } from './token-body.ts';
import { answerTokenRequest, readClaims } from './token-endpoint.ts';
import type { RequestLog } from './token-record.ts';

export interface TokenHandlerParts {
  readonly state: Cafe24State;
  readonly log: RequestLog;
  readonly bodyForm: TokenBodyForm;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly takeFaults: (mallId: string, grantType: string | null) => FaultPlan;
  readonly runHooks: (phase: HookPhase, context: TokenRequestContext) => Promise<void>;
  readonly send: (answer: Answer, delivery: Delivery) => Promise<Delivered>;
}

/** One POST to the token endpoint with its record, hooks and faults. */
export async function handleTokenRequest(
  parts: TokenHandlerParts,
  mallId: string,
  request: SimRequest,
): Promise<void> {
  const claims = readClaims(request);
  const record = parts.log.open({
    at: parts.now(),
    mallId,
    clientId: claims.clientId,
    grantType: claims.grantType,
    presented: claims.refreshToken ?? claims.code,
  });
  const context: TokenRequestContext = { mallId, ...claims, issued: null };
  await parts.runHooks('before', context);

  const plan = parts.takeFaults(mallId, claims.grantType);
  const outgoing = await exchange(
    plan,
    parts.now,
    parts.signal,
    (now) => {
      const { answer, result } = answerTokenRequest(
        parts.state,
        mallId,
        request,
        now,
        plan.effect,
        parts.bodyForm,
      );
      if (result?.kind === 'issued') record.amend({ applied: true, issued: result.set });
      return answer;
    },
    async () => {
      const { issued } = record.current();
      if (issued !== null) await parts.runHooks('after-apply', { ...context, issued });
    },
  );

  // Written down before it leaves: whoever has the answer finds it in the record.
  const unanswered = outgoing.delivery === 'reset' || outgoing.delivery === 'close';
  const status = unanswered ? null : outgoing.answer.status;
  const error = unanswered ? null : statedError(outgoing.answer);
  const planned = unanswered ? 'dropped' : outgoing.delivery === 'cut' ? 'cut' : 'complete';
  record.amend({ outcome: { status, error, delivery: planned } });
  const delivered = await parts.send(outgoing.answer, outgoing.delivery);
  if (delivered !== planned) record.amend({ outcome: { status, error, delivery: delivered } });
}

function statedError(answer: Answer): string | null {
  if (!answer.headers['Content-Type']?.startsWith('application/json')) return null;
  const body: unknown = JSON.parse(answer.body);
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  return typeof body.error === 'string' ? body.error : JSON.stringify(body.error);
}
