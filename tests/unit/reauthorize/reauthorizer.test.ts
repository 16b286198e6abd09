import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../electron/core/keeper-api.ts';
import type { MallConfiguration } from '../../../shared/configuration.ts';
import { CODE, fakeSurroundings } from './fake-parts.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Started, and its tab begun. */
async function begun(change: Partial<MallConfiguration> = {}) {
  const surroundings = fakeSurroundings(change);
  await surroundings.reauthorizer.start();
  return { ...surroundings, ...(await surroundings.world.begin()) };
}

function lastCode({ reauthorizer }: Pick<ReturnType<typeof fakeSurroundings>, 'reauthorizer'>) {
  const flow = reauthorizer.flow();
  return flow.phase === 'idle' ? flow.last?.code : flow.phase;
}

describe('one click', () => {
  it('opens one tab at the local start page, which leads to Cafe24 with the state', async () => {
    const { world, reauthorizer, authorizeUrl, state } = await begun();
    expect(world.tabs).toHaveLength(1);
    expect(world.tabs[0]).toMatch(/^http:\/\/127\.0\.0\.1:17424\/api\/auth\/cafe24\/start\?nonce=[\w-]{43}$/);
    expect(authorizeUrl.origin).toBe('https://myshop.cafe24api.com');
    expect(authorizeUrl.searchParams.get('redirect_uri')).toBe('https://relay.example.com/cb');
    expect(authorizeUrl.searchParams.has('code_challenge')).toBe(false);
    expect(state).toMatch(/^17424\.[\w-]{43}$/);
    expect(reauthorizer.flow()).toEqual({
      phase: 'waiting',
      startedAt: world.now(),
      endsAt: world.now() + 5 * MINUTE,
      pasteOnly: false,
      hint: null,
    });
    expect(world.changes.map((flow) => flow.phase)).toEqual(['preparing', 'waiting']);
  });

  it('twice at once is one tab; asked for again later the same link opens again', async () => {
    const { world, reauthorizer } = fakeSurroundings();
    await Promise.all([reauthorizer.start(), reauthorizer.start()]);
    await reauthorizer.start();
    expect(world.tabs).toHaveLength(1);
    world.pass(10_000);
    await reauthorizer.start();
    world.pass(10_000);
    await reauthorizer.openAgain();
    expect(world.tabs).toEqual(Array(3).fill(reauthorizer.link()));
    await world.begin();
    await world.begin();
  });

  it('takes the next spare when the port is busy, and says so in state and link', async () => {
    const { world, reauthorizer } = fakeSurroundings();
    world.freePorts = [19424];
    await reauthorizer.start();
    expect(new URL(world.tabs[0]!).port).toBe('19424');
    expect((await world.begin()).state).toMatch(/^19424\./);
  });

  it('sends an S256 challenge where PKCE is on, and its verifier with the code', async () => {
    const { world, authorizeUrl, state, cookies } = await begun({ pkce: true });
    await world.request('callback', { code: CODE, state }, cookies);
    const verifier = world.consents[0]!.codeVerifier!;
    expect(verifier).toHaveLength(43);
    expect(authorizeUrl.searchParams.get('code_challenge')).toBe(
      createHash('sha256').update(verifier).digest('base64url'),
    );
  });

  it.each([
    ['http://127.0.0.1:3000/cb', '127.0.0.1', 'http://127.0.0.1:3000/api/auth/cafe24/start'],
    ['http://localhost:3000/cb', 'localhost', 'http://localhost:3000/api/auth/cafe24/start'],
    ['http://[::1]:3000/cb', '[::1]', 'http://[::1]:3000/api/auth/cafe24/start'],
    ['http://localhost/cb', 'localhost', 'http://localhost/api/auth/cafe24/start'],
  ])(
    'goes straight to a loopback redirect URI, on exactly its host, port and path: %s',
    async (redirectUri, host, start) => {
      const { world, reauthorizer } = fakeSurroundings({ redirectUri });
      const port = redirectUri.includes('3000') ? 3000 : 80;
      world.freePorts = [port];
      await reauthorizer.start();
      expect(world.places).toEqual([{ ports: [port], host, callbackPath: '/cb' }]);
      expect(world.tabs[0]!.split('?')[0]).toBe(start);
      const { authorizeUrl } = await world.begin();
      expect(authorizeUrl.searchParams.get('redirect_uri')).toBe(redirectUri);
    },
  );
});

describe('the preflight', () => {
  it.each<[Partial<MallConfiguration>, Outcome]>([
    [{ clientId: null }, { code: 'client.not_configured', params: { names: 'CAFE24_CLIENT_ID' } }],
    [{ clientSecret: null }, { code: 'client.not_configured', params: { names: 'CAFE24_CLIENT_SECRET' } }],
    [
      { clientId: null, redirectUri: null },
      { code: 'client.not_configured', params: { names: 'CAFE24_CLIENT_ID, CAFE24_REDIRECT_URI' } },
    ],
    [
      { redirectUri: 'http://relay.example.com/cb' },
      { code: 'config.redirect_uri_http', params: { name: 'CAFE24_REDIRECT_URI' } },
    ],
    [{ scopes: [] }, { code: 'config.invalid_value', params: { name: 'CAFE24_SCOPES' } }],
    [
      { scopes: ['mall.read_product mall.x'] },
      { code: 'config.invalid_value', params: { name: 'CAFE24_SCOPES' } },
    ],
  ])('names what is missing or wrong before any tab or port: %j', async (change, outcome) => {
    const { world, reauthorizer } = fakeSurroundings(change);
    expect(reauthorizer.cannotStart()).toBe(outcome.code);
    expect(await reauthorizer.start()).toEqual(outcome);
    expect(reauthorizer.flow()).toEqual({ phase: 'idle', last: { ...outcome, at: world.now() } });
    expect([world.tabs, world.places, world.watchers, world.timers]).toEqual([[], [], 0, 0]);
  });

  it('counts a corrected setting at the next click', async () => {
    const { world, reauthorizer } = fakeSurroundings({ clientSecret: null });
    await reauthorizer.start();
    world.mall = { ...world.mall, clientSecret: 'secret' };
    expect(reauthorizer.cannotStart()).toBeNull();
    expect(await reauthorizer.start()).toBeNull();
    expect(world.tabs).toHaveLength(1);
  });

  it('says that the clock is not verified, and goes on', async () => {
    const { world, reauthorizer } = fakeSurroundings();
    world.verified = false;
    await reauthorizer.start();
    expect(reauthorizer.flow()).toMatchObject({ phase: 'waiting', hint: { code: 'clock.unverified' } });
  });

  it('says that no browser came up: the link can be copied, the wait goes on', async () => {
    const { world, reauthorizer } = fakeSurroundings();
    world.browserOpens = false;
    expect(await reauthorizer.start()).toEqual({ code: 'consent.no_browser', params: {} });
    expect(reauthorizer.flow()).toMatchObject({ phase: 'waiting', hint: { code: 'consent.no_browser' } });
    await world.begin(reauthorizer.link()!);
  });
});

describe('the tab', () => {
  it.each([{}, { nonce: '' }, { nonce: 'guessed' }])(
    'that does not know the nonce is not begun: %j',
    async (query) => {
      const { world, reauthorizer } = fakeSurroundings();
      await reauthorizer.start();
      const reply = await world.request('start', query as Record<string, string>);
      expect(reply).toEqual({ kind: 'page', status: 403, code: 'consent.not_started_here', params: {} });
      expect(reauthorizer.flow()).toMatchObject({ phase: 'waiting', hint: null });
    },
  );
});

describe('a callback', () => {
  it('with the code is exchanged at once, and answered only with the outcome', async () => {
    const { world, reauthorizer, state, cookies } = await begun();
    let finish = (_: Outcome) => {};
    world.exchange = () => new Promise((resolve) => (finish = resolve));
    let answered = false;
    const reply = world.request('callback', { code: CODE, state }, cookies).then((page) => {
      answered = true;
      return page;
    });
    expect(world.consents).toEqual([
      { code: CODE, redirectUri: 'https://relay.example.com/cb', codeVerifier: null },
    ]);
    expect(reauthorizer.flow().phase).toBe('exchanging');
    world.pass(6 * MINUTE);
    reauthorizer.cancel();
    world.connectElsewhere();
    expect(reauthorizer.flow().phase).toBe('exchanging');
    expect(answered).toBe(false);
    finish({ code: 'consent.connected', params: {} });
    expect(await reply).toMatchObject({
      status: 200,
      code: 'consent.connected',
      clearCookie: Object.keys(cookies)[0],
    });
    expect(lastCode({ reauthorizer })).toBe('consent.connected');
  });

  it.each<
    [
      string,
      (flow: {
        state: string;
        cookies: Record<string, string>;
      }) => [Record<string, string>, Record<string, string>],
      string,
    ]
  >([
    ['no state', ({ cookies }) => [{ code: CODE }, cookies], 'consent.state_mismatch'],
    [
      'a wrong state',
      ({ cookies, state }) => [{ code: CODE, state: `${state.slice(0, -1)}X` }, cookies],
      'consent.state_mismatch',
    ],
    ['a wrong state and no cookie', () => [{ code: CODE, state: 'x' }, {}], 'consent.state_mismatch'],
    [
      'a wrong state and an error',
      ({ cookies }) => [{ error: 'access_denied', state: 'x' }, cookies],
      'consent.state_mismatch',
    ],
    ['no cookie', ({ state }) => [{ code: CODE, state }, {}], 'consent.cookie_missing'],
    [
      'an error and no cookie',
      ({ state }) => [{ error: 'access_denied', state }, {}],
      'consent.cookie_missing',
    ],
    [
      'a wrong cookie',
      ({ state, cookies }) => [{ code: CODE, state }, { [Object.keys(cookies)[0]!]: 'x' }],
      'consent.cookie_missing',
    ],
    ['no code', ({ state, cookies }) => [{ state }, cookies], 'consent.code_malformed'],
  ])('with %s is told so, and the wait goes on', async (_, make, code) => {
    const { world, reauthorizer, state, cookies } = await begun();
    const reply = await world.request('callback', ...make({ state, cookies }));
    expect(reply).toEqual({ kind: 'page', status: 400, code, params: {} });
    expect(reauthorizer.flow()).toMatchObject({ phase: 'waiting', hint: { code } });
    expect(world.consents).toEqual([]);
    expect(await world.request('callback', { code: CODE, state }, cookies)).toMatchObject({ status: 200 });
  });

  it('of a stranger who keeps knocking redraws the window once', async () => {
    const { world } = await begun();
    const before = world.changes.length;
    for (let knock = 0; knock < 50; knock++) await world.request('callback', { state: `${knock}` });
    expect(world.changes.length).toBe(before + 1);
  });

  it.each([
    ['access_denied', 'consent.denied', {}],
    ['invalid_scope', 'consent.invalid_scope', { scopes: 'mall.read_product, mall.write_product' }],
    ['invalid_request', 'consent.invalid_request', {}],
    ['<b>unheard_of</b>', 'consent.failed', {}],
  ])(
    'with the error %s ends the flow as %s, and nothing of its text is kept',
    async (error, code, params) => {
      const { world, reauthorizer, state, cookies } = await begun();
      const query = { error, error_description: 'canary-text', state };
      expect(await world.request('callback', query, cookies)).toMatchObject({ status: 400, code, params });
      expect(reauthorizer.flow()).toEqual({ phase: 'idle', last: { code, params, at: world.now() } });
      expect(world.consents).toEqual([]);
      expect(JSON.stringify([world.logged, reauthorizer.flow()])).not.toMatch(/canary|<b>/);
    },
  );

  it.each<[Outcome, number]>([
    [{ code: 'consent.saved_not_shared', params: {} }, 200],
    [{ code: 'consent.other_mall', params: { expected: 'myshop', got: 'othershop' } }, 400],
    [{ code: 'consent.code_expired', params: {} }, 400],
    [{ code: 'client.secret_wrong', params: {} }, 400],
    [{ code: 'answer.unconfirmed', params: {} }, 400],
  ])('shows the keeper’s outcome as it is: %j', async (outcome, status) => {
    const { world, reauthorizer, state, cookies } = await begun();
    world.exchange = async () => outcome;
    const reply = await world.request('callback', { code: CODE, state }, cookies);
    expect(reply).toMatchObject({ status, ...outcome });
    expect(reauthorizer.flow()).toEqual({ phase: 'idle', last: { ...outcome, at: world.now() } });
  });

  it('whose exchange breaks ends as an internal error, without a throw', async () => {
    const { world, reauthorizer, state, cookies } = await begun();
    world.exchange = () => Promise.reject(new Error(`bug with ${CODE}`));
    expect(await world.request('callback', { code: CODE, state }, cookies)).toMatchObject({
      code: 'internal.error',
    });
    expect(lastCode({ reauthorizer })).toBe('internal.error');
    expect(world.logged.join()).not.toContain(CODE);
  });
});

describe('the end', () => {
  it.each<[string, (flow: Awaited<ReturnType<typeof begun>>) => unknown, string]>([
    ['five minutes', ({ world }) => world.pass(5 * MINUTE), 'consent.timeout'],
    [
      'a simulator that is moved',
      ({ world }) => {
        world.moveSimulator(6 * MINUTE);
        world.pass(1_000);
      },
      'consent.timeout',
    ],
    ['Cancel', ({ reauthorizer }) => reauthorizer.cancel(), 'consent.cancelled'],
    ['another program’s consent', ({ world }) => world.connectElsewhere(), 'consent.connected_elsewhere'],
    [
      'an accepted code',
      ({ world, state, cookies }) => world.request('callback', { code: CODE, state }, cookies),
      'consent.connected',
    ],
  ])(
    'by %s: everything later gets 410 with the reason for a minute, then the server closes',
    async (_, finish, code) => {
      const flow = await begun();
      const { world, reauthorizer, state, cookies } = flow;
      await finish(flow);
      expect(lastCode(flow)).toBe(code);
      const consents = world.consents.length;
      // Where an answer was taken, a second one learns no more than that.
      const late = code === 'consent.connected' ? 'consent.closed' : code;
      const closed = { kind: 'page', status: 410, code: late, params: {} };
      expect(await world.request('callback', { code: CODE, state }, cookies)).toEqual(closed);
      expect(await world.request('callback', { error: 'access_denied', state }, cookies)).toEqual(closed);
      expect(await world.request('start', new URL(world.tabs[0]!).searchParams)).toEqual(closed);
      expect(await reauthorizer.paste(CODE)).toEqual({ code: 'consent.closed', params: {} });
      expect(reauthorizer.link()).toBeNull();
      expect(await reauthorizer.openAgain()).toBeNull();
      expect(lastCode(flow)).toBe(code);
      expect([world.consents.length, world.watchers, world.tabs.length]).toEqual([consents, 0, 1]);
      world.pass(MINUTE - 1);
      expect(world.closedPorts).toEqual([]);
      world.pass(1);
      expect(world.closedPorts).toEqual([17424]);
      expect(world.timers).toBe(0);
    },
  );

  it('is not before the last millisecond of the five minutes', async () => {
    const { world, reauthorizer } = await begun();
    world.pass(5 * MINUTE - 1);
    expect(reauthorizer.flow().phase).toBe('waiting');
  });

  it.each([DAY, -DAY])(
    'is after the same five minutes where the clock is found to be wrong by %d ms meanwhile',
    async (ms) => {
      const { world, reauthorizer } = await begun();
      world.pass(MINUTE);
      world.jump(ms);
      expect(reauthorizer.flow()).toMatchObject({ phase: 'waiting', endsAt: world.now() + 4 * MINUTE });
      world.pass(4 * MINUTE - 1);
      expect(reauthorizer.flow().phase).toBe('waiting');
      world.pass(1);
      expect(lastCode({ reauthorizer })).toBe('consent.timeout');
    },
  );

  it('counts at the moment of a late callback, though no timer has looked', async () => {
    const { world, reauthorizer, state, cookies } = await begun();
    world.moveSimulator(5 * MINUTE);
    expect(await world.request('callback', { code: CODE, state }, cookies)).toMatchObject({ status: 410 });
    expect(lastCode({ reauthorizer })).toBe('consent.timeout');
  });

  it('two callbacks at once: the first wins, the other gets 410', async () => {
    const { world, state, cookies } = await begun();
    const replies = await Promise.all([
      world.request('callback', { code: CODE, state }, cookies),
      world.request('callback', { code: CODE, state }, cookies),
    ]);
    expect(replies.map((reply) => reply.kind === 'page' && reply.status)).toEqual([200, 410]);
    expect(world.consents).toHaveLength(1);
  });

  it('a new click within the minute takes the same port with new secrets; the old tab stays closed', async () => {
    const { world, reauthorizer, state, cookies } = await begun();
    const oldTab = new URL(world.tabs[0]!);
    reauthorizer.cancel();
    await reauthorizer.start();
    expect(world.closedPorts).toEqual([17424]);
    expect(new URL(world.tabs[1]!).port).toBe('17424');
    expect(await world.request('start', oldTab.searchParams)).toMatchObject({ status: 403 });
    expect(await world.request('callback', { code: CODE, state }, cookies)).toMatchObject({ status: 400 });
    const oldHandler = world.handlers[0]!;
    expect(await world.request('callback', { code: CODE, state }, cookies, oldHandler)).toMatchObject({
      status: 410,
    });
    expect(reauthorizer.flow().phase).toBe('waiting');
  });

  it.each<[string, (s: ReturnType<typeof fakeSurroundings>) => void, string]>([
    ['Cancel', ({ reauthorizer }) => reauthorizer.cancel(), 'consent.cancelled'],
    ['another program', ({ world }) => world.connectElsewhere(), 'consent.connected_elsewhere'],
  ])('by %s while the server is still opening: no tab, and the server closes', async (_, finish, code) => {
    const surroundings = fakeSurroundings();
    const { world, reauthorizer } = surroundings;
    world.beforeOpen = async () => finish(surroundings);
    expect(await reauthorizer.start()).toMatchObject({ code });
    expect([world.tabs, world.closedPorts, world.timers, world.watchers]).toEqual([[], [17424], 0, 0]);
  });

  it('by stop: nothing is left behind, and a begun exchange is waited for', async () => {
    const { world, reauthorizer, state, cookies } = await begun();
    let finish = (_: Outcome) => {};
    world.exchange = () => new Promise((resolve) => (finish = resolve));
    const page = world.request('callback', { code: CODE, state }, cookies);
    let stopped = false;
    const stop = reauthorizer.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect(stopped).toBe(false);
    finish({ code: 'consent.connected', params: {} });
    await stop;
    expect(await page).toMatchObject({ code: 'consent.connected' });
    expect([world.closedPorts, world.timers, world.watchers]).toEqual([[17424], 0, 0]);
    expect(await reauthorizer.start()).toBeNull();
    expect(world.tabs).toHaveLength(1);
  });
});

describe('pasting', () => {
  const address = (state: string) => `https://relay.example.com/cb?code=${CODE}&state=${state}`;

  it.each<[string, (state: string) => string]>([
    ['the redirected address', address],
    ['a bare code', () => ` ${CODE}\n`],
  ])('%s finishes a waiting flow, and the tab’s own callback comes too late', async (_, textOf) => {
    const { world, reauthorizer, state, cookies } = await begun();
    expect(await reauthorizer.paste(textOf(state))).toEqual({ code: 'consent.connected', params: {} });
    expect(world.consents).toHaveLength(1);
    expect(await world.request('callback', { code: CODE, state }, cookies)).toMatchObject({ status: 410 });
  });

  it.each<[string, string]>([
    ['nothing useful', 'consent.code_malformed'],
    [address(`17424.${'x'.repeat(43)}`), 'consent.state_mismatch'],
    ['https://relay.example.com/cb?error=access_denied&state=x', 'consent.state_mismatch'],
  ])('%s is a hint, and the wait goes on', async (text, code) => {
    const { world, reauthorizer } = await begun();
    expect(await reauthorizer.paste(text)).toEqual({ code, params: {} });
    expect(reauthorizer.flow()).toMatchObject({ phase: 'waiting', hint: { code } });
    expect(world.consents).toEqual([]);
    expect(await reauthorizer.paste(CODE)).toMatchObject({ code: 'consent.connected' });
  });

  it('a refusal of this flow ends it', async () => {
    const { reauthorizer, state } = await begun();
    const text = `https://relay.example.com/cb?error=access_denied&state=${state}`;
    expect(await reauthorizer.paste(text)).toEqual({ code: 'consent.denied', params: {} });
    expect(lastCode({ reauthorizer })).toBe('consent.denied');
  });

  it('is all there is when every port is busy: offered at once, the tab opens at Cafe24 with a state for no port', async () => {
    const { world, reauthorizer } = fakeSurroundings();
    world.freePorts = [];
    await reauthorizer.start();
    expect(reauthorizer.flow()).toMatchObject({
      phase: 'waiting',
      pasteOnly: true,
      hint: { code: 'server.ports_busy', params: { ports: '17424, 18424, 19424' } },
    });
    const tab = new URL(world.tabs[0]!);
    expect(tab.host).toBe('myshop.cafe24api.com');
    const state = tab.searchParams.get('state')!;
    expect(state).toMatch(/^0\.[\w-]{43}$/);
    expect(reauthorizer.link()).toBe(tab.href);
    expect(await reauthorizer.paste(address('0.wrong'))).toMatchObject({ code: 'consent.state_mismatch' });
    expect(await reauthorizer.paste(address(state))).toMatchObject({ code: 'consent.connected' });
    expect(world.closedPorts).toEqual([]);
  });
});

it('no secret of a flow is in what the window is told or in the log', async () => {
  const { world, reauthorizer, state, cookies } = await begun({ pkce: true });
  await world.request('callback', { code: 'not a code', state: 'x' }, cookies);
  await reauthorizer.paste('nothing useful');
  await world.request('callback', { code: CODE, state }, cookies);
  const told = JSON.stringify([world.changes, world.logged]);
  const nonce = new URL(world.tabs[0]!).searchParams.get('nonce')!;
  const secrets = [CODE, state, nonce, ...Object.entries(cookies).flat(), world.consents[0]!.codeVerifier!];
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
});
