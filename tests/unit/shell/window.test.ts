import { describe, expect, test } from 'vitest';
import { admitRebuild } from '../../../electron/adapters/window/rebuild-limit.ts';
import { openingPlaceOf } from '../../../electron/adapters/window/window-place.ts';

const usual = { width: 420, height: 680 };
const least = { width: 380, height: 480 };
const screen = { x: 0, y: 27, width: 1280, height: 773 };
const second = { x: 1280, y: 0, width: 1920, height: 1080 };

describe('where the window opens', () => {
  test.each([
    ['never seen before', null, [screen], usual],
    ['where it was', { x: 10, y: 40, ...usual }, [screen], { x: 10, y: 40, ...usual }],
    ['on the second screen', { x: 2000, y: 5, ...usual }, [screen, second], { x: 2000, y: 5, ...usual }],
    ['the second screen is gone', { x: 2000, y: 5, ...usual }, [screen], usual],
    ['its title bar under the panel', { x: 10, y: 0, ...usual }, [screen], usual],
    ['below the screen', { x: 10, y: 790, ...usual }, [screen], usual],
    ['a corner left to grasp', { x: 1200, y: 40, ...usual }, [screen], { x: 1200, y: 40, ...usual }],
    ['too little left to grasp', { x: 1201, y: 40, ...usual }, [screen], usual],
    [
      'larger than the screen',
      { x: 0, y: 40, width: 4000, height: 3000 },
      [screen],
      { x: 0, y: 40, width: 1280, height: 773 },
    ],
    ['smaller than it can be', { x: 0, y: 40, width: 100, height: 1 }, [screen], { x: 0, y: 40, ...least }],
    ['a size without a place', usual, [screen], usual],
  ])('%s', (_what, saved, areas, expected) => {
    expect(openingPlaceOf(saved, areas, usual, least)).toEqual(expected);
  });
});

describe('building a dying window again', () => {
  test('three times a minute, then again when the minute has passed', () => {
    let history: readonly number[] = [];
    const allowed = [0, 1_000, 2_000, 3_000, 59_999, 60_000, 60_001, 61_000].map((now) => {
      const admitted = admitRebuild(history, now);
      history = admitted.history;
      return admitted.allowed;
    });
    expect(allowed).toEqual([true, true, true, false, false, true, false, true]);
  });
});
