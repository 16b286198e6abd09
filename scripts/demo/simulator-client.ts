import { z } from 'zod';

const issuedSchema = z.object({ accessToken: z.string(), refreshToken: z.string() });

const recordSchema = z.object({
  number: z.int(),
  at: z.number(),
  grantType: z.string().nullable(),
  presented: z.string().nullable(),
  outcome: z.object({
    status: z.int().nullable(),
    error: z.string().nullable(),
    delivery: z.string(),
  }),
  applied: z.boolean(),
  issued: issuedSchema.nullable(),
});

/** One token request as the simulator saw it. It holds tokens: nothing of it but its shape goes into a transcript. */
export type RecordedRequest = z.infer<typeof recordSchema>;

const requestsSchema = z.object({ requests: z.array(recordSchema) });
const clockSchema = z.object({ now: z.number() });

export interface SimulatorClient {
  /** Its clock, epoch ms. */
  now(): Promise<number>;
  /** Moves its clock on, and gives what it says then. */
  advance(ms: number): Promise<number>;
  setNow(now: number): Promise<number>;
  /** Whether a refresh moves the deadline of 14 days. */
  setDeadline(kind: 'rolling' | 'fixed'): Promise<void>;
  /** Every token request so far, in order. */
  requests(): Promise<readonly RecordedRequest[]>;
}

/** The simulator's clock, commands and records, over HTTP like any other process (tests/simulator/README.md). */
export function connectSimulator(origin: string): SimulatorClient {
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const moveClock = async (move: unknown) => clockSchema.parse(await call('POST', '/__clock', move)).now;
  return {
    now: async () => clockSchema.parse(await call('GET', '/__clock')).now,
    advance: (ms) => moveClock({ advance: ms }),
    setNow: (now) => moveClock({ now }),
    async setDeadline(kind) {
      await call('POST', '/__deadline', { kind });
    },
    requests: async () => requestsSchema.parse(await call('GET', '/__requests')).requests,
  };
}
