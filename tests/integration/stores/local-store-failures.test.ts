/** docs/guarantees.md, rows 41, 42, 45, 47, 48, for the local store: what no other kind of store has. */
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLocalStore } from '../../../electron/adapters/local-store/local-store.ts';
import { createSealings } from '../../../electron/adapters/sealing/sealing.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import type { TokenStore } from '../../../electron/ports.ts';
import {
  contentsOf,
  MAY_MOUNT,
  mountSmallDisk,
  temporaryFolder,
  whileReadOnly,
} from '../../support/data-folder.ts';
import { startProcess } from '../../support/other-process.ts';
import { until } from '../../support/poll.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { unwrap } from './contract/unwrap.ts';
import { openStore } from './open-store.ts';

const MALL = 'myshop';
const SET = '{"refresh_token":"canary-refresh","note":"한글"}';
const LOCKED = { ok: false, code: 'store.locked' };

async function bench() {
  const dataFolder = await temporaryFolder();
  const folder = path.join(dataFolder, 'store');
  const log = recordLog();
  return {
    dataFolder,
    folder,
    file: path.join(folder, `${MALL}.json`),
    log,
    /** The store as a program with these secrets at hand opens it. */
    async open(...secrets: string[]): Promise<TokenStore> {
      const store = await openStore({ kind: 'local', dataFolder, secrets }, () => 0, log);
      onTestFinished(() => store.close());
      return store;
    },
    names: async () => (await readdir(folder)).sort(),
  };
}

const publish = (text: string, generation: number) => ({
  expect: { generation: generation - 1 },
  text,
  meta: { generation: String(generation) },
  spend: [`spent-${generation}`],
});

test('of twenty commits of two programs at once, exactly one is done', async () => {
  const at = await bench();
  const programs = [await at.open('a'), await at.open('a')];
  const racing = Array.from({ length: 20 }, (_, index) =>
    programs[index % 2]!.commit(MALL, publish(`text-${index}`, 1)),
  );
  const outcomes = (await Promise.all(racing)).map(unwrap);
  const won = outcomes.flatMap(({ kind }, index) => (kind === 'done' ? [`text-${index}`] : []));
  expect(won).toHaveLength(1);
  expect(outcomes.filter(({ kind }) => kind === 'moved')).toHaveLength(19);
  expect(outcomes.map(({ view }) => view.text)).toEqual(outcomes.map(() => won[0]));
});

describe('another process', () => {
  test('killed while it held the lock is no hindrance', async () => {
    const at = await bench();
    const store = await at.open('a');
    unwrap(await store.commit(MALL, publish(SET, 1)));
    const holder = await startProcess(
      'tests/support/stuck-worker.ts',
      'lock',
      path.join(at.folder, `${MALL}.lock`),
    );
    expect(await holder.nextLine()).toBe('stuck');
    expect(unwrap(await store.read(MALL)).text).toBe(SET);
    await holder.kill();
    expect(unwrap(await store.commit(MALL, publish('next', 2))).kind).toBe('done');
    expect(await at.names()).toEqual([`${MALL}.json`]);
  });

  test('killed before its rename leaves the former place, and its half file is swept by a later start', async () => {
    const at = await bench();
    unwrap(await (await at.open('a')).commit(MALL, publish(SET, 1)));
    const writer = await startProcess('tests/support/stuck-worker.ts', 'write', at.file, 'half');
    expect(await writer.nextLine()).toBe('stuck');
    await writer.kill();
    const [leftover = ''] = (await at.names()).filter((name) => name.endsWith('.tmp'));
    expect(leftover).not.toBe('');
    const twoMinutesAgo = Date.now() / 1000 - 120;
    await utimes(path.join(at.folder, leftover), twoMinutesAgo, twoMinutesAgo);

    const later = await at.open('a');
    expect(unwrap(await later.read(MALL)).text).toBe(SET);
    expect(unwrap(await later.commit(MALL, publish('next', 2))).kind).toBe('done');
    expect(await at.names()).toEqual([`${MALL}.json`]);
  });
});

test('a program that stood still while it held the lock writes nothing over what came meanwhile', async () => {
  const at = await bench();
  const quick = await at.open('a');
  unwrap(await quick.commit(MALL, publish(SET, 1)));
  const sealings = createSealings({
    folder: path.join(at.dataFolder, 'keys'),
    secrets: () => ['a'],
    log: at.log,
  });
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isInside = false;
  const slow = createLocalStore({
    folder: at.folder,
    // The place is read and compared by then, and not yet written.
    sealing: (mall) => ({
      ...sealings(mall),
      async seal(purpose, data) {
        isInside = true;
        await gate;
        return await sealings(mall).seal(purpose, data);
      },
    }),
    clock: { storeOffsetMs: () => 0 },
    identity: { isAlive: () => true },
    timers: realTimers,
    log: at.log,
  });
  onTestFinished(() => slow.close());
  const late = slow.commit(MALL, publish('late', 2));
  await until(() => isInside, { timeoutMs: 30_000, what: 'the slow one inside' });
  // As its neighbour does once the bound is over.
  await rm(path.join(at.folder, `${MALL}.lock`), { recursive: true });
  expect(unwrap(await quick.commit(MALL, publish('meanwhile', 2))).kind).toBe('done');
  letGo();
  expect(unwrap(await late)).toMatchObject({ kind: 'moved', view: { text: 'meanwhile' } });
  expect(unwrap(await quick.read(MALL)).text).toBe('meanwhile');
  expect(await at.names()).toEqual([`${MALL}.json`]);
});

describe('a place that no secret at hand opens', () => {
  test('is locked for everything, and not a byte of it changes', async () => {
    const at = await bench();
    unwrap(await (await at.open('old')).commit(MALL, publish(SET, 1)));
    const before = await contentsOf(at.folder);
    for (const store of [await at.open('mistyped'), await at.open()]) {
      expect(await store.read(MALL)).toEqual(LOCKED);
      expect(await store.spentAmong(MALL, ['spent-1'])).toEqual(LOCKED);
      expect(await store.commit(MALL, { expect: {}, meta: { state: 'NEEDS_REAUTH' } })).toEqual(LOCKED);
      expect(await store.commit(MALL, { expect: {}, text: null })).toEqual(LOCKED);
      expect(await store.takeLease(MALL, 'me', 1000)).toEqual(LOCKED);
      expect(await store.renewLease(MALL, 'me', 1000)).toEqual(LOCKED);
      expect(await store.releaseLease(MALL, 'me')).toEqual(LOCKED);
      expect(await store.setAside(MALL, null, 1)).toEqual(LOCKED);
    }
    expect(await contentsOf(at.folder)).toEqual(before);
    expect(unwrap(await (await at.open('old')).read(MALL)).text).toBe(SET);
  });

  test('a new set is kept beside it, in a place that begins as empty; the locked one stays', async () => {
    const at = await bench();
    unwrap(await (await at.open('old')).commit(MALL, { ...publish(SET, 7), expect: {} }));
    const before = await readFile(at.file, 'utf8');
    const renewed = await at.open('new');
    expect(unwrap(await renewed.commit(MALL, publish('too late', 8))).kind).toBe('moved');
    expect(await at.names()).toEqual([`${MALL}.json`]);
    expect(unwrap(await renewed.commit(MALL, publish('consented', 1))).kind).toBe('done');

    expect(await at.names()).toEqual([`${MALL}.2.json`, `${MALL}.json`]);
    expect(await readFile(at.file, 'utf8')).toBe(before);
    expect(unwrap(await renewed.read(MALL)).text).toBe('consented');
    expect(unwrap(await renewed.commit(MALL, publish('refreshed', 2))).kind).toBe('done');
    // Who has only the former secret must not work on the former place: there would be two leases on one shop.
    expect(await (await at.open('old')).read(MALL)).toEqual(LOCKED);
    expect(unwrap(await (await at.open('old', 'new')).read(MALL)).text).toBe('refreshed');
  });

  test('without any secret nothing is begun', async () => {
    const at = await bench();
    const store = await at.open();
    expect(unwrap(await store.read(MALL)).text).toBeNull();
    expect(await store.commit(MALL, publish(SET, 1))).toEqual({ ok: false, code: 'client.not_configured' });
    expect(await at.names()).toEqual([]);
  });

  test('opens when a fitting secret comes, and that is told', async () => {
    const at = await bench();
    unwrap(await (await at.open('old')).commit(MALL, publish(SET, 1)));
    const secrets = ['mistyped'];
    const store = await openStore({ kind: 'local', dataFolder: at.dataFolder, secrets }, () => 0, at.log);
    onTestFinished(() => store.close());
    let reached = 0;
    store.onReachable(() => {
      reached += 1;
    });
    expect(await store.read(MALL)).toEqual(LOCKED);
    secrets[0] = 'old';
    expect(unwrap(await store.read(MALL)).text).toBe(SET);
    expect(unwrap(await store.read(MALL)).text).toBe(SET);
    expect(reached).toBe(1);
  });
});

describe('a damaged file', () => {
  test.each<[string, (sealed: string) => string]>([
    ['cut off', (sealed) => sealed.slice(0, 50)],
    ['empty', () => ''],
    ['plain', () => '{"text":"x"}'],
  ])('(%s) is set aside and said; the place is empty and can be written', async (_, damage) => {
    const at = await bench();
    const store = await at.open('a');
    unwrap(await store.commit(MALL, publish(SET, 1)));
    const damaged = damage(await readFile(at.file, 'utf8'));
    await writeFile(at.file, damaged);
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: null, meta: {} });
    expect(await readFile(`${at.file}.corrupt`, 'utf8')).toBe(damaged);
    expect(at.log.lines).toEqual([
      `error [store] the file was damaged and set aside as ${MALL}.json.corrupt ${MALL}`,
    ]);
    expect(unwrap(await store.commit(MALL, publish('healed', 1))).kind).toBe('done');
    expect(unwrap(await store.read(MALL)).text).toBe('healed');
  });

  test('is found by a commit too', async () => {
    const at = await bench();
    const store = await at.open('a');
    unwrap(await store.commit(MALL, publish(SET, 1)));
    await writeFile(at.file, 'x');
    expect(unwrap(await store.commit(MALL, publish('late', 2))).kind).toBe('moved');
    expect(unwrap(await store.commit(MALL, publish('healed', 1))).kind).toBe('done');
    expect(await readFile(`${at.file}.corrupt`, 'utf8')).toBe('x');
  });

  test('that is another mall’s opens nowhere else', async () => {
    const at = await bench();
    const store = await at.open('a');
    unwrap(await store.commit('other', publish('of the other', 1)));
    unwrap(await store.commit(MALL, publish(SET, 1)));
    await writeFile(at.file, await readFile(path.join(at.folder, 'other.json')));
    expect(await store.read(MALL)).toEqual(LOCKED);
  });
});

describe('a disk that refuses', () => {
  test('read-only: reads go on, writes are disk.readonly, and the end of it is told', async () => {
    const at = await bench();
    const store = await at.open('a');
    unwrap(await store.commit(MALL, publish(SET, 1)));
    let reached = 0;
    store.onReachable(() => {
      reached += 1;
    });
    await whileReadOnly(at.dataFolder, async () => {
      const refused = { ok: false, code: 'disk.readonly' };
      expect(await store.commit(MALL, publish('next', 2))).toEqual(refused);
      expect(await store.takeLease(MALL, 'me', 1000)).toEqual(refused);
      expect(unwrap(await store.read(MALL)).text).toBe(SET);
      expect(unwrap(await store.spentAmong(MALL, ['spent-1', 'x']))).toEqual(new Set(['spent-1']));
    });
    expect(unwrap(await store.commit(MALL, publish('next', 2))).kind).toBe('done');
    expect(reached).toBeGreaterThan(0);
  });

  test.runIf(MAY_MOUNT)('full: disk.full, the former place stands, nothing half is left', async () => {
    const at = await bench();
    mountSmallDisk(at.dataFolder, '64k');
    const store = await at.open('a');
    unwrap(await store.commit(MALL, publish(SET, 1)));
    const filler = path.join(at.dataFolder, 'filler');
    await writeFile(filler, Buffer.alloc(64 * 1024)).catch(() => {});
    expect(await store.commit(MALL, publish('next', 2))).toEqual({ ok: false, code: 'disk.full' });
    expect(unwrap(await store.read(MALL))).toMatchObject({ text: SET, meta: { generation: '1' } });
    expect(await at.names()).toEqual([`${MALL}.json`]);
    await rm(filler);
    expect(unwrap(await store.commit(MALL, publish('next', 2))).kind).toBe('done');
  });
});

test('tokens stand readable in no file of the data folder', async () => {
  const at = await bench();
  const store = await at.open('the-client-secret');
  unwrap(await store.commit(MALL, publish(SET, 1)));
  unwrap(await store.setAside(MALL, SET, Date.now()));
  unwrap(await store.commit(MALL, publish(SET, 2)));
  const everything = [...(await contentsOf(at.dataFolder))].flat().join('\n');
  expect(everything).not.toMatch(/canary|refresh_token|the-client-secret|spent-/);
});
