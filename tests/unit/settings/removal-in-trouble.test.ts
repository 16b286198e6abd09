/** A shop that is removed while something is wrong with the store or the journal; see also settings-desk.test.ts. */
import { expect, it } from 'vitest';
import { whyNotRemove } from '../../../electron/core/removal.ts';
import { changeOfPause } from '../../../electron/core/settings-change.ts';
import { failed } from '../../../shared/result.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings-schema.ts';
import { createBench } from '../../support/keeper-bench.ts';

it('stays while a store that forgot its set, and cannot be written, waits to be healed', async () => {
  const bench = createBench();
  const place = bench.store.place('myshop');
  place.text = bench.server.issue().text;
  const keeper = bench.keeper();
  expect(whyNotRemove(await keeper.look())).toBeNull();
  Object.assign(place, { text: null, meta: {} });
  bench.store.breakWith('store.full', 'writes');
  expect(whyNotRemove(await keeper.look())).toBe('remove.not_shared');
  bench.store.breakWith(null);
  bench.clock.advance(60_000);
  expect(whyNotRemove(await keeper.look())).toBeNull();
});

it('stays while its journal cannot be read', async () => {
  const bench = createBench();
  bench.store.place('myshop').text = bench.server.issue().text;
  const keeper = bench.keeper();
  keeper.journal.read = async () => failed('disk.full');
  expect(whyNotRemove(await keeper.look())).toBe('remove.busy');
  await keeper.look();
  // What was adopted is written, but not over and over for not being found.
  expect(keeper.journal.files.size).toBe(1);
});

it('stays where the look failed on a bug: what was seen before it is not judged', async () => {
  const bench = createBench();
  bench.store.place('myshop').text = bench.server.issue().text;
  const keeper = bench.keeper();
  expect(whyNotRemove(await keeper.look())).toBeNull();
  const { read } = keeper.journal;
  keeper.journal.read = async () => {
    throw new Error('a bug');
  };
  expect(whyNotRemove(await keeper.look())).toBe('internal.error');
  keeper.journal.read = read;
  expect(whyNotRemove(await keeper.look())).toBeNull();
});

it('is not brought back by a pause that waited behind its removal', () => {
  const change = changeOfPause(DEFAULT_SETTINGS, 'gone', true, { sources: {}, mallSources: {} });
  expect(change.refused).toEqual({ code: 'client.not_configured', params: {} });
  expect(change.sections.malls ?? []).toEqual([]);
});
