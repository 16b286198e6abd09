import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAdminApi } from '../../../electron/adapters/admin-api.ts';
import { createHeartbeat } from '../../../electron/adapters/heartbeat.ts';
import type { Network } from '../../../electron/adapters/network/network.ts';
import { environmentRoutes, systemRoutes } from '../../../electron/adapters/network/routes.ts';
import { createTokenEndpoint } from '../../../electron/adapters/token-endpoint.ts';
import { DEFAULT_CLIENT } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type Cafe24Host, startCafe24Host } from '../../support/cafe24-host.ts';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';
import {
  type ConnectProxy,
  type ConnectProxyOptions,
  startConnectProxy,
} from '../../support/connect-proxy.ts';
import { networkOf } from '../../support/networks.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { openDeafPort } from '../adapters/raw-server.ts';

const ORIGIN = 'https://{mall_id}.cafe24api.com';
const CAFE24 = 'myshop.cafe24api.com:443';
const CLIENT = { mall: 'myshop', ...DEFAULT_CLIENT };
const BOUNDS = { connectMs: 800, requestMs: 2000 };
const SECRETS = /s3cret|the-token|Basic/;

let certificates: Certificates;
let proxyCertificates: Certificates;
let simulator: Simulator;
let host: Cafe24Host;

beforeAll(async () => {
  [certificates, proxyCertificates] = await Promise.all([
    makeCertificates(['*.cafe24api.com']),
    makeCertificates(['127.0.0.1']),
  ]);
  simulator = await startSimulator();
  host = await startCafe24Host(simulator.origin, certificates);
});

afterAll(async () => {
  await host.close();
  await simulator.close();
  await certificates.remove();
  await proxyCertificates.remove();
});

async function openProxy(options: Partial<ConnectProxyOptions> = {}): Promise<ConnectProxy> {
  const proxy = await startConnectProxy({ tunnels: { [CAFE24]: host.port }, ...options });
  onTestFinished(() => proxy.close());
  return proxy;
}

function networkBy(
  env: Readonly<Record<string, string>>,
  ca: readonly string[] = [certificates.ca],
): Network {
  return networkOf({ routes: environmentRoutes(env), ca });
}

/** A refresh by this network; `applied` is what the simulator saw of it. */
async function refreshBy(network: Network, bounds = BOUNDS) {
  const before = simulator.requests.length;
  const { refreshToken } = simulator.issue('myshop');
  const endpoint = createTokenEndpoint({ apiOrigin: ORIGIN, network, bounds });
  const result = await endpoint.refresh(CLIENT, refreshToken);
  expect(JSON.stringify(result)).not.toMatch(SECRETS);
  return { result, applied: simulator.requests.slice(before).map((record) => record.applied) };
}

const answered = { result: { kind: 'answered', answer: { status: 200 } }, applied: [true] };
const notSent = (code: string) => ({ result: { kind: 'not_sent', code }, applied: [] });

describe('the token endpoint through a proxy', () => {
  it('gets its answer over a tunnel to Cafe24, each time over a new one', async () => {
    const proxy = await openProxy();
    const network = networkBy({ HTTPS_PROXY: proxy.url });
    expect(await refreshBy(network)).toMatchObject(answered);
    expect(await refreshBy(network)).toMatchObject(answered);
    expect(proxy.asked).toEqual([CAFE24, CAFE24]);
    expect(proxy.others).toEqual([]);
  });

  it('that is spoken to over TLS', async () => {
    const proxy = await openProxy({ certificates: proxyCertificates });
    const both = [certificates.ca, proxyCertificates.ca];
    expect(await refreshBy(networkBy({ HTTPS_PROXY: proxy.url }, both))).toMatchObject(answered);
    const { result } = await refreshBy(networkBy({ HTTPS_PROXY: proxy.url }));
    expect(result).toMatchObject({
      kind: 'not_sent',
      code: 'network.proxy_unreachable',
      detail: expect.stringMatching(/SIGNATURE|CERT/),
    });
    expect(proxy.asked).toHaveLength(1);
  });

  it('that wants credentials, from the environment; without them or with others nothing is sent', async () => {
    const proxy = await openProxy({ credentials: { user: 'us@er', password: 's3cret:word' } });
    const withUser = (user: string) => networkBy({ HTTPS_PROXY: `http://${user}127.0.0.1:${proxy.port}` });
    expect(await refreshBy(withUser('us%40er:s3cret%3Aword@'))).toMatchObject(answered);
    for (const user of ['', 'us%40er:s3cret@']) {
      expect(await refreshBy(withUser(user))).toMatchObject(notSent('network.proxy_auth'));
    }
  });

  const raw = (bytes: string) => (socket: Socket) => void socket.end(bytes);
  it.each([
    ['refuses the target', { tunnels: {} }, 'network.proxy_refused'],
    [
      'forbids it',
      { misbehave: raw('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n') },
      'network.proxy_refused',
    ],
    [
      'sends a page instead of a tunnel',
      { misbehave: raw('HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n') },
      'network.proxy_refused',
    ],
    ['hangs up', { misbehave: (socket: Socket) => void socket.destroy() }, 'network.proxy_unreachable'],
    ['speaks no HTTP', { misbehave: raw('220 smtp.example ESMTP\r\n') }, 'network.proxy_unreachable'],
    ['says nothing', { misbehave: () => {} }, 'network.proxy_unreachable'],
    [
      'answers in the tunnel without TLS',
      { misbehave: raw('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n') },
      'network.tls',
    ],
    [
      'hangs up in the tunnel before TLS stands',
      { misbehave: raw('HTTP/1.1 200 OK\r\n\r\n') },
      'network.unreachable',
    ],
    [
      'leaves the tunnel silent',
      { misbehave: (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n') },
      'network.timeout',
    ],
  ])('that %s: nothing was sent', async (_, options, code) => {
    const proxy = await openProxy(options);
    const startedMs = performance.now();
    expect(await refreshBy(networkBy({ HTTPS_PROXY: proxy.url }))).toMatchObject(notSent(code));
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(proxy.asked).toEqual([CAFE24]);
  });

  it('that is not there, or does not answer', async () => {
    const gone = await startConnectProxy({ tunnels: {} });
    await gone.close();
    for (const port of [gone.port, await openDeafPort()]) {
      const network = networkBy({ HTTPS_PROXY: `http://127.0.0.1:${port}` });
      expect(await refreshBy(network)).toMatchObject(notSent('network.proxy_unreachable'));
    }
  });

  it('of another kind is named, not passed by', async () => {
    const network = networkBy({ HTTPS_PROXY: 'socks5://127.0.0.1:1080' });
    expect(await refreshBy(network)).toMatchObject(notSent('network.proxy_unusable'));
  });

  it.each([
    ['by an unknown authority', ['*.cafe24api.com'], 'network.tls_untrusted', { isTrusted: false }],
    ['for another name', ['elsewhere.example'], 'network.tls_hostname', { isTrusted: true }],
    ['that is over', ['*.cafe24api.com'], 'network.tls_expired', { isTrusted: true, isExpired: true }],
  ] as const)(
    'that shows a certificate of its own, %s',
    async (_, names, code, { isTrusted, ...validity }) => {
      const own = await makeCertificates([...names], validity);
      onTestFinished(() => own.remove());
      const between = await startCafe24Host(simulator.origin, own);
      onTestFinished(() => between.close());
      const proxy = await openProxy({ tunnels: { [CAFE24]: between.port } });
      const ca = isTrusted ? [own.ca] : [certificates.ca];
      expect(await refreshBy(networkBy({ HTTPS_PROXY: proxy.url }, ca))).toMatchObject(notSent(code));
    },
  );

  it.each([
    ['before it is applied', { kind: 'drop', when: 'before' }, [false]],
    ['after the rotation', { kind: 'drop', when: 'after' }, [true]],
  ] as const)('once TLS to Cafe24 stands a drop %s is lost, not unsent', async (_, fault, applied) => {
    const proxy = await openProxy();
    simulator.faults.add(fault);
    expect(await refreshBy(networkBy({ HTTPS_PROXY: proxy.url }))).toMatchObject({
      result: { kind: 'lost' },
      applied,
    });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('the way', () => {
  it("leads past a system's proxy that is gone to the next, within the bound for connecting", async () => {
    const gone = await startConnectProxy({ tunnels: {} });
    await gone.close();
    const proxy = await openProxy();
    const deaf = await openDeafPort();
    const answer = `PROXY 127.0.0.1:${gone.port}; PROXY 127.0.0.1:${deaf}; PROXY 127.0.0.1:${proxy.port}`;
    const routes = systemRoutes({ resolveProxy: async () => answer }, {}, recordLog());
    expect(await refreshBy(networkOf({ routes, ca: [certificates.ca] }))).toMatchObject(answered);
  });

  it('is not led past one that refuses', async () => {
    const refusing = await openProxy({ tunnels: {} });
    const proxy = await openProxy();
    const answer = `PROXY 127.0.0.1:${refusing.port}; PROXY 127.0.0.1:${proxy.port}`;
    const routes = systemRoutes({ resolveProxy: async () => answer }, {}, recordLog());
    const network = networkOf({ routes, ca: [certificates.ca] });
    expect(await refreshBy(network)).toMatchObject(notSent('network.proxy_refused'));
    expect(proxy.asked).toEqual([]);
  });

  it("is asked for with the address's host, each time; the environment's credentials go to that very proxy", async () => {
    const proxy = await openProxy({ credentials: { user: 'user', password: 's3cret' } });
    const other = await openProxy({ credentials: { user: 'user', password: 's3cret' } });
    const asked: string[] = [];
    let named = proxy.port;
    const session = {
      resolveProxy: async (url: string) => {
        asked.push(url);
        return `PROXY 127.0.0.1:${named}`;
      },
    };
    const env = { HTTPS_PROXY: `http://user:s3cret@127.0.0.1:${proxy.port}` };
    const routes = systemRoutes(session, env, recordLog());
    const network = networkOf({ routes, ca: [certificates.ca] });
    expect(await refreshBy(network)).toMatchObject(answered);
    named = other.port;
    expect(await refreshBy(network)).toMatchObject(notSent('network.proxy_auth'));
    expect(asked).toEqual(['https://myshop.cafe24api.com/', 'https://myshop.cafe24api.com/']);
  });

  it('that the system does not tell is taken straight, and that is said', async () => {
    const log = recordLog();
    const failing = { resolveProxy: () => Promise.reject(new Error('gone')) };
    const routes = systemRoutes(failing, {}, log);
    expect(await routes(new URL('https://a.example'))).toEqual([{ kind: 'direct' }]);
    expect(log.lines.join()).toContain('network');
  });

  it('that is never told ends within the bound for connecting', async () => {
    const network = networkOf({ routes: () => new Promise(() => {}) });
    expect(await refreshBy(network)).toMatchObject(notSent('network.timeout'));
  });

  it('to this machine never leads through a proxy', async () => {
    const proxy = await openProxy();
    const network = networkBy({ HTTPS_PROXY: proxy.url });
    const { refreshToken } = simulator.issue('myshop');
    const endpoint = createTokenEndpoint({ apiOrigin: simulator.apiOrigin, network, bounds: BOUNDS });
    expect(await endpoint.refresh(CLIENT, refreshToken)).toMatchObject({ kind: 'answered' });
    expect(proxy.asked).toEqual([]);
  });
});

describe('the other https calls', () => {
  it('take the same way and believe the same authorities', async () => {
    const proxy = await openProxy({ tunnels: { [CAFE24]: host.port, 'myshop.beat.example:443': host.port } });
    const network = networkBy({ HTTPS_PROXY: proxy.url });
    const { accessToken } = simulator.issue('myshop');
    const api = createAdminApi({ apiOrigin: ORIGIN, network });
    expect(await api.get('myshop', '/admin/products/count', accessToken)).toMatchObject({
      kind: 'answered',
      status: 200,
    });
    // Its certificate names another host.
    expect(await createHeartbeat('https://myshop.beat.example/x', network)()).toMatchObject({
      code: 'network.tls_hostname',
    });
    expect(proxy.asked).toEqual([CAFE24, 'myshop.beat.example:443']);
  });
});
