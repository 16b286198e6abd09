import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createHistoryFile } from '../../../electron/adapters/history/history-file.ts';
import { HISTORY_KEPT_MS, type HistoryEntry, MOST_ENTRIES } from '../../../shared/history.ts';
import { contentsOf, temporaryFolder } from '../../support/data-folder.ts';
import { DAY, NOW } from '../../support/heart-examples.ts';

const by = { isHere: true, host: null };
const refreshed = (at: number): HistoryEntry => ({ kind: 'refreshed', at, by });

async function openBook() {
  const folder = path.join(await temporaryFolder(), 'history');
  const clock = { at: NOW, now: () => clock.at };
  const file = path.join(folder, 'myshop.jsonl');
  return { book: createHistoryFile({ folder, clock }), clock, folder, file };
}

async function read(book: Awaited<ReturnType<typeof openBook>>['book']): Promise<readonly HistoryEntry[]> {
  const entries = await book.read('myshop');
  if (!entries.ok) throw new Error(entries.code);
  return entries.value;
}

it('keeps every kind of line, for each shop in a file of its own that is for nobody else', async () => {
  const { book, folder, file } = await openBook();
  expect(await read(book)).toEqual([]);
  const entries: readonly HistoryEntry[] = [
    { kind: 'state', at: NOW, state: 'HEALTHY', reason: null },
    { kind: 'connected', at: NOW, by: { isHere: false, host: 'server' }, account: 'owner' },
    { kind: 'adopted', at: NOW },
    refreshed(NOW),
    { kind: 'failed', at: NOW, code: 'network.dns', by },
    { kind: 'gap', at: NOW, until: NOW + DAY },
    { kind: 'warned', at: NOW, stage: 'D-3', channel: 'mail' },
    { kind: 'warning_failed', at: NOW, stage: 'recovered', channel: 'slack', code: 'channel.busy' },
    { kind: 'disconnected', at: NOW, by },
  ];
  for (const entry of entries) expect(await book.append('myshop', [entry])).toMatchObject({ ok: true });
  await book.append('other', [refreshed(NOW)]);
  expect(await read(book)).toEqual(entries);
  expect([...(await contentsOf(folder)).keys()]).toEqual(['myshop.jsonl', 'other.jsonl']);
  expect((await stat(file)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
});

it('survives a torn last line, and the next line is not lost with it', async () => {
  const { book, file } = await openBook();
  await book.append('myshop', [refreshed(NOW)]);
  await appendFile(file, '{"v":1,"at":17');
  expect(await read(book)).toEqual([refreshed(NOW)]);
  await book.append('myshop', [refreshed(NOW + 1)]);
  expect(await read(book)).toEqual([refreshed(NOW), refreshed(NOW + 1)]);
});

it('leaves in place what a later version wrote: new fields, kinds and formats', async () => {
  const { book, clock, file } = await openBook();
  const known = { v: 1, ...refreshed(NOW), mood: 'fine', by: { ...by, room: 3 } };
  const lines = [known, { v: 1, kind: 'polished', at: NOW }, { v: 2, kind: 'refreshed', at: NOW, by: 'me' }];
  await book.append('myshop', [refreshed(NOW - HISTORY_KEPT_MS + DAY)]);
  await appendFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  clock.at += 2 * DAY;
  await book.append('myshop', [refreshed(clock.at)]);
  expect(await read(book)).toEqual([refreshed(NOW), refreshed(clock.at)]);
  const text = await readFile(file, 'utf8');
  for (const line of lines) expect(text).toContain(`${JSON.stringify(line)}\n`);
});

it('forgets after 90 days, on disk too, and is bounded whatever happens', async () => {
  const { book, clock, file } = await openBook();
  await book.append('myshop', [refreshed(NOW), refreshed(NOW + DAY)]);
  clock.at = NOW + HISTORY_KEPT_MS + 1;
  expect(await read(book)).toEqual([refreshed(NOW + DAY)]);
  await book.append('myshop', [refreshed(clock.at)]);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);

  const storm = Array.from({ length: MOST_ENTRIES + 10 }, (_, index) => refreshed(clock.at + index));
  await book.append('myshop', storm);
  expect(await read(book)).toEqual(storm.slice(-MOST_ENTRIES));
  clock.at += DAY;
  await book.append('myshop', []);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(MOST_ENTRIES + 1);
});

it('remembers when the program last ran', async () => {
  const { book, clock, folder } = await openBook();
  expect(await book.lastBeat('myshop')).toBeNull();
  await book.beat('myshop', NOW);
  expect(await book.lastBeat('myshop')).toBe(NOW);
  clock.at += HISTORY_KEPT_MS;
  expect(await book.lastBeat('myshop')).toBeNull();
  await writeFile(path.join(folder, 'myshop.beat'), 'rubbish');
  expect(await book.lastBeat('myshop')).toBeNull();
});

it('says why where the disk takes nothing', async () => {
  const folder = path.join(await temporaryFolder(), 'history');
  await writeFile(folder, 'a file where the folder belongs');
  const book = createHistoryFile({ folder, clock: { now: () => NOW } });
  expect(await book.append('myshop', [refreshed(NOW)])).toMatchObject({ ok: false, code: 'disk.readonly' });
  expect(await book.beat('myshop', NOW)).toMatchObject({ ok: false });
});
