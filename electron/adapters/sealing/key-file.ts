/** `keys/{mall}.json`: the mall's keys, each wrapped under one client secret or several. Oldest first. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing, stampOf } from '../durable-file.ts';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

const schema = z.object({
  v: z.literal(1),
  mall: z.string(),
  keys: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{16}$/),
      wraps: z.array(z.object({ salt: base64url, nonce: base64url, key: base64url })).min(1),
    }),
  ),
});

export interface Wrap {
  readonly salt: string;
  readonly nonce: string;
  readonly key: string;
}

export interface KeyEntry {
  readonly id: string;
  readonly wraps: readonly Wrap[];
}

export interface KeyFile {
  readonly v: 1;
  readonly mall: string;
  readonly keys: readonly KeyEntry[];
}

export type KeyFileReading =
  | { readonly kind: 'read'; readonly stamp: string; readonly file: KeyFile }
  | { readonly kind: 'missing'; readonly stamp: '' }
  | { readonly kind: 'damaged'; readonly stamp: string };

/** Reads the file, or returns `before` where it has not changed since. Throws what the file system throws. */
export async function readKeyFile(
  file: string,
  mall: string,
  before: KeyFileReading | null,
): Promise<KeyFileReading> {
  try {
    const stamp = stampOf(await stat(file));
    if (before?.stamp === stamp) return before;
    const parsed = parseKeyFile(await readFile(file, 'utf8'), mall);
    return parsed ? { kind: 'read', stamp, file: parsed } : { kind: 'damaged', stamp };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return before?.kind === 'missing' ? before : { kind: 'missing', stamp: '' };
  }
}

function parseKeyFile(text: string, mall: string): KeyFile | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.mall === mall ? parsed.data : null;
  } catch {
    return null;
  }
}
