import type { SecureContext } from 'node:tls';
import { parseRedisUrl, redisPlaceOf } from '../../../shared/redis-url.ts';
import { done, type Result } from '../../../shared/result.ts';
import type { AlertLedger, Clock, Log, TokenStore } from '../../ports.ts';
import { createRedisAlerts } from './alerts.ts';
import type { Client } from './clients.ts';
import { parseLease, parseOutcome, parseTexts, parseView, scriptChangeOf } from './commands.ts';
import { createConnection } from './connection.ts';
import { infoField } from './info.ts';
import { asideKeyOf, CHANNEL_PATTERN, keysOf, mallOfChannel } from './keys.ts';

export interface RedisStoreOptions {
  /** `KV_REDIS_URL`, one of the forms `parseRedisUrl` takes; another text is a bug of the caller and throws. */
  readonly url: string;
  readonly clock: Pick<Clock, 'storeOffsetMs'>;
  readonly log: Log;
  /** Which authorities `rediss://` trusts; asked for when a connection needs it. */
  readonly trust: () => SecureContext;
  /** Default 5000 ms. */
  readonly connectTimeoutMs?: number;
  /** How long one command, and the wait for a connection before it, may take: default 3000 ms of real time each. */
  readonly commandTimeoutMs?: number;
}

/** What decides whether tokens outlive a restart or a full memory, under Redis's own names. */
const TOLD_FIELDS = [
  'role',
  'aof_enabled',
  'rdb_last_bgsave_status',
  'rdb_changes_since_last_save',
  'maxmemory_human',
  'maxmemory_policy',
  'used_memory_human',
] as const;

function detailsOf(info: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    TOLD_FIELDS.flatMap((name) => {
      const value = infoField(info, name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** How long an unreadable key is kept (docs/keeper.md, 1). */
const ASIDE_KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * Tokens and the ledger of warnings in Redis: a single server, a cluster, or a master behind sentinels. Every change is one script, so
 * that it happens whole or not at all. A command whose answer was lost may have been carried out; the compare in
 * `commit` and the owner in the lease make it safe to ask again.
 */
export function createRedisStore(options: RedisStoreOptions): TokenStore & AlertLedger {
  const address = parseRedisUrl(options.url);
  if (!address) throw new Error('KV_REDIS_URL was not checked before it came here');
  const connection = createConnection({
    address,
    pattern: CHANNEL_PATTERN,
    log: options.log,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    commandTimeoutMs: options.commandTimeoutMs ?? 3_000,
    trust: options.trust,
  });

  /** What every script starts with. */
  const head = (mall: string) => {
    const { main, meta, lease, spent, requests } = keysOf(mall);
    return [main, meta, lease, spent, requests, String(Math.round(options.clock.storeOffsetMs()))];
  };

  async function ask<T>(
    run: (client: Client) => Promise<unknown>,
    parse: (reply: unknown) => T,
  ): Promise<Result<T>> {
    const reply = await connection.run(run);
    return reply.ok ? done(parse(reply.value)) : reply;
  }

  const lease = (mall: string, action: 'take' | 'renew' | 'release', owner: string, ttlMs: number) =>
    ask((client) => client.mallLease(...head(mall), action, owner, String(Math.round(ttlMs))), parseLease);

  /** Rubbish need not be UTF-8: what was seen as `text` is compared as the bytes it was decoded from. */
  async function bytesSeenAs(mall: string, text: string): Promise<Result<Buffer | null>> {
    const stored = await connection.run((client) =>
      client.getBuffer(keysOf(mall).main).catch((error: unknown) => {
        if (isWrongType(error)) return null;
        throw error;
      }),
    );
    if (!stored.ok) return stored;
    return done(stored.value?.toString() === text ? stored.value : null);
  }

  return {
    ...createRedisAlerts(connection, options.clock),

    read: (mall) => ask((client) => client.mallView(...head(mall)), parseView),

    readText: (mall) =>
      connection.run((client) =>
        client.get(keysOf(mall).main).catch((error: unknown) => {
          if (isWrongType(error)) return null;
          throw error;
        }),
      ),

    async spentAmong(mall, hashes) {
      const spent = await ask((client) => client.mallSpent(...head(mall)), parseTexts);
      if (!spent.ok) return spent;
      const known = new Set(spent.value);
      return done(new Set(hashes.filter((hash) => known.has(hash))));
    },

    commit(mall, change) {
      const script = JSON.stringify(scriptChangeOf(change, keysOf(mall).channel));
      const texts = [change.expect.text ?? '', change.text ?? ''];
      return ask((client) => client.mallCommit(...head(mall), script, ...texts), parseOutcome);
    },

    async takeLease(mall, owner, ttlMs) {
      const taken = await lease(mall, 'take', owner, ttlMs);
      return taken.ok ? done({ taken: taken.value.mine, view: taken.value.view }) : taken;
    },

    async renewLease(mall, owner, ttlMs) {
      const renewed = await lease(mall, 'renew', owner, ttlMs);
      return renewed.ok ? done(renewed.value.mine) : renewed;
    },

    async releaseLease(mall, owner) {
      const released = await lease(mall, 'release', owner, 0);
      return released.ok ? done(undefined) : released;
    },

    async setAside(mall, text, at) {
      const seen = text === null ? done(Buffer.alloc(0)) : await bytesSeenAs(mall, text);
      if (!seen.ok) return seen;
      const { value } = seen;
      if (value === null) return done(false);
      const mode = text === null ? 'wrong' : 'same';
      const rest = [asideKeyOf(mall, at), String(ASIDE_KEPT_MS)];
      return ask(
        (client) => client.mallAside(...head(mall), mode, value, ...rest),
        (reply) => reply === 1,
      );
    },

    onChanged: (listener) =>
      connection.onMessage((channel) => {
        const mall = mallOfChannel(channel);
        if (mall !== null) listener(mall);
      }),

    onReachable: (listener) => connection.onReachable(listener),

    async facts() {
      const info = await connection.run((client) => client.info());
      // An account that may not ask INFO may still use the store.
      if (!info.ok && info.code !== 'store.denied') return info;
      const text = info.ok ? info.value : '';
      const policy = infoField(text, 'maxmemory_policy');
      return done({
        kind: 'redis',
        place: redisPlaceOf(address),
        version: infoField(text, 'redis_version'),
        details: detailsOf(text),
        warnings: policy === null || policy === 'noeviction' ? [] : ['store.eviction_policy'],
      });
    },

    close: () => connection.close(),
  };
}

function isWrongType(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('WRONGTYPE');
}
