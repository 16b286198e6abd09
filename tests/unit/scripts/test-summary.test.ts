import { describe, expect, test } from 'vitest';
import { summarize } from '../../../scripts/test-summary.ts';

interface File {
  readonly file: string;
  readonly status?: string;
  readonly message?: string;
  readonly tests: readonly (readonly [name: string, status: string])[];
}

function reportOf(files: readonly File[], success = true): unknown {
  return {
    success,
    testResults: files.map(({ file, status = 'passed', message = '', tests }, index) => ({
      name: `/project/tests/${file}`,
      status,
      message,
      startTime: 1_000 + index * 500,
      endTime: 2_000 + index * 500,
      assertionResults: tests.map(([fullName, each]) => ({ fullName, status: each })),
    })),
  };
}

const passing: File = {
  file: 'unit/a.test.ts',
  tests: [
    ['a', 'passed'],
    ['b', 'passed'],
  ],
};

describe('the last line of npm test', () => {
  const rows: readonly {
    readonly given: string;
    readonly files: readonly File[];
    readonly success?: boolean;
    readonly vitestExitCode?: number | null;
    readonly last: string;
    readonly exitCode: number;
  }[] = [
    { given: 'all passed', files: [passing], last: '2 passed, 0 failed', exitCode: 0 },
    {
      given: 'one was skipped and one is to do',
      files: [
        passing,
        {
          file: 'e2e/b.test.ts',
          tests: [
            ['c', 'skipped'],
            ['d', 'todo'],
          ],
        },
      ],
      last: '2 passed, 0 failed, 2 skipped',
      exitCode: 0,
    },
    {
      given: 'one failed',
      files: [passing, { file: 'unit/b.test.ts', status: 'failed', tests: [['c', 'failed']] }],
      success: false,
      vitestExitCode: 1,
      last: '2 passed, 1 failed',
      exitCode: 1,
    },
    {
      given: 'a file did not load',
      files: [passing, { file: 'unit/b.test.ts', status: 'failed', message: 'SyntaxError', tests: [] }],
      success: false,
      vitestExitCode: 1,
      last: '2 passed, 1 failed',
      exitCode: 1,
    },
    {
      given: 'all passed, but vitest failed',
      files: [passing],
      vitestExitCode: 1,
      last: '2 passed, 1 failed',
      exitCode: 1,
    },
    {
      given: 'vitest was killed',
      files: [passing],
      vitestExitCode: null,
      last: '2 passed, 1 failed',
      exitCode: 1,
    },
    { given: 'nothing ran', files: [], last: '0 passed, 1 failed', exitCode: 1 },
    {
      given: 'everything was skipped',
      files: [{ file: 'unit/a.test.ts', tests: [['a', 'skipped']] }],
      last: '0 passed, 1 failed, 1 skipped',
      exitCode: 1,
    },
  ];
  test.each(rows)('$given: $last', ({ files, success = true, vitestExitCode = 0, last, exitCode }) => {
    const summary = summarize(reportOf(files, success), '/project', vitestExitCode);
    expect([summary.lines.at(-1), summary.exitCode]).toEqual([last, exitCode]);
  });

  test('above it stand the time of each suite beside its budget, and by name what was skipped or failed', () => {
    const files: readonly File[] = [
      passing,
      { file: 'unit/b.test.ts', status: 'failed', tests: [['c', 'failed']] },
      { file: 'e2e/c.test.ts', tests: [['d', 'skipped']] },
      { file: 'e2e/d.test.ts', status: 'failed', message: 'SyntaxError', tests: [] },
    ];
    expect(summarize(reportOf(files, false), '/project', 1).lines).toEqual([
      'suite unit: 3 tests, 1.5 s of 60 s',
      'suite e2e: 1 tests, 1.5 s of 160 s',
      'all suites: 4 tests, 2.5 s of 720 s',
      'skipped: tests/e2e/c.test.ts > d',
      'failed: tests/unit/b.test.ts > c',
      'failed: tests/e2e/d.test.ts (SyntaxError)',
      '2 passed, 2 failed, 1 skipped',
    ]);
  });

  test('a suite that took longer than its budget is said to, and so is one that has none', () => {
    const file = (name: string, endTime: number) => ({
      name: `/project/tests/${name}/a.test.ts`,
      status: 'passed',
      startTime: 0,
      endTime,
      assertionResults: [{ fullName: 'a', status: 'passed' }],
    });
    const report = { success: true, testResults: [file('unit', 61_000), file('new', 901_000)] };
    expect(summarize(report, '/project', 0).lines).toEqual([
      'suite unit: 1 tests, 61.0 s of 60 s: over its budget',
      'suite new: 1 tests, 901.0 s, without a budget',
      'all suites: 2 tests, 901.0 s of 720 s: over its budget',
      '2 passed, 0 failed',
    ]);
  });
});
