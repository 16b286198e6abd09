import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { packedFilesIn } from '../../../electron/adapters/packed-files.ts';
import { recordLog } from '../../support/recorded-log.ts';

const PAGE = '<!doctype html><title>the page</title>';

describe('what is packed beside the program', () => {
  let folder: string;
  let distFolder: string;
  let downloads: string;
  let shown: string[];
  const at = (name: string) => path.join(downloads, name);
  const save = (place = () => downloads) =>
    packedFilesIn({
      distFolder,
      downloads: place,
      show: (file) => shown.push(file),
      log: recordLog(),
    }).saveRelayPage();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'packed-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    distFolder = path.join(folder, 'dist');
    downloads = path.join(folder, 'home', '받은 파일');
    shown = [];
    await mkdir(path.join(distFolder, 'relay'), { recursive: true });
    await writeFile(path.join(distFolder, 'relay/index.html'), PAGE);
  });

  test('the relay page goes into a folder that was not there yet, and is shown', async () => {
    expect(await save()).toEqual({ ok: true, value: at('cafe24-relay.html') });
    expect(await readFile(at('cafe24-relay.html'), 'utf8')).toBe(PAGE);
    expect(shown).toEqual([at('cafe24-relay.html')]);
  });

  test('a second time it is the same file', async () => {
    await save();
    expect(await save()).toEqual({ ok: true, value: at('cafe24-relay.html') });
    expect(await readdir(downloads)).toEqual(['cafe24-relay.html']);
    expect(shown).toHaveLength(2);
  });

  test('neither a file nor a folder nor a link to elsewhere is written over or followed', async () => {
    await mkdir(downloads, { recursive: true });
    await writeFile(at('cafe24-relay.html'), PAGE.replace('page', 'shop'));
    await mkdir(at('cafe24-relay-2.html'));
    await symlink(path.join(folder, 'elsewhere'), at('cafe24-relay-3.html'));
    expect(await save()).toEqual({ ok: true, value: at('cafe24-relay-4.html') });
    expect(await readFile(at('cafe24-relay-4.html'), 'utf8')).toBe(PAGE);
    expect(await readFile(at('cafe24-relay.html'), 'utf8')).toBe(PAGE.replace('page', 'shop'));
    expect(await readdir(folder)).not.toContain('elsewhere');
  });

  test('where nothing can be written, that is said, and nothing is shown', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    expect(await save(() => path.join(file, 'downloads'))).toEqual({ ok: false, code: 'relay.not_saved' });
    const noPlace = () => {
      throw new Error('Failed to get path for downloads');
    };
    expect(await save(noPlace)).toEqual({ ok: false, code: 'relay.not_saved' });
    expect(shown).toEqual([]);
  });
});
