import type { RedisAddress } from '../../../shared/redis-url.ts';
import { type Failure, failed, type Result } from '../../../shared/result.ts';
import type { Log } from '../../ports.ts';
import { within } from '../within.ts';
import { type Client, type ClientOptions, createClient } from './clients.ts';
import { failureOf, isReplicaAnswer, isUnsent, isWrongDatabase } from './failure-of.ts';
import { startSubscription } from './subscription.ts';

export interface Connection {
  /** Runs one command once the connection stands; every failure, also to connect, comes back as a code. */
  run<T>(command: (client: Client) => Promise<T>): Promise<Result<T>>;
  onMessage(listener: (channel: string) => void): () => void;
  /** Calls back when commands can be sent again after they could not. */
  onReachable(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Why commands cannot be sent, until they can: `replica` where the server answered that it may not be written. */
type Outage = 'none' | 'unreachable' | 'replica';

export interface ConnectionOptions extends ClientOptions {
  readonly address: RedisAddress;
  /** Channels to hear of, once somebody listens: one more connection. */
  readonly pattern: string;
  readonly log: Log;
}

/** A command that was not sent at all: it may be sent once the connection stands. */
const UNSENT = failed('store.unreachable', 'not connected');

/** Nothing is connected before the first command. */
export function createConnection(options: ConnectionOptions): Connection {
  const { address, pattern, log, commandTimeoutMs } = options;
  const client = createClient(address, options);
  const reachable = new Set<() => void>();
  const listeners = new Set<(channel: string) => void>();
  let subscription: { stop(): void; renew(): void } | null = null;
  let outage: Outage = 'none';
  /** What the latest attempt to connect ended with. */
  let latest: Failure = failed('store.unreachable');
  let closed = false;
  /** The server has no such database: it would answer from its first one, which is somebody else's place. */
  let misplaced: Failure | null = null;

  const breakOff = (failure: Failure) => {
    latest = failure;
    if (outage === 'none' && !closed) {
      outage = 'unreachable';
      log.warn('store', `${failure.code} ${failure.detail ?? ''}`.trim());
    }
  };
  client.on('error', (error: unknown) => {
    if (isWrongDatabase(error)) misplaced = failureOf(error);
    breakOff(failureOf(error));
  });
  client.on('close', () => {
    misplaced = null;
    breakOff(latest);
  });
  // The database was asked for before.
  client.on('ready', () => {
    if (misplaced) return;
    latest = failed('store.unreachable');
    subscription?.renew();
    if (outage === 'unreachable') recovered();
    if (outage === 'replica') void confirmMaster();
  });

  function recovered(): void {
    outage = 'none';
    log.info('store', 'reachable again');
    for (const listener of reachable) listener();
  }

  /** A replica is found again and again until a master is promoted: only that is worth waking anybody. */
  async function confirmMaster(): Promise<void> {
    try {
      if (/^role:master\r?$/m.test(await client.info('replication'))) recovered();
    } catch {
      // The next command tells.
    }
  }

  /** One attempt to connect, shared by all who wait for it; null once commands can be sent. */
  let attempt: Promise<Failure | null> | null = null;

  function connected(): Promise<Failure | null> {
    if (closed) return Promise.resolve(failed('store.unreachable', 'closed'));
    attempt ??= nextOutcome().finally(() => {
      attempt = null;
    });
    return attempt;
  }

  function nextOutcome(): Promise<Failure | null> {
    return new Promise((resolve) => {
      // The connection that is closing is not the one that is waited for.
      let isClosing = client.status === 'ready';
      const settle = (outcome: Failure | null) => {
        clearTimeout(timer);
        client.off('ready', onReady);
        client.off('error', onError);
        client.off('close', onClose);
        resolve(outcome);
      };
      const onReady = () => settle(null);
      const onError = (error: unknown) => settle(failureOf(error));
      const onClose = () => {
        if (!isClosing) settle(latest);
        isClosing = false;
      };
      const timer = setTimeout(() => settle(failed('store.unreachable', 'connecting')), commandTimeoutMs);
      client.on('ready', onReady);
      client.on('error', onError);
      client.on('close', onClose);
      // Its outcome comes as an event.
      if (client.status === 'wait') client.connect().catch(() => {});
    });
  }

  async function send<T>(command: (client: Client) => Promise<T>): Promise<Result<T>> {
    try {
      // A cluster's own queue has no deadline.
      return { ok: true, value: await within(commandTimeoutMs * 2, command(client)) };
    } catch (error) {
      if (error instanceof Error && isReplicaAnswer(error)) outage = 'replica';
      if (isUnsent(error)) return UNSENT;
      return failureOf(error);
    }
  }

  return {
    async run(command) {
      if (misplaced) return misplaced;
      const first = client.status === 'ready' ? await send(command) : UNSENT;
      if (first !== UNSENT) return first;
      const down = await connected();
      if (down) breakOff(down);
      return down ?? (await send(command));
    },
    onMessage(listener) {
      listeners.add(listener);
      subscription ??= startSubscription(client, pattern, log, (channel) => {
        for (const each of listeners) each(channel);
      });
      return () => listeners.delete(listener);
    },
    onReachable(listener) {
      reachable.add(listener);
      return () => reachable.delete(listener);
    },
    async close() {
      closed = true;
      reachable.clear();
      listeners.clear();
      subscription?.stop();
      await end(client);
    },
  };
}

/** Resolved when the client is done: no socket, no timer to reconnect. */
function end(client: Client): Promise<void> {
  if (client.status === 'end') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1_000);
    client.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    client.disconnect();
  });
}
