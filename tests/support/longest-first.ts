import { existsSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * The files that take longest, in the order in which they begin: one that began late would run on alone. What mostly
 * waits and what mostly computes take turns, so that both cores have work.
 */
const FIRST = [
  'tests/integration/shell/os-notice.test.ts',
  'tests/integration/face/accessibility.test.ts',
  'tests/integration/failures/redis-trouble.test.ts',
  'tests/integration/failures/several-keepers.test.ts',
  'tests/integration/failures/crash-refresh.test.ts',
  'tests/integration/failures/crash-consent.test.ts',
  'tests/integration/failures/answers.test.ts',
  'tests/integration/face/countdown.test.ts',
  'tests/integration/reauthorize/relay.test.ts',
  'tests/e2e/warnings.test.ts',
  'tests/e2e/consent-failures.test.ts',
  'tests/e2e/canary.test.ts',
  'tests/e2e/first-run.test.ts',
  'tests/e2e/adoption.test.ts',
  'tests/e2e/machine-ends.test.ts',
].map((name) => path.join(ROOT, name));

/** vitest's order, but for the longest files of each project. A fresh checkout knows no times to go by. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = FIRST.filter((name) => !existsSync(name));
    if (gone.length > 0) throw new Error(`tests/support/longest-first.ts names what is not there: ${gone}`);
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) => longestFirst(sorted.filter((file) => file.project === project)));
  }
}

function longestFirst(files: readonly TestSpecification[]): readonly TestSpecification[] {
  const named = FIRST.flatMap((name) => files.filter(({ moduleId }) => moduleId === name));
  return [...named, ...files.filter(({ moduleId }) => !FIRST.includes(moduleId))];
}
