/**
 * What every token store promises the core, whatever it is made of. A store's own test file says how one is opened and
 * how damage is planted; the promises are the same.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TokenStore } from '../../../electron/ports.ts';
import type { Bench, StoreHarness } from './contract/bench.ts';
import { promiseBudget } from './contract/budget.ts';
import { promiseComparing } from './contract/comparing.ts';
import { promiseForgetting } from './contract/forgetting.ts';
import { promiseLease } from './contract/lease.ts';
import { promiseMemory } from './contract/memory.ts';
import { promiseReading } from './contract/reading.ts';
import { promiseSeveral } from './contract/several.ts';
import { unwrap } from './contract/unwrap.ts';

export function describeStore(name: string, start: () => Promise<StoreHarness>): void {
  describe(name, () => {
    let harness: StoreHarness;
    let store: TokenStore;
    let other: TokenStore;
    let malls = 0;
    const bench: Bench = {
      get harness() {
        return harness;
      },
      get store() {
        return store;
      },
      get other() {
        return other;
      },
      get mall() {
        return `shop-${malls}`;
      },
      offsetMs: 0,
      read: async (from = store) => unwrap(await from.read(bench.mall)),
      commit: async (change) => unwrap(await store.commit(bench.mall, { expect: {}, ...change })),
      spent: async (...hashes) => [...unwrap(await store.spentAmong(bench.mall, hashes))],
    };

    beforeAll(async () => {
      harness = await start();
      store = await harness.open(() => bench.offsetMs);
      other = await harness.open(() => bench.offsetMs);
    });
    afterAll(async () => {
      await store?.close();
      await other?.close();
      await harness?.stop();
    });
    beforeEach(() => {
      bench.offsetMs = 0;
      malls += 1;
    });

    promiseReading(bench);
    promiseComparing(bench);
    promiseLease(bench);
    promiseBudget(bench);
    promiseForgetting(bench);
    promiseMemory(bench);
    promiseSeveral(bench);

    test('says what it is and where, and after closing nothing hangs', async () => {
      const third = await harness.open(() => 0);
      expect(unwrap(await third.facts())).toMatchObject({ kind: harness.place.kind, warnings: [] });
      await third.close();
      expect(await third.read(bench.mall)).toMatchObject({ ok: false, code: 'store.unreachable' });
      await third.close();
    });
  });
}
