/** A way to a Redis on which a write can be seen, refused or swallowed. */
import net from 'node:net';

export interface RedisProxy {
  readonly url: string;
  /** What becomes of the next command that holds this text: refused as a full server does, or the callback's business. */
  catchNext(text: () => string, deed: 'refuse' | (() => void)): void;
  close(): Promise<void>;
}

export async function startRedisProxy(port: number): Promise<RedisProxy> {
  let trap: { text: () => string; deed: 'refuse' | (() => void) } | null = null;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      const text = trap?.text() ?? '';
      if (trap && text !== '' && data.includes(text)) {
        const { deed } = trap;
        trap = null;
        if (deed === 'refuse') client.write("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
        else deed();
        return;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => client.write(data));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    catchNext(text, deed) {
      trap = { text, deed };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
