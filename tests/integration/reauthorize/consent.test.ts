import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConsentDecision } from '../../simulator/consent-page.ts';
import { driveConsent } from '../../simulator/drive-consent.ts';
import { until } from '../../support/poll.ts';
import { type FlowOptions, type FlowUnderTest, startFlow } from './flow-under-test.ts';
import { createPerson, relayed } from './person.ts';
import { get, sendRaw } from './raw-http.ts';

const SOON = { timeoutMs: 30_000 };
const hasIpv6 = Object.values(networkInterfaces()).some((found) =>
  found?.some(({ address }) => address === '::1'),
);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(options: FlowOptions = {}): Promise<FlowUnderTest & { readonly link: string }> {
  const flow = await startFlow(options);
  cleanups.push(flow.stop);
  await flow.reauthorizer.start();
  return { ...flow, link: flow.tabs[0]! };
}

describe('a consent through the relay page’s address', () => {
  it('approved: the page says connected only after the exchange, and the set is the documented one', async () => {
    const flow = await started({ mall: { pkce: true } });
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    expect(await person.visit(relayed(redirected))).toEqual({ status: 200, code: 'consent.connected' });
    expect(flow.lastCode()).toBe('consent.connected');
    expect(flow.granted.map((set) => set.scopes)).toEqual([['mall.read_product', 'mall.write_product']]);
    expect(flow.simulator.requests).toHaveLength(1);
  });

  it.each<[ConsentDecision, string]>([
    ['refuse', 'consent.denied'],
    ['other-account-denied', 'consent.denied'],
    ['other-mall', 'consent.other_mall'],
  ])('%s ends as %s on the page and in the window, and brings no set', async (decision, code) => {
    const flow = await started();
    const person = createPerson();
    const redirected = await person.decide(flow.link, decision);
    expect(await person.visit(relayed(redirected))).toEqual({ status: 400, code });
    expect([flow.lastCode(), flow.granted]).toEqual([code, []]);
  });

  it('with a scope that is not ticked ends as its own code, named with the scopes asked for', async () => {
    const flow = await started({ mall: { scopes: ['mall.read_product', 'mall.write_shipping'] } });
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    expect(await person.visit(relayed(redirected))).toEqual({ status: 400, code: 'consent.invalid_scope' });
    expect(flow.reauthorizer.flow()).toMatchObject({
      last: { code: 'consent.invalid_scope', params: { scopes: 'mall.read_product, mall.write_shipping' } },
    });
  });

  it('with a wrong client secret ends as that', async () => {
    const flow = await started({ mall: { clientSecret: 'another' } });
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    expect(await person.visit(relayed(redirected))).toEqual({ status: 400, code: 'client.secret_wrong' });
  });

  it('whose code lay for more than a minute ends as code expired', async () => {
    const flow = await started();
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    flow.simulator.advance(61_000);
    expect(await person.visit(relayed(redirected))).toEqual({ status: 400, code: 'consent.code_expired' });
    expect([flow.lastCode(), flow.granted]).toEqual(['consent.code_expired', []]);
  });

  it('with a wrong state gets 400 and the paste hint; the wait goes on and the right one still connects', async () => {
    const flow = await started();
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    const wrong = relayed(redirected);
    wrong.searchParams.set('state', `${wrong.searchParams.get('state')!.split('.')[0]}.${'x'.repeat(43)}`);
    expect(await person.visit(wrong)).toEqual({ status: 400, code: 'consent.state_mismatch' });
    expect(flow.reauthorizer.flow()).toMatchObject({
      phase: 'waiting',
      hint: { code: 'consent.state_mismatch' },
    });
    expect(await person.visit(relayed(redirected))).toEqual({ status: 200, code: 'consent.connected' });
  });

  it('in another browser than it began in gets 400 and the paste hint; its address pasted connects', async () => {
    const flow = await started();
    const redirected = await createPerson().decide(flow.link, 'approve');
    const local = relayed(redirected);
    expect(await createPerson().visit(local)).toEqual({ status: 400, code: 'consent.cookie_missing' });
    expect(flow.lastCode()).toBe('waiting');
    expect(await flow.reauthorizer.paste(local.href)).toMatchObject({ code: 'consent.connected' });
  });
});

describe('a local server under attack', () => {
  it('row 33: by connections that are never used, slow requests, floods of headers and other names for 127.0.0.1: the real callback gets through', async () => {
    const flow = await started();
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    const local = relayed(redirected);
    const port = Number(local.port);
    const callback = local.pathname + local.search;
    const attackers = new Set<Socket>();
    const attack = (first: string, drip: string) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.resume();
      if (first !== '') socket.write(first);
      const timer = setInterval(() => drip !== '' && socket.writable && socket.write(drip), 20);
      attackers.add(socket);
      socket.once('close', () => {
        clearInterval(timer);
        attackers.delete(socket);
      });
    };
    // Each comes again as soon as it is hung up on.
    const flood = setInterval(() => {
      for (let count = attackers.size; count < 60; count += 3) {
        attack('', '');
        attack(`GET ${local.pathname} HTTP/1.1\r\nHost: ${local.host}\r\nX-Slow: `, 'a');
        attack(get(local.pathname, port, { 'X-Flood': 'y'.repeat(20_000) }), '');
      }
    }, 5);
    try {
      await until(() => attackers.size >= 30, { ...SOON, what: 'the attack' });
      const rebound = get(callback, port, { Host: `rebound.example:${port}` });
      expect(await sendRaw(port, rebound)).toMatchObject({ status: 400, body: '' });
      expect(flow.lastCode()).toBe('waiting');
      expect(await person.visit(local)).toEqual({ status: 200, code: 'consent.connected' });
      expect(attackers.size).toBeGreaterThan(0);
    } finally {
      clearInterval(flood);
      for (const socket of attackers) socket.destroy();
    }
    expect(flow.lastCode()).toBe('consent.connected');
    expect(flow.simulator.requests).toHaveLength(1);
  });
});

describe('the way in', () => {
  it('is closed to whoever does not know the nonce', async () => {
    const flow = await started();
    const start = new URL(flow.link);
    for (const nonce of [null, 'guessed']) {
      start.search = nonce === null ? '' : `nonce=${nonce}`;
      expect(await createPerson().visit(start)).toEqual({ status: 403, code: 'consent.not_started_here' });
    }
    expect(flow.reauthorizer.flow()).toMatchObject({ phase: 'waiting', hint: null });
  });

  it('can be opened again, in a second browser too, until a callback was accepted', async () => {
    const flow = await started();
    const [first, second] = [createPerson(), createPerson()];
    await first.begin(flow.link);
    const redirected = await second.decide(flow.link, 'approve');
    expect(await second.visit(relayed(redirected))).toMatchObject({ status: 200 });
    expect(await first.visit(flow.link)).toEqual({ status: 410, code: 'consent.closed' });
  });
});

describe('a callback that comes too late', () => {
  it.each<[string, (flow: FlowUnderTest) => void, string]>([
    ['after five minutes', (flow) => flow.simulator.advance(5 * 60_000), 'consent.timeout'],
    ['after Cancel', (flow) => flow.reauthorizer.cancel(), 'consent.cancelled'],
    ['after another program connected', (flow) => flow.connectElsewhere(), 'consent.connected_elsewhere'],
  ])('%s gets 410 and why, and nothing is exchanged', async (_, end, code) => {
    const flow = await started();
    const person = createPerson();
    const redirected = await person.decide(flow.link, 'approve');
    end(flow);
    await until(() => flow.lastCode() === code, { ...SOON, what: code });
    expect(await person.visit(relayed(redirected))).toEqual({ status: 410, code });
    expect(await person.visit(flow.link)).toEqual({ status: 410, code });
    expect(await createPerson().visit(relayed(redirected))).toEqual({ status: 410, code });
    expect([flow.lastCode(), flow.simulator.requests.length]).toEqual([code, 0]);
  });

  it('as the second of two at once: the first wins, one request is made', async () => {
    const flow = await started();
    const person = createPerson();
    const local = relayed(await person.decide(flow.link, 'approve'));
    const pages = await Promise.all([person.visit(local), person.visit(local), person.visit(local)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    expect(flow.simulator.requests).toHaveLength(1);
  });

  it('while the code is being exchanged gets 410; the page of the first is held open meanwhile', async () => {
    const flow = await started();
    const person = createPerson();
    const local = relayed(await person.decide(flow.link, 'approve'));
    let goOn = () => {};
    let isAsked = false;
    flow.simulator.onTokenRequest('before', () => {
      isAsked = true;
      return new Promise((resolve) => (goOn = resolve));
    });
    let answered = false;
    const page = person.visit(local).finally(() => (answered = true));
    await until(() => isAsked, { ...SOON, what: 'the request for the tokens' });
    expect(flow.lastCode()).toBe('exchanging');
    expect(await person.visit(local)).toEqual({ status: 410, code: 'consent.closed' });
    expect(answered).toBe(false);
    goOn();
    expect(await page).toEqual({ status: 200, code: 'consent.connected' });
  });

  it('finds nobody once the app has stopped', async () => {
    const flow = await started();
    const person = createPerson();
    const local = relayed(await person.decide(flow.link, 'approve'));
    await flow.reauthorizer.stop();
    await expect(person.visit(local)).rejects.toThrow('fetch failed');
  });
});

describe('a loopback redirect URI', () => {
  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  it.each(['127.0.0.1', ...(hasIpv6 ? ['localhost', '[::1]'] : [])])(
    'comes straight back to exactly its host, port and path: %s',
    async (host) => {
      const redirectUri = `http://${host}:${await freePort()}/own/path`;
      const flow = await started({ redirectUri });
      expect(new URL(flow.link).host).toBe(new URL(redirectUri).host);
      const person = createPerson();
      const redirected = await person.decide(flow.link, 'approve');
      expect(redirected.href.startsWith(`${redirectUri}?`)).toBe(true);
      expect(await person.visit(redirected)).toEqual({ status: 200, code: 'consent.connected' });
    },
  );

  it('whose port is busy is finished by pasting, offered at once, the tab being Cafe24’s own page', async () => {
    const port = await freePort();
    const other = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => other.close(resolve)));
    const flow = await started({ redirectUri: `http://127.0.0.1:${port}/cb` });
    expect(flow.reauthorizer.flow()).toMatchObject({
      phase: 'waiting',
      pasteOnly: true,
      hint: { code: 'server.ports_busy', params: { ports: `${port}` } },
    });
    expect(flow.link.startsWith(`${flow.simulator.origin}/myshop/api/v2/oauth/authorize?`)).toBe(true);
    const redirected = await driveConsent(flow.link, 'approve');
    expect(await flow.reauthorizer.paste(redirected.href)).toMatchObject({ code: 'consent.connected' });
  });
});

describe('pasting', () => {
  it('a code after its minute ends as code expired, and the old set is untouched', async () => {
    const flow = await started();
    const redirected = await createPerson().decide(flow.link, 'approve');
    flow.simulator.advance(61_000);
    const code = redirected.searchParams.get('code')!;
    expect(await flow.reauthorizer.paste(code)).toMatchObject({ code: 'consent.code_expired' });
    expect([flow.lastCode(), flow.granted]).toEqual(['consent.code_expired', []]);
  });

  it('the refused address ends as denied', async () => {
    const flow = await started();
    const redirected = await createPerson().decide(flow.link, 'refuse');
    expect(await flow.reauthorizer.paste(redirected.href)).toMatchObject({ code: 'consent.denied' });
  });
});

it('two malls at once wait on two ports, and neither takes the other’s answer', async () => {
  const [one, two] = [await started(), await started()];
  const [first, second] = [createPerson(), createPerson()];
  const [toOne, toTwo] = [await first.decide(one.link, 'approve'), await second.decide(two.link, 'approve')];
  expect(new URL(one.link).port).not.toBe(new URL(two.link).port);
  const crossed = relayed(toOne);
  crossed.port = new URL(two.link).port;
  expect(await first.visit(crossed)).toEqual({ status: 400, code: 'consent.state_mismatch' });
  expect(await first.visit(relayed(toOne))).toMatchObject({ status: 200 });
  expect(await second.visit(relayed(toTwo))).toMatchObject({ status: 200 });
});

it('no code, state, nonce, token or text of Cafe24’s is in the log', async () => {
  const flow = await started();
  const person = createPerson();
  const local = relayed(await person.decide(flow.link, 'approve'));
  const stray = new URL(local);
  stray.searchParams.set('state', 'canary-state');
  stray.searchParams.set('error_description', 'canary-text');
  await person.visit(stray);
  await flow.reauthorizer.paste('https://relay.example.test/?code=canary-code-canary&state=canary');
  await person.visit(local);
  await flow.reauthorizer.stop();
  const log = flow.logged.join('\n');
  const secrets = [
    ...local.searchParams.values(),
    new URL(flow.link).searchParams.get('nonce')!,
    flow.granted[0]!.accessToken,
    flow.granted[0]!.refreshToken,
  ];
  expect(log).toContain('consent ended: consent.connected');
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  expect(log).not.toContain('canary');
});
