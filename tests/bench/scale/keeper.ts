/** A keeper without a screen in a process of its own: the app's core and engine over real Redis, told by its parent. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { openDataFolder } from '../../../electron/adapters/data-folder.ts';
import { createHistoryFile } from '../../../electron/adapters/history/history-file.ts';
import { createRedirectServers } from '../../../electron/adapters/redirect-server/redirect-servers.ts';
import type { SecretVault } from '../../../electron/adapters/secrets/secret-vault.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import { composeCore, openLogging } from '../../../electron/compose-core.ts';
import { createEngine } from '../../../electron/core/engine.ts';
import { createReauthorizer } from '../../../electron/core/reauthorizer.ts';
import { done, failed } from '../../../shared/result.ts';
import { parseSettings } from '../../../shared/settings-schema.ts';
import { CLIENT_ID, CLIENT_SECRET } from '../peers/endpoint.ts';
import { takeTime } from './virtual-time.ts';

/** What the parent is told. */
export type KeeperReport =
  | { readonly kind: 'ready'; readonly startMs: number }
  | { readonly kind: 'idle'; readonly nextAt: number }
  | {
      readonly kind: 'counts';
      readonly timers: number;
      /** Sent to Redis, by second. */
      readonly commands: readonly (readonly [second: number, count: number])[];
      readonly heapBytes: number;
      readonly healthy: number;
      readonly refreshes: readonly Refresh[];
    };

/** A request that this keeper made. */
export interface Refresh {
  readonly mall: string;
  readonly dueAt: number;
  readonly sentAt: number;
}

export type KeeperOrder =
  | { readonly kind: 'leap'; readonly ms: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'stop' };

const time = takeTime();
const tell = (report: KeeperReport) => void process.send?.(report);
const malls: readonly string[] = JSON.parse(process.env.BENCH_MALLS ?? '[]');

const vault: SecretVault = {
  available: async () => ({ ok: true }),
  get: async () => done(CLIENT_SECRET),
  set: async () => done(undefined),
  remove: async () => done(undefined),
};

const { settings } = parseSettings(
  JSON.stringify({
    malls: malls.map((mall) => ({
      mall,
      clientId: CLIENT_ID,
      clientSecret: { keyring: 'bench' },
      redirectUri: 'https://relay.example.test/cafe24/',
    })),
  }),
);

const locale = () => 'ko' as const;
const surroundings = { env: process.env, cwd: process.cwd(), packaged: true };
const dataFolder = await openDataFolder(process.env.CAFE24_KEEPER_HOME ?? '');
const logging = openLogging(dataFolder, { name: 'keeper', console: false });
const { log } = logging;
const refreshes: Refresh[] = [];
const startedAt = performance.now();
const core = await composeCore({
  ...surroundings,
  dataFolder,
  settings: { settings, problems: [] },
  vault,
  ephemeral: false,
  locale,
  logging,
  through: (ports) => ({
    ...ports,
    endpoint: {
      ...ports.endpoint,
      refresh(client, token) {
        const sentAt = core.clock.now();
        const keeper = core.keepers.find(({ mall }) => mall === client.mall);
        refreshes.push({ mall: client.mall, dueAt: keeper?.view().sight?.dueAt ?? Number.NaN, sentAt });
        return ports.endpoint.refresh(client, token);
      },
    },
  }),
});
const { clock, configuration } = core;
for (const keeper of core.keepers) {
  const { look } = keeper;
  keeper.look = () => time.hold(look());
}
const servers = createRedirectServers({ log, locale });
const random = { token: (bytes: number) => randomBytes(bytes).toString('base64url') };
const engine = createEngine({
  ...core,
  timers: realTimers,
  reauthorizer(keeper, onChange) {
    const mall = configuration.malls.find((each) => each.mall === keeper.mall);
    if (!mall) throw new Error(`no configuration for ${keeper.mall}`);
    const browser = { open: async () => failed('internal.error') };
    const parts = { mall: keeper.mall, keeper, servers, browser, clock, random, log, onChange };
    return createReauthorizer({
      ...parts,
      timers: realTimers,
      settings: () => ({ mall, apiOrigin: configuration.apiOrigin ?? '' }),
    });
  },
  clipboard: { read: async () => '', write: async () => {} },
  book: createHistoryFile({ folder: path.join(dataFolder.folder, 'history'), clock }),
  hostNow: Date.now,
  locale,
  trials: {
    store: async () => failed('internal.error'),
    page: async () => ({ code: 'internal.error', params: {} }),
  },
  onChange() {},
  stopCore: () => core.stop(),
});
await Promise.all(core.keepers.map((keeper) => keeper.look()));
tell({ kind: 'ready', startMs: performance.now() - startedAt });
tell({ kind: 'idle', nextAt: await time.idle() });

process.on('message', async (order: KeeperOrder) => {
  switch (order.kind) {
    case 'leap':
      time.leap(order.ms);
      return tell({ kind: 'idle', nextAt: await time.idle() });
    case 'count': {
      global.gc?.();
      const { heapUsed, external } = process.memoryUsage();
      const views = core.keepers.map((keeper) => keeper.view());
      return tell({
        kind: 'counts',
        timers: time.pendingTimers(),
        commands: [...time.commands()],
        heapBytes: heapUsed + external,
        healthy: views.filter(({ state }) => state?.state === 'HEALTHY').length,
        refreshes,
      });
    }
    case 'stop':
      await engine.stop();
      process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
