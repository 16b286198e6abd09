import { describe, expect, it } from 'vitest';
import { appNoticesOf } from '../../../electron/core/app-notices.ts';
import { createFakeClock } from '../../support/keeper-bench.ts';

type Parts = Parameters<typeof appNoticesOf>[0];

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What the window is told where host and server differ by `skewMs`, and nothing else is wrong. */
function noticesAt(skewMs: number, { verified = true, simulator = false } = {}) {
  return appNoticesOf({
    configuration: { problems: [], simulator } as unknown as Parts['configuration'],
    dataFolder: { folder: '/data', keeps: true, why: null },
    clock: {
      ...createFakeClock(),
      skewMs: () => skewMs,
      verified: () => verified,
      verify: () => Promise.resolve(),
      onJump: () => () => {},
      nowUnlessParted: () => null,
    },
  });
}

describe('the host’s clock', () => {
  it.each([
    { given: 'right', skewMs: 0 },
    { given: 'two minutes fast, which leaves a countdown right to the minute', skewMs: 2 * MINUTE },
    { given: 'two minutes slow', skewMs: -2 * MINUTE },
  ])('is not spoken of where it is $given', ({ skewMs }) => {
    expect(noticesAt(skewMs)).toEqual([]);
  });

  it.each([
    { given: 'a millisecond more than two minutes fast', skewMs: 2 * MINUTE + 1, minutes: 2 },
    { given: 'a millisecond more than two minutes slow', skewMs: -2 * MINUTE - 1, minutes: 2 },
    { given: 'three and a half minutes fast', skewMs: 3.5 * MINUTE, minutes: 4 },
    { given: 'fifteen days fast', skewMs: 15 * 24 * 60 * MINUTE, minutes: 21_600 },
    { given: 'a day slow', skewMs: -24 * 60 * MINUTE, minutes: 1_440 },
  ])('row 28: is told, with its minutes, where it is $given', ({ skewMs, minutes }) => {
    expect(noticesAt(skewMs)).toEqual([{ code: 'clock.skewed', params: { minutes }, tone: 'warn' }]);
  });

  it('is called unverified, not wrong, before the server’s Date is known', () => {
    const unverified = { code: 'clock.unverified', params: {}, tone: 'info' };
    expect(noticesAt(0, { verified: false })).toEqual([unverified]);
    expect(noticesAt(15 * 24 * 60 * MINUTE, { verified: false })).toEqual([unverified]);
  });

  it('is not spoken of while the simulator’s clock is followed', () => {
    expect(noticesAt(15 * 24 * 60 * MINUTE, { simulator: true })).toEqual([]);
    expect(noticesAt(0, { simulator: true, verified: false })).toEqual([]);
  });
});

it('a data folder that keeps nothing is told with its place and why, after what is wrong with the configuration', () => {
  const noticesOf = (why: Parts['dataFolder']['why']) =>
    appNoticesOf({
      configuration: {
        problems: [{ code: 'config.token_in_env', name: 'CAFE24_ACCESS_TOKEN', layer: 'environment' }],
        simulator: true,
      } as unknown as Parts['configuration'],
      dataFolder: { folder: '/data', keeps: false, why },
      clock: {
        ...createFakeClock(),
        verify: () => Promise.resolve(),
        onJump: () => () => {},
        nowUnlessParted: () => null,
      },
    });
  const problem = { code: 'config.token_in_env', params: { name: 'CAFE24_ACCESS_TOKEN' }, tone: 'warn' };
  const folder = { params: { path: '/data' }, tone: 'bad' };
  expect(noticesOf('disk.full')).toEqual([problem, { ...folder, code: 'disk.full' }]);
  expect(noticesOf(null)).toEqual([problem, { ...folder, code: 'keeper.read_only' }]);
});
