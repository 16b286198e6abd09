/** The command line behind a company's proxy, with an authority that only the system knows; no `CAFE24_API_ORIGIN`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { startCafe24Host } from '../../support/cafe24-host.ts';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';
import { type CommandLine, createCommandLine } from '../../support/command-line.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/connect-proxy.ts';
import { documentedJson } from '../../support/documented-json.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { type SlackStandIn, startSlackStandIn } from '../../support/slack-standin.ts';
import { type SmtpTestServer, startSmtpServer } from '../../support/smtp-server.ts';

const HOUR = 60 * 60_000;
const KEY = 'cafe24:oauth:myshop';
const CAFE24 = 'myshop.cafe24api.com:443';
const SLACK = 'hooks.slack.example:443';

let certificates: Certificates;
let simulator: Simulator;
let proxy: ConnectProxy;
let redis: RedisServer;
let client: Redis;
let smtp: SmtpTestServer;
let slack: SlackStandIn;
let line: CommandLine;
const teardowns: (() => Promise<unknown>)[] = [];

function kept<T>(part: T, end: (part: T) => Promise<unknown>): T {
  teardowns.push(() => end(part));
  return part;
}

beforeAll(async () => {
  const names = ['*.cafe24api.com', 'hooks.slack.example', '127.0.0.1', 'localhost'];
  certificates = kept(await makeCertificates(names), (each) => each.remove());
  // Three hours ago a person consented; the access token is over.
  simulator = kept(await startSimulator({ startAt: Date.now() - 3 * HOUR }), (each) => each.close());
  const { certFile, keyFile, caFile, ca } = certificates;
  redis = kept(await startRedis({ tls: { certFile, keyFile, caFile } }), (each) => each.stop());
  client = kept(new Redis(redis.url, { tls: { ca } }), async (each) => each.disconnect());
  smtp = kept(await startSmtpServer({ encryption: 'starttls', certificates }), (each) => each.stop());
  slack = kept(await startSlackStandIn({ certificates }), (each) => each.stop());
  const host = kept(await startCafe24Host(simulator.origin, certificates), (each) => each.close());
  const tunnels = { [CAFE24]: host.port, [SLACK]: Number(new URL(slack.webhookUrl).port) };
  proxy = kept(await startConnectProxy({ tunnels }), (each) => each.close());
  line = kept(await createCommandLine({ apiOrigin: '', redisUrl: redis.url }), (each) => each.remove());
  const issued = simulator.issue('myshop');
  await client.set(KEY, documentedJson(issued));
  simulator.advance(3 * HOUR);
});

afterAll(async () => {
  for (const teardown of teardowns.reverse()) await teardown();
});

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  line.run(args, { HTTPS_PROXY: '', NO_PROXY: '', SSL_CERT_FILE: '', NODE_EXTRA_CA_CERTS: '', ...env });
const behindProxy = () => ({ HTTPS_PROXY: proxy.url, SSL_CERT_FILE: certificates.caFile });

describe('without the authority', () => {
  it('Redis is not read, and status says that TLS is why', async () => {
    const { stdout, code } = await run(['status', '--json'], { HTTPS_PROXY: proxy.url });
    expect({ code, notices: JSON.parse(stdout).notices }).toEqual({ code: 1, notices: ['store.tls'] });
  });

  it('Cafe24 is not believed: nothing is sent, and refresh and the log say why', async () => {
    const apart = await createCommandLine({ apiOrigin: '', redisUrl: null });
    try {
      const plain = await startRedis();
      try {
        const copy = new Redis(plain.url);
        await copy.set(KEY, (await client.get(KEY)) ?? '');
        copy.disconnect();
        const env = { KV_REDIS_URL: plain.url, HTTPS_PROXY: proxy.url, SSL_CERT_FILE: '' };
        const refresh = await apart.run(['refresh'], env);
        expect(refresh.stdout + refresh.stderr).toContain('network.tls_untrusted');
        expect(simulator.requests).toEqual([]);
      } finally {
        await plain.stop();
      }
    } finally {
      await apart.remove();
    }
  });
});

describe('with the authority in the system', () => {
  it.each([
    ['a proxy that is gone', () => 'http://127.0.0.1:9', 'network.proxy_unreachable'],
    ['a proxy of another kind', () => 'socks5://127.0.0.1:9', 'network.proxy_unusable'],
  ])('%s is named', async (_, url, code) => {
    const { stdout, stderr } = await run(['refresh'], { ...behindProxy(), HTTPS_PROXY: url() });
    expect(stdout + stderr).toContain(code);
    expect(simulator.requests).toEqual([]);
  });

  it('token refreshes through the proxy and prints what then lies in Redis over TLS', async () => {
    const { stdout, stderr, code } = await run(['token'], behindProxy());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${JSON.parse((await client.get(KEY)) ?? '').access_token}\n`);
    expect(simulator.requests.map(({ applied }) => applied)).toEqual([true]);
    // The clock's HEAD and the refresh; Redis is reached straight.
    expect(proxy.asked.filter((target) => target === CAFE24).length).toBeGreaterThanOrEqual(2);
    expect(proxy.asked.some((target) => target.includes('127.0.0.1'))).toBe(false);
  });

  it('or in NODE_EXTRA_CA_CERTS alone, status is as well; a file that is not there is named in the log', async () => {
    const extra = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: certificates.caFile };
    expect(await run(['status'], extra)).toMatchObject({ code: 0 });
    const gone = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: `${certificates.caFile}.gone` };
    expect(JSON.parse((await run(['status', '--json'], gone)).stdout).notices).toEqual(['store.tls']);
    const log = await readFile(path.join(line.folder, 'home/logs/cli.log'), 'utf8');
    expect(log).toContain(`the certificates of ${gone.SSL_CERT_FILE} cannot be read: ENOENT`);
  });

  it('Slack goes through the proxy, mail straight, both checked', async () => {
    const channels = {
      SLACK_WEBHOOK_URL: `https://hooks.slack.example${new URL(slack.webhookUrl).pathname}`,
      SMTP_URL: `smtp://localhost:${smtp.port}`,
      ALERT_EMAIL_FROM: 'keeper@shop.example',
      ALERT_EMAIL_TO: 'owner@shop.example',
    };
    for (const channel of ['slack', 'mail'])
      expect(await run(['test-warning', channel], { ...behindProxy(), ...channels })).toMatchObject({
        code: 0,
      });
    expect(slack.messages).toHaveLength(1);
    expect(smtp.mails).toMatchObject([{ isEncrypted: true }]);
    expect(proxy.asked.filter((target) => target !== CAFE24)).toEqual([SLACK]);
  });
});
