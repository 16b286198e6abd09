import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tellMainPath, tellQuitting } from '../e2e/support/main-path.ts';
import { renderersOf } from '../integration/shell/support/renderers.ts';
import { giveTo, sandboxedUser } from '../support/other-user.ts';
import { canPackageHere, packagesForTests } from '../support/packaged-app.ts';
import { unpackAs } from '../support/unpack-as.ts';

const isRoot = process.getuid?.() === 0;
const user = canPackageHere() ? await sandboxedUser() : null;
const noSandbox = user === null ? ' (skipped: no user namespaces for ordinary users here)' : '';

/** SECCOMP_MODE_FILTER, as /proc/{pid}/status says it. */
const FILTERED = '2';

describe.skipIf(!canPackageHere() || !isRoot)(
  'an operator in Asia/Seoul with the packaged app, as root',
  () => {
    tellQuitting(
      tellMainPath({
        zone: 'Asia/Seoul',
        packagedExecutable: async () => (await packagesForTests()).executable,
      }),
    );
  },
);

describe.skipIf(user === null)(`an ordinary user who unpacked the tar.gz, OS sandbox on${noSandbox}`, () => {
  let folder: string;
  const operator = user === 'self' || user === null ? {} : { operator: user };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'unpacked-'));
    await chmod(folder, 0o755);
    if (operator.operator) await giveTo(operator.operator, folder);
    const { tarball } = await packagesForTests();
    await unpackAs(operator.operator, tarball, folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const story = tellMainPath({
    zone: 'America/New_York',
    packagedExecutable: async () => path.join(folder, 'cafe24-token-keeper'),
    ...operator,
  });

  test('ran all the while with its renderer in the OS sandbox', async () => {
    const renderers = await renderersOf(story.app().pid);
    expect(renderers.length).toBeGreaterThan(0);
    for (const pid of renderers) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      expect(/^Seccomp:\s+(\d)/m.exec(status)?.[1]).toBe(FILTERED);
      expect(/^CapEff:\s+(\w+)/m.exec(status)?.[1]).toMatch(/^0+$/);
      // Ids of its own namespaces after the outer one.
      expect(/^NSpid:\s+(.+)$/m.exec(status)?.[1]?.split(/\s+/).length).toBeGreaterThan(1);
    }
  });

  tellQuitting(story);
});
