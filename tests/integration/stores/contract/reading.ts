import { describe, expect, test } from 'vitest';
import type { Bench } from './bench.ts';
import { unwrap } from './unwrap.ts';

const HOUR_MS = 60 * 60_000;
/** Shapes another program may have written: none may change on the way in or out. */
const TEXTS = {
  'empty arrays and objects': '{"a":[],"o":{},"nested":{"b":[[]]}}',
  '17-digit numbers': '{"expires_at":12345678901234567,"small":1e-7,"one":1.0}',
  escapes: '{"slash":"\\/","unicode":"\\u00e9\\ud55c","quote":"\\"","tab":"\\t","nul":"\\u0000"}',
  Korean: '{"name":"한글 상점","emoji":"🛒"}',
  'spaces and line ends': ' { "a" : 1 }\r\n\n\t',
  'what is no JSON': 'not json %s %d {0} \u0001',
  'nothing at all': '',
} as const;

export function promiseReading(bench: Bench): void {
  describe('reading and writing', () => {
    test('an empty place reads as absent', async () => {
      expect(await bench.read()).toMatchObject({ text: null, wrongType: false, meta: {}, leaseOwner: null });
    });

    test("the time is the store's own plus the offset, a whole number", async () => {
      const real = (await bench.read()).at;
      expect(Math.abs(real - Date.now())).toBeLessThan(5_000);
      bench.offsetMs = 3 * HOUR_MS + 0.4;
      const { at } = await bench.read();
      expect(at - real).toBeGreaterThanOrEqual(3 * HOUR_MS);
      expect(at - real).toBeLessThan(3 * HOUR_MS + 5_000);
      expect(Number.isInteger(at)).toBe(true);
    });

    test.each(Object.entries(TEXTS))('keeps %s byte for byte', async (_, text) => {
      const outcome = await bench.commit({ text });
      expect(outcome).toMatchObject({ kind: 'done', view: { text } });
      expect((await bench.read(bench.other)).text).toBe(text);
      expect(unwrap(await bench.other.readText(bench.mall))).toBe(text);
      expect(await bench.commit({ expect: { text }, meta: { generation: '1' } })).toMatchObject({
        kind: 'done',
      });
    });

    test('answers with what stands there after the write', async () => {
      const { view } = await bench.commit({ text: '{}', meta: { generation: '1', state: 'HEALTHY' } });
      expect(view).toMatchObject({ text: '{}', meta: { generation: '1', state: 'HEALTHY' } });
      expect(await bench.read(bench.other)).toMatchObject({ text: view.text, meta: view.meta });
    });

    test('a text of null deletes the main key, and the meta stays', async () => {
      await bench.commit({ text: '{}', meta: { reason: 'disconnected' } });
      await bench.commit({ text: null });
      expect(await bench.read()).toMatchObject({ text: null, meta: { reason: 'disconnected' } });
    });

    test('meta: a string sets, null removes, what is absent stays', async () => {
      await bench.commit({ meta: { state: 'HEALTHY', reason: 'grant.invalid', writer: 'a' } });
      await bench.commit({ meta: { state: 'BLOCKED', reason: null, parent: null } });
      expect((await bench.read()).meta).toEqual({ state: 'BLOCKED', writer: 'a' });
    });

    test('malls do not see each other', async () => {
      await bench.commit({ text: '{}', meta: { generation: '1' }, spend: ['h'] });
      expect(unwrap(await bench.store.read(`${bench.mall}-b`))).toMatchObject({ text: null, meta: {} });
    });
  });
}
