import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  diskCodeOf,
  ensureFolder,
  renamePatiently,
  Superseded,
  setAsideCorrupt,
  sweepLeftovers,
  temporaryNameOf,
  writeDurably,
} from '../../../electron/adapters/durable-file.ts';
import { temporaryFolder } from '../../support/data-folder.ts';

const errno = (code: string) => Object.assign(new Error(code), { code, errno: -1, syscall: 'write' });
/** Above any process id a system gives out. */
const DEAD_PID = 2 ** 22 + 1;

describe('a durable write', () => {
  test('replaces the file, keeps it to its owner and leaves nothing beside it', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'a.json');
    await writeDurably(file, 'first');
    await writeDurably(file, '둘째');
    expect(await readFile(file, 'utf8')).toBe('둘째');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('that was superseded leaves the old file and nothing beside it', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'a.json');
    await writeDurably(file, 'old');
    const late = writeDurably(file, 'late', { mayReplace: async () => false });
    await expect(late).rejects.toThrow(Superseded);
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('into a missing folder says so and writes nothing', async () => {
    const folder = await temporaryFolder();
    await expect(writeDurably(path.join(folder, 'none', 'a.json'), 'x')).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a new folder is its owner’s alone, at every level', async () => {
    const folder = await temporaryFolder();
    await ensureFolder(path.join(folder, 'journal', 'myshop'));
    for (const each of ['journal', 'journal/myshop'])
      expect((await stat(path.join(folder, each))).mode & 0o777).toBe(0o700);
  });
});

describe('a rename', () => {
  const refuseTimes = (times: number, code: string) => {
    const calls: string[] = [];
    const move = async (from: string, to: string) => {
      calls.push(`${from} ${to}`);
      if (calls.length <= times) throw errno(code);
    };
    return { calls, move };
  };

  test.each(['EPERM', 'EACCES', 'EBUSY'])('on Windows is tried again after %s', async (code) => {
    const { calls, move } = refuseTimes(3, code);
    await renamePatiently('a', 'b', 'win32', move);
    expect(calls).toEqual(['a b', 'a b', 'a b', 'a b']);
  });

  test.each([
    ['win32', 'ENOSPC'],
    ['linux', 'EPERM'],
    ['darwin', 'EBUSY'],
  ] as const)('on %s ends at once with %s', async (platform, code) => {
    const { calls, move } = refuseTimes(1, code);
    await expect(renamePatiently('a', 'b', platform, move)).rejects.toThrow(code);
    expect(calls).toHaveLength(1);
  });

  test('on Windows gives up after two seconds', async () => {
    const startedMs = performance.now();
    const { move } = refuseTimes(Number.POSITIVE_INFINITY, 'EBUSY');
    await expect(renamePatiently('a', 'b', 'win32', move)).rejects.toThrow('EBUSY');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1990);
  });
});

describe('leftovers', () => {
  const now = Date.now();
  const minutes = (count: number) => count * 60_000;
  test.each([
    ['a dead writer’s, two minutes old', `.a.json.${DEAD_PID}-0123456789ab.tmp`, minutes(2), false],
    ['a dead writer’s, just written', `.a.json.${DEAD_PID}-0123456789ab.tmp`, 0, true],
    ['a living writer’s, two minutes old', temporaryNameOf('a.json'), minutes(2), true],
    ['a living writer’s, two days old', temporaryNameOf('a.json'), minutes(2 * 24 * 60), false],
    ['a file that is not temporary', 'a.json', minutes(2 * 24 * 60), true],
    ['a file of the same ending', `a.json.${DEAD_PID}-0123456789ab.tmp`, minutes(2 * 24 * 60), true],
  ])('%s', async (_, name, ageMs, stays) => {
    const folder = await temporaryFolder();
    const file = path.join(folder, name);
    await writeFile(file, 'half');
    await utimes(file, (now - ageMs) / 1000, (now - ageMs) / 1000);
    await sweepLeftovers(folder, now);
    expect(await readdir(folder)).toEqual(stays ? [name] : []);
  });

  test('a folder that was prepared as a lock goes too', async () => {
    const folder = await temporaryFolder();
    const prepared = path.join(folder, `.a.lock.${DEAD_PID}-0123456789ab.tmp`);
    await mkdir(prepared);
    await writeFile(path.join(prepared, 'owner'), '');
    await sweepLeftovers(folder, now + minutes(2));
    expect(await readdir(folder)).toEqual([]);
  });

  test('a missing folder has none', async () => {
    await expect(sweepLeftovers(path.join(await temporaryFolder(), 'none'))).resolves.toBeUndefined();
  });
});

test('damaged files are kept one beside the other', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'a.json');
  for (const content of ['first', 'second', 'third']) {
    await writeFile(file, content);
    await setAsideCorrupt(file);
  }
  expect(await readdir(folder)).toEqual(['a.json.2.corrupt', 'a.json.3.corrupt', 'a.json.corrupt']);
  expect(await readFile(path.join(folder, 'a.json.2.corrupt'), 'utf8')).toBe('second');
});

describe('the code of a disk’s refusal', () => {
  test.each([
    ['ENOSPC', 'disk.full'],
    ['EDQUOT', 'disk.full'],
    ['EROFS', 'disk.readonly'],
    ['EACCES', 'disk.readonly'],
    ['EPERM', 'disk.readonly'],
    ['EIO', 'disk.readonly'],
    ['ENOENT', 'disk.readonly'],
  ])('%s is %s', (code, expected) => {
    expect(diskCodeOf(errno(code))).toBe(expected);
  });

  test('a bug is no refusal and is thrown on', () => {
    const bug = new TypeError('x is not a function');
    expect(() => diskCodeOf(bug)).toThrow(bug);
  });
});
