/** Builds the desktop app: Electron's adapters around what it shares with the command line (`compose-core.ts`). */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { app, clipboard, Notification, safeStorage, shell } from 'electron';
import { localeOf } from '../shared/locale.ts';
import { done, failed } from '../shared/result.ts';
import type { Settings } from '../shared/settings-schema.ts';
import { createBrowser } from './adapters/browser.ts';
import { clipboardOf } from './adapters/clipboard.ts';
import { createClosingNote } from './adapters/closing-note.ts';
import { openDataFolder } from './adapters/data-folder.ts';
import { diskCodeOf, writeDurably } from './adapters/durable-file.ts';
import { readEnvText } from './adapters/environment.ts';
import { createHistoryFile, removeHistory } from './adapters/history/history-file.ts';
import { readLogTail } from './adapters/log/log-tail.ts';
import { createLoginItem } from './adapters/login-item.ts';
import type { Network } from './adapters/network/network.ts';
import { systemRoutes } from './adapters/network/routes.ts';
import { mainNoticesOf, osNotifierOf } from './adapters/os-notice.ts';
import { packedFilesIn } from './adapters/packed-files.ts';
import { createRedirectServers } from './adapters/redirect-server/redirect-servers.ts';
import { tryRedis } from './adapters/redis/try-redis.ts';
import { probeRelay } from './adapters/relay-probe.ts';
import { createReleaseFeed } from './adapters/release-feed.ts';
import { boundedKeyring } from './adapters/secrets/bounded-keyring.ts';
import { createKeyringVault, VAULT_FILE } from './adapters/secrets/keyring-vault.ts';
import { rememberClientSecret } from './adapters/secrets/known-secrets.ts';
import { keyringOf } from './adapters/secrets/safe-storage.ts';
import { openSettings } from './adapters/settings/electron-store-settings.ts';
import { systemFactsOf } from './adapters/system-facts.ts';
import { realTimers } from './adapters/timers.ts';
import { type Core, composeCore, openLogging } from './compose-core.ts';
import { createApp } from './core/app.ts';
import { orEnd } from './core/end-all.ts';
import { createEngine, type Engine } from './core/engine.ts';
import { createNoticeDesk } from './core/os-notice.ts';
import type { Compose } from './core/presenter.ts';
import { createReauthorizer } from './core/reauthorizer.ts';
import type { Randomness } from './ports.ts';

const { platform } = process;
const LOG_NAME = 'keeper';
/** Enough for the last hour of an ordinary day; a person must still be able to read it before it is copied. */
const LOG_LINES_SHOWN = 60;

/**
 * Shows a file in the desktop's file manager. On Linux its folder: without a file manager on the session bus, Electron's
 * own call opens the folder above it, or nothing (https://github.com/electron/electron/issues/51846).
 */
function showFile(file: string): void {
  if (platform === 'linux') void shell.openPath(path.dirname(file));
  else shell.showItemInFolder(file);
}

const random: Randomness = { token: (bytes) => randomBytes(bytes).toString('base64url') };

export const compose: Compose = async (conditions) => {
  const dataFolder = await openDataFolder(conditions.dataFolder);
  const settings = openSettings(conditions.dataFolder, Date.now());
  const keyring = boundedKeyring(keyringOf(safeStorage, platform), realTimers);
  const vault = createKeyringVault({
    keyring,
    file: dataFolder.keeps ? path.join(dataFolder.folder, VAULT_FILE) : null,
    write: async (file, text) => {
      try {
        await writeDurably(file, text);
        return done(undefined);
      } catch (error) {
        return failed(diskCodeOf(error));
      }
    },
  });
  const logging = openLogging(dataFolder, { name: LOG_NAME, console: !conditions.packaged });
  const { log } = logging;
  const notices = createNoticeDesk({ timers: realTimers, showByMain: mainNoticesOf(Notification), log });
  const locale = () => settings.current().locale ?? localeOf(conditions.systemLanguage);
  /** What a person chose counts now; where the disk does not take it, it is forgotten at the next start. */
  const keep = (change: Partial<Settings>): void => {
    try {
      settings.update(change);
    } catch (error) {
      log.warn('config', `settings.json cannot be written: ${diskCodeOf(error)}`);
    }
  };
  const explainClosing = createClosingNote(Notification);
  const servers = createRedirectServers({ log, locale });
  const browser = createBrowser({
    shell,
    platform,
    searchPath: conditions.env.PATH ?? '',
    log,
  });

  /** The way out by the configuration as it is now. */
  let network: Network | null = null;

  /** Built anew, and the former one ended, whenever the configuration changes; all above outlives that. */
  async function build(onChange: () => void): Promise<Engine> {
    const core = await composeCore({
      ...conditions,
      dataFolder,
      settings: { settings: settings.current(), problems: settings.problems },
      vault,
      ephemeral: false,
      routes: systemRoutes(app, conditions.env, log),
      locale,
      ownNotifiers: [osNotifierOf(notices)],
      logging,
    });
    return orEnd(core, (running) => engineOf(running, onChange));
  }

  async function engineOf(core: Core, onChange: () => void): Promise<Engine> {
    const { configuration, clock } = core;
    network = core.network;
    for (const { mall, clientSecret } of configuration.malls) {
      if (clientSecret !== null) await rememberClientSecret(vault, mall, clientSecret);
    }
    const apiOrigin = configuration.apiOrigin ?? '';
    return createEngine({
      ...core,
      timers: realTimers,
      reauthorizer(keeper, onFlowChange) {
        const mall = configuration.malls.find((each) => each.mall === keeper.mall);
        if (!mall) throw new Error(`no configuration for ${keeper.mall}`);
        const parts = { mall: keeper.mall, keeper, servers, browser, clock, random, log };
        const settingsOf = () => ({ mall, apiOrigin });
        return createReauthorizer({
          ...parts,
          timers: realTimers,
          settings: settingsOf,
          onChange: onFlowChange,
        });
      },
      clipboard: clipboardOf(clipboard),
      book: createHistoryFile({ folder: path.join(dataFolder.folder, 'history'), clock }),
      hostNow: Date.now,
      locale,
      trials: {
        store: (url, mall) => tryRedis(url, mall, { log, trust: core.network.secureContext }),
        page: (uri) => probeRelay(uri, core.network, configuration.simulator),
      },
      onChange,
      stopCore: () => core.stop(),
    });
  }

  function diagnosticsParts() {
    const logFolder = path.join(dataFolder.folder, 'logs');
    let hasTray: () => boolean | null = () => null;
    const { env } = conditions;
    const system = { app, safeStorage, keyring, notification: Notification, env, dataFolder };
    return {
      system: () => systemFactsOf({ ...system, hasTray: () => hasTray() }),
      logTail: () => readLogTail(logFolder, LOG_NAME, LOG_LINES_SHOWN),
      redact: logging.redactor.redact,
      openLogFolder: async () =>
        (await shell.openPath(logFolder)) === '' ? done(undefined) : failed('logs.not_opened'),
      clipboard: clipboardOf(clipboard),
      knowTray(isThere: () => boolean) {
        hasTray = isThere;
      },
    };
  }

  return createApp({
    build,
    timers: realTimers,
    log,
    notices,
    version: conditions.version,
    releaseFeed: () => settings.current().update.feed,
    askReleases: createReleaseFeed(() => network),
    browser,
    memory: {
      windowPlace: () => settings.current().window,
      keepWindowPlace: (window) => keep({ window: { ...window } }),
    },
    locale,
    diagnostics: diagnosticsParts(),
    settings: {
      settings,
      vault,
      loginItem: createLoginItem({ app, platform, env: conditions.env, execPath: process.execPath }),
      readEnv: readEnvText,
      forgetHistory: (mall) => removeHistory(path.join(dataFolder.folder, 'history'), mall),
      dataFolder: dataFolder.folder,
      log,
    },
    onLateSecrets: keyring.onLateAnswer,
    packed: packedFilesIn({
      distFolder: conditions.distFolder,
      downloads: () => app.getPath('downloads'),
      show: showFile,
      log,
    }),
    closedToTray() {
      if (settings.current().closeExplained) return;
      keep({ closeExplained: true });
      explainClosing(locale());
    },
  });
};
