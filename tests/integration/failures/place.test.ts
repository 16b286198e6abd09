/** Rows of docs/guarantees.md about the place a keeper keeps things in: a disk that is full, a journal that is damaged. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentsOf, MAY_MOUNT, mountSmallDisk } from '../../support/data-folder.ts';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import { redisOfTheFile } from '../../support/failures/redis-fixture.ts';
import { createScene, HOUR, MALL, MINUTE, refreshTokenIn, SECOND } from '../../support/failures/scene.ts';
import { awake, connectedShop, DUE, later, presented } from '../../support/failures/shop.ts';

const redis = redisOfTheFile();

/** Writes until nothing more goes in; returns how to make room again. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'filler');
  for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2))
    for (let isRoom = true; isRoom; )
      isRoom = await writeFile(file, Buffer.alloc(bytes), { flag: 'a' }).then(
        () => true,
        () => false,
      );
  return () => rm(file);
}

describe.skipIf(!MAY_MOUNT)('a data folder on a disk that is really full', () => {
  it.each(['redis', 'local'] as const)(
    'row 42: with the %s store: no token request, said so, the access token serves; with room again it refreshes once',
    async (store) => {
      const scene = await createScene(store === 'redis' ? redis.server().url : null);
      // The folder is made by a first keeper.
      await (await scene.keeper()).kill();
      mountSmallDisk(scene.homeOf(), '1m');
      const keeper = await scene.keeper();
      await scene.connect(keeper);
      const first = String(refreshTokenIn(await scene.store()));

      const makeRoom = await fill(scene.homeOf());
      const full = await later({ scene, keeper }, DUE);
      expect(full).toMatchObject({ state: 'HEALTHY', waitsFor: 'disk.full', set: { isAccessUsable: true } });
      expect(full.notices).toContain('disk.full');
      await awake({ scene, keeper }, HOUR / 2);
      expect(presented(scene)).toEqual([]);

      await makeRoom();
      const after = await awake({ scene, keeper }, 11 * MINUTE);
      expect(after).toMatchObject({ state: 'HEALTHY', notices: [] });
      expect(presented(scene)).toEqual([first]);
      await expectNothingLost(scene);
    },
  );

  it('row 42: that fills up while the server answers: the set is in the store all the same, and the journal has it with room again', async () => {
    const scene = await createScene(redis.server().url);
    await (await scene.keeper()).kill();
    mountSmallDisk(scene.homeOf(), '1m');
    const keeper = await scene.keeper();
    await scene.connect(keeper);
    let makeRoom = async () => {};
    scene.once('after-apply', async () => {
      makeRoom = await fill(scene.homeOf());
    });
    expect(await later({ scene, keeper }, DUE)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(scene.simulator.isLive(String(refreshTokenIn(await scene.store())))).toBe(true);
    await makeRoom();
    await later({ scene, keeper }, 30 * SECOND);
    expect(presented(scene)).toHaveLength(1);
    expect(JSON.stringify(await scene.journal())).toContain(String(refreshTokenIn(await scene.store())));
  });
});

describe('a journal that is damaged', () => {
  it('row 41: is set aside and said so; the shop goes on from Redis, without a crash and without plain text', async () => {
    const { scene, keeper } = await connectedShop(redis.server().url);
    await later({ scene, keeper }, DUE);
    await keeper.kill();
    const folder = path.join(scene.homeOf(), 'journal', MALL);
    const files = await readdir(folder);
    for (const file of files) await writeFile(path.join(folder, file), '{"sealed":"not any more');
    const next = await scene.keeper();
    const shown = await next.started;
    expect(shown).toMatchObject({ state: 'HEALTHY', set: { isStored: true, isAccessUsable: true } });
    expect(shown?.notices).toContain('journal.corrupt');
    for (const file of files)
      expect((await readdir(folder)).some((each) => each.startsWith(`${file}.`))).toBe(true);
    expect(await later({ scene, keeper: next }, DUE)).toMatchObject({ state: 'HEALTHY', generation: 3 });
    const tokens = scene.simulator.requests.map(({ issued }) => String(issued?.refreshToken));
    const everything = [...(await contentsOf(scene.homeOf())).values()].join('\n');
    for (const token of tokens) expect(everything).not.toContain(token);
    await expectNothingLost(scene);
  });
});
