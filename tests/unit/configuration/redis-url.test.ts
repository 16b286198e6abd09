import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRedisUrl, type RedisAddress, redisPlaceOf, redisUrlOf } from '../../../shared/redis-url.ts';

const host = (name: string, port = 6379) => ({ host: name, port });
const bare = { tls: false, username: null, password: null, database: 0 };

describe('a Redis address', () => {
  it.each<[string, RedisAddress]>([
    ['redis://db', { kind: 'single', ...bare, hosts: [host('db')] }],
    ['redis://DB.example.com:7000/', { kind: 'single', ...bare, hosts: [host('db.example.com', 7000)] }],
    ['redis://db/3', { kind: 'single', ...bare, hosts: [host('db')], database: 3 }],
    ['rediss://:p%40ss@db/0', { kind: 'single', ...bare, tls: true, hosts: [host('db')], password: 'p@ss' }],
    ['redis://u:p@ss@db', { kind: 'single', ...bare, hosts: [host('db')], username: 'u', password: 'p@ss' }],
    ['redis://[::1]:7000', { kind: 'single', ...bare, hosts: [host('::1', 7000)] }],
    ['redis://a:1,b:2,[::1]', { kind: 'cluster', ...bare, hosts: [host('a', 1), host('b', 2), host('::1')] }],
    ['redis://a,b/0', { kind: 'cluster', ...bare, hosts: [host('a'), host('b')] }],
    [
      'redis+sentinel://u:p@s1,s2:5000/mymaster/2',
      {
        kind: 'sentinel',
        ...bare,
        username: 'u',
        password: 'p',
        hosts: [host('s1', 26379), host('s2', 5000)],
        master: 'mymaster',
        database: 2,
      },
    ],
    [
      'redis+sentinel://s1/mymaster',
      { kind: 'sentinel', ...bare, hosts: [host('s1', 26379)], master: 'mymaster' },
    ],
  ])('%s is understood', (text, address) => {
    expect(parseRedisUrl(text)).toEqual(address);
  });

  it.each([
    '',
    'db:6379',
    'redis:db',
    'http://db',
    'redis://',
    'redis://db:0',
    'redis://db:70000',
    'redis://db/x',
    'redis://db/0/1',
    'redis://a,b/1',
    'redis://a,,b',
    'redis://db?db=3',
    'redis://db#x',
    'redis://d b',
    'redis://u:%zz@db',
    'redis+sentinel://s1',
    'redis+sentinel://s1/',
    'redis://a,redis://b',
  ])('%j is refused', (text) => {
    expect(parseRedisUrl(text)).toBeNull();
  });

  it('comes back whole from its URL, and its place shows no credentials', () => {
    const canary = fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `canary/@:${text}`);
    fc.assert(
      fc.property(
        fc.option(canary),
        fc.option(canary),
        fc.integer({ min: 0, max: 15 }),
        (username, password, database) => {
          const address: RedisAddress = {
            kind: 'single',
            tls: true,
            hosts: [host('db')],
            username,
            password,
            database,
          };
          expect(parseRedisUrl(redisUrlOf(address))).toEqual(address);
          expect(redisPlaceOf(address)).toBe(`rediss://db:6379/${database}`);
        },
      ),
    );
  });
});
