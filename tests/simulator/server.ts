import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  type Cafe24State,
  changeSecret,
  consentDeadline,
  createCafe24State,
  isLive,
  mintSet,
} from './cafe24-state.ts';
import { createClock } from './clock.ts';
import { createFaultQueue } from './faults.ts';
import { deliver, errorEnvelope, jsonAnswer, readRequest } from './http.ts';
import { redeemRefreshToken } from './redeem.ts';
import {
  assertRegistrable,
  DEFAULT_CLIENT,
  DEFAULT_LOOPBACK_REDIRECT_URI,
  DEFAULT_MALL,
  type SimulatorClient,
} from './registration.ts';
import { route } from './router.ts';
import type { HookPhase, Simulator, SimulatorOptions, TokenRequestHook } from './simulator.ts';
import { type TokenBodyForm, tokenBodyOf } from './token-body.ts';
import { createRequestLog, type RequestLog } from './token-record.ts';

/** Starts a simulated Cafe24 and resolves once it listens. Throws where a registration would be refused. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const allowLoopback = options.allowLoopbackRedirect ?? false;
  const clients = options.clients ?? [defaultClient(allowLoopback)];
  for (const client of clients) assertRegistrable(client.redirectUris, allowLoopback);

  const state = createCafe24State({
    clients,
    malls: options.malls ?? [DEFAULT_MALL],
    deadlineKind: options.deadline ?? 'rolling',
  });
  const bodyForm: TokenBodyForm = {
    timeForm: options.timeForm ?? 'naive',
    withExpiresIn: options.withExpiresIn ?? false,
  };
  const clock = createClock(options.startAt ?? Date.now());
  const log = createRequestLog();
  const queue = createFaultQueue();
  const hooks: Record<HookPhase, Set<TokenRequestHook>> = { before: new Set(), 'after-apply': new Set() };
  const closing = new AbortController();

  const server = options.tls ? https.createServer(options.tls) : http.createServer();
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `${options.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;

  const simulator: Simulator = {
    origin,
    apiOrigin: `${origin}/{mall_id}`,
    ...clock,
    requests: log.records,
    revocations: state.revocations,
    faults: { add: queue.add, clear: queue.clear, pending: queue.pending },
    onTokenRequest(phase, hook) {
      hooks[phase].add(hook);
      return () => hooks[phase].delete(hook);
    },
    ...tokenCommands(state, clock.now, bodyForm),
    ...registrationCommands(state, allowLoopback),
    reset: () => forgetEverythingIssued(state, log, queue.clear),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };

  const parts = {
    simulator,
    hidesClock: options.hidesClock ?? false,
    state,
    log,
    bodyForm,
    signal: closing.signal,
    takeFaults: queue.take,
    runHooks: async (phase: HookPhase, context: Parameters<TokenRequestHook>[0]): Promise<void> => {
      for (const hook of [...hooks[phase]]) await hook(context);
    },
  };
  server.on('request', (message, response) => {
    const answering = async (): Promise<void> => {
      const request = await readRequest(message);
      await route(parts, request, (answer, delivery) => deliver(response, answer, delivery, clock.now()));
    };
    answering().catch((error: unknown) => {
      if (closing.signal.aborted || message.socket.destroyed) return;
      // A hook that throws is a mistake of the test, and must not look like a fault that was asked for.
      console.error('[simulator] request failed', error);
      void deliver(
        response,
        jsonAnswer(500, errorEnvelope(500, 'simulator failure')),
        'complete',
        clock.now(),
      );
    });
  });
  return simulator;
}

function defaultClient(allowLoopback: boolean): SimulatorClient {
  if (!allowLoopback) return DEFAULT_CLIENT;
  return { ...DEFAULT_CLIENT, redirectUris: [...DEFAULT_CLIENT.redirectUris, DEFAULT_LOOPBACK_REDIRECT_URI] };
}

function tokenCommands(
  state: Cafe24State,
  now: () => number,
  bodyForm: TokenBodyForm,
): Pick<Simulator, 'issue' | 'rotateElsewhere' | 'isLive'> {
  return {
    issue(mallId, overrides = {}) {
      const mall = knownMall(state, mallId);
      const client = knownClient(state, overrides.clientId);
      const consentedAt = overrides.issuedAt ?? now();
      const grant = {
        mallId,
        clientId: client.clientId,
        userId: overrides.userId ?? mall.ownerId,
        scopes: overrides.scopes ?? client.scopes,
        consentDeadlineAt: overrides.refreshTokenExpiresAt ?? consentDeadline(consentedAt),
      };
      const set = mintSet(state, grant, consentedAt, overrides);
      return { ...set, body: tokenBodyOf(set, bodyForm) };
    },
    rotateElsewhere(mallId, refreshToken) {
      const clientId = state.refreshTokens.get(refreshToken)?.grant.clientId ?? '';
      const result = redeemRefreshToken(state, { mallId, clientId, refreshToken, rotation: 'rotate' }, now());
      if (result.kind === 'error') throw new Error(`not rotated: ${result.description}`);
      return { ...result.set, body: tokenBodyOf(result.set, bodyForm) };
    },
    isLive(value) {
      const token = state.accessTokens.get(value) ?? state.refreshTokens.get(value);
      return token !== undefined && isLive(token, now());
    },
  };
}

function registrationCommands(
  state: Cafe24State,
  allowLoopback: boolean,
): Pick<Simulator, 'revokeSecret' | 'setDeadline' | 'updateClient' | 'uninstall' | 'reinstall'> {
  return {
    revokeSecret: (clientId, newSecret) => changeSecret(state, clientId, newSecret),
    setDeadline(kind) {
      state.deadlineKind = kind;
    },
    updateClient(clientId, change) {
      const client = { ...knownClient(state, clientId), ...change };
      assertRegistrable(client.redirectUris, allowLoopback);
      state.clients.set(clientId, client);
    },
    uninstall: (mallId) => void state.uninstalledMalls.add(knownMall(state, mallId).mallId),
    reinstall: (mallId) => void state.uninstalledMalls.delete(mallId),
  };
}

function forgetEverythingIssued(state: Cafe24State, log: RequestLog, clearFaults: () => void): void {
  const issued = [
    state.accessTokens,
    state.refreshTokens,
    state.codes,
    state.pendingConsents,
    state.tokenRequestTimes,
    state.adminBuckets,
    state.uninstalledMalls,
  ];
  for (const collection of issued) collection.clear();
  state.revocations.length = 0;
  log.clear();
  clearFaults();
}

/** The named app, or the first one where none is named. */
function knownClient(state: Cafe24State, clientId: string | undefined): SimulatorClient {
  const client = clientId === undefined ? [...state.clients.values()][0] : state.clients.get(clientId);
  if (client === undefined) throw new Error(`no such client: ${clientId ?? '(none registered)'}`);
  return client;
}

function knownMall(
  state: Cafe24State,
  mallId: string,
): { readonly mallId: string; readonly ownerId: string } {
  const mall = state.malls.get(mallId);
  if (mall === undefined) throw new Error(`no such mall: ${mallId}`);
  return mall;
}
