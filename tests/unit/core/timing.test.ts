import { expect, it } from 'vitest';
import {
  CONNECT_TIMEOUT_MS,
  CONSENT_WAIT_MS,
  LEASE_NEEDED_MS,
  LEASE_RENEWAL_MS,
  LEASE_TTL_MS,
  REQUEST_BUDGET,
  REQUEST_TIMEOUT_MS,
  STOP_WAIT_MS,
} from '../../../electron/core/timing.ts';
import { nextPresentation, PRESENTER_SILENCE_MS, troubleChangesAt } from '../../../shared/presentation.ts';
import { CODE_LIFE_MS } from '../../../shared/token-set.ts';
import { anIntent, NOW } from '../../support/heart-examples.ts';

/** At most this many token requests in two hours (docs/cafe24.md, 5), three of them for consents. */
const CAFE24_LIMIT = 15;

it('the bounds of leases, requests and waits leave each other room', () => {
  // A connection that comes up at the last moment leaves time for the answer.
  expect(CONNECT_TIMEOUT_MS).toBeLessThan(REQUEST_TIMEOUT_MS);
  // A request that begins with the least lease that is allowed ends before the lease does, renewal or not.
  expect(REQUEST_TIMEOUT_MS).toBeLessThan(LEASE_NEEDED_MS);
  // A fresh lease is enough to begin; one renewal may fail without the lease ending.
  expect(LEASE_NEEDED_MS).toBeLessThan(LEASE_TTL_MS);
  expect(2 * LEASE_RENEWAL_MS).toBeLessThan(LEASE_TTL_MS);
  // Who quits waits for a whole request.
  expect(STOP_WAIT_MS).toBeGreaterThanOrEqual(REQUEST_TIMEOUT_MS);
  // A consent that waited for the lease still exchanges well inside the code's minute.
  expect(CONSENT_WAIT_MS + REQUEST_TIMEOUT_MS).toBeLessThan(CODE_LIFE_MS);
  expect(REQUEST_BUDGET + 3).toBe(CAFE24_LIMIT);

  // Nobody takes a request for lost, or presents a token again, while it can still be in the air.
  const [surelyOverAt = 0] = troubleChangesAt(anIntent({ outcome: 'open' }));
  expect(surelyOverAt - NOW).toBeGreaterThan(REQUEST_TIMEOUT_MS);
  const wait = (observer: 'heir' | 'other') =>
    (nextPresentation(anIntent(), observer, 'client', Number.MAX_SAFE_INTEGER)?.at ?? 0) - NOW;
  expect(wait('heir')).toBeGreaterThan(REQUEST_TIMEOUT_MS);
  // Whoever holds another keeper's word for it waits longer than any lease stands.
  expect(wait('other')).toBe(PRESENTER_SILENCE_MS);
  expect(PRESENTER_SILENCE_MS).toBeGreaterThan(LEASE_TTL_MS + wait('heir'));
});
