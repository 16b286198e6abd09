/** A shop that is removed while something is wrong: with the store, the journal, or the file of the settings. */
import { expect, it } from 'vitest';
import { whyNotRemove } from '../../../electron/core/removal.ts';
import { changeOfPause } from '../../../electron/core/settings-change.ts';
import { createSettingsDesk } from '../../../electron/core/settings-desk.ts';
import { done, failed } from '../../../shared/result.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings-schema.ts';
import { createBench, SILENT } from '../../support/keeper-bench.ts';

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

it('keeps its secrets where settings.json cannot be written: the next start needs them', async () => {
  const names = ['client-secret/myshop', 'known-client-secrets/myshop'];
  const kept = new Set(names);
  const row = { mall: 'myshop', clientSecret: { keyring: 'client-secret/myshop' } };
  const { settings } = parseSettings(JSON.stringify({ ...DEFAULT_SETTINGS, malls: [row] }));
  const engine = {
    configuration: {
      malls: [{ mall: 'myshop' }],
      sources: {},
      mallSources: { myshop: { CAFE24_MALL_ID: 'settings' } },
    },
    whyNotRemove: async () => null,
  };
  const parts = {
    settings: {
      current: () => settings,
      update: () => {
        throw Object.assign(new Error('locked'), { code: 'EPERM' });
      },
    },
    vault: {
      available: async () => done(null),
      get: async () => done(null),
      set: async () => done(null),
      remove: async (name: string) => done(kept.delete(name)),
    },
    live: {
      current: () => engine,
      settled: async () => engine,
      reconfigure: (change: () => Promise<unknown>) => change(),
    },
    loginItem: { isOn: () => false },
    forgetHistory: async () => done(null),
    readEnv: () => ({}),
    dataFolder: '/nowhere',
    log: SILENT,
    changed: () => {},
  };
  // Only what a removal touches is played.
  const desk = await createSettingsDesk(parts as unknown as Parameters<typeof createSettingsDesk>[0]);
  await desk.handle({ do: 'remove-shop', mall: 'myshop' });
  expect([...kept]).toEqual(names);
});
