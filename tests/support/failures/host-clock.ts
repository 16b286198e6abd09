/** The clock of a process's host, set without touching the machine's (Debian's libfaketime). */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface HostClock {
  /** For the processes that live on this host. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets the host's clock so far from the true time, ms; running processes see it at once. */
  set(aheadMs: number): void;
}

const LIBRARIES = '/usr/lib';

/** @param folder where the setting is kept */
export function createHostClock(folder: string): HostClock {
  const setting = path.join(folder, 'host-clock');
  const set = (aheadMs: number) =>
    writeFileSync(setting, `${aheadMs < 0 ? '-' : '+'}${Math.abs(aheadMs) / 1000}s\n`);
  set(0);
  return {
    env: {
      LD_PRELOAD: libraryIn(LIBRARIES),
      FAKETIME_TIMESTAMP_FILE: setting,
      FAKETIME_NO_CACHE: '1',
      // What a person sets is the wall clock; timers and file times go on as they were.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
  };
}

/** Debian keeps it below the machine's architecture. */
function libraryIn(folder: string): string {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const below = path.join(folder, entry.name, 'faketime');
    if (!entry.isDirectory() || !entry.name.includes('linux')) continue;
    if (readdirSync(path.dirname(below)).includes('faketime')) return path.join(below, 'libfaketimeMT.so.1');
  }
  throw new Error('libfaketime is not installed');
}
