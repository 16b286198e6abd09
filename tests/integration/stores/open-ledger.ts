import path from 'node:path';
import { createAlertFile } from '../../../electron/adapters/alert-file.ts';
import { isProcessAlive } from '../../../electron/adapters/process-alive.ts';
import type { AlertLedger } from '../../../electron/ports.ts';
import { openStore, SILENT, type StorePlace } from './open-store.ts';

/** Where a ledger lies, as a child process is told: in a store, or in this machine's own files. */
export type LedgerPlace = StorePlace | { readonly kind: 'alert-file'; readonly dataFolder: string };

export type OpenLedger = AlertLedger & { close(): Promise<void> };

/** A ledger as a program of its own would open it: two of them share nothing but the place. */
export async function openLedger(
  place: LedgerPlace,
  offsetMs: () => number = () => 0,
  log = SILENT,
): Promise<OpenLedger> {
  if (place.kind !== 'alert-file') return await openStore(place, offsetMs, log);
  const ledger = createAlertFile({
    folder: path.join(place.dataFolder, 'history'),
    clock: { storeOffsetMs: offsetMs },
    identity: { isAlive: isProcessAlive },
    log,
  });
  return { ...ledger, close: () => Promise.resolve() };
}
