/** The crash matrix of the refresh: killed after every step, on both stores, and started again on the same folder. */

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
import { createScene, HOUR, MINUTE, refreshTokenIn, SECOND } from '../../support/failures/scene.ts';

const DUE = HOUR + 6 * MINUTE;

interface Expected {
  /** At the next start, before anything is sent again. */
  readonly shown: 'HEALTHY' | 'UNCONFIRMED';
  readonly ends: 'HEALTHY' | 'NEEDS_REAUTH';
  /** How often the old refresh token is presented in all. */
  readonly requests: 1 | 2;
}

const ASLEEP: Expected = { shown: 'HEALTHY', ends: 'HEALTHY', requests: 1 };
/** An intent without an answer; the server never saw the request. */
const UNSENT: Expected = { shown: 'UNCONFIRMED', ends: 'HEALTHY', requests: 1 };
const UNTAKEN: Expected = { shown: 'UNCONFIRMED', ends: 'HEALTHY', requests: 2 };
/** The one window that nobody can close: the server rotated, and the answer is gone. */
const LOST: Expected = { shown: 'UNCONFIRMED', ends: 'NEEDS_REAUTH', requests: 2 };
const ANSWERED: Expected = { shown: 'HEALTHY', ends: 'HEALTHY', requests: 1 };

const MATRIX: readonly (readonly [Moment, Expected])[] = [
  ['after journal: refresh proving', ASLEEP],
  ['after store: take the lease', ASLEEP],
  ['after journal: refresh open', UNSENT],
  ['after store: intent', UNSENT],
  ['on the wire: arrived, not applied', UNTAKEN],
  ['on the wire: applied', LOST],
  ['after wire: refresh', LOST],
  ['after journal: refresh answered', ANSWERED],
  ['after store: publish', ANSWERED],
  ['after journal: refresh settled', ANSWERED],
  ['after journal: remove', ANSWERED],
];

const redis = redisOfTheFile();

describe.each(['redis', 'local'] as const)('a refresh on the %s store', (store) => {
  const rows: MatrixRow[] = [];
  afterAll(async () => {
    if (rows.length === MATRIX.length) await keepMatrix({ work: 'refresh', store, rows });
  });
  const open = () => createScene(store === 'redis' ? redis.server().url : null);

  it('makes no call that the matrix does not know', async () => {
    const scene = await open();
    const keeper = await scene.keeper();
    await scene.connect(keeper);
    const before = (await scene.record()).length;
    scene.simulator.advance(DUE);
    await keeper.demand({ do: 'look' });
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
    scene.simulator.advance(DUE);
    const since = scene.simulator.now() - MINUTE;
    await trap(scene, first, moment);
    expect(await first.ask({ do: 'look' })).toBeNull();
    const left = { onDisk: await onDisk(scene, since), inStore: await inStore(scene) };

    const second = await scene.keeper();
    const shown = await second.started;
    expect(shown?.state).toBe(expected.shown);
    expect(shown?.set?.isAccessUsable).toBe(true);
    await scene.endLease();
    scene.simulator.advance(31 * SECOND);
    const last = await second.demand({ do: 'look' });
    expect(last.state).toBe(expected.ends);

    const presented = scene.simulator.requests.filter(({ presented: token }) => token === old);
    expect(presented).toHaveLength(expected.requests);
    const { neverJournaled } = await expectNothingLost(scene);
    expect(neverJournaled).toHaveLength(expected === LOST ? 1 : 0);
    if (expected.ends === 'NEEDS_REAUTH') {
      expect(last.set?.isAccessUsable).toBe(true);
      expect(await consentAgain(scene, second)).toMatchObject({
        outcome: 'consent.connected',
        state: 'HEALTHY',
      });
    } else {
      const stored = refreshTokenIn(await scene.store());
      expect(stored).not.toBe(old);
      expect(scene.simulator.isLive(String(stored))).toBe(true);
    }
    rows.push({
      step: moment,
      ...left,
      afterRestart: shown ? inWords(shown) : '',
      inTheEnd: inWords(last),
      requests: presented.length,
    });
  });
});
