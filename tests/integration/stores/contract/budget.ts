import { describe, expect, test } from 'vitest';
import type { CommitOutcome } from '../../../../electron/ports.ts';
import type { Bench } from './bench.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function promiseBudget(bench: Bench): void {
  describe('the budget of requests', () => {
    const admit = (id: string, limit: number | null = 3) => bench.commit({ admit: { id, limit }, text: id });

    test('admits up to the limit, then says when a place is free, and writes nothing', async () => {
      await admit('one');
      const oldest = (await bench.read()).at;
      bench.offsetMs = 10 * MINUTE_MS;
      await admit('two');
      await admit('three');
      const refused = await admit('four');
      expect(refused).toMatchObject({ kind: 'limited', view: { text: 'three' } });
      const { freeAt } = refused as Extract<CommitOutcome, { kind: 'limited' }>;
      expect(Math.abs(freeAt - (oldest + 2 * HOUR_MS))).toBeLessThan(5_000);
      expect((await bench.read()).text).toBe('three');
    });

    test('has a place again after two hours', async () => {
      for (const id of ['one', 'two', 'three']) await admit(id);
      bench.offsetMs = 2 * HOUR_MS - MINUTE_MS;
      expect(await admit('four')).toMatchObject({ kind: 'limited' });
      bench.offsetMs = 2 * HOUR_MS + MINUTE_MS;
      expect(await admit('four')).toMatchObject({ kind: 'done' });
    });

    test('counts beyond the limit where none is asked for, and says when enough are gone', async () => {
      for (const id of ['one', 'two', 'three']) await admit(id);
      bench.offsetMs = HOUR_MS;
      expect(await admit('consent', null)).toMatchObject({ kind: 'done' });
      const refused = await admit('four');
      const { freeAt } = refused as Extract<CommitOutcome, { kind: 'limited' }>;
      expect(freeAt - (await bench.read()).at).toBeGreaterThan(59 * MINUTE_MS);
      expect(freeAt - (await bench.read()).at).toBeLessThan(61 * MINUTE_MS);
    });

    test('counts one request once, however often it is admitted', async () => {
      for (let time = 0; time < 5; time += 1) expect(await admit('same')).toMatchObject({ kind: 'done' });
      await admit('two');
      expect(await admit('three')).toMatchObject({ kind: 'done' });
      expect(await admit('four')).toMatchObject({ kind: 'limited' });
    });

    test('gives a place back when nothing was sent', async () => {
      for (const id of ['one', 'two', 'three']) await admit(id);
      await bench.commit({ withdraw: 'two' });
      expect(await admit('four')).toMatchObject({ kind: 'done' });
      expect(await admit('five')).toMatchObject({ kind: 'limited' });
    });

    test('is not blocked by requests a wrong clock put far into the future', async () => {
      bench.offsetMs = 24 * HOUR_MS;
      for (const id of ['one', 'two', 'three']) await admit(id);
      bench.offsetMs = 0;
      expect(await admit('four')).toMatchObject({ kind: 'done' });
    });
  });
}
