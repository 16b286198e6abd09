// Runs the failure suite and writes docs/guarantees.md from what it did: which test proves which row, and the crash
// matrix. `node scripts/run-ts.mjs scripts/guarantees.ts [REPORT.json]`; with the JSON report of a run, as `npm test`
// leaves it, nothing is run again.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { run } from './child-process.ts';
import { FAILURE_ROWS, type FailureRow } from './failure-rows.ts';
import { runScript, SetupError, say } from './messages.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');
const DOCUMENT = path.join(PROJECT, 'docs/guarantees.md');
const OWN_REPORT = path.join(PROJECT, 'out/failures/results.json');
/** The suite itself, and the tests of warnings that carry a row's number. */
const SUITE = [
  'tests/integration/failures',
  'tests/unit/core/keeper-model.test.ts',
  'tests/integration/keeper/check-expiry.test.ts',
  'tests/unit/core/alerter.test.ts',
  'tests/unit/core/app-notices.test.ts',
  'tests/unit/core/time-table.test.ts',
  'tests/e2e/machine-ends.test.ts',
  'tests/e2e/canary.test.ts',
];
const RUN_TIMEOUT_MS = 20 * 60_000;

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), title: z.string(), status: z.string() })),
    }),
  ),
});

const matrixSchema = z.object({
  work: z.enum(['refresh', 'consent']),
  store: z.enum(['redis', 'local']),
  rows: z.array(
    z.object({
      step: z.string(),
      onDisk: z.string(),
      inStore: z.string(),
      afterRestart: z.string(),
      inTheEnd: z.string(),
      requests: z.number(),
    }),
  ),
});
type Matrix = z.infer<typeof matrixSchema>;

interface Test {
  readonly file: string;
  readonly title: string;
  readonly fullName: string;
  readonly passed: boolean;
}

async function runSuite(): Promise<{ report: string; exitCode: number }> {
  await mkdir(path.dirname(OWN_REPORT), { recursive: true });
  await rm(OWN_REPORT, { force: true });
  const vitest = await run(
    process.execPath,
    [
      ...[path.join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${OWN_REPORT}`],
      ...SUITE,
    ],
    { cwd: PROJECT, env: process.env, output: 'inherit', timeoutMs: RUN_TIMEOUT_MS },
  );
  return { report: OWN_REPORT, exitCode: vitest.code ?? 1 };
}

async function testsIn(report: string): Promise<readonly Test[]> {
  const text = await readFile(report, 'utf8').catch(() => {
    throw new SetupError(`no report at ${report}`);
  });
  return reportSchema.parse(JSON.parse(text)).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, title, status }) => ({
      file: path.relative(PROJECT, name),
      fullName,
      title,
      passed: status === 'passed',
    })),
  );
}

/** `row 3: ...` and `rows 8, 47: ...` in a test's name. */
function numbersOf(title: string): readonly number[] {
  const [, list] = /^rows? ([\d, ]+):/.exec(title) ?? [];
  return list ? list.split(',').map(Number) : [];
}

/** What proves a row: tests that carry its number, shortened to one line per file and promise, and tests of others. */
async function proofsOf(row: FailureRow, tests: readonly Test[]): Promise<readonly string[]> {
  const own = tests.filter(({ title }) => numbersOf(title).includes(row.number));
  const failed = own.filter(({ passed }) => !passed);
  if (failed.length > 0) return [`**not yet**: ${failed.map(({ title }) => title).join('; ')}`];
  const byFile = new Map<string, Set<string>>();
  for (const { file, title } of own) {
    const promises = byFile.get(file) ?? new Set<string>();
    promises.add(title.replace(/^rows? [\d, ]+:\s*/, ''));
    byFile.set(file, promises);
  }
  const lines = [...byFile].map(([file, promises]) => `\`${file}\`: ${shortened([...promises])}`);
  for (const [file, words] of row.alsoProvenBy ?? [])
    lines.push(`\`${file}\`: ${await named(file, words, tests)}`);
  return row.missing === undefined ? lines : [`**not yet**: ${row.missing}; the rest:`, ...lines];
}

const MOST_NAMED = 4;

function shortened(promises: readonly string[]): string {
  const more = promises.length - MOST_NAMED;
  return `${promises.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** A test by words of its name; a name that is gone from its file, or failed in this run, is no proof. */
async function named(file: string, words: string, tests: readonly Test[]): Promise<string> {
  const source = await readFile(path.join(PROJECT, file), 'utf8').catch(() => '');
  if (!source.includes(words)) throw new SetupError(`${file} has no test named "${words}" any more`);
  const [start = ''] = words.split('%s');
  const run = tests.filter(
    (test) => test.file === file && test.fullName.includes(start === '' ? words : start),
  );
  if (run.some(({ passed }) => !passed)) throw new SetupError(`${file}: "${words}" did not pass`);
  return words.replaceAll('%s', '...');
}

async function matrices(): Promise<readonly Matrix[]> {
  const names = ['refresh-redis', 'refresh-local', 'consent-redis', 'consent-local'];
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(PROJECT, `out/failures/matrix-${name}.json`), 'utf8').catch(
        () => {
          throw new SetupError(`the crash matrix ${name} was not written: run without a report first`);
        },
      );
      return matrixSchema.parse(JSON.parse(text));
    }),
  );
}

const INTRODUCTION = `# What is guaranteed

Written by \`scripts/guarantees.ts\` from a run of the tests; do not edit it by hand.

## In plain words

A shop's connection to Cafe24 hangs on one secret, the refresh token. Each can be used once; what comes back is the next
one. Lose it, and a person has to consent again. So this is what the keeper promises, whatever fails around it:

- **A token that reached this machine is not lost.** It is on disk, sealed, before anything else is done with it, and is
  found again after a crash, a power cut, a full or forgetful Redis, a restored backup.
- **No token is used twice by mistake.** Where one has to be shown to Cafe24 a second time, the journal says why.
- **Nothing is deleted because of an error.** While an access token is valid, the shop's programs go on working, whatever
  the window says.
- **Nothing is guessed.** "Saved" is said after saving, a deadline is Cafe24's own, and a wrong clock on the PC raises no
  alarm.

The first two are checked after every test below, from the record of a server that is as strict as Cafe24.

### What nobody can promise

Cafe24 replaces the refresh token the moment it takes a request. If its answer is lost on the way (the line breaks, the
PC loses power in that very second), the new token was only in that answer. Nobody can get it back. The keeper says so at
once, tries the old token once more in case the request had never arrived, and else asks for a new consent: one click and
one page of Cafe24. Until the access token ends, at most two hours later, nothing stands still.

Likewise, if Redis forgets something (an old backup, a flush) that only a machine now switched off knows, a used token may
be shown to Cafe24 once more. It is refused, nothing is lost by it, and the machine that knows better repairs Redis when it
is back.

### What you see, and what to do

| the window says (the state) | what happened | what goes on by itself | what you do |
|---|---|---|---|
| "Healthy" (\`HEALTHY\`) | all is well | the token renews itself | nothing |
| "Expires soon", "About to expire" (\`EXPIRING\`, \`CRITICAL\`) | the connection ends in 3 days or less, or in 1 | every day's warnings | consent again before that day |
| "Unconfirmed" (\`UNCONFIRMED\`) | an answer of Cafe24 was lost | the shop works on; one more try after 30 seconds, by another machine after 10 minutes | wait; mostly it heals or turns into the next |
| "Blocked" (\`BLOCKED\`) | Cafe24 does not take our client secret, or the app was removed from the shop, or the stored data cannot be opened | tried again every hour, for a wrong secret every day and as soon as it changes | what the window names: the right secret, the app installed again |
| "Re-authorization needed" (\`NEEDS_REAUTH\`) | the connection is over | the shop works until the time that is shown | press "Re-authorize" and consent |
| "Saved on this PC, not yet shared" | Redis does not answer | the new token is safe on this PC and goes to Redis as soon as it answers | see that Redis comes back |
| "The disk is full" | there is no place to keep an answer, so none is asked for | the shop works on with what it has | make room |
| "Another program also refreshes" | somebody else uses the shop's refresh tokens | its tokens are taken over | switch that program's refreshing off |

`;

function matrixSection({ work, store, rows }: Matrix): string {
  const where = store === 'redis' ? 'Redis' : 'the local store';
  const title = work === 'refresh' ? 'A refresh' : 'A consent of a connected shop';
  return [
    `### ${title}, on ${where}`,
    '',
    `| killed | on disk | in ${where} | after restart | in the end | requests |`,
    '|---|---|---|---|---|---|',
    ...rows.map((row) =>
      cells([row.step, row.onDisk, row.inStore, row.afterRestart, row.inTheEnd, String(row.requests)]),
    ),
    '',
  ].join('\n');
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

async function guarantees(): Promise<number> {
  const [given] = process.argv.slice(2);
  const { report, exitCode } = given ? { report: given, exitCode: 0 } : await runSuite();
  const tests = await testsIn(report);
  const proofs = await Promise.all(FAILURE_ROWS.map((row) => proofsOf(row, tests)));
  const isProven = (lines: readonly string[]) => lines.length > 0 && !lines[0]?.startsWith('**not yet**');
  const table = FAILURE_ROWS.map(({ number, failure }, index) =>
    cells([String(number), failure, proofs[index]?.join('<br>') || 'not yet']),
  );
  const text = [
    `${INTRODUCTION}## The crash matrix`,
    '',
    'A keeper is killed (SIGKILL) after the step named, and started again in the same data folder. "In the end" is half a',
    'minute later. "Requests" counts token requests made for that refresh token, or with that code.',
    '',
    ...(await matrices()).map(matrixSection),
    '## Row by row',
    '',
    '| row | failure | proven by |',
    '|---|---|---|',
    ...table,
    '',
  ].join('\n');
  await mkdir(path.dirname(DOCUMENT), { recursive: true });
  await writeFile(DOCUMENT, text);
  const proven = proofs.filter(isProven).length;
  say(`docs/guarantees.md: ${proven} of ${FAILURE_ROWS.length} rows proven whole`);
  return exitCode;
}

await runScript(guarantees);
