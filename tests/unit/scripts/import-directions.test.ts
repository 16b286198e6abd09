import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../../scripts/child-process.ts';

const PROJECT = path.resolve(import.meta.dirname, '../../..');

interface Row {
  readonly from: string;
  readonly line: string;
  /** The rule that must report it; null where it is allowed. */
  readonly rule: string | null;
}

const value = (module: string) => `import { it } from '${module}';\nconsole.log(it);\n`;
const type = (module: string) => `import type { It } from '${module}';\nexport type Mine = It;\n`;

/** Each row becomes one file of a project of its own, so that no row covers for another. */
const rows: readonly Row[] = [
  { from: 'shared/a', line: value('./target.ts'), rule: null },
  { from: 'shared/b', line: value('../electron/ports.ts'), rule: 'shared-imports-nothing-of-ours' },
  { from: 'shared/c', line: type('../electron/ports.ts'), rule: 'shared-imports-nothing-of-ours' },
  { from: 'shared/d', line: value('node:fs'), rule: 'shared-is-pure' },
  { from: 'shared/e', line: type('node:url'), rule: null },
  { from: 'shared/f', line: value('ioredis'), rule: 'outside-libraries-only-in-adapters' },
  { from: 'shared/g', line: value('zod'), rule: null },
  { from: 'renderer/a', line: value('../shared/target.ts'), rule: null },
  { from: 'renderer/b', line: type('../electron/ports.ts'), rule: 'renderer-imports-shared-only' },
  { from: 'renderer/c', line: value('electron'), rule: 'outside-libraries-only-in-adapters' },
  { from: 'renderer/d', line: value('node:path'), rule: 'renderer-is-a-web-page' },
  { from: 'electron/core/a', line: value('../ports.ts'), rule: null },
  { from: 'electron/core/b', line: type('../adapters/target.ts'), rule: 'core-imports-ports-and-shared' },
  { from: 'electron/core/c', line: value('../main.ts'), rule: 'core-imports-ports-and-shared' },
  { from: 'electron/core/d', line: value('node:fs/promises'), rule: 'core-does-no-io' },
  { from: 'electron/core/e', line: value('node:crypto'), rule: null },
  { from: 'electron/core/f', line: value('undici'), rule: 'outside-libraries-only-in-adapters' },
  { from: 'electron/core/g', line: type('undici'), rule: null },
  { from: 'electron/core/h', line: value('electron-store'), rule: 'outside-libraries-only-in-adapters' },
  { from: 'electron/core/i', line: type('electron'), rule: null },
  { from: 'electron/core/j', line: value('./target.ts'), rule: null },
  { from: 'electron/adapters/a', line: value('electron'), rule: null },
  { from: 'electron/adapters/b', line: value('ioredis'), rule: null },
  { from: 'electron/adapters/c', line: value('../core/target.ts'), rule: null },
  { from: 'electron/adapters/d', line: value('../main.ts'), rule: 'adapters-know-no-composition' },
  {
    from: 'electron/adapters/e',
    line: type('../../renderer/target.ts'),
    rule: 'electron-imports-no-window-code',
  },
  { from: 'electron/adapters/f', line: value('../../tests/target.ts'), rule: 'product-imports-no-tests' },
  { from: 'electron/adapters/g', line: value('./missing.ts'), rule: 'nothing-unresolved' },
  { from: 'tests/e2e/a', line: type('../../shared/target.ts'), rule: 'e2e-imports-no-app-code' },
  { from: 'tests/e2e/b', line: value('../target.ts'), rule: null },
  { from: 'shared/circle-a', line: value('./circle-b.ts'), rule: 'no-circular' },
  // A circle is reported once.
  { from: 'shared/circle-b', line: value('./circle-a.ts'), rule: null },
  { from: 'shared/type-circle-a', line: value('./type-circle-b.ts'), rule: null },
  { from: 'shared/type-circle-b', line: type('./type-circle-a.ts'), rule: null },
];

const targets = [
  'shared/target.ts',
  'electron/ports.ts',
  'electron/main.ts',
  'electron/core/target.ts',
  'electron/adapters/target.ts',
  'renderer/target.ts',
  'tests/target.ts',
];
const packages = ['electron', 'ioredis', 'undici', 'electron-store', 'zod'];

describe('import directions', () => {
  let folder: string;
  let reported: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'directions-'));
    const write = async (file: string, text: string) => {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    };
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) {
      await cp(path.join(PROJECT, name), path.join(folder, name));
    }
    const exported = 'export const it = 1;\nexport type It = 1;\n';
    for (const target of targets) await write(target, exported);
    for (const name of packages) {
      await write(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      );
      await write(`node_modules/${name}/index.js`, 'exports.it = 1;\n');
    }
    await write(
      'package.json',
      JSON.stringify({ dependencies: Object.fromEntries(packages.map((n) => [n, '1'])) }),
    );
    for (const { from, line } of rows) await write(`${from}.ts`, line);
    reported = await cruise(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(rows)('$from: $rule', ({ from, rule }) => {
    expect(reported.get(`${from}.ts`) ?? []).toEqual(rule === null ? [] : [rule]);
  });

  test('a violation fails the check', async () => {
    const { code } = await depcruise(folder, 'err');
    expect(code).toBeGreaterThan(0);
  });
});

function depcruise(folder: string, format: 'json' | 'err') {
  const program = path.join(PROJECT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  return run(process.execPath, [program, '-T', format, 'electron', 'renderer', 'shared', 'tests'], {
    cwd: folder,
    timeoutMs: 60_000,
  });
}

async function cruise(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await depcruise(folder, 'json');
  const { summary } = JSON.parse(stdout) as {
    readonly summary: {
      readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
    };
  };
  const byFile = new Map<string, string[]>();
  for (const { from, rule } of summary.violations) {
    byFile.set(from, [...(byFile.get(from) ?? []), rule.name]);
  }
  return byFile;
}
