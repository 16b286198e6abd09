import type { SecureContext } from 'node:tls';
import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';
import type { RedisAddress } from '../../../shared/redis-url.ts';
import { SCRIPTS } from './commands.ts';
import { isReplicaAnswer } from './failure-of.ts';

export type Client = Redis | Cluster;

export interface ClientOptions {
  /** How long one command may take, ms of real time. */
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Which authorities `rediss://` trusts. */
  readonly trust: () => SecureContext;
}

/** Longest pause between two attempts to connect: a consent waits 8 s for Redis (docs/keeper.md, 20). */
const LONGEST_PAUSE_MS = 2_000;

const backoff = (attempt: number): number => Math.min(100 * attempt, LONGEST_PAUSE_MS);

/**
 * A client that is not connected yet. It reconnects for ever and never keeps a command for later: one that its caller
 * has given up must not be carried out minutes afterwards.
 */
export function createClient(address: RedisAddress, options: ClientOptions): Client {
  // Said outright: an environment variable must not switch the check off.
  const tls = address.tls ? { tls: { secureContext: options.trust(), rejectUnauthorized: true } } : {};
  const common = {
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    // The first protocol knows a plain AUTH, which servers and proxies of every age understand.
    protocol: 2,
    connectTimeout: options.connectTimeoutMs,
    commandTimeout: options.commandTimeoutMs,
    // A connection that swallows commands (a laptop that slept) is closed instead of being asked again.
    socketTimeout: options.commandTimeoutMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    disableClientInfo: true,
    reconnectOnError: isReplicaAnswer,
  } satisfies CommonRedisOptions;

  switch (address.kind) {
    case 'single': {
      const { host, port } = firstOf(address);
      return new Redis({
        ...common,
        ...tls,
        host,
        port,
        db: address.database,
        scripts: SCRIPTS,
        lazyConnect: true,
        enableOfflineQueue: false,
        retryStrategy: backoff,
      });
    }
    case 'sentinel':
      return new Redis({
        ...common,
        sentinels: address.hosts.map(({ host, port }) => ({ host, port })),
        name: address.master,
        role: 'master',
        db: address.database,
        sentinelCommandTimeout: options.commandTimeoutMs,
        sentinelRetryStrategy: backoff,
        scripts: SCRIPTS,
        lazyConnect: true,
        enableOfflineQueue: false,
        retryStrategy: backoff,
      });
    case 'cluster':
      return new Cluster(
        address.hosts.map(({ host, port }) => ({ host, port })),
        {
          scripts: SCRIPTS,
          lazyConnect: true,
          clusterRetryStrategy: backoff,
          slotsRefreshTimeout: options.commandTimeoutMs,
          enableOfflineQueue: false,
          redisOptions: {
            ...common,
            ...tls,
            // A node keeps commands until it is connected: it must fail before their callers give up.
            connectTimeout: Math.min(options.connectTimeoutMs, options.commandTimeoutMs / 2),
          },
          // A certificate names the host, not its address.
          ...(address.tls ? { dnsLookup: (name, done) => done(null, name) } : {}),
        },
      );
  }
}

function firstOf(address: RedisAddress): { readonly host: string; readonly port: number } {
  const [first] = address.hosts;
  if (!first) throw new Error('a Redis address without a host');
  return first;
}
