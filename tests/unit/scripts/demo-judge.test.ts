import { describe, expect, it } from 'vitest';
import { countdownErrorMs, type Evidence, judge } from '../../../scripts/demo/judge.ts';

type Request = Evidence['requests'][number];

const SERVER = Date.UTC(2026, 2, 2, 1, 12);
const DEADLINE = SERVER + 14 * 24 * 60 * 60_000;

const consent: Request = {
  number: 1,
  at: SERVER,
  grantType: 'authorization_code',
  presented: 'code-1',
  outcome: { status: 200, error: null, delivery: 'complete' },
  applied: true,
  issued: { accessToken: 'access-1', refreshToken: 'refresh-1' },
};
const refresh: Request = {
  ...consent,
  number: 2,
  grantType: 'refresh_token',
  presented: 'refresh-1',
  issued: { accessToken: 'access-2', refreshToken: 'refresh-2' },
};
const reading: Evidence['countdowns'][number] = {
  shownSeconds: 14 * 24 * 3600 - 3,
  shownDeadlineAt: DEADLINE,
  serverBefore: SERVER + 2_000,
  serverAfter: SERVER + 2_100,
  storedDeadlineAt: DEADLINE,
};
const asItShouldBe: Evidence = {
  requests: [consent, refresh],
  store: {
    state: 'HEALTHY',
    reason: null,
    refresh_token_expires_at: DEADLINE,
    expires_at: SERVER + 7_200_000,
    store: { kind: 'local', reachable: true },
    exitCode: 0,
  },
  servedToken: 'access-2',
  countdowns: [reading],
};

describe('the judgement of npm start without a display', () => {
  it('finds nothing in a run of one consent and one refresh', () => {
    expect(judge(asItShouldBe)).toEqual([]);
  });

  const { store } = asItShouldBe;
  it.each<readonly [what: string, doctored: Partial<Evidence>, said: string]>([
    ['no request at all', { requests: [] }, 'recorded: none'],
    ['no refresh', { requests: [consent], servedToken: 'access-1' }, 'recorded: authorization_code'],
    [
      'one refresh too many',
      { requests: [consent, refresh, { ...refresh, number: 3, presented: 'refresh-2' }] },
      'recorded: authorization_code refresh_token refresh_token',
    ],
    [
      'a refresh token presented twice',
      { requests: [consent, refresh, { ...refresh, number: 3 }] },
      'presented twice',
    ],
    [
      'another refresh token than the one that was issued',
      { requests: [consent, { ...refresh, presented: 'refresh-0' }] },
      'presented another refresh token',
    ],
    [
      'a refresh that was refused',
      {
        requests: [
          consent,
          {
            ...refresh,
            outcome: { status: 400, error: 'invalid_grant', delivery: 'complete' },
            applied: false,
          },
        ],
      },
      'token request 2 ended with 400 invalid_grant',
    ],
    [
      'an answer that got lost',
      { requests: [consent, { ...refresh, outcome: { status: null, error: null, delivery: 'dropped' } }] },
      'token request 2 ended with no status',
    ],
    ['a state that is not HEALTHY', { store: { ...store, state: 'UNCONFIRMED' } }, 'says UNCONFIRMED'],
    ['a status that ends with 3', { store: { ...store, exitCode: 3 } }, 'exit code 3'],
    ['the token before the last', { servedToken: 'access-1' }, 'does not serve'],
    ['no token', { servedToken: '' }, 'does not serve'],
    ['no countdown', { countdowns: [] }, 'no countdown'],
    [
      'a countdown to another deadline',
      { countdowns: [{ ...reading, shownDeadlineAt: DEADLINE - 1 }] },
      'the store holds',
    ],
    [
      'a countdown that lags by four seconds',
      { countdowns: [{ ...reading, shownSeconds: reading.shownSeconds + 4 }] },
      'off by',
    ],
    [
      'a countdown that runs ahead by four seconds',
      { countdowns: [{ ...reading, shownSeconds: reading.shownSeconds - 4 }] },
      'off by',
    ],
    [
      'a store without a deadline',
      { countdowns: [{ ...reading, storedDeadlineAt: null }] },
      'off by Infinity',
    ],
  ])('does not pass over %s', (_, doctored, said) => {
    expect(judge({ ...asItShouldBe, ...doctored }).join('\n')).toContain(said);
  });

  it('tells no token', () => {
    const doctored = {
      ...asItShouldBe,
      requests: [consent, { ...refresh, presented: 'refresh-0' }, refresh],
    };
    expect(judge(doctored).join('\n')).not.toMatch(/access-|refresh-\d|code-/);
  });
});

describe('how far a countdown is off', () => {
  it.each([
    ['right at the first look', 0, 0],
    ['one second behind, within what flooring and a look take', 1, 0],
    ['three seconds too many', 4, 3_000],
  ])('%s', (_, extraSeconds, offMs) => {
    const shownSeconds = (DEADLINE - SERVER) / 1000 - 3 + extraSeconds;
    expect(countdownErrorMs({ ...reading, shownSeconds })).toBe(offMs);
  });
});
