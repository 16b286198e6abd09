import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { run } from '../../../scripts/child-process.ts';
import { withoutProductNames } from '../../../scripts/product-environment.ts';
import { temporaryFolder } from '../../support/data-folder.ts';

const PROJECT = path.resolve(import.meta.dirname, '../../..');

/** A program's folder with the package installed from the tarball that `npm pack` makes, and the program's own ioredis. */
export async function programFolder(): Promise<string> {
  const home = await temporaryFolder();
  const folder = path.join(home, 'shop');
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{"name": "shop", "private": true}');
  const env = withoutProductNames(process.env);
  const packed = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', home], {
    cwd: PROJECT,
    env,
    timeoutMs: 60_000,
  });
  expect(packed).toMatchObject({ code: 0 });
  const [tarball = ''] = (await readdir(home)).filter((name) => name.endsWith('.tgz'));
  const installed = await run('npm', ['install', '--offline', path.join(home, tarball)], {
    cwd: folder,
    env,
    timeoutMs: 60_000,
  });
  expect(installed).toMatchObject({ code: 0 });
  await symlink(path.join(PROJECT, 'node_modules/ioredis'), path.join(folder, 'node_modules/ioredis'));
  return folder;
}
