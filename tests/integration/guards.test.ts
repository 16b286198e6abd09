/** That each guard is needed (its tests fail without it), and that what is shipped has them all. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/child-process.ts';
import { type GuardReport, parseGuardReports, RED } from '../../scripts/guard-reports.ts';
import { GUARDS } from '../support/guards/guards.ts';
import { MARK, withoutGuard } from '../support/guards/without-guard.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');

describe('without', () => {
  let folder: string;
  let reports: readonly GuardReport[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'guards-'));
    const report = path.join(folder, 'report.json');
    await run(process.execPath, ['scripts/run-ts.mjs', 'scripts/guards.ts', '--report', report], {
      cwd: PROJECT,
      env: process.env,
      timeoutMs: 180_000,
    });
    reports = parseGuardReports(await readFile(report, 'utf8'));
  }, 200_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(GUARDS.map(({ name, tests }) => [name, tests] as const))('%s its tests fail', (name, tests) => {
    expect(reports.find(({ guard }) => guard === name)?.tests).toEqual(
      tests.map(([, test]) => ({ name: test, verdict: RED })),
    );
  });
});

describe('the switch that takes a guard out', () => {
  it.each(GUARDS.flatMap(({ name, removal }) => removal.map(([file]) => [name, file] as const)))(
    'marks what it builds: %s, %s',
    async (name, file) => {
      const source = await readFile(path.join(PROJECT, file), 'utf8');
      expect(removed(name, source, file)).toContain(MARK);
      expect(source).not.toContain(MARK);
    },
  );

  it('takes nothing out where the code is not found exactly once', () => {
    const [guard] = GUARDS;
    const [[file, code] = ['', '']] = guard?.removal ?? [];
    expect(() => removed(guard?.name ?? '', '', file)).toThrow('exactly once');
    expect(() => removed(guard?.name ?? '', code + code, file)).toThrow('exactly once');
  });

  it('is in no bundle that is shipped', async () => {
    const dist = path.join(PROJECT, 'dist');
    const bundles = (await readdir(dist, { recursive: true })).filter((name) => /\.c?js$/.test(name));
    expect(bundles).toEqual(expect.arrayContaining(['cli.js', 'index.js', 'main/main.js']));
    for (const bundle of bundles)
      expect(await readFile(path.join(dist, bundle), 'utf8'), bundle).not.toMatch(
        new RegExp(`${MARK}|WITHOUT_GUARD`),
      );
  });
});

function removed(guard: string, source: string, file: string): string {
  const { transform } = withoutGuard(guard);
  if (typeof transform !== 'function') throw new Error('the switch transforms no source');
  return JSON.stringify(transform.call({} as never, source, path.join(PROJECT, file)));
}
