import { describe, expect, it } from 'vitest';
import { nextHold } from '../../../electron/core/memory.ts';
import type { Hold } from '../../../electron/core/sight.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Failures one after another, each as soon as the wait before it is over. */
function run(count: number, lateMs = 0): readonly Hold[] {
  const holds: Hold[] = [];
  for (let i = 0; i < count; i += 1) {
    const before = holds.at(-1) ?? null;
    holds.push(nextHold(before, 'network.dns', before ? before.until + lateMs : 0));
  }
  return holds;
}

describe('the wait after a failure before anything was sent', () => {
  it('is 5 s, 15 s, 60 s, 2, 5, 10 minutes, then always 10 minutes', () => {
    const waits = run(9).map((hold, i, all) => hold.until - (all[i - 1]?.until ?? 0));
    expect(waits.map((ms) => ms / SECOND)).toEqual([5, 15, 60, 120, 300, 600, 600, 600, 600]);
  });

  it('is one run of failures since its first, also where each try comes a tick late', () => {
    const holds = run(6, 31 * SECOND);
    expect(holds.map(({ failures }) => failures)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(holds.map(({ since }) => since))).toEqual(new Set([0]));
  });

  it('begins anew when the last failure is of another time', () => {
    const [, , before = null] = run(3);
    const now = (before?.until ?? 0) + 3 * MINUTE;
    expect(nextHold(before, 'network.dns', now)).toEqual({
      code: 'network.dns',
      since: now,
      until: now + 5 * SECOND,
      failures: 1,
    });
  });

  it('names the cause of the last failure', () => {
    expect(nextHold(nextHold(null, 'network.dns', 0), 'store.full', 5 * SECOND)).toEqual({
      code: 'store.full',
      since: 0,
      until: 20 * SECOND,
      failures: 2,
    });
  });
});
