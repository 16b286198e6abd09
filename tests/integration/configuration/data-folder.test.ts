import { chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderOf, locateDataFolder, openDataFolder } from '../../../electron/adapters/data-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'data-folder-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('where the data folder is', () => {
  it.each([
    ['linux', {}, '/home/op/.config/cafe24-token-keeper'],
    ['linux', { XDG_CONFIG_HOME: '/xdg' }, '/xdg/cafe24-token-keeper'],
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/op/.config/cafe24-token-keeper'],
    ['linux', { CAFE24_KEEPER_HOME: '/keeper', XDG_CONFIG_HOME: '/xdg' }, '/keeper'],
    ['linux', { CAFE24_KEEPER_HOME: ' ' }, '/home/op/.config/cafe24-token-keeper'],
    ['darwin', {}, '/home/op/Library/Application Support/cafe24-token-keeper'],
    ['win32', { APPDATA: 'C:\\Users\\op\\Roaming' }, 'C:\\Users\\op\\Roaming\\cafe24-token-keeper'],
    ['win32', {}, '\\home\\op\\AppData\\Roaming\\cafe24-token-keeper'],
  ] as const)('on %s with %j: %s', (platform, env, place) => {
    expect(dataFolderOf(env, platform, '/home/op')).toBe(place);
  });

  it.each([
    ['the asked one before all', 'asked', { CAFE24_KEEPER_HOME: '/env' }, false, 'asked'],
    ['the environment before the file', null, { CAFE24_KEEPER_HOME: '/env' }, false, '/env'],
    ['the file of the working folder', null, {}, false, 'from-file'],
    ['a relative one from the working folder', null, { CAFE24_KEEPER_HOME: 'here' }, true, 'here'],
  ])('%s', async (_, asked, env, packaged, place) => {
    await writeFile(path.join(folder, '.env'), 'CAFE24_KEEPER_HOME=from-file\n');
    expect(locateDataFolder({ env, cwd: folder, packaged }, asked)).toBe(path.resolve(folder, place));
  });

  it("is not taken from somebody else's file by a packaged app", async () => {
    await writeFile(path.join(folder, '.env'), 'CAFE24_KEEPER_HOME=from-file\n');
    const place = locateDataFolder({ env: {}, cwd: folder, packaged: true });
    expect(path.basename(place)).toBe('cafe24-token-keeper');
  });
});

describe('opening the data folder', () => {
  it('makes it for its owner alone, with its rooms, and leaves nothing of the probe behind', async () => {
    const home = path.join(folder, 'a', 'b');
    expect(await openDataFolder(home)).toEqual({ folder: home, keeps: true, why: null });
    const rooms = ['history', 'journal', 'keys', 'logs', 'store'];
    expect((await readdir(home)).sort()).toEqual(rooms);
    for (const each of [home, ...rooms.map((room) => path.join(home, room))]) {
      expect((await stat(each)).mode & 0o777).toBe(0o700);
    }
    expect(await readdir(path.join(home, 'journal'))).toEqual([]);
  });

  it('keeps what is already there', async () => {
    await mkdir(path.join(folder, 'journal'));
    await writeFile(path.join(folder, 'journal', 'kept'), 'kept');
    expect((await openDataFolder(folder)).keeps).toBe(true);
    expect(await readdir(path.join(folder, 'journal'))).toEqual(['kept']);
  });

  it('finds that nothing can be kept below a file', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const home = path.join(file, 'home');
    expect(await openDataFolder(home)).toEqual({ folder: home, keeps: false, why: 'disk.readonly' });
  });

  it('finds that nothing can be kept when one room cannot be made', async () => {
    await writeFile(path.join(folder, 'journal'), 'a file where the folder should be');
    expect(await openDataFolder(folder)).toMatchObject({ keeps: false, why: 'disk.readonly' });
  });

  it.skipIf(process.getuid === undefined)("leaves another OS user's folder untouched", async () => {
    let home = '/'; // root's, for everybody else
    if (process.getuid?.() === 0) {
      home = path.join(folder, 'theirs');
      await mkdir(home);
      await chown(home, 12_345, 12_345);
    }
    const before = await readdir(home);
    expect(await openDataFolder(home)).toEqual({ folder: home, keeps: false, why: 'config.other_os_user' });
    expect(await readdir(home)).toEqual(before);
  });

  it.skipIf(process.getuid?.() !== 0)("is not fooled by one room that is another OS user's", async () => {
    await mkdir(path.join(folder, 'journal'));
    await chown(path.join(folder, 'journal'), 12_345, 12_345);
    expect(await openDataFolder(folder)).toMatchObject({ keeps: false, why: 'config.other_os_user' });
  });
});
