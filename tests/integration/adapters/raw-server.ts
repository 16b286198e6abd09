import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

export interface RawServer {
  readonly port: number;
  /** Each connection that came up, with what it sent. */
  readonly connections: readonly { readonly received: string }[];
}

/** A TCP server that does with each connection what the test says, on bytes; it is gone with the test. */
export async function openRawServer(
  serve: (socket: Socket, received: () => string) => void,
): Promise<RawServer> {
  const connections: { received: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = { received: '' };
    connections.push(connection);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      connection.received += chunk.toString('latin1');
    });
    serve(socket, () => connection.received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections };
}

/** Calls back once a whole HTTP request with a body lies there. */
export function onRequest(socket: Socket, received: () => string, callback: () => void): void {
  let isServed = false;
  socket.on('data', () => {
    const [head = '', body] = received().split('\r\n\r\n');
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (isServed || body === undefined || body.length < length) return;
    isServed = true;
    callback();
  });
}

/** Answers every request with these bytes and leaves the connection open. */
export function answering(bytes: string) {
  return (socket: Socket, received: () => string) => onRequest(socket, received, () => socket.write(bytes));
}

export function httpAnswer(status: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const all = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`;
}

/** A port of a process that accepts nothing any more and whose queue is full: connecting to it hangs. */
export async function openDeafPort(): Promise<number> {
  const worker = new Worker(
    `const { createServer, connect } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  const [port]: [number] = await (once(worker, 'message') as Promise<[number]>);
  const { connect } = await import('node:net');
  // The kernel takes as many as the queue holds; they are left there.
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  return port;
}
