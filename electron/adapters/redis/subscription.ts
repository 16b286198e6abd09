import { Redis } from 'ioredis';
import type { Log } from '../../ports.ts';
import type { Client } from './clients.ts';
import { failureOf } from './failure-of.ts';

/**
 * Listens to all channels of a pattern: over one more connection, or over the one a cluster keeps for it.
 * An event that is missed costs nothing but time: the store is read at every tick anyway.
 */
export function startSubscription(
  client: Client,
  pattern: string,
  log: Log,
  heard: (channel: string) => void,
): { stop(): void; renew(): void } {
  const listener = client instanceof Redis ? client.duplicate() : client;
  const subscribe = () => {
    listener.psubscribe(pattern).catch((error: unknown) => {
      log.warn('store', `no events: ${failureOf(error).code}`);
    });
  };
  const hear = (_pattern: string, channel: string) => heard(channel);
  listener.on('pmessage', hear);
  listener.on('ready', subscribe);
  if (listener === client) {
    if (client.status === 'ready') subscribe();
  } else {
    // What is wrong with the server is said by the connection for commands.
    listener.on('error', () => {});
    listener.connect().catch(() => {});
  }
  return {
    /** The other connection broke and is back: this one may be dead without knowing it. */
    renew() {
      if (listener !== client && listener.status === 'ready') listener.disconnect(true);
    },
    stop() {
      listener.off('pmessage', hear);
      listener.off('ready', subscribe);
      if (listener !== client) listener.disconnect();
    },
  };
}
