import path from 'node:path';
import { createLocalStore } from '../../../electron/adapters/local-store/local-store.ts';
import { isProcessAlive } from '../../../electron/adapters/process-alive.ts';
import { createRedisStore } from '../../../electron/adapters/redis/redis-store.ts';
import { createSealings } from '../../../electron/adapters/sealing/sealing.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import type { AlertLedger, Log, TokenStore } from '../../../electron/ports.ts';
import { trusting } from '../../support/networks.ts';

/** Where a store lies, as a child process is told. */
export type StorePlace =
  | { readonly kind: 'redis'; readonly url: string }
  /** `secrets`: the client secrets at hand, the one in use first. */
  | { readonly kind: 'local'; readonly dataFolder: string; readonly secrets: readonly string[] };

export const SILENT: Log = { info() {}, warn() {}, error() {} };

/** A store as a program of its own would open it: two of them share nothing but the place. */
export async function openStore(
  place: StorePlace,
  offsetMs: () => number = () => 0,
  log = SILENT,
): Promise<TokenStore & AlertLedger> {
  const clock = { storeOffsetMs: offsetMs };
  switch (place.kind) {
    case 'redis':
      return createRedisStore({ url: place.url, clock, log, trust: trusting() });
    case 'local':
      return createLocalStore({
        folder: path.join(place.dataFolder, 'store'),
        sealing: createSealings({
          folder: path.join(place.dataFolder, 'keys'),
          secrets: () => place.secrets,
          log,
        }),
        clock,
        identity: { isAlive: isProcessAlive },
        timers: realTimers,
        log,
      });
  }
}
