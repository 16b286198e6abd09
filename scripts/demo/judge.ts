import type { StoreStatus } from './command-line.ts';
import type { RecordedRequest } from './simulator-client.ts';

/** One look at the window's countdown, between two looks at the server's clock. Times are epoch ms. */
export interface CountdownReading {
  readonly shownSeconds: number;
  readonly shownDeadlineAt: number;
  readonly serverBefore: number;
  readonly serverAfter: number;
  /** The deadline that the store holds at that time. */
  readonly storedDeadlineAt: number | null;
}

/** What was observed in a whole run, each part at its source. */
export interface Evidence {
  /** After everything has ended. */
  readonly requests: readonly RecordedRequest[];
  readonly store: StoreStatus;
  /** What the command line hands to a program that asks for an access token. */
  readonly servedToken: string;
  readonly countdowns: readonly CountdownReading[];
}

/** The countdown is floored to the second and drawn once a second; a busy machine draws a moment late. */
const COUNTDOWN_TOLERANCE_MS = 2_000;

/**
 * Whether the simulator's record and the store agree with what the operator did: one consent and one refresh.
 *
 * @returns what disagrees, in words without any token; empty when all agrees
 */
export function judge(evidence: Evidence): readonly string[] {
  return [
    ...judgeRequests(evidence.requests),
    ...judgeStore(evidence),
    ...judgeCountdowns(evidence.countdowns),
  ];
}

function judgeRequests(requests: readonly RecordedRequest[]): readonly string[] {
  const found: string[] = [];
  const grants = requests.map(({ grantType }) => grantType ?? 'none');
  if (grants.join(' ') !== 'authorization_code refresh_token') {
    found.push(
      `expected one authorization_code and then one refresh_token request, recorded: ${grants.join(' ') || 'none'}`,
    );
  }
  for (const { number, outcome, applied } of requests) {
    if (outcome.status !== 200 || outcome.delivery !== 'complete' || !applied) {
      found.push(
        `token request ${number} ended with ${outcome.status ?? 'no status'} ${outcome.error ?? ''} (${outcome.delivery})`,
      );
    }
  }
  const presented = requests.map((request) => request.presented ?? '');
  if (new Set(presented).size !== presented.length) found.push('a code or token was presented twice');
  for (const [index, request] of requests.entries()) {
    if (request.grantType !== 'refresh_token') continue;
    if (request.presented !== requests[index - 1]?.issued?.refreshToken) {
      found.push(
        `token request ${request.number} presented another refresh token than the one issued before it`,
      );
    }
  }
  return found;
}

function judgeStore({ store, servedToken, requests }: Evidence): readonly string[] {
  const found: string[] = [];
  if (store.state !== 'HEALTHY') {
    found.push(`expected the state HEALTHY, status says ${store.state} (${store.reason ?? 'no reason'})`);
  }
  if (store.exitCode !== 0) found.push(`status ended with exit code ${store.exitCode}, expected 0`);
  const issued = requests.at(-1)?.issued?.accessToken;
  if (issued === undefined || servedToken !== issued) {
    found.push('the store does not serve the access token that was issued last');
  }
  return found;
}

function judgeCountdowns(countdowns: readonly CountdownReading[]): readonly string[] {
  if (countdowns.length === 0) return ['no countdown was seen'];
  return countdowns.flatMap((reading) => {
    const found: string[] = [];
    if (reading.shownDeadlineAt !== reading.storedDeadlineAt) {
      found.push(
        `the window counts to ${reading.shownDeadlineAt}, the store holds ${reading.storedDeadlineAt}`,
      );
    }
    const offMs = countdownErrorMs(reading);
    if (offMs > COUNTDOWN_TOLERANCE_MS) {
      found.push(`the countdown of ${reading.shownSeconds} s is off by ${offMs} ms`);
    }
    return found;
  });
}

/** How far the shown seconds are from the stored deadline, at whatever moment between the two looks fits best. */
export function countdownErrorMs(reading: CountdownReading): number {
  const { shownSeconds, serverBefore, serverAfter, storedDeadlineAt } = reading;
  if (storedDeadlineAt === null) return Number.POSITIVE_INFINITY;
  // Floored: `shownSeconds` stands for up to one second more.
  const least = shownSeconds * 1000;
  const most = least + 999;
  const leftAtMost = storedDeadlineAt - serverBefore;
  const leftAtLeast = storedDeadlineAt - serverAfter;
  return Math.max(0, least - leftAtMost, leftAtLeast - most);
}
