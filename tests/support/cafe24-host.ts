import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './certificates.ts';

export interface Cafe24Host {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The simulator under Cafe24's own names: `https://myshop.cafe24api.com/...` is `{simulator}/myshop/...`. Whoever
 * comes here was led: by a proxy's tunnel, say.
 */
export async function startCafe24Host(
  simulatorOrigin: string,
  { cert, key }: Pick<Certificates, 'cert' | 'key'>,
): Promise<Cafe24Host> {
  const { hostname, port } = new URL(simulatorOrigin);
  const server = https.createServer({ cert, key }, (request, response) => {
    const [mall = ''] = (request.headers.host ?? '').split('.');
    const { method, headers } = request;
    const forwarded = http.request(
      { hostname, port, method, path: `/${mall}${request.url}`, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    // A connection that the simulator drops is dropped here, too.
    forwarded.on('error', () => request.socket.destroy());
    request.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
