import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Certificates } from './certificates.ts';

export interface ConnectProxyOptions {
  /** Where a tunnel really ends: a port on 127.0.0.1 for each `host:port` that may be asked for. */
  readonly tunnels: Readonly<Record<string, number>>;
  /** Asked for instead of a tunnel to anybody who does not show them (RFC 7235). */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Spoken to over TLS. */
  readonly certificates?: Pick<Certificates, 'cert' | 'key'>;
  /** What it does with a request for a tunnel, instead of granting it. */
  readonly misbehave?: (socket: Socket) => void;
}

export interface ConnectProxy {
  readonly port: number;
  /** As `HTTPS_PROXY` names it, without credentials. */
  readonly url: string;
  /** `host:port` of every tunnel that was asked for. */
  readonly asked: readonly string[];
  /** Anything but CONNECT that came. */
  readonly others: readonly string[];
  close(): Promise<void>;
}

/** A proxy as it stands in companies: on loopback, granting tunnels with CONNECT and nothing else. */
export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const { tunnels, credentials, certificates, misbehave } = options;
  const asked: string[] = [];
  const others: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const pair = credentials && `${credentials.user}:${credentials.password}`;
  const expected = pair && `Basic ${Buffer.from(pair).toString('base64')}`;
  const server = certificates ? https.createServer({ ...certificates }) : http.createServer();
  server.on('request', (request, response) => {
    others.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  });
  server.on('connect', (request: http.IncomingMessage, client: Socket, head: Buffer) => {
    keep(client);
    const target = request.url ?? '';
    asked.push(target);
    if (misbehave) return misbehave(client);
    if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
      return;
    }
    const port = tunnels[target];
    if (port === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = keep(connect(port, '127.0.0.1'));
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificates ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked,
    others,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
