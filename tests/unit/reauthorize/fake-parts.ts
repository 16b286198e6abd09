import type { Consent, Outcome } from '../../../electron/core/keeper-api.ts';
import { createReauthorizer, type ReauthorizerParts } from '../../../electron/core/reauthorizer.ts';
import type { RedirectReply, RedirectRequest, RedirectServers } from '../../../electron/ports.ts';
import type { MallConfiguration } from '../../../shared/configuration.ts';
import { done, failed } from '../../../shared/result.ts';
import type { FlowSnapshot } from '../../../shared/snapshot.ts';
import type { KnownSet } from '../../../shared/token-set.ts';

export const CODE = 'uO8B6SFGLmLB5qn4AxJy2B';

export const MALL: MallConfiguration = {
  mall: 'myshop',
  clientId: 'client',
  clientSecret: 'secret',
  formerSecrets: [],
  redirectUri: 'https://relay.example.com/cb',
  scopes: ['mall.read_product', 'mall.write_product'],
  pkce: false,
  paused: false,
};

/** A reauthorizer among fake ports: the test turns the clock, answers the browser and ends the exchange. */
export function fakeSurroundings(change: Partial<MallConfiguration> = {}) {
  let now = Date.UTC(2026, 10, 22, 3);
  let monotonic = 0;
  let simulatorOffset = 0;
  let randomCount = 0;
  const pending = new Set<{ readonly at: number; readonly callback: () => void }>();
  const watchers = new Set<(set: KnownSet) => void>();

  const world = {
    mall: { ...MALL, ...change },
    verified: true,
    freePorts: [17424, 18424, 19424] as readonly number[],
    browserOpens: true,
    /** Pauses the opening of the server until the test lets it go on. */
    beforeOpen: async () => {},
    exchange: async (_: Consent): Promise<Outcome> => ({ code: 'consent.connected', params: {} }),

    tabs: [] as string[],
    places: [] as Parameters<RedirectServers['open']>[0][],
    closedPorts: [] as number[],
    consents: [] as Consent[],
    changes: [] as FlowSnapshot[],
    logged: [] as string[],
    handlers: [] as ((request: RedirectRequest) => Promise<RedirectReply>)[],
    get watchers() {
      return watchers.size;
    },
    get timers() {
      return pending.size;
    },

    /** Time passes on every clock, and timers go off on their way. */
    pass(ms: number) {
      const end = monotonic + ms;
      for (;;) {
        const next = [...pending].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        now += next.at - monotonic;
        monotonic = next.at;
        pending.delete(next);
        next.callback();
      }
      now += end - monotonic;
      monotonic = end;
    },
    /** The server's clock jumps; no real time passes. */
    jump(ms: number) {
      now += ms;
    },
    /** The simulator's clock, which is the server's, is moved. */
    moveSimulator(ms: number) {
      now += ms;
      simulatorOffset += ms;
    },
    now: () => now,
    connectElsewhere() {
      for (const listener of watchers) listener({} as KnownSet);
    },

    /** The tab of the last link, begun: what the browser holds afterwards. */
    async begin(link = world.tabs.at(-1)!) {
      const reply = await world.request('start', new URL(link).searchParams);
      if (reply.kind !== 'redirect') throw new Error(`not begun: ${reply.code}`);
      const { cookie, to } = reply;
      return {
        authorizeUrl: new URL(to),
        state: new URL(to).searchParams.get('state')!,
        cookies: { [cookie.name]: cookie.value },
      };
    },
    request(
      kind: RedirectRequest['kind'],
      query: URLSearchParams | Record<string, string>,
      cookies: Record<string, string> = {},
      handler = world.handlers.at(-1)!,
    ) {
      const entries = query instanceof URLSearchParams ? [...query] : Object.entries(query);
      return handler({ kind, query: new Map(entries), cookies: new Map(Object.entries(cookies)) });
    },
  };

  const log = (_: string, what: string) => void world.logged.push(what);
  const parts: ReauthorizerParts = {
    mall: 'myshop',
    settings: () => ({ mall: world.mall, apiOrigin: 'https://{mall_id}.cafe24api.com' }),
    keeper: {
      exchange: (consent) => {
        world.consents.push(consent);
        return world.exchange(consent);
      },
      onForeignGrant: (listener) => {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
    },
    servers: {
      async open(place, handle) {
        await world.beforeOpen();
        world.places.push(place);
        const port = place.ports.find((candidate) => world.freePorts.includes(candidate));
        if (port === undefined) return failed('server.ports_busy');
        world.handlers.push(handle);
        return done({
          port,
          close: async () => {
            world.closedPorts.push(port);
          },
        });
      },
    },
    browser: {
      open: async (url) => {
        world.tabs.push(url);
        return world.browserOpens ? done(undefined) : failed('consent.no_browser');
      },
    },
    clock: {
      now: () => now,
      verified: () => world.verified,
      skewMs: () => 0,
      monotonicMs: () => monotonic,
      hostMs: () => now,
      storeOffsetMs: () => simulatorOffset,
    },
    timers: {
      after: (delayMs, callback) => {
        const timer = { at: monotonic + delayMs, callback };
        pending.add(timer);
        return () => pending.delete(timer);
      },
    },
    random: { token: (bytes) => `${++randomCount}`.padStart(Math.ceil((bytes * 4) / 3), 'r') },
    log: { info: log, warn: log, error: log },
    onChange: () => world.changes.push(reauthorizer.flow()),
  };
  const reauthorizer = createReauthorizer(parts);
  return { world, reauthorizer };
}
