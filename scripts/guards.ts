// npm run guards: builds the sources without each guard of tests/support/guards/guards.ts in turn, and demands that the
// tests named there fail. `--report FILE` writes what came of it as JSON too.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { escapeTestName, startVitest, type Vitest } from 'vitest/node';
import { GUARDS, type Guard } from '../tests/support/guards/guards.ts';
import { WITHOUT_GUARD, withoutGuard } from '../tests/support/guards/without-guard.ts';
import { type GuardReport, RED } from './guard-reports.ts';
import { runScript } from './messages.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');

/** One vitest for all guards, a project each: what the tests share is started once. */
async function runWithoutGuards(): Promise<readonly GuardReport[]> {
  const vitest = await startVitest('test', [], {
    root: PROJECT,
    config: false,
    watch: false,
    silent: true,
    reporters: [{}],
    maxWorkers: 2,
    projects: GUARDS.map((guard) => ({
      plugins: [withoutGuard(guard.name)],
      test: {
        root: PROJECT,
        name: guard.name,
        include: [...new Set(guard.tests.map(([file]) => file))],
        testNamePattern: new RegExp(guard.tests.map(([, name]) => escapeTestName(name, false)).join('|')),
        env: { [WITHOUT_GUARD]: guard.name },
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
  });
  try {
    return GUARDS.map((guard) => reportOf(guard, vitest));
  } finally {
    await vitest.close();
  }
}

function reportOf(guard: Guard, vitest: Vitest): GuardReport {
  const modules = vitest.state.getTestModules().filter(({ project }) => project.name === guard.name);
  const tests = guard.tests.map(([file, name]) => {
    const inFile = modules.filter(({ moduleId }) => moduleId === path.join(PROJECT, file));
    const errors = inFile.flatMap((module) => module.errors());
    const ends = inFile
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.fullName.includes(name))
      .map((test) => test.result());
    return { name, verdict: verdictOf(ends, errors) };
  });
  return { guard: guard.name, tests };
}

interface End {
  readonly state: string;
  readonly errors?: readonly { readonly name?: string; readonly message: string }[] | undefined;
}

function verdictOf(ends: readonly End[], errorsOfFile: readonly { readonly message: string }[]): string {
  const [error] = errorsOfFile;
  if (error) return `could not run: ${error.message}`;
  const [end, ...more] = ends;
  if (!end || more.length > 0) return `${ends.length} tests have this name`;
  if (end.state !== 'failed') return `still ${end.state}`;
  const odd = end.errors?.find(({ name }) => name !== 'AssertionError');
  return odd ? `could not run: ${odd.message}` : RED;
}

function lineOf({ guard, tests }: GuardReport): string {
  const red = tests.filter(({ verdict }) => verdict === RED).length;
  const rest = tests
    .filter(({ verdict }) => verdict !== RED)
    .map(({ name, verdict }) => `\n    ${verdict}: ${name}`);
  return `${red === tests.length ? 'proven' : 'NOT PROVEN'}  without ${guard}: ${red} of ${tests.length} red${rest.join('')}`;
}

await runScript(async () => {
  const reports = await runWithoutGuards();
  const [flag, file] = process.argv.slice(2);
  if (flag === '--report' && file) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(reports));
  }
  console.log(reports.map(lineOf).join('\n'));
  return reports.every(({ tests }) => tests.every(({ verdict }) => verdict === RED)) ? 0 : 1;
});
