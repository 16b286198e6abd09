/** Rows of docs/guarantees.md about time: a host whose clock is set, or whose names do not resolve. */
import { describe, expect, it } from 'vitest';
import { createHostClock, type HostClock } from '../../support/failures/host-clock.ts';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import type { KeeperProcess } from '../../support/failures/keeper-process.ts';
import { createOwnNames, MAY_OWN_NAMES } from '../../support/failures/own-names.ts';
import { redisOfTheFile } from '../../support/failures/redis-fixture.ts';
import { createScene, DAY, HOUR, MINUTE, type Scene, SECOND } from '../../support/failures/scene.ts';
import { DUE, isStoredLive, presented } from '../../support/failures/shop.ts';

const redis = redisOfTheFile();

/** A shop at a server whose time shows in its Date alone, and its keeper on a host of its own. */
async function onOwnHost(redisUrl: string | null): Promise<{
  scene: Scene;
  host: HostClock;
  keeper: KeeperProcess;
}> {
  const scene = await createScene(redisUrl, { hidesClock: true });
  const host = createHostClock(scene.folder);
  const keeper = await scene.keeper('home', { env: host.env });
  await scene.connect(keeper);
  return { scene, host, keeper };
}

const FAR = 15 * DAY;

describe("a host's clock that is set", () => {
  it.each([
    ['forward fifteen days', FAR],
    ['back a day', -DAY],
  ])(
    'row 28: %s: nothing is concluded before the server’s Date is known; then the skew is told, and the refresh comes in its time',
    async (_, moveMs) => {
      const { scene, host, keeper } = await onOwnHost(redis.server().url);
      host.set(moveMs);
      // Before the jump was even noticed.
      const before = await keeper.demand({ do: 'glance' });
      expect(before).toMatchObject({ state: 'HEALTHY', reason: null, set: { isAccessUsable: true } });
      expect(Math.abs(before.now - scene.simulator.now())).toBeLessThan(15 * SECOND);

      scene.simulator.faults.add({ kind: 'drop', on: 'head', when: 'before' });
      const unknown = await keeper.demand({ do: 'look' });
      expect(unknown).toMatchObject({ state: 'HEALTHY', isTimeVerified: false });

      const known = await keeper.demand({ do: 'look' });
      expect(known).toMatchObject({ state: 'HEALTHY', isTimeVerified: true, set: { isAccessUsable: true } });
      expect(Math.abs(known.skewMs - moveMs)).toBeLessThan(15 * SECOND);
      expect(Math.abs(known.now - scene.simulator.now())).toBeLessThan(15 * SECOND);
      expect(presented(scene)).toEqual([]);

      scene.simulator.advance(DUE);
      expect(await keeper.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY', generation: 2 });
      expect(presented(scene)).toHaveLength(1);
      await expectNothingLost(scene);
    },
  );

  it('row 28: forward fifteen days with nobody to ask: what was shown stays; the refresh that seems due is made once, and its answer tells the time', async () => {
    const { scene, host, keeper } = await onOwnHost(null);
    scene.simulator.faults.add({ kind: 'drop', on: 'head', when: 'before', times: 'always' });
    host.set(FAR);
    const view = await keeper.demand({ do: 'look' });
    expect(view).toMatchObject({ state: 'HEALTHY', reason: null, isTimeVerified: true });
    expect(Math.abs(view.now - scene.simulator.now())).toBeLessThan(15 * SECOND);
    await keeper.demand({ do: 'glance' });
    expect(presented(scene)).toHaveLength(1);
    expect(await isStoredLive(scene)).toBe(true);
    await expectNothingLost(scene);
  });
});

describe.skipIf(!MAY_OWN_NAMES)('a host that slept', () => {
  it('rows 26, 27: past the due time, and woke without a network: no alarm for 10 minutes; one refresh once names resolve', async () => {
    // The store is the machine's own: only the server is out of reach.
    const scene = await createScene(null, { hidesClock: true });
    const host = createHostClock(scene.folder);
    const names = createOwnNames(scene.folder);
    const apiOrigin = scene.simulator.apiOrigin.replace('127.0.0.1', 'localhost');
    const keeper = await scene.keeper('home', {
      env: { ...host.env, CAFE24_API_ORIGIN: apiOrigin },
      launcher: names.launcher,
    });
    await scene.connect(keeper);
    let sleptMs = 0;
    const passes = (ms: number) => {
      sleptMs += ms;
      host.set(sleptMs);
      scene.simulator.advance(ms);
    };

    keeper.pause();
    names.resolve(false);
    passes(5 * HOUR);
    keeper.resume();
    const woken = await keeper.demand({ do: 'wake' });
    expect(woken).toMatchObject({ state: 'HEALTHY', reason: null, waitsFor: 'network.dns', notices: [] });
    for (let minutes = 1; minutes <= 9; minutes += 1) {
      passes(MINUTE);
      const waiting = await keeper.demand({ do: 'look' });
      expect(waiting).toMatchObject({ state: 'HEALTHY', reason: null, notices: [] });
    }
    passes(2 * MINUTE);
    expect(await keeper.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY', notices: ['network.dns'] });
    expect(scene.simulator.requests).toHaveLength(1);

    names.resolve(true);
    const back = await keeper.demand({ do: 'wake' });
    expect(back).toMatchObject({ state: 'HEALTHY', generation: 2, notices: [], isTimeVerified: true });
    expect(presented(scene)).toHaveLength(1);
    await expectNothingLost(scene);
  });
});
