import { connect, type Socket } from 'node:net';

/** What came back, or that nothing did. */
export interface RawReply {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Connects, writes bytes as they are, and resolves with what had come when the other side hung up. */
export function sendRaw(port: number, text: string, host = '127.0.0.1'): Promise<RawReply> {
  return collect(
    connect({ port, host }, function (this: Socket) {
      this.write(text);
    }),
  );
}

export function get(path: string, port: number, headers: Readonly<Record<string, string>> = {}): string {
  const all = { Host: `127.0.0.1:${port}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

export function collect(socket: Socket): Promise<RawReply> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset after the answer is part of being refused.
    socket.on('error', () => {});
    socket.once('close', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
  });
}

function parse(text: string): RawReply {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    body,
  };
}
