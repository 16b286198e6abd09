import { describe, expect, test } from 'vitest';
import type { Bench } from './bench.ts';
import { unwrap } from './unwrap.ts';

export function promiseMemory(bench: Bench): void {
  describe('redeemed tokens', () => {
    test('are remembered, and only they', async () => {
      await bench.commit({ spend: ['aa', 'bb'] });
      expect(await bench.spent('aa', 'cc', 'bb')).toEqual(['aa', 'bb']);
      expect(await bench.spent()).toEqual([]);
    });

    test('the last 400 are kept; one that is told again is young again', async () => {
      const hashes = Array.from({ length: 400 }, (_, index) => `hash-${index}`);
      await bench.commit({ spend: hashes });
      await bench.commit({ spend: ['hash-0'] });
      await bench.commit({ spend: ['hash-new'] });
      expect(await bench.spent('hash-0', 'hash-1', 'hash-2', 'hash-399', 'hash-new')).toEqual([
        'hash-0',
        'hash-2',
        'hash-399',
        'hash-new',
      ]);
    });
  });

  describe('what cannot be read', () => {
    test('is set aside if it still is what was seen', async () => {
      await bench.commit({ text: 'rubbish', meta: { generation: '3' } });
      expect(unwrap(await bench.store.setAside(bench.mall, 'other', 1_700_000_000_000))).toBe(false);
      expect(unwrap(await bench.store.setAside(bench.mall, null, 1_700_000_000_000))).toBe(false);
      expect((await bench.read()).text).toBe('rubbish');
      expect(await bench.harness.countAside(bench.mall)).toBe(0);
      expect(unwrap(await bench.store.setAside(bench.mall, 'rubbish', 1_700_000_000_000))).toBe(true);
      expect(await bench.read()).toMatchObject({ text: null, meta: { generation: '3' } });
      expect(await bench.harness.countAside(bench.mall)).toBe(1);
      expect(unwrap(await bench.store.setAside(bench.mall, 'rubbish', 1_700_000_000_001))).toBe(false);
    });

    test('also where it is no text at all: shown as such, no absence, set aside', async () => {
      await bench.harness.plantWrongType(bench.mall);
      expect(await bench.read()).toMatchObject({ text: null, wrongType: true });
      expect(await bench.commit({ expect: { text: null }, text: '{}' })).toMatchObject({ kind: 'moved' });
      expect(unwrap(await bench.store.setAside(bench.mall, 'text', 1_700_000_000_000))).toBe(false);
      expect(unwrap(await bench.store.setAside(bench.mall, null, 1_700_000_000_000))).toBe(true);
      expect(await bench.read()).toMatchObject({ text: null, wrongType: false });
      expect(await bench.harness.countAside(bench.mall)).toBe(1);
      expect(await bench.commit({ expect: { text: null }, text: '{}' })).toMatchObject({ kind: 'done' });
    });
  });
}
