import { z } from 'zod';
import { faultSchema } from './faults.ts';
import { type Answer, jsonAnswer, type SimRequest } from './http.ts';
import type { Simulator } from './simulator.ts';

const clock = z.union([z.strictObject({ now: z.int() }), z.strictObject({ advance: z.int() })]);
const issue = z.strictObject({
  mallId: z.string(),
  clientId: z.string().optional(),
  userId: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  issuedAt: z.int().optional(),
  expiresAt: z.int().optional(),
  refreshTokenExpiresAt: z.int().optional(),
  diesAt: z.int().optional(),
});
const mall = z.strictObject({ mallId: z.string() });
const client = z.strictObject({
  clientId: z.string(),
  redirectUris: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  pkceRequired: z.boolean().optional(),
});
const secret = z.strictObject({ clientId: z.string(), newSecret: z.string().min(1) });
const deadline = z.strictObject({ kind: z.enum(['rolling', 'fixed']) });
const rotation = z.strictObject({ mallId: z.string(), refreshToken: z.string() });

type Control = (simulator: Simulator, body: unknown) => unknown;

/** The programmatic interface for other processes. Mall ids hold no underscore, so `/__` is never a mall. */
const CONTROLS: Readonly<Record<string, Control>> = {
  'GET /__clock': (simulator) => ({ now: simulator.now() }),
  'POST /__clock': (simulator, body) => {
    const move = clock.parse(body);
    if ('now' in move) simulator.setNow(move.now);
    else simulator.advance(move.advance);
    return { now: simulator.now() };
  },
  'GET /__requests': (simulator) => ({ requests: simulator.requests }),
  'GET /__revocations': (simulator) => ({ revocations: simulator.revocations }),
  'GET /__faults': (simulator) => ({ faults: simulator.faults.pending() }),
  'POST /__faults': (simulator, body) => {
    const faults = z.array(faultSchema).parse(Array.isArray(body) ? body : [body]);
    for (const fault of faults) simulator.faults.add(fault);
    return { faults: simulator.faults.pending() };
  },
  'DELETE /__faults': (simulator) => simulator.faults.clear(),
  'POST /__issue': (simulator, body) => {
    const { mallId, ...overrides } = issue.parse(body);
    return simulator.issue(mallId, overrides);
  },
  'POST /__rotate': (simulator, body) => {
    const { mallId, refreshToken } = rotation.parse(body);
    return simulator.rotateElsewhere(mallId, refreshToken);
  },
  'POST /__secret': (simulator, body) => {
    const { clientId, newSecret } = secret.parse(body);
    simulator.revokeSecret(clientId, newSecret);
  },
  'POST /__deadline': (simulator, body) => simulator.setDeadline(deadline.parse(body).kind),
  'POST /__client': (simulator, body) => {
    const { clientId, redirectUris, scopes, pkceRequired } = client.parse(body);
    simulator.updateClient(clientId, {
      ...(redirectUris && { redirectUris }),
      ...(scopes && { scopes }),
      ...(pkceRequired !== undefined && { pkceRequired }),
    });
  },
  'POST /__uninstall': (simulator, body) => simulator.uninstall(mall.parse(body).mallId),
  'POST /__reinstall': (simulator, body) => simulator.reinstall(mall.parse(body).mallId),
  'POST /__reset': (simulator) => simulator.reset(),
};

/** Answers `/__...`: 200 with the result, or 400 with what is wrong with the command. */
export function answerControl(simulator: Simulator, request: SimRequest): Answer {
  const control = CONTROLS[`${request.method} ${request.pathname}`];
  if (control === undefined)
    return jsonAnswer(404, { error: 'no such command', commands: Object.keys(CONTROLS) });
  try {
    const body: unknown = request.body === '' ? undefined : JSON.parse(request.body);
    return jsonAnswer(200, control(simulator, body) ?? { ok: true });
  } catch (error) {
    return jsonAnswer(400, { error: explain(error) });
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
