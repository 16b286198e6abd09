import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../electron/adapters/data-folder.ts';
import { createHistoryFile } from '../../../electron/adapters/history/history-file.ts';
import { createJournal } from '../../../electron/adapters/journal/journal.ts';
import { type Migration, migrateFolder } from '../../../electron/adapters/migrate-folder.ts';
import { createSealings } from '../../../electron/adapters/sealing/sealing.ts';
import { readSettingsFile } from '../../../electron/adapters/settings/read-settings-file.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { recordLog } from '../../support/recorded-log.ts';

/** A data folder as 0.1.0 left it, of the first format. */
const FIRST = path.resolve(import.meta.dirname, 'first-format');
const SECRET = 'the-secret-of-the-first-format';
const AT = Date.UTC(2026, 2, 1, 3);
const NOW = AT + 24 * 60 * 60_000;

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(FIRST, folder, { recursive: true });
});

const contents = async (of: string) => {
  const files = (await readdir(of, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const named = files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return Promise.all(
    named.map(async (file) => [path.relative(of, file), await readFile(file, 'utf8')] as const),
  );
};

const rename: Migration = {
  to: 2,
  async run(into) {
    const file = path.join(into, 'settings.json');
    const { locale: language, ...rest } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(language === undefined ? rest : { ...rest, language }));
  },
};
const addDiary: Migration = {
  to: 3,
  run: (into) => writeFile(path.join(into, 'history/added.jsonl'), ''),
};

describe('the first format', () => {
  it('is read whole by this version: settings, journal and history', async () => {
    const { settings, problems } = await readSettingsFile(folder);
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      version: 1,
      locale: 'ko',
      closeExplained: true,
      malls: [{ mall: 'myshop' }],
    });

    const log = recordLog();
    const sealing = createSealings({ folder: path.join(folder, 'keys'), secrets: () => [SECRET], log });
    const journal = await createJournal({ folder: path.join(folder, 'journal'), sealing, log }).read(
      'myshop',
    );
    expect(journal).toMatchObject({ ok: true, value: { locked: 0, corrupt: 0 } });
    expect(journal.ok && journal.value.attempts[0]?.parent?.refreshToken).toBe('refresh-of-the-first-format');

    const history = createHistoryFile({ folder: path.join(folder, 'history'), clock: { now: () => NOW } });
    expect(await history.read('myshop')).toMatchObject({ ok: true, value: [{ kind: 'connected', at: AT }] });
  });

  it('needs no migration yet, and is opened as it is', async () => {
    const before = await contents(folder);
    expect(await migrateFolder(folder, NOW)).toEqual({ kind: 'current' });
    expect(await contents(folder)).toEqual(before);
    expect(await openDataFolder(folder)).toMatchObject({ keeps: true });
  });
});

describe('a migration', () => {
  it('runs once and in order, and what was there before lies aside, byte for byte', async () => {
    const before = await contents(folder);
    const migrated = await migrateFolder(folder, NOW, [rename, addDiary]);
    expect(migrated).toEqual({
      kind: 'migrated',
      from: 1,
      backup: path.join(folder, `backup/format-1-${NOW}`),
    });
    expect(JSON.parse(await readFile(path.join(folder, 'settings.json'), 'utf8'))).toMatchObject({
      language: 'ko',
    });
    expect(await readdir(path.join(folder, 'history'))).toContain('added.jsonl');
    expect(await contents(path.join(folder, `backup/format-1-${NOW}`))).toEqual(before);

    expect(await migrateFolder(folder, NOW + 1, [rename, addDiary])).toEqual({ kind: 'current' });
    expect(await readdir(path.join(folder, 'backup'))).toHaveLength(1);
  });

  it('goes on from where an earlier version ended', async () => {
    await migrateFolder(folder, NOW, [rename]);
    expect(await migrateFolder(folder, NOW + 1, [rename, addDiary])).toMatchObject({
      kind: 'migrated',
      from: 2,
    });
  });

  it('that fails leaves everything as it was', async () => {
    const before = await contents(folder);
    const broken: Migration = {
      to: 3,
      async run(into) {
        await writeFile(path.join(into, 'settings.json'), 'half');
        throw new Error('no room');
      },
    };
    await expect(migrateFolder(folder, NOW, [rename, broken])).rejects.toThrow('no room');
    const after = (await contents(folder)).filter(([name]) => !name.startsWith('backup/'));
    expect(after).toEqual(before);
  });

  it('is made by one of several programs that start at once', async () => {
    let runs = 0;
    const counted: Migration = {
      to: 2,
      async run() {
        runs += 1;
      },
    };
    const all = await Promise.all(Array.from({ length: 4 }, () => migrateFolder(folder, NOW, [counted])));
    expect(runs).toBe(1);
    expect(all.filter(({ kind }) => kind === 'migrated')).toHaveLength(1);
  });
});

describe('a folder of a later version', () => {
  it.each(['{"format": 99}', 'not json', '{}'])('is only read (%s)', async (text) => {
    await writeFile(path.join(folder, 'format.json'), text);
    expect(await migrateFolder(folder, NOW, [rename])).toEqual({ kind: 'later' });
    expect(await openDataFolder(folder)).toEqual({ folder, keeps: false, why: 'config.newer_format' });
  });
});
