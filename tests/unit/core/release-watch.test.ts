import { describe, expect, test } from 'vitest';
import { watchReleases } from '../../../electron/core/release-watch.ts';
import { isNewerVersion, parseRelease } from '../../../shared/release.ts';
import { done, failed, type Result } from '../../../shared/result.ts';
import { handTimers } from '../shell/fake-timers.ts';
import { quietLog } from '../shell/quiet-log.ts';

const FEED = 'https://releases.example.com/latest.json';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test.each([
  ['0.2.0', '0.1.0', true],
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '0.99.99', true],
  ['0.1.0', '0.1.0', false],
  ['0.0.9', '0.1.0', false],
  ['0.2.0-beta', '0.1.0', false],
  ['latest', '0.1.0', false],
  ['0.1.1', '0.1.0-dev', true],
])('%s is newer than %s: %s', (candidate, current, newer) => {
  expect(isNewerVersion(candidate, current)).toBe(newer);
});

describe('what a feed says', () => {
  const said = (change: object = {}) =>
    JSON.stringify({
      version: '0.2.0',
      notes: 'Better.',
      url: 'https://releases.example.com/0.2.0',
      ...change,
    });

  test('is believed in its one form', () => {
    expect(parseRelease(said(), FEED)).toEqual({
      version: '0.2.0',
      notes: 'Better.',
      url: 'https://releases.example.com/0.2.0',
    });
  });

  test.each([
    ['no JSON', '<html>'],
    ['no version', said({ version: undefined })],
    ['a version that is none', said({ version: '0.2.0; rm -rf' })],
    ['another host', said({ url: 'https://elsewhere.example.com/0.2.0' })],
    ['another scheme', said({ url: 'http://releases.example.com/0.2.0' })],
    ['a script', said({ url: 'javascript:alert(1)' })],
    ['a file', said({ url: 'file:///etc/passwd' })],
    ['somebody’s name in the address', said({ url: 'https://releases.example.com@evil.example.com/' })],
  ])('is not believed with %s', (_what, body) => {
    expect(parseRelease(body, FEED)).toBeNull();
  });
});

describe('the watch for new versions', () => {
  const bench = (options: { feed?: string | null; answer?: Result<string> } = {}) => {
    const timers = handTimers();
    const asked: string[] = [];
    const state = { busy: false, changes: 0 };
    const answer = options.answer ?? done(JSON.stringify({ version: '0.2.0', url: `${FEED}/../0.2.0` }));
    const watch = watchReleases({
      feed: () => (options.feed === undefined ? FEED : options.feed),
      ask: async (address) => {
        asked.push(address);
        return answer;
      },
      version: '0.1.0',
      isBusy: () => state.busy,
      timers,
      log: quietLog(),
      onChange: () => {
        state.changes += 1;
      },
    });
    const pass = async (ms: number) => {
      timers.pass(ms);
      await Promise.resolve().then(() => {});
    };
    return { watch, asked, state, pass };
  };

  test('tells of a newer one a minute after the start, once, and asks again a day later', async () => {
    const { watch, asked, state, pass } = bench();
    expect(watch.newer()).toBeNull();
    await pass(MINUTE);
    expect(watch.newer()).toMatchObject({ version: '0.2.0', url: 'https://releases.example.com/0.2.0' });
    await pass(DAY);
    expect(asked).toEqual([FEED, FEED]);
    expect(state.changes).toBe(1);
  });

  test.each([null, '', 'http://releases.example.com/', 'file:///tmp/feed', 'not an address'])(
    'asks nobody with the feed %j',
    async (feed) => {
      const { asked, pass } = bench({ feed });
      await pass(3 * DAY);
      expect(asked).toEqual([]);
    },
  );

  test('never asks while tokens are on their way, and right after', async () => {
    const { asked, state, pass } = bench();
    state.busy = true;
    await pass(10 * MINUTE);
    expect(asked).toEqual([]);
    state.busy = false;
    await pass(MINUTE);
    expect(asked).toEqual([FEED]);
  });

  test.each([
    failed('network.unreachable'),
    done('{}'),
    done(JSON.stringify({ version: '0.1.0', url: FEED })),
  ])('tells nothing of %j', async (answer) => {
    const { watch, state, pass } = bench({ answer });
    await pass(MINUTE);
    expect({ newer: watch.newer(), changes: state.changes }).toEqual({ newer: null, changes: 0 });
  });

  test('stopped, it asks no more', async () => {
    const { watch, asked, pass } = bench();
    watch.stop();
    await pass(3 * DAY);
    expect(asked).toEqual([]);
  });
});
