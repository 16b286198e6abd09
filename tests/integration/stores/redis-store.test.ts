import { Redis } from 'ioredis';
import { startRedis } from '../../support/redis-server.ts';
import { openStore } from './open-store.ts';
import { describeStore } from './store-contract.ts';

describeStore('Redis as a token store', async () => {
  const server = await startRedis();
  const admin = new Redis(server.url);
  const place = { kind: 'redis', url: server.url } as const;
  return {
    place,
    open: (offsetMs) => openStore(place, offsetMs),
    async plantWrongType(mall) {
      await admin.rpush(`cafe24:oauth:${mall}`, 'an', 'odd', 'list');
    },
    async countAside(mall) {
      return (await admin.keys(`{cafe24:oauth:${mall}}:aside:*`)).length;
    },
    async stop() {
      admin.disconnect();
      await server.stop();
    },
  };
});
