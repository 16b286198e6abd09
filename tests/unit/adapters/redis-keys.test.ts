import { expect, test } from 'vitest';
import { asideKeyOf, keysOf, mallOfChannel } from '../../../electron/adapters/redis/keys.ts';

test('the names are those that outsiders rely on', () => {
  expect(keysOf('myshop')).toEqual({
    main: 'cafe24:oauth:myshop',
    meta: '{cafe24:oauth:myshop}:meta',
    lease: '{cafe24:oauth:myshop}:lease',
    spent: '{cafe24:oauth:myshop}:spent',
    requests: '{cafe24:oauth:myshop}:requests',
    alerts: '{cafe24:oauth:myshop}:alerts',
    channel: 'cafe24:oauth:myshop:changed',
  });
  expect(asideKeyOf('myshop', 1_700_000_000_000)).toBe('{cafe24:oauth:myshop}:aside:1700000000000');
});

test.each([
  ['cafe24:oauth:myshop:changed', 'myshop'],
  ['cafe24:oauth:my-shop-2:changed', 'my-shop-2'],
  ['cafe24:oauth::changed', null],
  ['cafe24:oauth:myshop', null],
  ['other:oauth:myshop:changed', null],
  ['cafe24:oauth:changed', null],
])('the channel %s speaks of %s', (channel, mall) => {
  expect(mallOfChannel(channel)).toBe(mall);
});
