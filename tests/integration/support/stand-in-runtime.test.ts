import { appendFile, chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWholeStandIn, STAND_IN_VERSION } from '../../../scripts/runtime/stand-in.ts';
import { findRuntime, type Runtime } from '../../../scripts/runtime.ts';

const FIXTURE_APP = path.join(import.meta.dirname, 'fixture-app');

describe('a cached stand-in runtime', () => {
  let folder: string;
  let runtime: Runtime;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'stand-in-'));
    runtime = await findRuntime();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const damages: readonly (readonly [
    what: string,
    damage: (home: string) => Promise<unknown>,
    whole: boolean,
  ])[] = [
    ['untouched', async () => {}, true],
    ['with a changed library', (home) => appendFile(path.join(home, 'libffmpeg.so'), 'x'), false],
    ['with one file more', (home) => cp(path.join(home, 'icudtl.dat'), path.join(home, 'extra')), false],
    ['with one file less', (home) => rm(path.join(home, 'icudtl.dat')), false],
    ['that cannot be executed', (home) => chmod(path.join(home, 'electron'), 0o644), false],
    [
      'with another loader',
      (home) => createPackage(FIXTURE_APP, path.join(home, 'resources/default_app.asar')),
      false,
    ],
    ['that is not there', (home) => rm(home, { recursive: true }), false],
  ];

  test.for(damages)('%s', async ([, damage, whole], { skip }) => {
    skip(runtime.version !== STAND_IN_VERSION, 'this machine runs the pinned Electron');
    const source = path.dirname(runtime.executable);
    const copy = path.join(folder, 'copy');
    await rm(copy, { recursive: true, force: true });
    await cp(source, copy, { recursive: true });
    await damage(copy);
    expect(await isWholeStandIn(copy)).toBe(whole);
  });
});
