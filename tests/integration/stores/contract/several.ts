import { describe, expect, test } from 'vitest';
import { until } from '../../../support/poll.ts';
import { type Racer, startRacer } from '../start-racer.ts';
import type { Bench } from './bench.ts';

export function promiseSeveral(bench: Bench): void {
  describe('events', () => {
    test('a generation that is announced is heard by everybody who listens, until they stop', async () => {
      const here: string[] = [];
      const there: string[] = [];
      const stops = [
        bench.store.onChanged((changed) => here.push(changed)),
        bench.other.onChanged((changed) => there.push(changed)),
      ];
      // The listener's own connection comes up in its own time.
      let generation = 0;
      await until(
        async () => {
          generation += 1;
          await bench.commit({ meta: { generation: String(generation) }, announce: generation });
          return here.includes(bench.mall) && there.includes(bench.mall);
        },
        { timeoutMs: 15_000, everyMs: 200, what: 'the event' },
      );
      for (const stop of stops) stop();
      const heard = here.length;
      await bench.commit({ announce: generation + 1 });
      await bench.read();
      expect(here).toHaveLength(heard);
    });
  });

  describe('several processes', () => {
    test('of eight that write each generation at once, exactly one does', {
      timeout: 120_000,
    }, async () => {
      const generations = 25;
      const racers: Racer[] = [];
      try {
        for (let number = 0; number < 8; number += 1) {
          racers.push(await startRacer(bench.harness.place, bench.mall, generations));
        }
        await Promise.all(racers.map((racer) => racer.ready));
        for (const racer of racers) racer.go();
        const reports = await Promise.all(racers.map((racer) => racer.report));
        const won = reports.flatMap((report) => report.won);
        const expected = Array.from({ length: generations }, (_, index) => index + 1);
        expect(won.sort((one, two) => one - two)).toEqual(expected);
        expect(reports.flatMap((report) => report.failures)).toEqual([]);
        expect(await bench.read()).toMatchObject({ meta: { generation: String(generations) } });
        const hashes = expected.map((generation) => `hash-${generation}`);
        expect(await bench.spent(...hashes)).toEqual(hashes);
      } finally {
        await Promise.all(racers.map((racer) => racer.stop()));
      }
    });
  });
}
