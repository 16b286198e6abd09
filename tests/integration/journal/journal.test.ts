/** docs/guarantees.md, rows 1, 41, 42, 45, 47, 48: what the journal keeps, and what it says of what it cannot read. */
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createJournal } from '../../../electron/adapters/journal/journal.ts';
import { createSealings } from '../../../electron/adapters/sealing/sealing.ts';
import type { Attempt } from '../../../electron/ports.ts';
import type { KnownSet } from '../../../shared/token-set.ts';
import {
  contentsOf,
  MAY_MOUNT,
  mountSmallDisk,
  temporaryFolder,
  whileReadOnly,
} from '../../support/data-folder.ts';
import { startProcess } from '../../support/other-process.ts';
import { recordLog } from '../../support/recorded-log.ts';

const MALL = 'myshop';
const OWNER = '0123456789abcdef-pc-4711';
const AT = Date.UTC(2026, 2, 1, 3);

const SET: KnownSet = {
  accessToken: 'canary-access',
  expiresAt: AT + 7_200_000,
  refreshToken: 'canary-refresh',
  refreshTokenExpiresAt: AT + 14 * 86_400_000,
  refreshTokenHash: 'aa'.repeat(16),
  issuedAt: AT,
  grant: { id: 'g', at: AT },
  parent: null,
  deadlineSource: 'server',
  deadlineKind: 'rolling',
  scopes: ['mall.read_product'],
  userId: 'owner',
};

function attempt(openedAt: number, change: Partial<Attempt> = {}): Attempt {
  return {
    id: `${openedAt}-${OWNER}`,
    mall: MALL,
    owner: OWNER,
    kind: 'refresh',
    openedAt,
    outcome: 'answered',
    parent: SET,
    tries: 1,
    why: 'grant.invalid',
    before: {
      hash: SET.refreshTokenHash,
      at: AT,
      owner: OWNER,
      tries: 0,
      triedAt: AT,
      outcome: 'lost',
      reason: null,
      retryAt: null,
      client: 'f',
      lostHost: 'pc',
      afterBlock: null,
    },
    follows: AT - 1,
    answer: {
      status: 200,
      date: AT,
      retryAfterMs: null,
      body: '{"refresh_token":"canary-답"}',
      receivedAt: AT,
    },
    offline: false,
    settledAt: null,
    wiped: false,
    presentedHash: SET.refreshTokenHash,
    ...change,
  };
}

async function bench() {
  const dataFolder = await temporaryFolder();
  const folder = path.join(dataFolder, 'journal');
  const log = recordLog();
  return {
    dataFolder,
    folder,
    log,
    fileOf: ({ id, mall }: Attempt) => path.join(folder, mall, `${id}.json`),
    names: async () => (await readdir(path.join(folder, MALL))).sort(),
    /** The journal as a program with these secrets opens it. */
    open: (...secrets: string[]) =>
      createJournal({
        folder,
        sealing: createSealings({ folder: path.join(dataFolder, 'keys'), secrets: () => secrets, log }),
        log,
      }),
  };
}

const reading = (attempts: readonly Attempt[], rest: { locked?: number; corrupt?: number } = {}) => ({
  ok: true,
  value: { attempts, locked: rest.locked ?? 0, corrupt: rest.corrupt ?? 0 },
});

describe('an attempt', () => {
  test.each<[string, Attempt]>([
    ['full', attempt(AT)],
    [
      'wiped',
      attempt(AT, { parent: null, before: null, answer: null, why: null, wiped: true, settledAt: AT }),
    ],
    ['of a consent', attempt(AT, { kind: 'consent', outcome: 'open', parent: null, presentedHash: null })],
    ['adopted', attempt(AT, { kind: 'adopted', outcome: 'adopted' })],
  ])('%s comes back as it was, in the writer and in another process', async (_, written) => {
    const at = await bench();
    const journal = at.open('a');
    expect(await journal.write(written)).toEqual({ ok: true, value: undefined });
    expect(await journal.read(MALL)).toEqual(reading([written]));
    expect(await at.open('a').read(MALL)).toEqual(reading([written]));
  });

  test('is replaced by its next state, removed for good, and missed by nobody', async () => {
    const at = await bench();
    const journal = at.open('a');
    const other = at.open('a');
    await journal.write(attempt(AT, { outcome: 'open' }));
    await other.read(MALL);
    await journal.write(attempt(AT, { outcome: 'lost' }));
    expect(await other.read(MALL)).toEqual(reading([attempt(AT, { outcome: 'lost' })]));
    await journal.remove(MALL, attempt(AT).id);
    expect(await journal.remove(MALL, attempt(AT).id)).toEqual({ ok: true, value: undefined });
    expect(await other.read(MALL)).toEqual(reading([]));
    expect(await at.names()).toEqual([]);
  });

  test('is found oldest first, and by its own mall alone', async () => {
    const at = await bench();
    const journal = at.open('a');
    const all = [AT + 2, AT, AT + 1].map((openedAt) => attempt(openedAt));
    for (const each of [...all, attempt(AT, { mall: 'other' })]) await journal.write(each);
    expect(await journal.read(MALL)).toEqual(reading([attempt(AT), attempt(AT + 1), attempt(AT + 2)]));
    expect(await journal.read('none')).toEqual(reading([]));
  });

  test('stands readable in no file of the data folder', async () => {
    const at = await bench();
    await at.open('the-client-secret').write(attempt(AT));
    const everything = [...(await contentsOf(at.dataFolder))].flat().join('\n');
    expect(everything).not.toMatch(/canary|the-client-secret|mall\.read|refresh_token/);
    expect((await stat(at.fileOf(attempt(AT)))).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(at.fileOf(attempt(AT))))).mode & 0o777).toBe(0o700);
  });

  test('with a reason this version does not know keeps everything else', async () => {
    const at = await bench();
    const newer = { ...attempt(AT), why: 'grant.some_later_code', addedLater: 1 } as unknown as Attempt;
    await at.open('a').write(newer);
    expect(await at.open('a').read(MALL)).toEqual(reading([attempt(AT, { why: null })]));
  });

  test.each(['../../x', '123', 'x-aaaa-pc-1', `${AT}-no-pid`])('is never written under %j', async (id) => {
    await expect((await bench()).open('a').write(attempt(AT, { id }))).rejects.toThrow('not the id');
  });
});

describe('killed while writing', () => {
  test('before the rename: the former state stands, and the half one is swept away', async () => {
    const at = await bench();
    const journal = at.open('a');
    await journal.write(attempt(AT, { outcome: 'open' }));
    const file = at.fileOf(attempt(AT));
    const writer = await startProcess('tests/support/stuck-worker.ts', 'write', file, 'half');
    expect(await writer.nextLine()).toBe('stuck');
    expect(await at.names()).toHaveLength(2);
    await writer.kill();

    expect(await at.open('a').read(MALL)).toEqual(reading([attempt(AT, { outcome: 'open' })]));
    const [leftover = ''] = (await at.names()).filter((name) => name.endsWith('.tmp'));
    expect(leftover).not.toBe('');
    const twoMinutesAgo = Date.now() / 1000 - 120;
    await utimes(path.join(path.dirname(file), leftover), twoMinutesAgo, twoMinutesAgo);
    await journal.read(MALL);
    expect(await at.names()).toEqual([path.basename(file)]);
  });
});

describe('a file that cannot be read', () => {
  test('locked: it is counted, left as it is, and found again with its secret', async () => {
    const at = await bench();
    await at.open('old').write(attempt(AT));
    const before = await contentsOf(at.folder);
    expect(await at.open('mistyped').read(MALL)).toEqual(reading([], { locked: 1 }));
    expect(await at.open().read(MALL)).toEqual(reading([], { locked: 1 }));
    expect(await contentsOf(at.folder)).toEqual(before);

    await at.open('new').write(attempt(AT + 1));
    expect(await at.open('new').read(MALL)).toEqual(reading([attempt(AT + 1)], { locked: 1 }));
    expect(await at.open('new', 'old').read(MALL)).toEqual(reading([attempt(AT), attempt(AT + 1)]));
    // The key was wrapped for the new secret while the old one was at hand.
    expect(await at.open('new').read(MALL)).toEqual(reading([attempt(AT), attempt(AT + 1)]));
  });

  test('without a secret nothing is written, by name of the trouble', async () => {
    const at = await bench();
    expect(await at.open().write(attempt(AT))).toEqual({ ok: false, code: 'client.not_configured' });
  });

  test.each<[string, (file: string) => Promise<void>]>([
    ['cut off', async (file) => writeFile(file, (await readFile(file, 'utf8')).slice(0, 40))],
    ['empty', (file) => writeFile(file, '')],
    ['plain text', (file) => writeFile(file, JSON.stringify(attempt(AT)))],
  ])('damaged (%s): it is set aside, counted once and said; the others are read', async (_, damage) => {
    const at = await bench();
    const journal = at.open('a');
    await journal.write(attempt(AT));
    await journal.write(attempt(AT + 1));
    const file = at.fileOf(attempt(AT));
    await damage(file);
    const damaged = await readFile(file, 'utf8');
    expect(await journal.read(MALL)).toEqual(reading([attempt(AT + 1)], { corrupt: 1 }));
    expect(await journal.read(MALL)).toEqual(reading([attempt(AT + 1)]));
    expect(await readFile(`${file}.corrupt`, 'utf8')).toBe(damaged);
    const name = path.basename(file);
    expect(at.log.lines).toEqual([`error [journal] damaged, set aside as ${name}.corrupt ${attempt(AT).id}`]);
  });

  test.each<[string, (file: string, at: Awaited<ReturnType<typeof bench>>) => Promise<string>]>([
    [
      'under another attempt’s name',
      async (file, at) => {
        const name = at.fileOf(attempt(AT + 5));
        await rename(file, name);
        return name;
      },
    ],
    [
      'in another mall’s folder',
      async (file, at) => {
        await at.open('a').write(attempt(AT + 5, { mall: 'other' }));
        const name = path.join(at.folder, 'other', path.basename(file));
        await copyFile(file, name);
        return name;
      },
    ],
  ])('%s: it is not believed', async (_, misplace) => {
    const at = await bench();
    await at.open('a').write(attempt(AT));
    const name = await misplace(at.fileOf(attempt(AT)), at);
    const mall = path.basename(path.dirname(name));
    const found = await at.open('a').read(mall);
    const isOthers = mall === 'other';
    // Another mall's file is sealed under a key of that mall: here it is locked, not damaged.
    expect(found).toEqual(
      isOthers ? reading([attempt(AT + 5, { mall })], { locked: 1 }) : reading([], { corrupt: 1 }),
    );
  });

  test('what is no attempt’s name is left alone', async () => {
    const at = await bench();
    await at.open('a').write(attempt(AT));
    for (const name of ['notes.txt', 'x.json', `${attempt(AT).id} (conflicted copy).json`])
      await writeFile(path.join(at.folder, MALL, name), 'x');
    await mkdir(path.join(at.folder, MALL, 'folder'));
    const before = await at.names();
    expect(await at.open('a').read(MALL)).toEqual(reading([attempt(AT)]));
    expect(await at.names()).toEqual(before);
  });

  test('a folder in a file’s place hides no other file', async () => {
    const at = await bench();
    await at.open('a').write(attempt(AT));
    await mkdir(at.fileOf(attempt(AT + 1)));
    expect(await at.open('a').read(MALL)).toEqual(reading([attempt(AT)], { locked: 1 }));
  });
});

describe('reading again', () => {
  test('opens nothing that has not changed', async () => {
    const at = await bench();
    const sealings = createSealings({
      folder: path.join(at.dataFolder, 'keys'),
      secrets: () => ['a'],
      log: at.log,
    });
    let opened = 0;
    const journal = createJournal({
      folder: at.folder,
      sealing: (mall) => ({
        ...sealings(mall),
        open: (purpose, text) => {
          opened += 1;
          return sealings(mall).open(purpose, text);
        },
      }),
      log: at.log,
    });
    await journal.write(attempt(AT));
    await at.open('a').write(attempt(AT + 1));
    for (let time = 0; time < 3; time += 1) await journal.read(MALL);
    // Its own write is known; the other program's was opened once.
    expect(opened).toBe(1);
    await at.open('a').write(attempt(AT + 1, { outcome: 'lost' }));
    expect(await journal.read(MALL)).toEqual(reading([attempt(AT), attempt(AT + 1, { outcome: 'lost' })]));
    expect(opened).toBe(2);
  });

  test('forgets what is gone, and finds what came back', async () => {
    const at = await bench();
    const journal = at.open('a');
    await journal.write(attempt(AT));
    const file = at.fileOf(attempt(AT));
    await rename(file, `${file}.away`);
    expect(await journal.read(MALL)).toEqual(reading([]));
    await rename(`${file}.away`, file);
    expect(await journal.read(MALL)).toEqual(reading([attempt(AT)]));
  });
});

describe('a disk that refuses', () => {
  test('read-only: writing is disk.readonly, reading goes on', async () => {
    const at = await bench();
    const journal = at.open('a');
    await journal.write(attempt(AT));
    await whileReadOnly(at.dataFolder, async () => {
      expect(await journal.write(attempt(AT + 1))).toEqual({ ok: false, code: 'disk.readonly' });
      expect(await journal.write(attempt(AT, { outcome: 'lost' }))).toEqual({
        ok: false,
        code: 'disk.readonly',
      });
      expect(await journal.remove(MALL, attempt(AT).id)).toEqual({ ok: false, code: 'disk.readonly' });
      expect(await journal.read(MALL)).toEqual(reading([attempt(AT)]));
      expect(await at.open('a').read(MALL)).toEqual(reading([attempt(AT)]));
    });
    expect((await journal.write(attempt(AT + 1))).ok).toBe(true);
  });

  test('read-only with a damaged file: it is counted, said, and stays', async () => {
    const at = await bench();
    const journal = at.open('a');
    await journal.write(attempt(AT));
    await writeFile(at.fileOf(attempt(AT)), 'x');
    await whileReadOnly(at.dataFolder, async () => {
      expect(await journal.read(MALL)).toEqual(reading([], { corrupt: 1 }));
    });
    expect(at.log.lines.join()).toContain('cannot be set aside: disk.readonly');
    expect(await at.names()).toEqual([path.basename(at.fileOf(attempt(AT)))]);
  });

  test.runIf(MAY_MOUNT)(
    'full: disk.full, what stood there stands, and it goes on when there is room',
    async () => {
      const at = await bench();
      mountSmallDisk(at.dataFolder, '64k');
      const journal = at.open('a');
      await journal.write(attempt(AT));
      const filler = path.join(at.dataFolder, 'filler');
      await writeFile(filler, Buffer.alloc(64 * 1024)).catch(() => {});
      expect(await journal.write(attempt(AT, { outcome: 'lost' }))).toEqual({ ok: false, code: 'disk.full' });
      expect(await journal.write(attempt(AT + 1))).toEqual({ ok: false, code: 'disk.full' });
      expect(await journal.read(MALL)).toEqual(reading([attempt(AT)]));
      expect(await at.names()).toEqual([path.basename(at.fileOf(attempt(AT)))]);
      await rm(filler);
      expect((await journal.write(attempt(AT + 1))).ok).toBe(true);
    },
  );
});
