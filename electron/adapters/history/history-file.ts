/**
 * The history on disk: `history/{mall}.jsonl`, a line per event, appended; and `history/{mall}.beat`, when this program
 * last said that it runs. Neither is worth an fsync: what a power loss takes is the last minute of a diary.
 */
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HISTORY_KEPT_MS, type HistoryEntry, keptOf } from '../../../shared/history.ts';
import { isMallId } from '../../../shared/mall-id.ts';
import type { Result } from '../../../shared/result.ts';
import type { Clock, HistoryBook } from '../../ports.ts';
import { diskResult, ensureFolder, isMissing, writeDurably } from '../durable-file.ts';
import { formatLine, type Line, parseLine } from './parse-entry.ts';

export interface HistoryFileOptions {
  /** `history` in the data folder. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
}

const DAY_MS = 24 * 60 * 60_000;
const MODE = 0o600;

const EXTENSIONS = ['jsonl', 'beat'] as const;
type Extension = (typeof EXTENSIONS)[number];

export function createHistoryFile({ folder, clock }: HistoryFileOptions): HistoryBook {
  /** When each mall's file was last cleared of what is too old. */
  const cleared = new Map<string, number>();

  const fileOf = (mall: string, extension: Extension) => historyFileOf(folder, mall, extension);

  async function linesOf(mall: string): Promise<readonly Line[]> {
    const text = await readFile(fileOf(mall, 'jsonl'), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    return text.split('\n').flatMap((line) => parseLine(line) ?? []);
  }

  /** Rewrites the file without what is too old or too much, once a day. */
  async function clear(mall: string): Promise<void> {
    const now = clock.now();
    if (now - (cleared.get(mall) ?? Number.NEGATIVE_INFINITY) < DAY_MS) return;
    const lines = await linesOf(mall);
    const kept = keptOf(lines, now);
    if (kept.length < lines.length)
      await writeDurably(fileOf(mall, 'jsonl'), kept.map(({ text }) => `${text}\n`).join(''));
    cleared.set(mall, now);
  }

  return {
    read: (mall) =>
      diskResult(async () => {
        const lines = keptOf(await linesOf(mall), clock.now());
        return lines.flatMap(({ entry }): readonly HistoryEntry[] => (entry ? [entry] : []));
      }),

    append: (mall, entries) =>
      diskResult(async () => {
        await ensureFolder(folder);
        await clear(mall);
        const handle = await open(fileOf(mall, 'jsonl'), 'a+', MODE);
        try {
          // A line that was torn by the end of its writer must not swallow the next one.
          const torn = (await endsWith(handle, '\n')) ? '' : '\n';
          await handle.appendFile(torn + entries.map((entry) => `${formatLine(entry)}\n`).join(''));
        } finally {
          await handle.close();
        }
      }),

    async lastBeat(mall) {
      const text = await readFile(fileOf(mall, 'beat'), 'utf8').catch(() => '');
      const at = /^\d{1,16}$/.test(text.trim()) ? Number(text) : null;
      return at !== null && clock.now() - at < HISTORY_KEPT_MS ? at : null;
    },

    beat: (mall, at) =>
      diskResult(async () => {
        await ensureFolder(folder);
        await writeFile(fileOf(mall, 'beat'), `${at}\n`, { mode: MODE });
      }),
  };
}

/** Takes a shop's history off the disk; one that never was is gone already. */
export function removeHistory(folder: string, mall: string): Promise<Result<void>> {
  return diskResult(async () => {
    for (const extension of EXTENSIONS) await rm(historyFileOf(folder, mall, extension), { force: true });
  });
}

function historyFileOf(folder: string, mall: string, extension: Extension): string {
  if (!isMallId(mall)) throw new Error('not a mall id');
  return path.join(folder, `${mall}.${extension}`);
}

async function endsWith(handle: Awaited<ReturnType<typeof open>>, last: string): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer.toString() === last;
}
