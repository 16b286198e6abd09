import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { hostSlugOf } from '../../../electron/adapters/host-slug.ts';
import { readIdentity } from '../../../electron/adapters/identity.ts';
import { isProcessAlive } from '../../../electron/adapters/process-alive.ts';
import { parseOwner } from '../../../shared/owner.ts';
import { bundled } from '../../support/bundled.ts';
import { temporaryFolder, whileReadOnly } from '../../support/data-folder.ts';

describe('the install id', () => {
  test('is made once and found again', async () => {
    const folder = await temporaryFolder();
    const first = await readIdentity(folder);
    expect(first.install).toMatch(/^[0-9a-f]{16}$/);
    expect((await readIdentity(folder)).install).toBe(first.install);
    expect(await readdir(folder)).toEqual(['install-id']);
  });

  test('comes with what this process is at, which all of its cores share', async () => {
    const [first, second] = [
      await readIdentity(await temporaryFolder()),
      await readIdentity(await temporaryFolder()),
    ];
    expect(second.atWork).toBe(first.atWork);
  });

  test('is one for all who start at once', async () => {
    const folder = await temporaryFolder();
    const all = await Promise.all(Array.from({ length: 10 }, () => readIdentity(folder)));
    expect(new Set(all.map(({ install }) => install)).size).toBe(1);
  });

  test.each(['', 'garbage', 'ABCDEF0123456789'])('is made anew beside a damaged one (%j)', async (damage) => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'install-id'), damage);
    const { install } = await readIdentity(folder);
    expect(await readFile(path.join(folder, 'install-id'), 'utf8')).toBe(`${install}\n`);
    expect(await readFile(path.join(folder, 'install-id.corrupt'), 'utf8')).toBe(damage);
  });

  test('of a folder that keeps nothing is this process’s alone', async () => {
    const folder = await temporaryFolder();
    const [first, second] = await whileReadOnly(folder, async () => [
      await readIdentity(folder),
      await readIdentity(folder),
    ]);
    expect(first.install).toMatch(/^[0-9a-f]{16}$/);
    expect(second.install).not.toBe(first.install);
    await rm(folder, { recursive: true });
    expect((await readIdentity(folder)).install).toMatch(/^[0-9a-f]{16}$/);
  });

  test('stands in an owner that others can take apart', async () => {
    const { install, host, owner } = await readIdentity(await temporaryFolder());
    expect(parseOwner(owner)).toEqual({ install, host, pid: process.pid });
  });

  test('is the same in a worker thread, whose owner is another one: it shares no memory with us', async () => {
    const folder = await temporaryFolder();
    const { install, host } = await readIdentity(folder);
    const thread = new Worker(await bundled('tests/support/thread-owner.ts'), { workerData: folder });
    const { threadId } = thread;
    const [owner] = await once(thread, 'message');
    expect(parseOwner(owner)).toEqual({ install, host: `${host}-thread-${threadId}`, pid: process.pid });
  });
});

test.each([
  ['DESKTOP-7K2', 'desktop-7k2'],
  ['macbook.local', 'macbook-local'],
  ['가게-PC', 'pc'],
  ['가게', 'host'],
  ['', 'host'],
  ['a__b', 'a-b'],
  [`${'x'.repeat(39)}.example`, 'x'.repeat(39)],
])('the host %j is called %j', (name, slug) => {
  expect(hostSlugOf(name)).toBe(slug);
});

describe('a process', () => {
  test('that runs is alive, one that ended is not', async () => {
    expect(isProcessAlive(process.pid)).toBe(true);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const { pid } = child;
    expect(isProcessAlive(pid!)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isProcessAlive(pid!)).toBe(false);
  });

  test.each([0, -1, 1.5, Number.NaN])('number %d is nobody, and no group is asked', (pid) => {
    expect(isProcessAlive(pid)).toBe(false);
  });
});
