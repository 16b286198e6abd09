/**
 * A shop under trial: the simulator in this process, one store (a real Redis, or a data folder's own), and any number
 * of keepers as processes. Reads what they left behind through the product's own adapters.
 */

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createJournal } from '../../../electron/adapters/journal/journal.ts';
import { createSealings } from '../../../electron/adapters/sealing/sealing.ts';
import { hashOf } from '../../../electron/core/hash.ts';
import type { Attempt, StoreView, TokenStore } from '../../../electron/ports.ts';
import { authorizeUrlOf } from '../../../shared/authorize-url.ts';
import { openStore, SILENT } from '../../integration/stores/open-store.ts';
import type { ConsentDecision } from '../../simulator/consent-page.ts';
import { driveConsent } from '../../simulator/drive-consent.ts';
import {
  DEFAULT_CLIENT,
  DEFAULT_CLIENT_SECRET,
  DEFAULT_MALL,
  DEFAULT_REDIRECT_URI,
} from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import type {
  HookPhase,
  Simulator,
  SimulatorOptions,
  TokenRequestContext,
} from '../../simulator/simulator.ts';
import { documentedJson } from '../documented-json.ts';
import { type KeeperProcess, type KeeperProcessOptions, startKeeper } from './keeper-process.ts';
import type { Command, RecordLine, WorkerView } from './worker-protocol.ts';

export const MALL = DEFAULT_MALL.mallId;
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Scene {
  readonly simulator: Simulator;
  readonly folder: string;
  /** A keeper in the data folder of this name (default `home`); a second one of the same name is a second process on it. */
  keeper(
    home?: string,
    options?: Partial<Omit<KeeperProcessOptions, 'apiOrigin' | 'record' | 'home'>>,
  ): Promise<KeeperProcess>;
  /** The person at the consent page: the code Cafe24 sends back. */
  code(decision?: ConsentDecision): Promise<string>;
  /** Connects the shop through a keeper. */
  connect(keeper: KeeperProcess): Promise<WorkerView>;
  /** Writes a set as an earlier program would have left it, beside any keeper. */
  plant(extra?: string): Promise<{ readonly refreshToken: string; readonly text: string }>;
  store(home?: string): Promise<StoreView>;
  journal(home?: string): Promise<readonly Attempt[]>;
  /** A lease ends after a minute of real time; this is that minute. */
  endLease(home?: string): Promise<void>;
  /** Everything the processes appended to the record so far. */
  record(): Promise<readonly RecordLine[]>;
  /** Inside the next token request only. */
  once(phase: HookPhase, hook: (context: TokenRequestContext) => Promise<void> | void): void;
  homeOf(name?: string): string;
  /** Homes in which a keeper was started. */
  homes(): readonly string[];
  openStoreOf(home?: string): Promise<TokenStore>;
}

/** A scene of the running test; nothing of it is left when the test is over. */
export async function createScene(redisUrl: string | null, options: SimulatorOptions = {}): Promise<Scene> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scene-'));
  const simulator = await startSimulator(options);
  const record = path.join(folder, 'record.jsonl');
  const processes: KeeperProcess[] = [];
  const homes = new Set<string>();
  onTestFinished(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await simulator.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  const homeOf = (name = 'home') => path.join(folder, name);
  const sealings = (home: string) =>
    createSealings({ folder: path.join(home, 'keys'), secrets: () => [DEFAULT_CLIENT_SECRET], log: SILENT });
  const openStoreOf = (name?: string) =>
    openStore(
      redisUrl === null
        ? { kind: 'local', dataFolder: homeOf(name), secrets: [DEFAULT_CLIENT_SECRET] }
        : { kind: 'redis', url: redisUrl },
      () => simulator.now() - Date.now(),
    );

  async function withStore<T>(home: string | undefined, work: (store: TokenStore) => Promise<T>): Promise<T> {
    const store = await openStoreOf(home);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }
  async function store(home?: string): Promise<StoreView> {
    return await withStore(home, async (each) => {
      const read = await each.read(MALL);
      if (!read.ok) throw new Error(`the store cannot be read: ${read.code}`);
      return read.value;
    });
  }

  const scene: Scene = {
    simulator,
    folder,
    homeOf,
    homes: () => [...homes],
    openStoreOf,
    store,
    async keeper(home = 'home', more = {}) {
      await mkdir(homeOf(home), { recursive: true, mode: 0o700 });
      homes.add(home);
      const started = await startKeeper({
        apiOrigin: simulator.apiOrigin,
        redisUrl,
        home: homeOf(home),
        record,
        ...more,
      });
      processes.push(started);
      return started;
    },
    async code(decision = 'approve') {
      const url = authorizeUrlOf({
        apiOrigin: `${simulator.origin}/${MALL}`,
        clientId: DEFAULT_CLIENT.clientId,
        redirectUri: DEFAULT_REDIRECT_URI,
        scopes: ['mall.read_product', 'mall.write_product'],
        state: `17424.${randomBytes(32).toString('base64url')}`,
        codeChallenge: null,
      });
      const code = (await driveConsent(url, decision)).searchParams.get('code');
      if (code === null) throw new Error(`no code came of "${decision}"`);
      return code;
    },
    async connect(keeper) {
      await keeper.started;
      const view = await keeper.demand(exchangeOf(await scene.code()));
      if (view.outcome !== 'consent.connected') throw new Error(`not connected: ${view.outcome}`);
      return view;
    },
    async plant(extra = '') {
      const issued = simulator.issue(MALL);
      const text = `${documentedJson(issued).slice(0, -1)}${extra === '' ? '' : `,${extra}`}}`;
      await withStore(undefined, async (each) => {
        const written = await each.commit(MALL, { expect: {}, text });
        if (!written.ok) throw new Error(`cannot plant: ${written.code}`);
      });
      return { refreshToken: issued.refreshToken, text };
    },
    async journal(home) {
      const journal = createJournal({
        folder: path.join(homeOf(home), 'journal'),
        sealing: sealings(homeOf(home)),
        log: SILENT,
      });
      const reading = await journal.read(MALL);
      if (!reading.ok) throw new Error(`the journal cannot be read: ${reading.code}`);
      return reading.value.attempts;
    },
    async endLease(home) {
      const { leaseOwner } = await store(home);
      if (leaseOwner !== null) await withStore(home, (each) => each.releaseLease(MALL, leaseOwner));
    },
    async record() {
      const text = await readFile(record, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as RecordLine);
    },
    once(phase, hook) {
      const remove = simulator.onTokenRequest(phase, async (context) => {
        remove();
        await hook(context);
      });
    },
  };
  return scene;
}

export function exchangeOf(code: string): Extract<Command, { do: 'exchange' }> {
  return { do: 'exchange', code, redirectUri: DEFAULT_REDIRECT_URI };
}

/** The refresh token that a store's text states. */
export function refreshTokenIn({ text }: StoreView): string | null {
  const parsed: unknown = text === null ? null : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'refresh_token' in parsed
    ? String(parsed.refresh_token)
    : null;
}

export { hashOf };
