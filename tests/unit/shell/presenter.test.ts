import { describe, expect, test } from 'vitest';
import { createPresenter } from '../../../electron/core/presenter.ts';
import type { Snapshot } from '../../../shared/snapshot.ts';
import { snapshotOf } from '../face/fixtures.ts';
import { handTimers } from './fake-timers.ts';

function presenting() {
  const timers = handTimers();
  const pushed: Snapshot[] = [];
  let at = 1;
  const presenter = createPresenter({ look: () => ({ ...snapshotOf(), at }), timers, settleMs: 40 });
  const forget = presenter.onSnapshot((snapshot) => pushed.push(snapshot));
  const change = (to: number) => {
    at = to;
    presenter.changed();
  };
  const seen = () => pushed.map(({ revision, at }) => [revision, at]);
  return { timers, presenter, forget, change, seen };
}

describe('what is pushed', () => {
  test('nothing without a change', () => {
    const { timers, seen } = presenting();
    timers.pass(60_000);
    expect(seen()).toEqual([]);
  });

  test('one snapshot for many changes at once, with the last of them in it', () => {
    const { timers, change, seen } = presenting();
    for (const at of [2, 3, 4]) change(at);
    timers.pass(39);
    expect(seen()).toEqual([]);
    timers.pass(1);
    expect(seen()).toEqual([[1, 4]]);
  });

  test('changes that never pause still come through', () => {
    const { timers, change, seen } = presenting();
    for (let at = 2; at < 22; at += 1) {
      change(at);
      timers.pass(10);
    }
    expect(seen().length).toBeGreaterThanOrEqual(4);
  });

  test('the revision grows by one with every push, and not by looking', () => {
    const { timers, presenter, change, seen } = presenting();
    expect(presenter.snapshot().revision).toBe(0);
    change(2);
    timers.pass(40);
    expect(presenter.snapshot()).toMatchObject({ revision: 1, at: 2 });
    change(3);
    expect(presenter.snapshot()).toMatchObject({ revision: 1, at: 3 });
    timers.pass(40);
    expect(seen()).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  test('a change made by a listener is a push of its own', () => {
    const { timers, presenter, change, seen } = presenting();
    const forget = presenter.onSnapshot(() => {
      forget();
      change(9);
    });
    change(2);
    timers.pass(80);
    expect(seen()).toEqual([
      [1, 2],
      [2, 9],
    ]);
  });

  test('nothing to a removed listener, nothing after stopping', () => {
    const { timers, presenter, change, seen, forget } = presenting();
    const others: number[] = [];
    presenter.onSnapshot(({ revision }) => others.push(revision));
    forget();
    change(2);
    timers.pass(40);
    change(3);
    presenter.stop();
    change(4);
    timers.pass(60_000);
    expect(seen()).toEqual([]);
    expect(others).toEqual([1]);
  });
});
