import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readIdentity } from '../../../electron/adapters/identity.ts';
import { createJournal } from '../../../electron/adapters/journal/journal.ts';
import { createLocalStore } from '../../../electron/adapters/local-store/local-store.ts';
import { createSealings } from '../../../electron/adapters/sealing/sealing.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import { fingerprintOf } from '../../../electron/core/hash.ts';
import { createKeeper, type Keeper } from '../../../electron/core/keeper.ts';
import { createFakeClock, createFakeServer, SILENT } from '../../support/keeper-bench.ts';

let folder: string;
const stops: (() => Promise<void>)[] = [];
const clock = createFakeClock(Date.now());
const server = createFakeServer(() => clock.now());
const CONSENT = { code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null };

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'new-secret-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(folder, { recursive: true, force: true });
});

/** A keeper on the real local store and journal of one data folder, as a start with these secrets has it. */
async function keeperWith(...secrets: readonly [string, ...string[]]): Promise<Keeper> {
  const identity = await readIdentity(folder);
  const sealing = createSealings({ folder: path.join(folder, 'keys'), log: SILENT, secrets: () => secrets });
  const store = createLocalStore({
    folder: path.join(folder, 'store'),
    sealing,
    clock,
    identity,
    timers: realTimers,
    log: SILENT,
  });
  const keeper = createKeeper({
    mall: 'myshop',
    clock,
    timers: realTimers,
    store,
    journal: createJournal({ folder: path.join(folder, 'journal'), sealing, log: SILENT }),
    endpoint: server,
    identity,
    log: SILENT,
    client: () => ({ mall: 'myshop', clientId: 'client', clientSecret: secrets[0] }),
    fingerprintOf,
    mayNotRedeem: () => null,
    onlyLooks: false,
    isClockTrusted: () => true,
    learn: () => {},
  });
  stops.push(async () => {
    await keeper.stop();
    await store.close();
  });
  await keeper.look();
  return keeper;
}

async function placesOf(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(path.join(folder, 'store'))).filter((name) => name.endsWith('.json'));
  const texts = names.map(
    async (name) => [name, await readFile(path.join(folder, 'store', name), 'utf8')] as const,
  );
  return new Map(await Promise.all(texts));
}

it('row 41: under a mistyped secret the place is locked, not empty: BLOCKED, nothing moved, and well again with the right one', async () => {
  const before = await keeperWith('right');
  expect((await before.exchange(CONSENT)).code).toBe('consent.connected');
  const token = before.view().set?.accessToken;
  const places = await placesOf();

  const mistyped = await keeperWith('wrong');
  expect(mistyped.view().state).toEqual({ state: 'BLOCKED', reason: 'store.locked' });
  expect(await placesOf()).toEqual(places);

  const again = await keeperWith('right');
  expect(again.view()).toMatchObject({ state: { state: 'HEALTHY' }, set: { accessToken: token } });
});

it('a consent under a new secret begins a place of its own at once, and leaves the locked one as it is', async () => {
  const before = await keeperWith('old');
  await before.exchange(CONSENT);
  const places = await placesOf();

  const after = await keeperWith('new');
  expect((await after.exchange(CONSENT)).code).toBe('consent.connected');
  expect(after.view().state).toEqual({ state: 'HEALTHY', reason: null });
  expect(await placesOf()).toEqual(new Map([...(await placesOf()), ...places]));
  expect((await placesOf()).size).toBe(places.size + 1);

  const restarted = await keeperWith('new');
  expect(restarted.view().set?.accessToken).toBe(after.view().set?.accessToken);
});

it('a changed secret with the old one at hand opens everything', async () => {
  const before = await keeperWith('old');
  await before.exchange(CONSENT);
  const both = await keeperWith('new', 'old');
  expect(both.view().state).toEqual({ state: 'HEALTHY', reason: null });
  const onlyNew = await keeperWith('new');
  expect(onlyNew.view().set?.accessToken).toBe(before.view().set?.accessToken);
});
