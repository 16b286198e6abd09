/** Row 8 for real: eight processes on one Redis, with kills and pauses. `FAILURES_SEEDS=1,2,3` runs other seeds. */
import { expect, it } from 'vitest';
import { runCrowd } from '../../support/failures/crowd.ts';
import { redisOfTheFile } from '../../support/failures/redis-fixture.ts';

const SEEDS = (process.env.FAILURES_SEEDS ?? '8').split(',').map(Number);
const redis = redisOfTheFile();

it.each(SEEDS)(
  'row 8: eight processes, killed and paused at random for 10 generations: one request per generation but where an answer was lost (seed %i)',
  async (seed) => {
    const report = await runCrowd({ redisUrl: redis.server().url, seed, keepers: 8, generations: 10 });
    console.log(`seed ${seed}: ${JSON.stringify(report)}`);
    expect(report.generations).toBeGreaterThanOrEqual(10);
    expect(report.kills + report.pauses).toBeGreaterThan(0);
  },
  120_000,
);
