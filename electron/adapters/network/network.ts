/** How this program reaches https hosts: by which way, and which certificates it believes. */
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { buildConnector as Connecting, Dispatcher } from 'undici';
import { type Hop, reachesDirectly } from '../../../shared/proxy-hops.ts';
import { Agent, buildConnector } from '../http/undici-parts.ts';
import { within } from '../within.ts';
import type { Routes } from './routes.ts';
import { openTunnel, ProxyError } from './tunnel.ts';

export interface Network {
  /**
   * For undici: each call brings up a fresh connection, within `timeoutMs` from the question for the way to the last
   * TLS handshake. Calls back with a socket only once the target itself, not a proxy, is at its other end.
   */
  connector(timeoutMs: number): Connecting.connector;
  /** For requests that may be made by anybody at any time. */
  readonly dispatcher: Dispatcher;
  /** What the TLS of others (Redis, mail) is checked with. */
  secureContext(): SecureContext;
}

export interface NetworkOptions {
  readonly routes: Routes;
  readonly trust: () => SecureContext;
}

const CONNECT_TIMEOUT_MS = 10_000;

export function createNetwork({ routes, trust }: NetworkOptions): Network {
  /** Said outright: an environment variable must not switch the check off. */
  const checked = () => ({ secureContext: trust(), rejectUnauthorized: true });

  const connector = (timeoutMs: number): Connecting.connector => {
    return (target, callback) => {
      dial(target, performance.now() + timeoutMs).then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      );
    };
  };

  async function dial(target: Connecting.Options, deadlineMs: number): Promise<Socket> {
    const url = new URL(`${target.protocol}//${target.host ?? target.hostname}`);
    const left = () => Math.max(1, deadlineMs - performance.now());
    if (reachesDirectly(url)) return connect(target, left());
    const hops = await within(left(), routes(url));
    for (const [index, hop] of hops.entries()) {
      const share = left() / (hops.length - index);
      try {
        return await through(hop, target, share);
      } catch (error) {
        // Only a proxy that is not there is passed over; one that refuses has decided.
        const isAbsent = error instanceof ProxyError && error.reason === 'unreachable';
        if (!isAbsent || index === hops.length - 1) throw error;
      }
    }
    throw new ProxyError('unusable', 'no way');
  }

  async function through(hop: Hop, target: Connecting.Options, timeoutMs: number): Promise<Socket> {
    switch (hop.kind) {
      case 'direct':
        return connect(target, timeoutMs);
      case 'unusable':
        throw new ProxyError('unusable', 'kind');
      case 'proxy': {
        const startedMs = performance.now();
        const socket = await openTunnel(hop, {
          target: { host: target.hostname, port: Number(target.port || 443) },
          timeoutMs,
          secureContext: trust(),
        });
        return connect({ ...target, httpSocket: socket }, timeoutMs - (performance.now() - startedMs));
      }
    }
  }

  function connect(target: Connecting.Options, timeoutMs: number): Promise<Socket> {
    const open = buildConnector({
      timeout: Math.max(1, timeoutMs),
      // Each connection proves itself anew.
      maxCachedSessions: 0,
      ...(target.protocol === 'https:' ? checked() : {}),
    });
    return new Promise((resolve, reject) => {
      open(target, (...[error, socket]) => {
        // Of a failure undici tells the error alone: the socket is undefined there, not null.
        if (socket) resolve(socket);
        else reject(error ?? new Error('no socket'));
      });
    });
  }

  return {
    connector,
    dispatcher: new Agent({ connect: connector(CONNECT_TIMEOUT_MS) }),
    secureContext: trust,
  };
}
