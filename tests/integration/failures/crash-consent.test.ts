/** The crash matrix of a consent of a connected shop: killed after every step, on both stores, and started again. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  consentAgain,
  inStore,
  inWords,
  keepMatrix,
  type MatrixRow,
  type Moment,
  onDisk,
  trap,
} from '../../support/failures/crash-matrix.ts';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import { redisOfTheFile } from '../../support/failures/redis-fixture.ts';
import { createScene, exchangeOf, MINUTE, refreshTokenIn } from '../../support/failures/scene.ts';

/** Which set serves after the next start, and whether the code was used up for nothing. */
interface Expected {
  readonly serves: 'old' | 'new';
  readonly requests: 0 | 1;
  readonly isLost: boolean;
}

const UNSENT: Expected = { serves: 'old', requests: 0, isLost: false };
const UNTAKEN: Expected = { serves: 'old', requests: 1, isLost: false };
const LOST: Expected = { serves: 'old', requests: 1, isLost: true };
const ANSWERED: Expected = { serves: 'new', requests: 1, isLost: false };

const MATRIX: readonly (readonly [Moment, Expected])[] = [
  ['after journal: consent open', UNSENT],
  ['after store: take the lease', UNSENT],
  ['after store: count the exchange', UNSENT],
  ['on the wire: arrived, not applied', UNTAKEN],
  ['on the wire: applied', LOST],
  ['after wire: exchange', LOST],
  ['after journal: consent answered', ANSWERED],
  ['after store: release the lease', ANSWERED],
  ['after store: publish', ANSWERED],
  ['after journal: consent settled', ANSWERED],
];

const redis = redisOfTheFile();

describe.each(['redis', 'local'] as const)('a consent on the %s store', (store) => {
  const rows: MatrixRow[] = [];
  afterAll(async () => {
    if (rows.length === MATRIX.length) await keepMatrix({ work: 'consent', store, rows });
  });
  const open = () => createScene(store === 'redis' ? redis.server().url : null);

  it('makes no call that the matrix does not know', async () => {
    const scene = await open();
    const keeper = await scene.keeper();
    await scene.connect(keeper);
    const before = (await scene.record()).length;
    scene.simulator.advance(MINUTE);
    await keeper.demand(exchangeOf(await scene.code()));
    const calls = (await scene.record())
      .slice(before)
      .flatMap((line) => (line.event === 'call' ? [line.name] : []));
    const known = MATRIX.flatMap(([moment]) =>
      moment.startsWith('after ') ? [moment.slice('after '.length)] : [],
    );
    expect(calls).toEqual(known);
  });

  it.each(MATRIX)('rows 1, 2: killed %s', async (moment, expected) => {
    const scene = await open();
    const first = await scene.keeper();
    await scene.connect(first);
    const old = refreshTokenIn(await scene.store());
    scene.simulator.advance(MINUTE);
    const since = scene.simulator.now() - 10_000;
    const requestsBefore = scene.simulator.requests.length;
    const command = exchangeOf(await scene.code());
    await trap(scene, first, moment);
    expect(await first.ask(command)).toBeNull();
    const left = { onDisk: await onDisk(scene, since), inStore: await inStore(scene) };

    const second = await scene.keeper();
    const shown = await second.started;
    expect(shown).toMatchObject({ state: 'HEALTHY', set: { isAccessUsable: true, isStored: true } });
    await scene.endLease();
    const last = await second.demand({ do: 'look' });
    expect(last.state).toBe('HEALTHY');

    const stored = String(refreshTokenIn(await scene.store()));
    expect(stored === old ? 'old' : 'new').toBe(expected.serves);
    expect(scene.simulator.isLive(stored)).toBe(true);
    const requests = scene.simulator.requests.slice(requestsBefore);
    expect(requests.map(({ grantType }) => grantType)).toEqual(
      Array(expected.requests).fill('authorization_code'),
    );
    const { neverJournaled } = await expectNothingLost(scene);
    expect(neverJournaled).toHaveLength(expected.isLost ? 1 : 0);
    if (expected.serves === 'old')
      expect(await consentAgain(scene, second)).toMatchObject({
        outcome: 'consent.connected',
        state: 'HEALTHY',
      });
    rows.push({
      step: moment,
      ...left,
      afterRestart: `${shown ? inWords(shown) : ''}, with the ${expected.serves} set`,
      inTheEnd: inWords(last),
      requests: requests.length,
    });
  });
});
