/** A look at a Redis before it is used: what it says of itself, and whether a shop's tokens lie there. Changes nothing. */
import { parseRedisUrl } from '../../../shared/redis-url.ts';
import { done, failed, type Result } from '../../../shared/result.ts';
import type { StoreTrial } from '../../../shared/settings-forms.ts';
import { parseStored } from '../../../shared/stored-json.ts';
import type { Log } from '../../ports.ts';
import type { Network } from '../network/network.ts';
import type { Client } from './clients.ts';
import { type Connection, createConnection } from './connection.ts';
import { infoField } from './info.ts';
import { CHANNEL_PATTERN, keysOf } from './keys.ts';

/** A person waits at the button. */
const TIMEOUT_MS = 3_000;

export async function tryRedis(
  url: string,
  mall: string | null,
  { log, trust }: { readonly log: Log; readonly trust: Network['secureContext'] },
): Promise<Result<StoreTrial>> {
  const address = parseRedisUrl(url);
  if (!address) return failed('config.invalid_value');
  const connection = createConnection({
    address,
    pattern: CHANNEL_PATTERN,
    log,
    trust,
    connectTimeoutMs: TIMEOUT_MS,
    commandTimeoutMs: TIMEOUT_MS,
  });
  try {
    return await look(connection, address.tls, mall);
  } finally {
    await connection.close();
  }
}

async function look(connection: Connection, tls: boolean, mall: string | null): Promise<Result<StoreTrial>> {
  const first = await connection.run((client) => client.echo('try'));
  if (!first.ok) return first;
  const startedMs = performance.now();
  await connection.run((client) => client.echo('try'));
  const latencyMs = performance.now() - startedMs;
  const tokens = mall === null ? done('none' as const) : await tokensOf(connection, mall);
  if (!tokens.ok) return tokens;
  // A provider may forbid both; the store can be used all the same.
  const info = await connection.run((client) => client.info());
  const text = info.ok ? info.value : '';
  return done({
    version: infoField(text, 'redis_version'),
    persistence: await persistenceOf(connection, text),
    evictionPolicy: infoField(text, 'maxmemory_policy'),
    tls,
    latencyMs,
    tokens: tokens.value,
  });
}

async function persistenceOf(connection: Connection, info: string): Promise<StoreTrial['persistence']> {
  if (infoField(info, 'aof_enabled') === '1') return 'aof';
  const saves = await connection.run(saveRules);
  if (saves.ok) return saves.value === '' ? 'none' : 'rdb';
  return null;
}

/** `''`: no snapshots are made. A cluster's client asks any of its nodes. */
async function saveRules(client: Client): Promise<string> {
  const [, rules] = (await client.call('CONFIG', 'GET', 'save')) as readonly string[];
  return rules ?? '';
}

async function tokensOf(connection: Connection, mall: string): Promise<Result<StoreTrial['tokens']>> {
  const found = await connection.run(async (client) => {
    const { main } = keysOf(mall);
    const type = await client.type(main);
    return type === 'string' ? ((await client.get(main)) ?? null) : type === 'none' ? null : '';
  });
  if (!found.ok) return found;
  if (found.value === null) return done('none');
  return done(parseStored(found.value) === null ? 'unreadable' : 'set');
}
