// npm run soak: the crowd of eight processes through many seeds, and the model of two keepers for some minutes. Bounded:
// `npm run soak -- [SEEDS] [MODEL_SECONDS]`, where SEEDS is `1-50` (the default) or `3,8,21`. Says which seeds failed
// and how each is run again.
import path from 'node:path';
import { run } from './child-process.ts';
import { runScript, say } from './messages.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');
const CROWD = 'tests/integration/failures/crowd.test.ts';
const MODEL = 'tests/unit/core/keeper-model.test.ts';
/** One seed is 10 generations of eight processes: half a minute on two cores that are free. */
const MOST_PER_SEED_MS = 150_000;

function seedsOf(text: string): readonly number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
  if (seeds.length === 0 || !seeds.every(Number.isInteger)) throw new Error(`no seeds: ${text}`);
  return seeds;
}

async function vitest(
  file: string,
  env: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<{ readonly passed: boolean; readonly output: string }> {
  const ended = await run(
    process.execPath,
    [path.join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', file],
    { cwd: PROJECT, env: { ...process.env, ...env }, timeoutMs },
  );
  return { passed: ended.code === 0, output: ended.stdout + ended.stderr };
}

await runScript(async () => {
  const [given = '1-50', modelSeconds = '120'] = process.argv.slice(2);
  const seeds = seedsOf(given);
  const again: string[] = [];
  for (const [index, seed] of seeds.entries()) {
    const { passed, output } = await vitest(CROWD, { FAILURES_SEEDS: String(seed) }, MOST_PER_SEED_MS);
    const report = /seed \d+: (\{.*\})/.exec(output)?.[1];
    say(
      `crowd ${index + 1} of ${seeds.length}, ${report ? `seed ${seed}: ${report}` : `seed ${seed} FAILED`}`,
    );
    if (passed && report) continue;
    console.log(output);
    again.push(`FAILURES_SEEDS=${seed} npx vitest run ${CROWD}`);
  }
  const model = await vitest(MODEL, { KEEPER_SECONDS: modelSeconds }, (Number(modelSeconds) + 120) * 1000);
  const runs = /(\d+) runs of the model/.exec(model.output)?.[1];
  say(`model: ${runs ?? 'no'} runs in ${modelSeconds} s`);
  if (!model.passed) {
    console.log(model.output);
    const [, seed, where] = /seed: (-?\d+), path: "([^"]+)"/.exec(model.output) ?? [];
    again.push(
      seed ? `KEEPER_SEED=${seed} KEEPER_PATH=${where} npx vitest run ${MODEL}` : `npx vitest run ${MODEL}`,
    );
  }
  for (const command of again) console.log(`to run it again: ${command}`);
  console.log(`${seeds.length} seeds and ${runs ?? 0} runs of the model, ${again.length} failed`);
  return again.length === 0 ? 0 : 1;
});
