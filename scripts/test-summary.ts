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
  /** Per suite, what did not run or did not pass by name, and last of all the one line that counts. */
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

/** One line per folder under tests/: how many tests, and how long from its first start to its last end. */
function suiteLines(files: readonly SuiteFile[]): readonly string[] {
  const suites = groupBySuite(files);
  return [...suites].map(([suite, members]) => {
    const start = Math.min(...members.map(({ startTime }) => startTime));
    const end = Math.max(...members.map(({ endTime }) => endTime));
    const count = members.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0);
    return `suite ${suite}: ${count} tests, ${((end - start) / 1000).toFixed(1)} s`;
  });
}

function suiteOf({ name }: SuiteFile): string {
  return name.split('/')[1] ?? name;
}

function groupBySuite(files: readonly SuiteFile[]): Map<string, readonly SuiteFile[]> {
  const suites = new Map<string, readonly SuiteFile[]>();
  for (const file of files) suites.set(suiteOf(file), [...(suites.get(suiteOf(file)) ?? []), file]);
  return suites;
}
