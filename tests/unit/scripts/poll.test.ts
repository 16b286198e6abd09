import { describe, expect, test } from 'vitest';
import { until } from '../../support/poll.ts';

const soon = { timeoutMs: 2_000, what: 'it', everyMs: 1 };

describe('until', () => {
  test.each([[undefined], [null], [false]])(
    'looks again at %s, and returns what comes then',
    async (nothing) => {
      const looks: (typeof nothing | string)[] = [nothing, nothing, 'seen'];
      expect(await until(() => looks.shift(), soon)).toBe('seen');
    },
  );

  test.each([[0], [''], [true]])('takes %j for seen', async (value) => {
    expect(await until(() => value, soon)).toBe(value);
  });

  test('a look that throws is a look too early', async () => {
    let looks = 0;
    const seen = await until(async () => {
      looks += 1;
      if (looks < 3) throw new Error('not yet');
      return looks;
    }, soon);
    expect(seen).toBe(3);
  });

  test('the end of the time names what was waited for and why', async () => {
    const never = until(() => Promise.reject(new Error('connection refused')), { ...soon, timeoutMs: 20 });
    await expect(never).rejects.toThrow('it did not come within 20 ms: connection refused');
  });

  test('a look that hangs does not hang the wait', async () => {
    const never = until(() => new Promise<string>(() => {}), { ...soon, timeoutMs: 20 });
    await expect(never).rejects.toThrow('it did not come within 20 ms: a look did not return');
  });
});
