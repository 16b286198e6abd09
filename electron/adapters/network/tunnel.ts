/** A tunnel through a proxy: CONNECT, and what a proxy may answer to it (RFC 9110, section 9.3.6). */
import http from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import tls, { type SecureContext } from 'node:tls';
import type { ProxyHop } from '../../../shared/proxy-hops.ts';

/** Why a proxy is no way to the target. Nothing has reached the target then. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly reason: 'unreachable' | 'auth' | 'refused' | 'unusable';
  /** In a word, for the log: never a credential. */
  readonly detail: string;
  constructor(reason: ProxyError['reason'], detail: string, options?: ErrorOptions) {
    super(`proxy ${reason}: ${detail}`, options);
    this.reason = reason;
    this.detail = detail;
  }
}

export interface TunnelOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly timeoutMs: number;
  /** Checks the proxy's own certificate, where it is spoken to over TLS. */
  readonly secureContext: SecureContext;
}

/** A socket whose other end is the target, on a connection of its own. @throws ProxyError */
export function openTunnel(proxy: ProxyHop, options: TunnelOptions): Promise<Socket> {
  const { target, timeoutMs, secureContext } = options;
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const request = {
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...authorizationOf(proxy) },
    createConnection: () => connectTo(proxy, secureContext),
  };
  return new Promise((resolve, reject) => {
    const asking = http.request(request);
    const timer = setTimeout(() => asking.destroy(new ProxyError('unreachable', 'timeout')), timeoutMs);
    asking.on('close', () => clearTimeout(timer));
    asking.on('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      reject(new ProxyError(statusCode === 407 ? 'auth' : 'refused', String(statusCode)));
    });
    asking.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error instanceof ProxyError
          ? error
          : new ProxyError('unreachable', error.code ?? error.name, { cause: error }),
      ),
    );
    asking.end();
  });
}

function connectTo({ tls: isSafe, host, port }: ProxyHop, secureContext: SecureContext): Socket {
  if (!isSafe) return connect({ host, port });
  const servername = isIP(host) === 0 ? host : '';
  return tls.connect({ host, port, servername, secureContext, rejectUnauthorized: true });
}

function authorizationOf({ credentials }: ProxyHop): { 'proxy-authorization'?: string } {
  if (credentials === null) return {};
  const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
  return { 'proxy-authorization': `Basic ${pair}` };
}
