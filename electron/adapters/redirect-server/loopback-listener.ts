import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECURITY_HEADERS } from './page.ts';

/** What a stranger on this machine can take from us at most. */
export interface ListenerLimits {
  /** Request line and headers together; more is answered 431 (docs/keeper.md, 20). */
  readonly headerBytes: number;
  /** For the headers, and for the whole request, from the connection's first moment. */
  readonly requestMs: number;
  /** With more, the connection that asked for nothing for longest is dropped. */
  readonly connections: number;
}

export const LISTENER_LIMITS: ListenerLimits = { headerBytes: 16_384, requestMs: 5_000, connections: 32 };

/** How long an answer may take to reach a client that does not read, once the server closes. */
const CLOSE_WITHIN_MS = 1_000;
/** After refusing an oversized request: reading on for a moment lets the client see the answer, not a reset. */
const DRAIN_MS = 1_000;

export interface Listener {
  readonly port: number;
  /** Stops listening; answers that are being given are finished first, within a second. */
  close(): Promise<void>;
}

export type Answer = (message: IncomingMessage, response: ServerResponse) => void;

/** Listens on one address; rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, ...). */
export async function listen(
  address: '127.0.0.1' | '::1',
  port: number,
  limits: ListenerLimits,
  answer: Answer,
  onMalformed: (status: number) => void,
): Promise<Listener> {
  const answering = new Set<Socket>();
  const sockets = new Set<Socket>();
  const onRequest: RequestListener = (message, response) => {
    const { socket } = message;
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
    // A client that hangs up must not bring the process down.
    response.on('error', () => {});
    answer(message, response);
  };
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(500, limits.requestMs),
      keepAlive: false,
      // A missing Host is refused like a wrong one, by our own check.
      requireHostHeader: false,
    },
    onRequest,
  );
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Whoever only holds connections open gives way to who comes after: it may be the browser with the code.
    if (sockets.size > limits.connections) (longestIdle() ?? socket).destroy();
  });

  function longestIdle(): Socket | undefined {
    return [...sockets].find((each) => !answering.has(each) && !each.destroyed);
  }
  const refused = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // The parser complains again about every further chunk of the same request.
    if (refused.has(socket)) return;
    refused.add(socket);
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const status = statusOfParserError(error.code);
    onMalformed(status);
    refuse(socket, status);
  });
  await bind(server, address, port);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) {
        if (!answering.has(socket)) socket.destroy();
      }
      const abort = new AbortController();
      const late = sleep(CLOSE_WITHIN_MS, undefined, { signal: abort.signal }).then(
        () => server.closeAllConnections(),
        () => {},
      );
      await closed;
      abort.abort();
      await late;
    },
  };
}

function bind(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}

function statusOfParserError(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

function refuse(socket: Socket, status: number): void {
  const timer = setTimeout(() => socket.destroy(), DRAIN_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => {});
  const headers = Object.entries({ ...plainHeaders(), 'Content-Length': '0' });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n`);
}

/** Headers of an answer that has nothing to show. */
export function plainHeaders(): Readonly<Record<string, string>> {
  return { ...SECURITY_HEADERS, Connection: 'close' };
}
