import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Redis } from 'ioredis';

/** Texts in which something might stand that must not, by where they were found. */
export interface Findings {
  add(where: string, text: string): void;
  /** `where: name` for every secret that stands in a text, as it is or encoded. */
  of(secrets: Readonly<Record<string, string>>, isSearched?: (where: string) => boolean): readonly string[];
  places(): readonly string[];
}

export function createFindings(): Findings {
  const texts = new Map<string, string>();
  return {
    add(where, text) {
      texts.set(where, `${texts.get(where) ?? ''}\n${text}`);
    },
    of(secrets, isSearched = () => true) {
      return [...texts]
        .filter(([where]) => isSearched(where))
        .flatMap(([where, text]) =>
          Object.entries(secrets)
            .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
            .map(([name]) => `${where}: ${name}`),
        );
    },
    places: () => [...texts.keys()],
  };
}

/** The ways in which a secret may travel. */
function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    secret,
    encodeURIComponent(secret),
    base64,
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    // As Chromium keeps texts on disk.
    Buffer.from(secret, 'utf16le').toString('latin1'),
  ];
}

/** Every file below a folder as one text, byte for byte; what vanishes meanwhile is not there. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = await readFile(file, 'latin1').catch(() => null);
    if (text !== null) texts.set(file, text);
  }
  return texts;
}

/** The argument lists of all that runs. */
export async function argumentLists(): Promise<string> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lists = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lists.join('\n');
}

/** All keys of a Redis with what stands in them, uncompressed. */
export async function valuesIn(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const key of await redis.keys('*')) values.set(key, JSON.stringify(await contentOf(redis, key)));
  return values;
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    default:
      return null;
  }
}
