import { randomBytes } from 'node:crypto';
import { createRedirectServers } from '../../../electron/adapters/redirect-server/redirect-servers.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import { createTokenEndpoint } from '../../../electron/adapters/token-endpoint.ts';
import type { Consent, Outcome } from '../../../electron/core/keeper-api.ts';
import { createReauthorizer, type Reauthorizer } from '../../../electron/core/reauthorizer.ts';
import type { MallConfiguration } from '../../../shared/configuration.ts';
import type { Locale } from '../../../shared/locale.ts';
import { done } from '../../../shared/result.ts';
import { judgeAnswer } from '../../../shared/token-answer.ts';
import type { KnownSet } from '../../../shared/token-set.ts';
import { DEFAULT_CLIENT, DEFAULT_REDIRECT_URI } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { networkOf } from '../../support/networks.ts';

export interface FlowUnderTest {
  readonly simulator: Simulator;
  readonly reauthorizer: Reauthorizer;
  /** Addresses handed to the browser. */
  readonly tabs: readonly string[];
  readonly logged: readonly string[];
  /** Sets that a finished exchange brought; the old set would be overwritten by these alone. */
  readonly granted: readonly KnownSet[];
  /** Code of the last end, or the phase while there is none. */
  lastCode(): string | undefined;
  connectElsewhere(): void;
  stop(): Promise<void>;
}

export interface FlowOptions {
  readonly redirectUri?: string;
  readonly mall?: Partial<MallConfiguration>;
  readonly locale?: Locale;
}

/**
 * The real flow over the real local server, Cafe24 played by the simulator, its clock the flow's clock. In place of
 * the keeper: a real request to the token endpoint, and the verdict on its answer.
 */
export async function startFlow(options: FlowOptions = {}): Promise<FlowUnderTest> {
  const redirectUri = options.redirectUri ?? DEFAULT_REDIRECT_URI;
  const simulator = await startSimulator({
    allowLoopbackRedirect: true,
    clients: [{ ...DEFAULT_CLIENT, redirectUris: [redirectUri] }],
  });
  const mall: MallConfiguration = {
    mall: 'myshop',
    clientId: DEFAULT_CLIENT.clientId,
    clientSecret: DEFAULT_CLIENT.clientSecret,
    formerSecrets: [],
    redirectUri,
    scopes: ['mall.read_product', 'mall.write_product'],
    pkce: false,
    paused: false,
    ...options.mall,
  };
  const tabs: string[] = [];
  const logged: string[] = [];
  const granted: KnownSet[] = [];
  const watchers = new Set<(set: KnownSet) => void>();
  const endpoint = createTokenEndpoint({ apiOrigin: simulator.apiOrigin, network: networkOf() });

  async function exchange(consent: Consent): Promise<Outcome> {
    const credentials = {
      mall: mall.mall,
      clientId: mall.clientId ?? '',
      clientSecret: mall.clientSecret ?? '',
    };
    const wire = await endpoint.exchange(credentials, consent);
    if (wire.kind !== 'answered') return { code: 'consent.failed', params: {} };
    const verdict = judgeAnswer(
      { ...wire.answer, receivedAt: simulator.now() },
      { mall: mall.mall, parent: null, grantId: 'test', follows: null, hashOf: (token) => token },
    );
    switch (verdict.kind) {
      case 'granted':
        granted.push(verdict.set);
        return { code: 'consent.connected', params: {} };
      case 'other_mall':
        return { code: 'consent.other_mall', params: { expected: mall.mall, got: verdict.mall } };
      case 'blocked':
        return { code: verdict.code, params: {} };
      case 'code_expired':
      case 'refused':
        return { code: 'consent.code_expired', params: {} };
      default:
        return { code: 'consent.failed', params: {} };
    }
  }

  const log = (area: string, what: string) => void logged.push(`${area} ${what}`);
  const logger = { info: log, warn: log, error: log };
  const reauthorizer = createReauthorizer({
    mall: mall.mall,
    settings: () => ({ mall, apiOrigin: simulator.apiOrigin }),
    keeper: {
      exchange,
      onForeignGrant: (listener) => {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
    },
    servers: createRedirectServers({ log: logger, locale: () => options.locale ?? 'ko' }),
    browser: {
      open: async (url) => {
        tabs.push(url);
        return done(undefined);
      },
    },
    clock: {
      now: () => simulator.now(),
      verified: () => true,
      skewMs: () => 0,
      monotonicMs: () => performance.now(),
      hostMs: () => Date.now(),
      storeOffsetMs: () => simulator.now() - Date.now(),
    },
    timers: realTimers,
    random: { token: (bytes) => randomBytes(bytes).toString('base64url') },
    log: logger,
    onChange: () => {},
  });
  return {
    simulator,
    reauthorizer,
    tabs,
    logged,
    granted,
    lastCode() {
      const flow = reauthorizer.flow();
      return flow.phase === 'idle' ? flow.last?.code : flow.phase;
    },
    connectElsewhere() {
      for (const listener of watchers) listener(simulator.issue('myshop') as unknown as KnownSet);
    },
    async stop() {
      await reauthorizer.stop();
      await simulator.close();
    },
  };
}
