import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { keysOf } from '../../../electron/adapters/redis/keys.ts';
import { type RedisOptions, type RedisServer, startRedis } from '../redis-server.ts';
import { MALL } from './scene.ts';

export const KEYS = keysOf(MALL);

/** One real redis-server for all tests of a file, up and empty before each; `admin` is a person at it. */
export function redisOfTheFile(options: RedisOptions = {}): {
  server: () => RedisServer;
  admin: () => Redis;
} {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis(options);
    admin = new Redis(server.url);
    admin.on('error', () => {});
  });
  beforeEach(async () => {
    await admin.flushall();
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  return { server: () => server, admin: () => admin };
}
