/** The lock between processes: one at a time, opened by its owner's death, never by somebody who came too late. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { LOCK_BOUND_MS, withLock } from '../../../electron/adapters/folder-lock.ts';
import { hostSlugOf } from '../../../electron/adapters/host-slug.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { startProcess } from '../../support/other-process.ts';
import { until } from '../../support/poll.ts';

/** Above any process id a system gives out. */
const DEAD_PID = 2 ** 22 + 1;

async function bench() {
  const folder = await temporaryFolder();
  const lock = path.join(folder, 'a.lock');
  return {
    folder,
    lock,
    async plant(owner: string) {
      await mkdir(lock);
      await writeFile(path.join(lock, owner), '');
    },
    elapsed: async (work: Promise<unknown>) => {
      const startedMs = performance.now();
      await work;
      return performance.now() - startedMs;
    },
  };
}

test('one at a time, and nothing is left behind', async () => {
  const { folder, lock } = await bench();
  let inside = 0;
  let most = 0;
  let entered = 0;
  const enter = () =>
    withLock(lock, async () => {
      inside += 1;
      entered += 1;
      most = Math.max(most, inside);
      await readdir(folder);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 50 }, enter));
  expect({ entered, most }).toEqual({ entered: 50, most: 1 });
  expect(await readdir(folder)).toEqual([]);
});

test('work that throws gives the lock up', async () => {
  const { folder, lock } = await bench();
  const bug = new Error('bug');
  await expect(
    withLock(lock, async () => {
      throw bug;
    }),
  ).rejects.toBe(bug);
  expect(await readdir(folder)).toEqual([]);
});

describe('is taken over', () => {
  test('at once from a process that was killed while it held it', async () => {
    const { folder, lock, elapsed } = await bench();
    const holder = await startProcess('tests/support/stuck-worker.ts', 'lock', lock);
    expect(await holder.nextLine()).toBe('stuck');
    await holder.kill();
    expect(await elapsed(withLock(lock, async () => {}))).toBeLessThan(LOCK_BOUND_MS / 2);
    expect(await readdir(folder)).toEqual([]);
  });

  test('by one of many only', async () => {
    const { lock, plant } = await bench();
    await plant(`${hostSlugOf()}-${DEAD_PID}-0123456789ab`);
    let inside = 0;
    const enter = () =>
      withLock(lock, async ({ isHeld }) => {
        inside += 1;
        const seen = { inside, held: await isHeld() };
        inside -= 1;
        return seen;
      });
    const all = await Promise.all(Array.from({ length: 30 }, enter));
    expect(all).toEqual(all.map(() => ({ inside: 1, held: true })));
  });

  test('when its owner’s host is unknown, after the bound', async () => {
    const { lock, plant, elapsed } = await bench();
    await plant(`another-host-${DEAD_PID}-0123456789ab`);
    const tookMs = await elapsed(withLock(lock, async () => {}, { boundMs: 300 }));
    expect(tookMs).toBeGreaterThan(300);
    expect(tookMs).toBeLessThan(LOCK_BOUND_MS);
  });

  test('from a process that stands still beyond the bound, which then learns of it', async () => {
    const { lock } = await bench();
    let letGo = () => {};
    const standing = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let before = false;
    const slow = withLock(lock, async ({ isHeld }) => {
      before = await isHeld();
      await standing;
      return { before, after: await isHeld() };
    });
    await until(() => before, { timeoutMs: 30_000, what: 'the slow one inside' });
    const quick = await withLock(
      lock,
      async ({ isHeld }) => {
        letGo();
        const seen = await slow;
        // The late one gave up a lock that was not its own any more: ours must have survived that.
        return { seen, held: await isHeld() };
      },
      { boundMs: 100 },
    );
    expect(quick).toEqual({ seen: { before: true, after: false }, held: true });
  });
});

describe('a leftover in its place is no lock', () => {
  test.each<[string, (lock: string) => Promise<unknown>]>([
    ['an empty folder', (lock) => mkdir(lock)],
    ['a plain file', (lock) => writeFile(lock, '4711')],
  ])('%s', async (_, leave) => {
    const { folder, lock, elapsed } = await bench();
    await leave(lock);
    expect(await elapsed(withLock(lock, async () => {}))).toBeLessThan(LOCK_BOUND_MS / 2);
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a folder that takes nothing says so instead of waiting', async () => {
  const { folder, lock } = await bench();
  await rm(folder, { recursive: true });
  await expect(withLock(lock, async () => {})).rejects.toThrow('ENOENT');
});
