import type { ParsedFault } from './faults.ts';
import { type Answer, type Delivery, errorEnvelope, htmlAnswer, jsonAnswer, oauthError } from './http.ts';
import { UNINSTALLED_APP } from './redeem.ts';

/** An answer and the way it leaves. */
export interface Outgoing {
  readonly answer: Answer;
  readonly delivery: Delivery;
}

const BROKEN_PAGE = '<!doctype html><title>Service unavailable</title><h1>Please try again later.</h1>';

/** What is sent instead of doing what the request asks, or null where the request is to be applied. */
export function insteadOfApplying(effect: ParsedFault | null, now: number): Outgoing | null {
  if (effect === null) return null;
  switch (effect.kind) {
    case 'drop':
    case 'status':
    case 'html':
      return effect.when === 'before' ? broken(effect) : null;
    case 'rate-limited':
      return complete(jsonAnswer(429, errorEnvelope(429, 'Too Many Requests'), retryAfter(effect, now)));
    case 'forbidden':
      return complete(jsonAnswer(403, errorEnvelope(403, 'Forbidden'), retryAfter(effect, now)));
    case 'uninstalled-app':
      return complete(oauthError(effect.status, effect.error, UNINSTALLED_APP.description));
    case 'wrong-secret-as-invalid-grant':
      return complete(oauthError(400, 'invalid_grant', 'Invalid client_secret'));
    case 'error':
      return complete(oauthError(effect.status, effect.error, effect.description));
    case 'delay':
    case 'cut':
    case 'fields':
    case 'no-rotation':
    case 'other-mall':
      return null;
  }
}

/** What becomes of the answer to a request that was applied. */
export function afterApplying(effect: ParsedFault | null, answer: Answer): Outgoing {
  if (effect === null) return complete(answer);
  switch (effect.kind) {
    case 'drop':
    case 'status':
    case 'html':
      return effect.when === 'after' ? broken(effect) : complete(answer);
    case 'cut':
      return { answer, delivery: 'cut' };
    case 'fields':
      return complete(withBody(answer, (body) => changeFields(body, effect)));
    case 'no-rotation':
      return complete(
        effect.answer === 'same'
          ? answer
          : withBody(answer, (body) =>
              changeFields(body, { remove: ['refresh_token'], rename: {}, set: {} }),
            ),
      );
    case 'other-mall':
      return complete(withBody(answer, (body) => ({ ...body, mall_id: effect.answeredMallId })));
    case 'delay':
    case 'rate-limited':
    case 'forbidden':
    case 'uninstalled-app':
    case 'wrong-secret-as-invalid-grant':
    case 'error':
      return complete(answer);
  }
}

function complete(answer: Answer): Outgoing {
  return { answer, delivery: 'complete' };
}

function broken(effect: Extract<ParsedFault, { kind: 'drop' | 'status' | 'html' }>): Outgoing {
  switch (effect.kind) {
    case 'drop':
      return { answer: jsonAnswer(200, null), delivery: effect.how };
    case 'status':
      return complete({
        status: effect.status,
        headers: { 'Content-Type': 'text/plain' },
        body: 'upstream error',
      });
    case 'html':
      return complete(htmlAnswer(effect.status, BROKEN_PAGE));
  }
}

function retryAfter(
  effect: Extract<ParsedFault, { kind: 'rate-limited' | 'forbidden' }>,
  now: number,
): Record<string, string> {
  const { retryAfterSeconds: seconds, form } = effect;
  if (seconds === undefined) return {};
  return {
    'Retry-After': form === 'seconds' ? String(seconds) : new Date(now + seconds * 1000).toUTCString(),
  };
}

/** Error answers stay as they are: a fault in the fields of a success must not disguise a refusal. */
function withBody(
  answer: Answer,
  change: (body: Record<string, unknown>) => Record<string, unknown>,
): Answer {
  if (answer.status !== 200) return answer;
  return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body) as Record<string, unknown>)) };
}

function changeFields(
  body: Record<string, unknown>,
  change: Pick<Extract<ParsedFault, { kind: 'fields' }>, 'remove' | 'rename' | 'set'>,
): Record<string, unknown> {
  const kept = Object.entries(body)
    .filter(([name]) => !change.remove.includes(name))
    .map(([name, value]) => [change.rename[name] ?? name, value]);
  return { ...Object.fromEntries(kept), ...change.set };
}
