import { createRedisStore } from '../../../electron/adapters/redis/redis-store.ts';
import type { Log, TokenStore } from '../../../electron/ports.ts';

/** Where a store lies, as a child process is told. */
export type StorePlace = { readonly kind: 'redis'; readonly url: string };

export const SILENT: Log = { info() {}, warn() {}, error() {} };

export async function openStore(place: StorePlace, offsetMs: () => number = () => 0): Promise<TokenStore> {
  const clock = { storeOffsetMs: offsetMs };
  switch (place.kind) {
    case 'redis':
      return createRedisStore({ url: place.url, clock, log: SILENT });
  }
}
