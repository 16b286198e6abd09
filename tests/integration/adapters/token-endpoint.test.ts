import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTokenEndpoint, dateOf, retryAfterOf } from '../../../electron/adapters/token-endpoint.ts';
import type { WireResult } from '../../../electron/ports.ts';
import { DEFAULT_CLIENT, DEFAULT_REDIRECT_URI } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import { codeFromConsent, NOON, openSimulator } from '../../simulator/test-helpers.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { networkOf } from '../../support/networks.ts';
import {
  answering,
  httpAnswer,
  onRequest,
  openDeafPort,
  openRawServer,
  type RawServer,
} from './raw-server.ts';

const CLIENT = { mall: 'myshop', clientId: 'the-client', clientSecret: 's3cret:with/colon' };
const SIMULATED = { mall: 'myshop', ...DEFAULT_CLIENT };
const network = networkOf();
const SHORT = { connectMs: 400, requestMs: 600 };

const originOf = (port: number, scheme = 'http') => `${scheme}://127.0.0.1:${port}/{mall_id}`;

function refreshAt(server: Pick<RawServer, 'port'>, bounds = SHORT): Promise<WireResult> {
  return createTokenEndpoint({ apiOrigin: originOf(server.port), network, bounds }).refresh(
    CLIENT,
    'the token/+=&',
  );
}

const OK = httpAnswer('200 OK', { 'Content-Type': 'application/json' }, '{"access_token":"a"}');

describe('what goes over the wire', () => {
  it('is one POST with Basic credentials, the documented body and nothing else', async () => {
    const server = await openRawServer(answering(OK));
    await refreshAt(server);
    expect(server.connections).toHaveLength(1);
    const [head = '', body] = (server.connections[0]?.received ?? '').split('\r\n\r\n');
    const [line, ...headers] = head.split('\r\n');
    expect(line).toBe('POST /myshop/api/v2/oauth/token HTTP/1.1');
    const basic = Buffer.from('the-client:s3cret:with/colon').toString('base64');
    expect(headers.map((header) => header.toLowerCase()).sort()).toEqual(
      [
        `authorization: Basic ${basic}`,
        'content-type: application/x-www-form-urlencoded',
        'accept: application/json',
        `host: 127.0.0.1:${server.port}`,
        'connection: close',
        `content-length: ${body?.length}`,
      ]
        .map((header) => header.toLowerCase())
        .sort(),
    );
    expect(headers).toContainEqual(expect.stringContaining(basic));
    expect(body).toBe('grant_type=refresh_token&refresh_token=the+token%2F%2B%3D%26');
  });

  it.each([
    [null, 'grant_type=authorization_code&code=c+1&redirect_uri=https%3A%2F%2Fshop.example%2Fcb'],
    [
      'v~1',
      'grant_type=authorization_code&code=c+1&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&code_verifier=v%7E1',
    ],
  ])("of a consent's code, with the verifier %j", async (codeVerifier, expected) => {
    const server = await openRawServer(answering(OK));
    const grant = { code: 'c 1', redirectUri: 'https://shop.example/cb', codeVerifier };
    await createTokenEndpoint({ apiOrigin: originOf(server.port), network }).exchange(CLIENT, grant);
    expect(server.connections[0]?.received.split('\r\n\r\n')[1]).toBe(expected);
  });

  it('of a revocation, to its own address and with the hint as Cafe24 names it', async () => {
    const server = await openRawServer(answering(OK));
    const token = { value: 'a/b', kind: 'access_token' } as const;
    await createTokenEndpoint({ apiOrigin: originOf(server.port), network }).revoke(CLIENT, token);
    const received = server.connections[0]?.received ?? '';
    expect(received).toMatch(/^POST \/myshop\/api\/v2\/oauth\/revoke HTTP\/1\.1\r\n/);
    expect(received.split('\r\n\r\n')[1]).toBe('token=a%2Fb&token_hint=access_token');
  });

  it('takes a fresh connection each time, also where the server would keep one', async () => {
    const kept = httpAnswer('200 OK', { Connection: 'keep-alive', 'Keep-Alive': 'timeout=60' }, '{}');
    const server = await openRawServer(answering(kept));
    const endpoint = createTokenEndpoint({ apiOrigin: originOf(server.port), network });
    for (let i = 0; i < 3; i += 1) await endpoint.refresh(CLIENT, `token-${i}`);
    await Promise.all(['a', 'b'].map((token) => endpoint.refresh(CLIENT, token)));
    expect(server.connections).toHaveLength(5);
    for (const { received } of server.connections) expect(received.match(/POST /g)).toHaveLength(1);
  });

  it.each(['301 Moved', '302 Found', '307 Temporary Redirect', '308 Permanent Redirect'])(
    'never follows a redirect: %s',
    async (status) => {
      const target = await openRawServer(answering(OK));
      const location = `http://127.0.0.1:${target.port}/myshop/api/v2/oauth/token`;
      const server = await openRawServer(answering(httpAnswer(status, { Location: location })));
      expect(await refreshAt(server)).toMatchObject({
        kind: 'answered',
        answer: { status: Number(status.slice(0, 3)) },
      });
      expect(target.connections).toEqual([]);
      expect(server.connections).toHaveLength(1);
    },
  );
});

describe('an answer', () => {
  it('is handed on as it came, whatever its status', async () => {
    const body = '{"error":"invalid_grant","error_description":"한글"}';
    const headers = { Date: 'Mon, 02 Mar 2026 03:00:07 GMT', 'Retry-After': '17' };
    const server = await openRawServer(answering(httpAnswer('400 Bad Request', headers, body)));
    expect(await refreshAt(server)).toEqual({
      kind: 'answered',
      answer: { status: 400, date: Date.UTC(2026, 2, 2, 3, 0, 7), retryAfterMs: 17_000, body },
    });
  });

  it('in pieces, chunked and without a Date is whole', async () => {
    const server = await openRawServer((socket, received) =>
      onRequest(socket, received, () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n');
        setImmediate(() => socket.write('3\r\n"b"\r\n1\r\n}\r\n0\r\n\r\n'));
      }),
    );
    expect(await refreshAt(server)).toMatchObject({
      kind: 'answered',
      answer: { date: null, retryAfterMs: null, body: '{"a":"b"}' },
    });
  });

  it.each([429, 500, 503])('%d is not asked for again', async (status) => {
    const server = await openRawServer(answering(httpAnswer(`${status} No`, { 'Retry-After': '0' })));
    expect(await refreshAt(server)).toMatchObject({ kind: 'answered', answer: { status } });
    expect(server.connections).toHaveLength(1);
  });

  it.each([
    ['17', null, 17_000],
    [' 5 ', null, 5000],
    ['0', null, 0],
    ['Mon, 02 Mar 2026 03:01:00 GMT', 'Mon, 02 Mar 2026 03:00:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 02:59:00 GMT', 'Mon, 02 Mar 2026 03:00:00 GMT', 0],
    ['Mon, 02 Mar 2026 03:01:00 GMT', null, null],
    ['soon', null, null],
    ['-5', null, null],
    ['1.5', null, null],
    [null, 'Mon, 02 Mar 2026 03:00:00 GMT', null],
  ])('Retry-After %j against Date %j is %j ms', (text, date, expected) => {
    expect(retryAfterOf(text, date)).toBe(expected);
  });

  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', 784_111_777_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 784_111_777_000],
    ['Sun Nov  6 08:49:37 1994', 784_111_777_000],
    ['1994-11-06T08:49:37', null],
    ['1', null],
    ['yesterday', null],
    ['', null],
    [null, null],
  ])('the Date %j is %j', (text, expected) => {
    expect(dateOf(text)).toBe(expected);
  });
});

describe('once a connection came up, what ends without a complete answer is lost, and never sent again', () => {
  const part = httpAnswer('200 OK', { 'Content-Length': '400' }, '{"access_token":"a","refresh_tok');
  const afterRequest =
    (act: (socket: Parameters<typeof onRequest>[0]) => void) =>
    (...[socket, received]: Parameters<Parameters<typeof openRawServer>[0]>) =>
      onRequest(socket, received, () => act(socket));
  it.each<readonly [string, Parameters<typeof openRawServer>[0]]>([
    ['closed at once', (socket) => socket.end()],
    ['reset after the request', afterRequest((socket) => socket.resetAndDestroy())],
    ['closed after the request', afterRequest((socket) => socket.end())],
    ['closed inside the head', afterRequest((socket) => socket.end('HTTP/1.1 200 OK\r\nConte'))],
    ['closed inside the body', afterRequest((socket) => socket.end(part))],
    ['reset inside the body', afterRequest((socket) => socket.write(part, () => socket.resetAndDestroy()))],
    [
      'a chunked body without its end',
      afterRequest((socket) =>
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'),
      ),
    ],
    ['no HTTP at all', afterRequest((socket) => socket.end('220 smtp.example ESMTP\r\n'))],
    ['silence', () => {}],
    ['silence after the head', afterRequest((socket) => socket.write(part))],
    [
      'a body that drips on and on',
      afterRequest((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
        const drip = setInterval(() => socket.write(' '), 40);
        socket.on('close', () => clearInterval(drip));
      }),
    ],
    [
      'a body without end',
      afterRequest((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const pour = () => {
          while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024, 32)));
        };
        socket.on('drain', pour);
        pour();
      }),
    ],
  ])('%s', async (_, serve) => {
    const server = await openRawServer(serve);
    const startedMs = performance.now();
    const result = await refreshAt(server);
    expect(result).toEqual({ kind: 'lost', detail: expect.any(String) });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(server.connections).toHaveLength(1);
    expect(JSON.stringify(result)).not.toMatch(/s3cret|the token|Basic/);
  });
});

describe('while no connection came up nothing was sent', () => {
  it('a connection that is reset in the moment it comes up is one of the two, and not tried again', async () => {
    const server = await openRawServer((socket) => socket.resetAndDestroy());
    const result = await refreshAt(server);
    // Which of the two is seen first is the host's choice: only where nothing was sent may it be called so.
    expect(['lost', 'not_sent']).toContain(result.kind);
    if (result.kind === 'not_sent') expect(server.connections[0]?.received).toBe('');
    expect(server.connections).toHaveLength(1);
  });

  it('a port where nobody listens', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    expect(await refreshAt({ port })).toEqual({
      kind: 'not_sent',
      code: 'network.refused',
      detail: 'ECONNREFUSED',
    });
  });

  it('a name that does not exist', async () => {
    const endpoint = createTokenEndpoint({ apiOrigin: 'https://{mall_id}.invalid', network });
    expect(await endpoint.refresh(CLIENT, 'token')).toMatchObject({ kind: 'not_sent', code: 'network.dns' });
  });

  it('a host that does not take the connection, within the bound for connecting', async () => {
    const port = await openDeafPort();
    const startedMs = performance.now();
    expect(await refreshAt({ port }, { connectMs: 400, requestMs: 20_000 })).toMatchObject({
      kind: 'not_sent',
      code: 'network.timeout',
    });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('a TLS handshake that is never answered', async () => {
    const server = await openRawServer(() => {});
    const endpoint = createTokenEndpoint({
      apiOrigin: originOf(server.port, 'https'),
      network,
      bounds: SHORT,
    });
    expect(await endpoint.refresh(CLIENT, 'token')).toMatchObject({
      kind: 'not_sent',
      code: 'network.timeout',
    });
    expect(server.connections.map(({ received }) => received).join('')).not.toContain('token');
  });

  it('a TLS handshake that is reset', async () => {
    const server = await openRawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const endpoint = createTokenEndpoint({
      apiOrigin: originOf(server.port, 'https'),
      network,
      bounds: SHORT,
    });
    expect(await endpoint.refresh(CLIENT, 'token')).toMatchObject({
      kind: 'not_sent',
      code: 'network.unreachable',
    });
    expect(server.connections).toHaveLength(1);
  });

  it.each([
    ['a certificate of an unknown authority', ['127.0.0.1'], false, 'network.tls_untrusted'],
    ['a certificate for another name', ['elsewhere.example'], true, 'network.tls_hostname'],
  ] as const)('%s', async (_, names, isTrusted, code) => {
    const certificates = await makeCertificates([...names]);
    onTestFinished(() => certificates.remove());
    const simulator = await startSimulator({ tls: certificates });
    onTestFinished(() => simulator.close());
    const { refreshToken } = simulator.issue('myshop');
    const endpoint = createTokenEndpoint({
      apiOrigin: simulator.apiOrigin,
      network: isTrusted ? networkOf({ ca: [certificates.ca] }) : network,
    });
    expect(await endpoint.refresh(SIMULATED, refreshToken)).toMatchObject({
      kind: 'not_sent',
      code,
    });
    expect(simulator.requests).toEqual([]);
  });
});

describe('at the simulator', () => {
  it('a refresh over TLS with a trusted authority rotates the token once', async () => {
    const certificates = await makeCertificates(['127.0.0.1']);
    onTestFinished(() => certificates.remove());
    const simulator = await startSimulator({ tls: certificates });
    onTestFinished(() => simulator.close());
    const endpoint = createTokenEndpoint({
      apiOrigin: simulator.apiOrigin,
      network: networkOf({ ca: [certificates.ca] }),
    });
    const { refreshToken } = simulator.issue('myshop');
    expect(await endpoint.refresh(SIMULATED, refreshToken)).toMatchObject({
      kind: 'answered',
      answer: { status: 200 },
    });
    expect(simulator.requests.map(({ presented, applied }) => [presented, applied])).toEqual([
      [refreshToken, true],
    ]);
  });

  it('a refresh and a code are answered with documented JSON and the Date', async () => {
    const simulator = await openSimulator();
    const endpoint = createTokenEndpoint({ apiOrigin: simulator.apiOrigin, network });
    const code = await codeFromConsent(simulator);
    const grant = { code, redirectUri: DEFAULT_REDIRECT_URI, codeVerifier: null };
    for (const result of [
      await endpoint.exchange(SIMULATED, grant),
      await endpoint.refresh(SIMULATED, simulator.issue('myshop').refreshToken),
    ]) {
      if (result.kind !== 'answered') throw new Error(result.kind);
      expect(result.answer.status).toBe(200);
      expect(Math.abs((result.answer.date ?? 0) - NOON)).toBeLessThan(10_000);
      expect(JSON.parse(result.answer.body)).toMatchObject({
        mall_id: 'myshop',
        issued_at: expect.stringMatching(/^2026-03-02T12:00:\d\d\.000$/),
      });
    }
  });

  it.each(['seconds', 'date'] as const)('a 429 says in %s how long to wait', async (form) => {
    const simulator = await openSimulator();
    simulator.faults.add({ kind: 'rate-limited', retryAfterSeconds: 90, form });
    const endpoint = createTokenEndpoint({ apiOrigin: simulator.apiOrigin, network });
    const result = await endpoint.refresh(SIMULATED, simulator.issue('myshop').refreshToken);
    if (result.kind !== 'answered') throw new Error(result.kind);
    expect(result.answer.status).toBe(429);
    expect(Math.abs((result.answer.retryAfterMs ?? 0) - 90_000)).toBeLessThanOrEqual(1000);
  });

  it.each([
    ['dropped before it is applied', { kind: 'drop', when: 'before' }, false],
    ['dropped after the rotation', { kind: 'drop', when: 'after' }, true],
    ['closed after the rotation', { kind: 'drop', when: 'after', how: 'close' }, true],
    ['cut off after the rotation', { kind: 'cut' }, true],
  ] as const)('a request %s is lost; the simulator saw it once', async (_, fault, isApplied) => {
    const simulator = await openSimulator();
    simulator.faults.add(fault);
    const endpoint = createTokenEndpoint({ apiOrigin: simulator.apiOrigin, network });
    const { refreshToken } = simulator.issue('myshop');
    expect(await endpoint.refresh(SIMULATED, refreshToken)).toMatchObject({ kind: 'lost' });
    expect(simulator.requests.map(({ presented, applied }) => [presented, applied])).toEqual([
      [refreshToken, isApplied],
    ]);
  });
});
