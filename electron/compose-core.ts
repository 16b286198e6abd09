/** Builds what the desktop app and the command line share, out of adapters. Nothing here may import Electron. */
import path from 'node:path';
import type { Code } from '../shared/codes.ts';
import type { Configuration, MallConfiguration } from '../shared/configuration.ts';
import type { Locale } from '../shared/locale.ts';
import { createAdminApi } from './adapters/admin-api.ts';
import { createClock, type KeptClock } from './adapters/clock.ts';
import type { DataFolder } from './adapters/data-folder.ts';
import type { Surroundings } from './adapters/environment.ts';
import { readIdentity } from './adapters/identity.ts';
import { createJournal } from './adapters/journal/journal.ts';
import { loadConfiguration } from './adapters/load-configuration.ts';
import { createLocalStore } from './adapters/local-store/local-store.ts';
import { createLog } from './adapters/log/create-log.ts';
import { learnConfiguration } from './adapters/log/learn-configuration.ts';
import { createRedactor, type Redactor } from './adapters/log/redactor.ts';
import { createNetwork, type Network } from './adapters/network/network.ts';
import { createTrust, systemRoots } from './adapters/network/roots.ts';
import { environmentRoutes, type Routes } from './adapters/network/routes.ts';
import { createRedisStore } from './adapters/redis/redis-store.ts';
import { createRefusedStore } from './adapters/refused-store.ts';
import { createSealings } from './adapters/sealing/sealing.ts';
import type { SecretVault } from './adapters/secrets/secret-vault.ts';
import type { SettingsReading } from './adapters/settings/settings-file.ts';
import { realTimers } from './adapters/timers.ts';
import { createTokenEndpoint } from './adapters/token-endpoint.ts';
import { composeWarnings } from './compose-warnings.ts';
import type { Alerter } from './core/alerter.ts';
import { endAll } from './core/end-all.ts';
import { fingerprintOf } from './core/hash.ts';
import { createKeeper, type Keeper } from './core/keeper.ts';
import type {
  AdminApi,
  AlertLedger,
  Identity,
  Journal,
  Log,
  Notifier,
  TokenEndpoint,
  TokenStore,
} from './ports.ts';

export interface CoreConditions extends Surroundings {
  readonly dataFolder: DataFolder;
  readonly settings: SettingsReading;
  readonly vault: SecretVault;
  /** Never redeem a refresh token: only read, warn, record (`--ephemeral`). */
  readonly ephemeral: boolean;
  /** Whoever asks for the state: what is due is shown as due, and left to others. */
  readonly onlyLooks?: boolean;
  readonly logging: Logging;
  /** By which way https hosts are reached; as the environment's proxy variables say where absent. */
  readonly routes?: Routes;
  /** The language of warnings. */
  locale(): Locale;
  /** Ways to reach a person that only this program has: the desktop's own notices. */
  readonly ownNotifiers?: readonly Notifier[];
  /** Puts something between the core and these ports; they are used as they are where it is absent. */
  readonly through?: (ports: TokenPorts) => TokenPorts;
}

/** The one logger of a program, and what it must never say. */
export interface Logging {
  readonly log: Log;
  readonly redactor: Redactor;
}

/** A data folder that keeps nothing gets no log file. */
export function openLogging(
  { folder, keeps }: DataFolder,
  program: { name: string; console: boolean },
): Logging {
  const redactor = createRedactor();
  return {
    redactor,
    log: createLog({ folder: keeps ? path.join(folder, 'logs') : null, redactor, ...program }),
  };
}

/** The ports that a token set passes on its way: what happens between two of their calls is arithmetic. */
export interface TokenPorts {
  readonly store: TokenStore;
  readonly journal: Journal;
  readonly endpoint: TokenEndpoint;
}

/** Everything app and command line share. */
export interface Core {
  readonly configuration: Configuration;
  readonly dataFolder: DataFolder;
  readonly identity: Identity;
  readonly clock: KeptClock;
  readonly store: TokenStore;
  readonly keepers: readonly Keeper[];
  /** The channels that are configured. */
  readonly notifiers: readonly Notifier[];
  alerterOf(mall: string): Alerter;
  readonly api: AdminApi;
  readonly network: Network;
  readonly log: Log;
  /** Lets what is in flight end, then closes every connection. */
  stop(): Promise<void>;
}

/** A name that cannot be reached stands in where no origin may be used; nothing is ever sent to it. */
const NO_ORIGIN = 'https://refused.invalid';

export async function composeCore(conditions: CoreConditions): Promise<Core> {
  const { dataFolder } = conditions;
  const { folder, keeps } = dataFolder;
  const { log, redactor } = conditions.logging;
  const configuration = await loadConfiguration({
    ...conditions,
    dataFolder: folder,
    secrets: conditions.vault,
  });
  learnConfiguration(redactor, configuration);
  for (const { code, name } of configuration.problems) log.warn('config', code, name);

  const identity = await readIdentity(folder, keeps);
  const apiOrigin = configuration.apiOrigin ?? NO_ORIGIN;
  const isOriginRefused = configuration.apiOrigin === null;
  const network = createNetwork({
    routes: conditions.routes ?? environmentRoutes(conditions.env),
    trust: createTrust(() => systemRoots({ env: conditions.env, platform: process.platform, log })),
  });
  const clock = createClock({
    apiOrigin,
    network,
    mall: () => (isOriginRefused ? null : (configuration.malls[0]?.mall ?? null)),
    simulator: configuration.simulator,
    storeTime: async () => {
      const [mall] = configuration.malls;
      const view = mall ? await store.read(mall.mall) : null;
      return view?.ok && configuration.store.kind === 'redis' ? view.value.at : null;
    },
    timers: realTimers,
    log,
  });
  const sealing = createSealings({
    folder: path.join(folder, 'keys'),
    log,
    secrets(mall) {
      const found = configuration.malls.find((each) => each.mall === mall);
      if (!found) throw new Error(`no secrets for ${mall}`);
      return [...(found.clientSecret === null ? [] : [found.clientSecret]), ...found.formerSecrets];
    },
  });
  const opened = openStore();
  const ports: TokenPorts = {
    store: opened,
    journal: createJournal({ folder: path.join(folder, 'journal'), sealing, log }),
    endpoint: createTokenEndpoint({ apiOrigin, network, onDate: clock.heard }),
  };
  const { store, journal, endpoint } = conditions.through?.(ports) ?? ports;
  const keepers = configuration.malls.map((mall) =>
    createKeeper({
      mall: mall.mall,
      clock,
      timers: realTimers,
      store,
      journal,
      endpoint,
      identity,
      log,
      client: () => clientOf(mall),
      fingerprintOf,
      mayNotRedeem: () => whyNotRedeem(mall),
      onlyLooks: conditions.onlyLooks ?? false,
      isClockTrusted: () => clock.isTrusted(),
      learn: redactor.learnToken,
    }),
  );
  const { notifiers, alerters } = await composeWarnings({
    configuration,
    folder,
    clock,
    shared: opened,
    identity,
    log,
    network,
    keepers,
    own: conditions.ownNotifiers ?? [],
    locale: () => conditions.locale(),
  });
  const forget = [
    store.onChanged((mall) => void keepers.find((keeper) => keeper.mall === mall)?.look()),
    store.onReachable(() => {
      for (const keeper of keepers) void keeper.wake();
    }),
  ];
  const stopClock = await clock.start();

  function openStore(): TokenStore & AlertLedger {
    switch (configuration.store.kind) {
      case 'redis':
        return createRedisStore({
          url: configuration.store.url,
          clock,
          log,
          trust: network.secureContext,
        });
      case 'local':
        return createLocalStore({
          folder: path.join(folder, 'store'),
          sealing,
          clock,
          log,
          identity,
          timers: realTimers,
        });
      case 'refused':
        return createRefusedStore(configuration.store.code);
    }
  }

  function whyNotRedeem({ paused }: MallConfiguration): Code | null {
    if (isOriginRefused) return 'config.origin_refused';
    if (conditions.ephemeral || !keeps) return 'keeper.read_only';
    return paused ? 'keeper.paused' : null;
  }

  return {
    configuration,
    dataFolder,
    identity,
    clock,
    store,
    keepers,
    notifiers,
    alerterOf(mall) {
      const alerter = alerters.get(mall);
      if (!alerter) throw new Error(`no alerter for ${mall}`);
      return alerter;
    },
    api: createAdminApi({ apiOrigin, network }),
    network,
    log,
    async stop() {
      stopClock();
      for (const remove of forget) remove();
      await endAll(
        () => [...alerters.values(), ...keepers].map((each) => each.stop()),
        () => [store.close()],
      );
    },
  };
}

function clientOf({ mall, clientId, clientSecret }: MallConfiguration) {
  return clientId === null || clientSecret === null ? null : { mall, clientId, clientSecret };
}
