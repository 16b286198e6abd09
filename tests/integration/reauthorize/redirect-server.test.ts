import { createHash } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import {
  LISTENER_LIMITS,
  type ListenerLimits,
} from '../../../electron/adapters/redirect-server/loopback-listener.ts';
import { createRedirectServers } from '../../../electron/adapters/redirect-server/redirect-servers.ts';
import type { RedirectReply, RedirectRequest } from '../../../electron/ports.ts';
import type { LoopbackHost } from '../../../shared/redirect-uri.ts';
import { until } from '../../support/poll.ts';
import { collect, get, sendRaw } from './raw-http.ts';

const CALLBACK = '/api/auth/cafe24/callback';
const START = '/api/auth/cafe24/start';
const PAGE: RedirectReply = { kind: 'page', status: 200, code: 'consent.connected', params: {} };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Options {
  readonly ports?: readonly number[];
  readonly host?: LoopbackHost;
  readonly callbackPath?: string;
  readonly limits?: ListenerLimits;
  readonly answer?: (request: RedirectRequest) => Promise<RedirectReply>;
}

async function openServer(options: Options = {}) {
  const logged: string[] = [];
  const handled: RedirectRequest[] = [];
  const log = (area: string, what: string) => void logged.push(`${area} ${what}`);
  const servers = createRedirectServers({
    log: { info: log, warn: log, error: log },
    locale: () => 'ko',
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const place = {
    ports: options.ports ?? [0],
    host: options.host ?? '127.0.0.1',
    callbackPath: options.callbackPath ?? CALLBACK,
  };
  const opened = await servers.open(place, async (request) => {
    handled.push(request);
    return options.answer?.(request) ?? PAGE;
  });
  if (!opened.ok) return { code: opened.code, logged, handled, port: 0, close: async () => {} };
  cleanups.push(() => opened.value.close());
  return { code: null, logged, handled, port: opened.value.port, close: () => opened.value.close() };
}

async function occupy(port: number, host: string): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await occupy(0, '127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a stray request on the local port', () => {
  it.each<[string, (port: number) => string, number]>([
    ['the browser’s favicon', (port) => get('/favicon.ico', port), 404],
    ['a scanner', (port) => get('/.env', port), 404],
    ['the root', (port) => get('/', port), 404],
    ['a longer path', (port) => get(`${CALLBACK}/x`, port), 404],
    ['an encoded path', (port) => get('/api/auth/cafe24/%63allback', port), 404],
    ['a path that climbs', (port) => get(`/x/..${CALLBACK}`, port), 404],
    ['a proxy’s absolute address', (port) => get(`http://127.0.0.1:${port}${CALLBACK}`, port), 404],
    ['another web page by its own name', (port) => get(CALLBACK, port, { Host: 'evil.example' }), 400],
    ['DNS rebinding with the port', (port) => get(CALLBACK, port, { Host: `evil.example:${port}` }), 400],
    ['localhost instead of the address', (port) => get(CALLBACK, port, { Host: `localhost:${port}` }), 400],
    ['a Host without the port', (port) => get(CALLBACK, port, { Host: '127.0.0.1' }), 400],
    ['a wrong Host on another path', (port) => get('/favicon.ico', port, { Host: 'evil.example' }), 400],
    ['no Host', () => `GET ${CALLBACK} HTTP/1.1\r\n\r\n`, 400],
    ['no Host in HTTP/1.0', () => `GET ${CALLBACK} HTTP/1.0\r\n\r\n`, 400],
    ['POST', (port) => get(CALLBACK, port, { 'Content-Length': '0' }).replace('GET', 'POST'), 405],
    ['HEAD', (port) => get(CALLBACK, port).replace('GET', 'HEAD'), 405],
    [
      'OPTIONS, before a private network request',
      (port) => get(START, port, { Origin: 'https://evil.example' }).replace('GET', 'OPTIONS'),
      405,
    ],
    [
      'POST on another path',
      (port) => get('/x', port, { 'Content-Length': '0' }).replace('GET', 'POST'),
      404,
    ],
    [
      'POST with a wrong Host',
      (port) => get(CALLBACK, port, { Host: 'evil.example', 'Content-Length': '0' }).replace('GET', 'POST'),
      400,
    ],
    ['no HTTP at all', () => 'hello there, who are you\r\n\r\n', 400],
    ['a TLS client', () => '\u0016\u0003\u0001\u0002\u0000', 400],
    ['a query of 1 MB', (port) => get(`${CALLBACK}?code=${'x'.repeat(1024 * 1024)}`, port), 431],
    [
      'a query of 17 KB with a wrong Host',
      (port) => get(`/x?${'x'.repeat(17 * 1024)}`, port, { Host: 'evil.example' }),
      431,
    ],
    [
      'a flood of headers',
      (port) =>
        get(
          CALLBACK,
          port,
          Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`X-${n}`, 'y'.repeat(20)])),
        ),
      431,
    ],
  ])('%s is refused, and told nothing', async (_, request, status) => {
    const { port, handled } = await openServer();
    const reply = await sendRaw(port, request(port));
    expect([reply.status, reply.body]).toEqual([status, '']);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(Object.keys(reply.headers).filter((name) => /cookie|location|server|powered/.test(name))).toEqual(
      [],
    );
    expect(handled).toEqual([]);
    expect((await sendRaw(port, get(`${CALLBACK}?state=x`, port))).status).toBe(200);
  });

  it('leaves one line in the log when the server closes, with no word of what was asked', async () => {
    const { port, logged, close } = await openServer();
    await sendRaw(port, get('/canary-path?code=canary-code', port));
    await sendRaw(port, get('/canary-path', port));
    await sendRaw(
      port,
      get(`${CALLBACK}?code=canary-code&state=canary-state`, port, { Host: 'canary.example' }),
    );
    await sendRaw(port, get(`${CALLBACK}?code=canary-code&state=canary-state`, port));
    await close();
    expect(logged).toEqual(['consent local server closed; stray requests: 400 x1, 404 x2']);
  });

  it('under 16 KB is still answered', async () => {
    const { port } = await openServer();
    expect((await sendRaw(port, get(`${CALLBACK}?code=${'x'.repeat(15_000)}`, port))).status).toBe(200);
  });
});

describe('whoever tries to wear it out', () => {
  it('by sending slowly is hung up on, at the latest after the limit', async () => {
    const { port, handled } = await openServer({ limits: { ...LISTENER_LIMITS, requestMs: 300 } });
    const replies = ['', 'GET ', `GET ${CALLBACK} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `].map(
      (start) => {
        const socket = connect({ port, host: '127.0.0.1' });
        if (start !== '') socket.write(start);
        const drip = setInterval(() => start !== '' && socket.writable && socket.write('a'), 50);
        return collect(socket).finally(() => clearInterval(drip));
      },
    );
    for (const reply of await Promise.all(replies)) expect([0, 400, 408]).toContain(reply.status);
    expect(handled).toEqual([]);
    expect((await sendRaw(port, get(CALLBACK, port))).status).toBe(200);
  });

  it('by many connections gets only so many, the oldest are dropped, and a real request is served all the while', async () => {
    const { port } = await openServer({ limits: { ...LISTENER_LIMITS, connections: 4 } });
    const idle = Array.from({ length: 20 }, () => connect({ port, host: '127.0.0.1' }));
    const open = new Set(idle);
    for (const socket of idle) {
      socket.on('error', () => {});
      socket.once('close', () => open.delete(socket));
      socket.resume();
    }
    await until(() => open.size === 4, { timeoutMs: 20_000, what: 'the drop of all but four connections' });
    expect([...open]).toEqual(idle.slice(-4));
    expect((await sendRaw(port, get(CALLBACK, port))).status).toBe(200);
    expect(open.size).toBeGreaterThan(0);
    for (const socket of idle) socket.destroy();
  });

  it('cannot drop a request that is being answered', async () => {
    let finish = (_: RedirectReply) => {};
    const { port, handled } = await openServer({
      limits: { ...LISTENER_LIMITS, connections: 4 },
      answer: () => new Promise((resolve) => (finish = resolve)),
    });
    const reply = sendRaw(port, get(CALLBACK, port));
    await until(() => handled.length === 1, { timeoutMs: 20_000, what: 'the request' });
    const idle = Array.from({ length: 20 }, () => connect({ port, host: '127.0.0.1' }));
    const open = new Set(idle);
    for (const socket of idle) {
      socket.on('error', () => {});
      socket.once('close', () => open.delete(socket));
    }
    await until(() => open.size === 3, { timeoutMs: 20_000, what: 'the drop of all that only wait' });
    finish(PAGE);
    expect((await reply).status).toBe(200);
    for (const socket of idle) socket.destroy();
  });

  it('by a second request on the connection is not served twice', async () => {
    const { port, handled } = await openServer();
    const reply = await sendRaw(port, get(CALLBACK, port) + get(CALLBACK, port));
    expect(reply.status).toBe(200);
    expect(reply.headers.connection).toBe('close');
    expect(handled).toHaveLength(1);
  });

  it('cannot hold up the closing, not even by not reading', async () => {
    const { port, close } = await openServer();
    const sockets = [connect({ port, host: '127.0.0.1' }), connect({ port, host: '127.0.0.1' })];
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    sockets[1]!.pause().write('GET ');
    const ended = sockets.map(collect);
    await close();
    await Promise.all(ended);
    await expect(sendRaw(port, get(CALLBACK, port))).resolves.toMatchObject({ status: 0 });
  });
});

describe('what passed the checks', () => {
  it('is handed on with query and cookies, the first of each name', async () => {
    const { port, handled } = await openServer();
    const cookies = 'other=1; ctk_a=b=c; ctk_a=second;broken';
    await sendRaw(port, get(`${CALLBACK}?code=a%2Bb&state=s&code=second&empty=`, port, { Cookie: cookies }));
    expect(handled).toEqual([
      {
        kind: 'callback',
        query: new Map([
          ['code', 'a+b'],
          ['state', 's'],
          ['empty', ''],
        ]),
        cookies: new Map([
          ['other', '1'],
          ['ctk_a', 'b=c'],
        ]),
      },
    ]);
  });

  it('is redirected with a cookie for the callback alone', async () => {
    const { port } = await openServer({
      answer: async () => ({
        kind: 'redirect',
        to: 'https://myshop.cafe24api.com/a?b=c',
        cookie: { name: 'ctk_x', value: 'v' },
      }),
    });
    const reply = await sendRaw(port, get(`${START}?nonce=n`, port));
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe('https://myshop.cafe24api.com/a?b=c');
    expect(reply.headers['set-cookie']).toBe(
      `ctk_x=v; HttpOnly; SameSite=Lax; Max-Age=300; Path=${CALLBACK}`,
    );
    expect(reply.headers['referrer-policy']).toBe('no-referrer');
  });

  it('gets a page by its code, with what to do, its cookie taken back, and a policy that allows its style alone', async () => {
    const { port } = await openServer({
      answer: async () => ({
        kind: 'page',
        status: 400,
        code: 'consent.other_mall',
        params: { expected: 'myshop', got: '<b>other</b>' },
        clearCookie: 'ctk_x',
      }),
    });
    const reply = await sendRaw(port, get(CALLBACK, port));
    expect(reply.status).toBe(400);
    expect(reply.body).toContain('data-code="consent.other_mall"');
    expect(reply.body).toContain('다른 쇼핑몰에서 동의했습니다');
    expect(reply.body).toContain('&lt;b&gt;other');
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'set-cookie': `ctk_x=; HttpOnly; SameSite=Lax; Max-Age=0; Path=${CALLBACK}`,
    });
    const style = /<style>(.*)<\/style>/s.exec(reply.body)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(reply.headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  it.each([
    ['consent.connected', '이 탭은 닫아도 됩니다'],
    ['consent.saved_not_shared', '이 탭은 닫아도 됩니다'],
    ['grant.fewer_scopes', '이 탭은 닫아도 됩니다'],
  ] as const)('says on a good end that it can be closed: %s', async (code, words) => {
    const { port } = await openServer({ answer: async () => ({ ...PAGE, code }) });
    expect((await sendRaw(port, get(CALLBACK, port))).body).toContain(words);
  });

  it('is held open until there is an answer, and closing lets the answer out', async () => {
    let finish = (_: RedirectReply) => {};
    const { port, handled, close } = await openServer({
      answer: () => new Promise((resolve) => (finish = resolve)),
    });
    const reply = sendRaw(port, get(CALLBACK, port));
    await until(() => handled.length === 1, { timeoutMs: 20_000, what: 'the request' });
    const closed = close();
    finish(PAGE);
    expect((await reply).body).toContain('data-code="consent.connected"');
    await closed;
  });

  it('a bug behind it is a page too, and no text of the bug', async () => {
    const { port, logged } = await openServer({ answer: () => Promise.reject(new Error('canary')) });
    const reply = await sendRaw(port, get(CALLBACK, port));
    expect([reply.status, reply.body.includes('data-code="internal.error"')]).toEqual([500, true]);
    expect(reply.body + logged.join()).not.toContain('canary');
  });

  it('a client that hangs up while it waits harms nobody', async () => {
    let finish = (_: RedirectReply) => {};
    const { port, handled } = await openServer({
      answer: () => new Promise((resolve) => (finish = resolve)),
    });
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(get(CALLBACK, port));
    await until(() => handled.length === 1, { timeoutMs: 20_000, what: 'the request' });
    socket.destroy();
    await until(() => socket.closed, { timeoutMs: 20_000, what: 'the hang-up' });
    finish(PAGE);
    const again = sendRaw(port, get(CALLBACK, port));
    await until(() => handled.length === 2, { timeoutMs: 20_000, what: 'the next request' });
    finish(PAGE);
    expect((await again).status).toBe(200);
  });
});

describe('where it listens', () => {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const hasIpv6 = addresses.some(({ address }) => address === '::1');
  const outside = addresses.find((address) => !address.internal && address.family === 'IPv4')?.address;

  it.skipIf(outside === undefined)('is this machine alone', async () => {
    const { port } = await openServer();
    expect((await sendRaw(port, get(CALLBACK, port), outside)).status).toBe(0);
  });

  it('is the first free port of the list', async () => {
    const [first, second] = [(await occupy(0, '127.0.0.1')).port, await freePort()];
    expect((await openServer({ ports: [first, second] })).port).toBe(second);
  });

  it('is nowhere when all are busy', async () => {
    const busy = [await occupy(0, '127.0.0.1'), await occupy(0, '127.0.0.1')].map(({ port }) => port);
    expect((await openServer({ ports: busy })).code).toBe('server.ports_busy');
  });

  it.skipIf(!hasIpv6)('is both loopback families for localhost, answering to that name only', async () => {
    const { port } = await openServer({ host: 'localhost', callbackPath: '/cb' });
    for (const address of ['127.0.0.1', '::1']) {
      const ask = (host: string) => sendRaw(port, get('/cb', port, { Host: host }), address);
      expect((await ask(`localhost:${port}`)).status).toBe(200);
      expect((await ask(`LOCALHOST:${port}`)).status).toBe(200);
      expect((await ask(`127.0.0.1:${port}`)).status).toBe(400);
      expect((await ask(`[::1]:${port}`)).status).toBe(400);
    }
  });

  it.skipIf(!hasIpv6)(
    'is not half of localhost: a family held by another program makes the port busy',
    async () => {
      const { port } = await occupy(0, '::1');
      const server = await openServer({ host: 'localhost', ports: [port] });
      expect(server.code).toBe('server.ports_busy');
      await occupy(port, '127.0.0.1');
    },
  );

  it.skipIf(!hasIpv6)('is the IPv6 loopback alone for [::1]', async () => {
    const { port } = await openServer({ host: '[::1]' });
    expect((await sendRaw(port, get(CALLBACK, port, { Host: `[::1]:${port}` }), '::1')).status).toBe(200);
    expect((await sendRaw(port, get(CALLBACK, port), '127.0.0.1')).status).toBe(0);
  });

  it('is free again once it is closed', async () => {
    const { port, close } = await openServer();
    await close();
    expect((await openServer({ ports: [port] })).port).toBe(port);
  });
});
