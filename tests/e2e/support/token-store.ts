import { Redis } from 'ioredis';

/** What a shop's own programs see of the store. */
export interface TokenStore {
  /** `GET cafe24:oauth:{mall}`, byte for byte; null while there is none. */
  text(): Promise<string | null>;
  put(text: string): Promise<void>;
  /** Milliseconds until the key vanishes; -1: never. */
  ttl(): Promise<number>;
  /** A field of the companion hash; null while there is none. */
  meta(field: string): Promise<string | null>;
  /** All keys and all their values as one text. */
  dump(): Promise<string>;
  close(): void;
}

export function openTokenStore(url: string, mall: string): TokenStore {
  const redis = new Redis(url);
  const key = `cafe24:oauth:${mall}`;
  return {
    text: () => redis.get(key),
    async put(text) {
      await redis.set(key, text);
    },
    ttl: () => redis.pttl(key),
    meta: (field) => redis.hget(`{${key}}:meta`, field),
    async dump() {
      const keys = await redis.keys('*');
      const values = await Promise.all(keys.map((each) => redis.dumpBuffer(each)));
      return [...keys, ...values.map((value) => value?.toString('latin1') ?? '')].join('\n');
    },
    close: () => redis.disconnect(),
  };
}
