/**
 * Brings what lies in a data folder from an older format to this version's. `format.json` says which format that is;
 * without one it is the first. Sealed files also carry a version of their own (`sealing/sealed-text.ts`), as does each
 * line of the history: what changes within a file is read by its parser, what changes between files is a migration.
 */
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isMissing, writeDurably } from './durable-file.ts';
import { withLock } from './folder-lock.ts';

/** From the format before it to `to`. A crash repeats it: it must find its own work done and leave it so. */
export interface Migration {
  readonly to: number;
  run(folder: string): Promise<void>;
}

/** In order, without a gap, from 2. */
export const MIGRATIONS: readonly Migration[] = [];

const FIRST_FORMAT = 1;
const FORMAT_FILE = 'format.json';
/** All that a migration may touch. */
const PARTS = ['settings.json', 'keys', 'store', 'journal', 'history'] as const;

const formatFile = z.object({ format: z.int().positive() });

export type Migrated =
  | { readonly kind: 'current' }
  /** `backup` holds what was there before. */
  | { readonly kind: 'migrated'; readonly from: number; readonly backup: string }
  /** A later version was here: this one must not write. */
  | { readonly kind: 'later' };

/**
 * Migrates under a lock, after a copy of everything was put into `backup/format-{n}-{epoch ms}`. Throws what the disk
 * or a migration throws, and then everything is as it was.
 */
export async function migrateFolder(
  folder: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Migrated> {
  const target = FIRST_FORMAT + migrations.length;
  const found = await formatOf(folder);
  if (found > target) return { kind: 'later' };
  if (found === target) return { kind: 'current' };
  return withLock(path.join(folder, 'migrating'), async () => {
    // Another process may have been first.
    const from = await formatOf(folder);
    if (from >= target) return { kind: from > target ? 'later' : 'current' };
    const backup = path.join(folder, 'backup', `format-${from}-${now}`);
    await copyParts(folder, backup);
    try {
      for (const { to, run } of migrations) if (to > from) await run(folder);
      await writeDurably(path.join(folder, FORMAT_FILE), `${JSON.stringify({ format: target })}\n`);
    } catch (error) {
      for (const part of PARTS) await rm(path.join(folder, part), { recursive: true, force: true });
      await copyParts(backup, folder);
      throw error;
    }
    return { kind: 'migrated', from, backup };
  });
}

/** A file that cannot be understood was not written by this version or an older one. */
async function formatOf(folder: string): Promise<number> {
  try {
    return formatFile.parse(JSON.parse(await readFile(path.join(folder, FORMAT_FILE), 'utf8'))).format;
  } catch (error) {
    if (isMissing(error)) return FIRST_FORMAT;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

async function copyParts(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const part of PARTS) {
    try {
      await cp(path.join(from, part), path.join(to, part), { recursive: true, preserveTimestamps: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
