/**
 * Asks others what time it is: the API origin by its Date, a simulator by its clock. How long an answer was under way is
 * measured by the monotonic clock, which nobody sets.
 */
import type { Code } from '../../shared/codes.ts';
import { apiOriginOf } from '../../shared/configuration.ts';
import { request } from './http/undici-parts.ts';
import { codeOf } from './network/failure.ts';
import type { Network } from './network/network.ts';
import { dateOf } from './token-endpoint.ts';

const HEAD_TIMEOUT_MS = 5000;
/** Between question and answer the two clocks part by more than this only where one was set, or the host slept. */
const PARTED_MS = 1000;
const MOST_QUESTIONS = 3;

/** The host's two clocks, read together. */
export interface Clocks {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function readClocks(): Clocks {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}

/** By how much the host's clock went farther than time did. */
export function partedSince(before: Clocks, wallMs: number, monotonicMs: number): number {
  return wallMs - before.wallMs - (monotonicMs - before.monotonicMs);
}

/** Where the server's time is to be had. */
export interface ServerPlace {
  readonly apiOrigin: string;
  readonly network: Pick<Network, 'dispatcher'>;
  /** Any configured mall, for the host name of the HEAD; null while none is configured. */
  mall(): string | null;
}

/**
 * How far the clock that `ask` reads is ahead of the host's, ms; or why it told no time. It is asked again where the
 * host's clock was set meanwhile, as it is right after a start: nobody knows of which of the two the answer speaks.
 */
export async function measureAhead<Why extends string>(
  ask: () => Promise<number | Why>,
): Promise<number | Why | 'the host clock was set'> {
  for (let asked = 0; asked < MOST_QUESTIONS; asked += 1) {
    const before = readClocks();
    const answer = await ask();
    const { wallMs, monotonicMs } = readClocks();
    if (typeof answer === 'string') return answer;
    const underWayMs = monotonicMs - before.monotonicMs;
    if (Math.abs(partedSince(before, wallMs, monotonicMs)) <= PARTED_MS)
      return answer + underWayMs / 2 - wallMs;
  }
  return 'the host clock was set';
}

/** The Date of one unauthenticated HEAD, epoch ms, or why there is none; no token is ever spent to learn the time. */
export async function headDate({
  apiOrigin,
  mall,
  network,
}: ServerPlace): Promise<number | Code | 'no Date'> {
  const name = mall();
  if (name === null) return 'client.not_configured';
  try {
    const response = await request(network.dispatcher, `${apiOriginOf(apiOrigin, name)}/`, {
      method: 'HEAD',
      reset: true,
      signal: AbortSignal.timeout(HEAD_TIMEOUT_MS),
    });
    await response.body.dump();
    const { date } = response.headers;
    return dateOf(typeof date === 'string' ? date : null) ?? 'no Date';
  } catch (error) {
    return codeOf(error);
  }
}

/**
 * `GET /__clock` at the root of the simulator's host: its time, `none` where there is no such clock and the real one
 * counts, `silent` where nothing could be learned.
 */
export async function simulatorNow({
  apiOrigin,
  network: { dispatcher },
}: Pick<ServerPlace, 'apiOrigin' | 'network'>): Promise<number | 'none' | 'silent'> {
  try {
    const response = await request(
      dispatcher,
      new URL('/__clock', new URL(apiOriginOf(apiOrigin, 'x')).origin),
      {
        reset: true,
        signal: AbortSignal.timeout(HEAD_TIMEOUT_MS),
      },
    );
    const body: unknown = response.statusCode === 200 ? await response.body.json() : null;
    if (response.statusCode !== 200) await response.body.dump();
    const now = typeof body === 'object' && body !== null && 'now' in body ? body.now : null;
    if (typeof now === 'number' && Number.isFinite(now)) return now;
    return response.statusCode === 404 ? 'none' : 'silent';
  } catch {
    return 'silent';
  }
}
