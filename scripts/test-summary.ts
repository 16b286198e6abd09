import { z } from 'zod';

const resultsSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export interface TestSummary {
  /** Per suite its time beside its budget, what did not run or did not pass by name, and last of all the one line that counts. */
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/**
 * Reads vitest's JSON report. Silence is never success: a file that does not load is a failure, so is an error
 * outside every test, and so is a run in which nothing passed.
 *
 * @param root the folder that test files are named from
 * @param vitestExitCode null when vitest was killed
 */
export function summarize(report: unknown, root: string, vitestExitCode: number | null): TestSummary {
  const { success, testResults } = resultsSchema.parse(report);
  const files = testResults.map((file) => ({ ...file, name: file.name.replace(`${root}/`, '') }));
  const tests = files.flatMap((file) =>
    file.assertionResults.map(({ fullName, status }) => ({ name: `${file.name} > ${fullName}`, status })),
  );
  const named = (...statuses: readonly string[]) =>
    tests.filter(({ status }) => statuses.includes(status)).map(({ name }) => name);
  const passed = named('passed').length;
  const skipped = named('skipped', 'pending', 'todo', 'disabled');
  const failed = named('failed');
  for (const file of files) {
    const ownFailure = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !ownFailure)
      failed.push(`${file.name} (${file.message || 'did not load'})`);
  }
  if (failed.length === 0 && (!success || vitestExitCode !== 0)) {
    failed.push(`an error outside the tests (vitest ended with ${vitestExitCode ?? 'a signal'})`);
  }
  if (failed.length === 0 && passed === 0) failed.push('no test ran');
  return {
    lines: [
      ...suiteLines(files),
      ...skipped.map((name) => `skipped: ${name}`),
      ...failed.map((name) => `failed: ${name}`),
      `${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
    ],
    exitCode: failed.length === 0 ? 0 : 1,
  };
}

interface SuiteFile {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly unknown[];
}

/**
 * Seconds that each suite may take on two cores, and all of them together. A slower machine is no failure: what went
 * over is said, and is there to be looked at before the next test is added.
 */
const BUDGETS_S: Readonly<Record<string, number>> = {
  unit: 60,
  simulator: 15,
  integration: 420,
  e2e: 160,
  package: 60,
};
const WHOLE_BUDGET_S = 12 * 60;

/** One line per folder under tests/ (how many tests, and how long from its first start to its last end), and their sum. */
function suiteLines(files: readonly SuiteFile[]): readonly string[] {
  if (files.length === 0) return [];
  const lines = [...groupBySuite(files)].map(([suite, members]) =>
    timeLine(`suite ${suite}`, members, BUDGETS_S[suite]),
  );
  return [...lines, timeLine('all suites', files, WHOLE_BUDGET_S)];
}

function timeLine(what: string, files: readonly SuiteFile[], budget: number | undefined): string {
  const start = Math.min(...files.map(({ startTime }) => startTime));
  const end = Math.max(...files.map(({ endTime }) => endTime));
  const seconds = (end - start) / 1000;
  const count = files.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0);
  const beside =
    budget === undefined
      ? ', without a budget'
      : ` of ${budget} s${seconds > budget ? ': over its budget' : ''}`;
  return `${what}: ${count} tests, ${seconds.toFixed(1)} s${beside}`;
}

function suiteOf({ name }: SuiteFile): string {
  return name.split('/')[1] ?? name;
}

function groupBySuite(files: readonly SuiteFile[]): Map<string, readonly SuiteFile[]> {
  const suites = new Map<string, readonly SuiteFile[]>();
  for (const file of files) suites.set(suiteOf(file), [...(suites.get(suiteOf(file)) ?? []), file]);
  return suites;
}
