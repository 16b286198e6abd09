import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureFolder, isMissing, writeDurably } from '../../../electron/adapters/durable-file.ts';
import { openSealing } from '../../../electron/adapters/sealing/sealing.ts';
import {
  contentsOf,
  MAY_MOUNT,
  mountSmallDisk,
  temporaryFolder,
  whileReadOnly,
} from '../../support/data-folder.ts';
import { startProcess } from '../../support/other-process.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { unwrap } from './contract/unwrap.ts';
import { describeLedger } from './ledger-contract.ts';
import { openLedger } from './open-ledger.ts';
import { openStore, SILENT } from './open-store.ts';

const MALL = 'myshop';
const FIELD = '2026-11-25:D-3:mail';

describeLedger('the ledger in the local store', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'keeper-test-'));
  const place = { kind: 'local', dataFolder, secrets: ['client-secret'] } as const;
  const sealingOf = (mall: string) =>
    openSealing({ folder: path.join(dataFolder, 'keys'), mall, secrets: () => place.secrets, log: SILENT });
  const fileOf = (mall: string) => path.join(dataFolder, 'store', `${mall}.json`);
  const opened = async (mall: string) => {
    const opening = await sealingOf(mall).open('store', await readFile(fileOf(mall), 'utf8'));
    if (opening.kind !== 'opened') throw new Error(opening.kind);
    return JSON.parse(opening.data);
  };
  return {
    place,
    async plant(mall, values) {
      const store = await openStore(place);
      unwrap(await store.commit(mall, { expect: {}, text: '{}' }));
      await store.close();
      const alerts = { anchor: null, entries: values };
      const sealed = await sealingOf(mall).seal('store', JSON.stringify({ ...(await opened(mall)), alerts }));
      await writeDurably(fileOf(mall), unwrap(sealed));
    },
    stored: async (mall) => (await opened(mall)).alerts.entries,
    stop: () => rm(dataFolder, { recursive: true, force: true }),
  };
});

describeLedger('this machine’s own ledger', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'keeper-test-'));
  const fileOf = (mall: string) => path.join(dataFolder, 'history', `${mall}.alerts.json`);
  return {
    place: { kind: 'alert-file', dataFolder },
    async plant(mall, entries) {
      await ensureFolder(path.dirname(fileOf(mall)));
      await writeFile(fileOf(mall), JSON.stringify({ anchor: null, entries }));
    },
    stored: async (mall) => JSON.parse(await readFile(fileOf(mall), 'utf8')).entries,
    stop: () => rm(dataFolder, { recursive: true, force: true }),
  };
});

describe('the local store', () => {
  test('keeps its tokens whatever became of the ledger beside them, and the ledger at every commit', async () => {
    const dataFolder = await temporaryFolder();
    const store = await openStore({ kind: 'local', dataFolder, secrets: ['a'] });
    unwrap(await store.commit(MALL, { expect: {}, text: 'tokens' }));
    unwrap(await store.settleAlert(MALL, FIELD, 'me', 'sent'));
    unwrap(await store.setAnchor(MALL, 1_800_000_000_000));
    unwrap(await store.commit(MALL, { expect: { text: 'tokens' }, text: 'newer' }));
    expect(unwrap(await store.read(MALL)).text).toBe('newer');
    const { entries, anchorAt } = unwrap(await store.readAlerts(MALL));
    expect([[...entries.keys()], anchorAt]).toEqual([[FIELD], 1_800_000_000_000]);
    await store.close();
  });

  test('that no secret opens says so: no ledger is begun beside it', async () => {
    const dataFolder = await temporaryFolder();
    const store = await openStore({ kind: 'local', dataFolder, secrets: ['a'] });
    unwrap(await store.commit(MALL, { expect: {}, text: 'tokens' }));
    await store.close();
    const locked = await openStore({ kind: 'local', dataFolder, secrets: ['b'] });
    expect(await locked.readAlerts(MALL)).toMatchObject({ ok: false, code: 'store.locked' });
    expect(await locked.claimAlert(MALL, FIELD, 'me', 1)).toMatchObject({ ok: false, code: 'store.locked' });
    expect(await readdir(path.join(dataFolder, 'store'))).toEqual([`${MALL}.json`]);
    await locked.close();
  });
});

describe('this machine’s own ledger', () => {
  async function bench() {
    const dataFolder = await temporaryFolder();
    const folder = path.join(dataFolder, 'history');
    const log = recordLog();
    const ledger = await openLedger({ kind: 'alert-file', dataFolder }, () => 0, log);
    return { dataFolder, folder, file: path.join(folder, `${MALL}.alerts.json`), log, ledger };
  }

  test('is one file, its owner’s alone, with nothing left beside it', async () => {
    const { folder, file, ledger } = await bench();
    unwrap(await ledger.claimAlert(MALL, FIELD, 'me', 60_000));
    unwrap(await ledger.settleAlert(MALL, FIELD, 'me', 'sent'));
    expect(await readdir(folder)).toEqual([`${MALL}.alerts.json`]);
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
  });

  test('reading creates nothing', async () => {
    const { dataFolder, ledger } = await bench();
    expect(unwrap(await ledger.readAlerts(MALL)).entries.size).toBe(0);
    expect(await contentsOf(dataFolder)).toEqual(new Map());
  });

  test.each(['', 'rubbish', '[]', '{"entries":3}'])(
    'that is damaged is set aside and said: %j',
    async (damage) => {
      const { folder, file, ledger, log } = await bench();
      unwrap(await ledger.setAnchor(MALL, 1));
      await writeFile(file, damage);
      expect(unwrap(await ledger.readAlerts(MALL)).entries.size).toBe(0);
      expect(unwrap(await ledger.claimAlert(MALL, FIELD, 'me', 60_000))).toBe(true);
      expect((await readdir(folder)).sort()).toEqual([`${MALL}.alerts.json`, `${MALL}.alerts.json.corrupt`]);
      expect(await readFile(`${file}.corrupt`, 'utf8')).toBe(damage);
      expect(log.lines).toEqual([expect.stringMatching(/^error \[store\] .*set aside as .* myshop$/)]);
    },
  );

  test('a process that was killed while it held the lock is no hindrance', async () => {
    const { folder, ledger } = await bench();
    unwrap(await ledger.setAnchor(MALL, 1));
    const holder = await startProcess(
      'tests/support/stuck-worker.ts',
      'lock',
      path.join(folder, `${MALL}.alerts.lock`),
    );
    expect(await holder.nextLine()).toBe('stuck');
    await holder.kill();
    expect(unwrap(await ledger.claimAlert(MALL, FIELD, 'me', 60_000))).toBe(true);
  });

  test('in a folder that takes nothing it says so, and still reads', async () => {
    const { dataFolder, ledger } = await bench();
    unwrap(await ledger.settleAlert(MALL, FIELD, 'me', 'sent'));
    await whileReadOnly(dataFolder, async () => {
      expect(await ledger.claimAlert(MALL, 'new', 'me', 1)).toMatchObject({ code: 'disk.readonly' });
      expect(unwrap(await ledger.readAlerts(MALL)).entries.size).toBe(1);
    });
  });

  test.runIf(MAY_MOUNT)('on a full disk it says so, and what was there stays', async () => {
    const { folder, ledger } = await bench();
    await ensureFolder(folder);
    mountSmallDisk(folder, '64k');
    unwrap(await ledger.settleAlert(MALL, FIELD, 'me', 'sent'));
    await writeFile(path.join(folder, 'big'), Buffer.alloc(64 * 1024)).catch(() => {});
    expect(await ledger.claimAlert(MALL, 'new', 'me', 1)).toMatchObject({ code: 'disk.full' });
    expect([...unwrap(await ledger.readAlerts(MALL)).entries.keys()]).toEqual([FIELD]);
  });

  test('a name that is no mall’s is refused before it becomes a path', async () => {
    const { ledger, dataFolder } = await bench();
    await expect(ledger.claimAlert('../etc', FIELD, 'me', 1)).rejects.toThrow('not a mall id');
    await expect(ledger.readAlerts('../etc')).rejects.toThrow('not a mall id');
    await expect(stat(path.join(dataFolder, 'history'))).rejects.toSatisfy(isMissing);
  });
});
