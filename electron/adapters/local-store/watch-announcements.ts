/** Notices that another process announced a generation: its file is new, and counts one announcement more. */
import { type FSWatcher, watch } from 'node:fs';
import type { Timers } from '../../ports.ts';
import { ensureFolder } from '../durable-file.ts';
import type { PlaceFiles } from './place-files.ts';

/** One write is several events. */
const SETTLE_MS = 50;

export interface AnnouncementWatch {
  /** This process announced: its own listeners know already. */
  heard(mall: string, announced: number): void;
  stop(): void;
}

/**
 * Watches the folder. Where the system cannot watch it, nothing is noticed, and keepers find out by their own looks
 * within a minute.
 */
export function watchAnnouncements(
  folder: string,
  files: PlaceFiles,
  timers: Timers,
  notify: (mall: string) => void,
): AnnouncementWatch {
  const last = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  let watcher: FSWatcher | null = null;
  let isStopped = false;

  async function start(): Promise<void> {
    await ensureFolder(folder);
    if (isStopped) return;
    watcher = watch(folder, { persistent: false }, (_event, name) => {
      const mall = name === null ? null : files.mallOf(name);
      if (mall !== null) lookSoon(mall);
    });
    watcher.on('error', () => watcher?.close());
  }

  function lookSoon(mall: string): void {
    if (isStopped || waiting.has(mall)) return;
    const cancel = timers.after(SETTLE_MS, () => {
      waiting.delete(mall);
      look(mall).catch(() => {});
    });
    waiting.set(mall, cancel);
  }

  async function look(mall: string): Promise<void> {
    const reading = await files.read(mall);
    if (isStopped || reading.kind !== 'read') return;
    const { announced } = reading.place;
    if (announced === last.get(mall)) return;
    last.set(mall, announced);
    notify(mall);
  }

  start().catch(() => {});
  return {
    heard(mall, announced) {
      last.set(mall, announced);
    },
    stop() {
      isStopped = true;
      watcher?.close();
      for (const cancel of waiting.values()) cancel();
    },
  };
}
