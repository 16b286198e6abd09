// npm test: everything that the tests need, all of the tests, and one last line that says how it went.
// Arguments go to vitest: npm test -- --project unit
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import ensurePackages from '../tests/support/ensure-packages.ts';
import { buildIfStale } from './build.ts';
import { run } from './child-process.ts';
import { runScript, SetupError, say } from './messages.ts';
import { withoutProductNames } from './product-environment.ts';
import { describeRuntime, findRuntime } from './runtime.ts';
import { summarize } from './test-summary.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');
const REPORT = path.join(PROJECT, 'out/test-results.json');
const TESTS_TIMEOUT_MS = 60 * 60_000;

async function test(): Promise<number> {
  await ensurePackages();
  const runtime = await findRuntime();
  say(describeRuntime(runtime));
  await buildIfStale();
  await mkdir(path.dirname(REPORT), { recursive: true });
  await rm(REPORT, { force: true });
  // Each test that shows a window brings up a bare desktop of its own (scripts/desktop.ts), so nothing opens on the
  // screen of whoever runs the tests, and files can run side by side.
  const vitest = await run(
    process.execPath,
    [
      ...[path.join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`],
      ...process.argv.slice(2),
    ],
    {
      cwd: PROJECT,
      env: {
        ...withoutProductNames(process.env),
        // Proven once, here, instead of by every test.
        ELECTRON_OVERRIDE_DIST_PATH: path.dirname(runtime.executable),
      },
      output: 'inherit',
      timeoutMs: TESTS_TIMEOUT_MS,
    },
  );
  const report = await readFile(REPORT, 'utf8').catch(() => undefined);
  if (report === undefined) {
    throw new SetupError(`vitest ended with ${vitest.code ?? 'a signal'} and wrote no report`);
  }
  const { lines, exitCode } = summarize(JSON.parse(report), PROJECT, vitest.code);
  console.log(lines.join('\n'));
  return exitCode;
}

await runScript(async () => {
  try {
    return await test();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    console.log('0 passed, 1 failed');
    return 1;
  }
});
