import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { until } from '../../../support/poll.ts';
import type { Bench } from './bench.ts';
import { unwrap } from './unwrap.ts';

const HOUR_MS = 60 * 60_000;
/** Long enough not to end during a test. */
const LEASE_MS = 30_000;

export function promiseLease(bench: Bench): void {
  describe('the lease', () => {
    const take = async (owner: string, by = bench.store, ttlMs = LEASE_MS) =>
      unwrap(await by.takeLease(bench.mall, owner, ttlMs));

    test('is taken once, and shown to everybody', async () => {
      expect(await take('me')).toMatchObject({ taken: true, view: { leaseOwner: 'me' } });
      expect(await take('you', bench.other)).toMatchObject({ taken: false, view: { leaseOwner: 'me' } });
      expect((await bench.read(bench.other)).leaseOwner).toBe('me');
    });

    test("is its owner's still when it asks again: the first answer may have been lost", async () => {
      await take('me');
      expect(await take('me')).toMatchObject({ taken: true });
    });

    test('is renewed and released by its owner only', async () => {
      await take('me');
      expect(unwrap(await bench.other.renewLease(bench.mall, 'you', LEASE_MS))).toBe(false);
      unwrap(await bench.other.releaseLease(bench.mall, 'you'));
      expect((await bench.read()).leaseOwner).toBe('me');
      expect(unwrap(await bench.store.renewLease(bench.mall, 'me', LEASE_MS))).toBe(true);
      unwrap(await bench.store.releaseLease(bench.mall, 'me'));
      expect((await bench.read()).leaseOwner).toBeNull();
      expect(await take('you', bench.other)).toMatchObject({ taken: true });
    });

    test('ends by itself, in real time, and cannot be renewed afterwards', async () => {
      await take('me', bench.store, 60);
      await until(async () => (await take('you', bench.other)).taken, { timeoutMs: 30_000, what: 'the end' });
      expect(unwrap(await bench.store.renewLease(bench.mall, 'me', LEASE_MS))).toBe(false);
      expect((await bench.read()).leaseOwner).toBe('you');
    });

    test('lives as long as it is renewed for', async () => {
      // On a busy machine the renewal comes late.
      const firstMs = 2_000;
      await take('me', bench.store, firstMs);
      expect(unwrap(await bench.store.renewLease(bench.mall, 'me', LEASE_MS))).toBe(true);
      await pause(firstMs);
      bench.offsetMs = HOUR_MS;
      expect((await bench.read()).leaseOwner).toBe('me');
    });

    test('is compared by a commit, and given up in the same step', async () => {
      await take('me');
      const publish = (owner: string) =>
        bench.commit({ expect: { leaseOwner: owner }, text: owner, releaseLease: owner });
      expect(await publish('you')).toMatchObject({ kind: 'moved', view: { leaseOwner: 'me', text: null } });
      expect(await publish('me')).toMatchObject({ kind: 'done', view: { leaseOwner: null, text: 'me' } });
    });

    test('of another owner survives a commit that gives up ours', async () => {
      await take('you', bench.other);
      expect(await bench.commit({ text: 'late', releaseLease: 'me' })).toMatchObject({ kind: 'done' });
      expect((await bench.read()).leaseOwner).toBe('you');
    });
  });
}
