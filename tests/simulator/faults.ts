import { z } from 'zod';
import { UNINSTALLED_APP } from './redeem.ts';
import { OTHER_MALL } from './registration.ts';

/** The kinds of requests a fault can lie in wait for. */
export type FaultArea = 'token' | 'revoke' | 'authorize' | 'admin' | 'head';

const when = z.enum(['before', 'after']);
const fields = {
  on: z.enum(['token', 'revoke', 'authorize', 'admin', 'head']).default('token'),
  /** How many requests it meets before it is used up. */
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  mallId: z.string().optional(),
  grantType: z.enum(['authorization_code', 'refresh_token']).optional(),
};

/** Retry-After as seconds or as an HTTP date of the simulated clock, or none. */
const retryAfterFields = {
  retryAfterSeconds: z.int().nonnegative().optional(),
  form: z.enum(['seconds', 'date']).default('seconds'),
};

/** `before` and `after` say whether the request took effect (a code used, a token rotated) before the fault. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Waits in real time. It combines with one other fault. */
  z.strictObject({
    ...fields,
    kind: z.literal('delay'),
    ms: z.int().nonnegative(),
    when: when.default('before'),
  }),
  /** Destroys the connection without an answer. */
  z.strictObject({
    ...fields,
    kind: z.literal('drop'),
    when,
    how: z.enum(['reset', 'close']).default('reset'),
  }),
  /** Answers with a bare status of a gateway or a broken server, 500 to 599. */
  z.strictObject({
    ...fields,
    kind: z.literal('status'),
    when,
    status: z.int().min(500).max(599).default(503),
  }),
  /** Answers with an HTML page under any status. */
  z.strictObject({
    ...fields,
    kind: z.literal('html'),
    when,
    status: z.int().min(200).max(599).default(200),
  }),
  /** Applies the request, promises the whole answer, sends half of it and destroys the connection. */
  z.strictObject({ ...fields, kind: z.literal('cut') }),
  /** Applies the request and changes fields of the answer: removed first, then renamed, then set. */
  z.strictObject({
    ...fields,
    kind: z.literal('fields'),
    remove: z.array(z.string()).default([]),
    rename: z.record(z.string(), z.string()).default({}),
    set: z.record(z.string(), z.unknown()).default({}),
  }),
  /** Answers a refresh without rotating: the old refresh token lives on and is left out, or repeated. */
  z.strictObject({
    ...fields,
    kind: z.literal('no-rotation'),
    answer: z.enum(['absent', 'same']).default('absent'),
  }),
  /** Applies the request and names another mall in the answer. */
  z.strictObject({
    ...fields,
    kind: z.literal('other-mall'),
    answeredMallId: z.string().default(OTHER_MALL.mallId),
  }),
  /** 429 before applying. */
  z.strictObject({ ...fields, ...retryAfterFields, kind: z.literal('rate-limited') }),
  /** 403 before applying. */
  z.strictObject({ ...fields, ...retryAfterFields, kind: z.literal('forbidden') }),
  /** What the platform sent to everybody by mistake on 2025-02-19; status and code are not known. */
  z.strictObject({
    ...fields,
    kind: z.literal('uninstalled-app'),
    status: z.int().min(400).max(499).default(UNINSTALLED_APP.status),
    error: z.string().default(UNINSTALLED_APP.error),
  }),
  /** `invalid_client` in the disguise it was once seen in. */
  z.strictObject({ ...fields, kind: z.literal('wrong-secret-as-invalid-grant') }),
  /** Any OAuth error before applying; without more an unknown code. At `authorize` it redirects with it. */
  z.strictObject({
    ...fields,
    kind: z.literal('error'),
    status: z.int().min(400).max(499).default(400),
    error: z.string().default('unexpected_condition'),
    description: z.string().default('Something unexpected happened.'),
  }),
]);

/** A fault as a test writes it; everything but `kind` and what the kind needs has a default. */
export type Fault = z.input<typeof faultSchema>;
export type ParsedFault = z.output<typeof faultSchema>;

/** What one request meets: delays around its effect and at most one other fault. */
export interface FaultPlan {
  readonly delayBeforeMs: number;
  readonly delayAfterMs: number;
  readonly effect: ParsedFault | null;
}

/** These change a token answer and mean nothing anywhere else. */
const TOKEN_ONLY: ReadonlySet<ParsedFault['kind']> = new Set([
  'fields',
  'no-rotation',
  'other-mall',
  'wrong-secret-as-invalid-grant',
]);

/** Reads a fault, or throws with what is wrong with it. */
export function parseFault(input: unknown): ParsedFault {
  const fault = faultSchema.parse(input);
  if (TOKEN_ONLY.has(fault.kind) && fault.on !== 'token') {
    throw new Error(`the fault "${fault.kind}" only makes sense on token requests`);
  }
  return fault;
}

/** A queue of faults: a request takes the first delay and the first other fault that match it. */
export function createFaultQueue(): {
  add(fault: Fault): void;
  clear(): void;
  pending(): readonly ParsedFault[];
  take(area: FaultArea, mallId: string | null, grantType: string | null): FaultPlan;
} {
  let queue: readonly { readonly fault: ParsedFault; readonly left: number }[] = [];

  function takeFirst(matches: (fault: ParsedFault) => boolean): ParsedFault | null {
    const hit = queue.find((entry) => matches(entry.fault));
    if (hit === undefined) return null;
    queue = queue
      .map((entry) => (entry === hit ? { ...entry, left: entry.left - 1 } : entry))
      .filter((entry) => entry.left > 0);
    return hit.fault;
  }

  return {
    add(input) {
      const fault = parseFault(input);
      queue = [...queue, { fault, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : fault.times }];
    },
    clear() {
      queue = [];
    },
    pending: () => queue.map((entry) => entry.fault),
    take(area, mallId, grantType) {
      const matches = (fault: ParsedFault): boolean =>
        fault.on === area &&
        (fault.mallId === undefined || fault.mallId === mallId) &&
        (fault.grantType === undefined || fault.grantType === grantType);
      const delay = takeFirst((fault) => fault.kind === 'delay' && matches(fault));
      const effect = takeFirst((fault) => fault.kind !== 'delay' && matches(fault));
      const delayMs = delay?.kind === 'delay' ? delay.ms : 0;
      const delaysAfter = delay?.kind === 'delay' && delay.when === 'after';
      return { delayBeforeMs: delaysAfter ? 0 : delayMs, delayAfterMs: delaysAfter ? delayMs : 0, effect };
    },
  };
}
