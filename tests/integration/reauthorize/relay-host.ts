import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';

const RELAY = path.join(import.meta.dirname, '../../../relay');
export const RELAY_HOST = 'relay.example.test';

export type NodeRoute = (request: IncomingMessage, response: ServerResponse) => void;
export type WebRoute = (request: Request) => Response;

export interface RelayHost {
  /** `https://relay.example.test:{port}` */
  readonly origin: string;
  readonly certificates: Certificates;
  close(): Promise<void>;
}

/** The two routes as the README prints them: the code of its blocks, run. */
export async function routesOfReadme(): Promise<{ readonly node: NodeRoute; readonly web: WebRoute }> {
  const readme = await readFile(path.join(RELAY, 'README.md'), 'utf8');
  const [node = '', web = ''] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
  const load = (code: string) =>
    import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
  return { node: (await load(node)).cafe24Return, web: (await load(web)).GET };
}

/**
 * A second origin over https: the page as a plain static host gives it, a page of a stranger who frames it, and the
 * README's routes.
 */
export async function startRelayHost(): Promise<RelayHost> {
  const certificates = await makeCertificates([RELAY_HOST]);
  const page = await readFile(path.join(RELAY, 'index.html'));
  const routes = await routesOfReadme();
  const server: Server = createServer(
    { key: certificates.key, cert: certificates.cert },
    (request, response) => {
      const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
      switch (url.pathname) {
        case '/cafe24/':
          response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
          return;
        case '/stranger':
          response
            .writeHead(200, { 'Content-Type': 'text/html' })
            .end(`<iframe src="/cafe24/${url.search}"></iframe>`);
          return;
        case '/node-route':
          routes.node(request, response);
          return;
        case '/web-route': {
          const reply = routes.web(new Request(url));
          response.writeHead(reply.status, Object.fromEntries(reply.headers)).end();
          return;
        }
        default:
          response.writeHead(404).end();
      }
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://${RELAY_HOST}:${(server.address() as AddressInfo).port}`,
    certificates,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await certificates.remove();
    },
  };
}
