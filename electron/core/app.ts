/**
 * The desktop app over the core: the pushed snapshot, and what the window and the tray ask for. It outlives every
 * configuration; what depends on one is its engine's.
 */
import type { IntentReply, MallIntent, PackedLicence, SettingsIntent } from '../../shared/ipc.ts';
import type { Locale } from '../../shared/locale.ts';
import type { Result } from '../../shared/result.ts';
import type { Browser, Log, ReleaseFeed, Timers } from '../ports.ts';
import { createDiagnosticsDesk, type DiagnosticsParts } from './diagnostics.ts';
import type { Engine } from './engine.ts';
import type { Outcome } from './keeper-api.ts';
import { takeUpLateSecrets } from './late-secrets.ts';
import { createLiveEngine } from './live-engine.ts';
import type { NoticeDesk } from './os-notice.ts';
import {
  type App,
  type CoreIntent,
  createPresenter,
  type Picture,
  type Presenter,
  type ShellMemory,
} from './presenter.ts';
import { watchReleases } from './release-watch.ts';
import { createSettingsDesk, type SettingsParts } from './settings-desk.ts';

export interface AppParts {
  /** Builds the engine of the configuration as it is now; `onChange` whenever its picture may have changed. */
  build(onChange: () => void): Promise<Engine>;
  readonly timers: Timers;
  readonly log: Log;
  readonly version: string;
  readonly memory: ShellMemory;
  readonly notices: NoticeDesk;
  /** Where newer versions are asked for; null asks nobody. */
  releaseFeed(): string | null;
  readonly askReleases: ReleaseFeed;
  readonly browser: Browser;
  locale(): Locale;
  readonly diagnostics: DiagnosticsParts & { knowTray(isThere: () => boolean): void };
  readonly settings: SettingsParts;
  /** Calls back when the keyring answers after the configuration had to do without it; returns its remover. */
  onLateSecrets(listener: () => void): () => void;
  /** What lies packed beside the program. */
  readonly packed: {
    licences(): Promise<readonly PackedLicence[]>;
    saveRelayPage(): Promise<Result<string>>;
  };
  /** The window was closed and lives on in the tray. */
  closedToTray(): void;
}

export async function createApp(parts: AppParts): Promise<App> {
  const { timers, log } = parts;
  // The first engine may call before anybody can look at it.
  let listening: Presenter | null = null;
  const changed = (): void => listening?.changed();
  const live = await createLiveEngine({
    build: () => parts.build(changed),
    timers,
    log,
    onReplaced: changed,
  });
  const settings = await createSettingsDesk({ ...parts.settings, live, changed });
  const presenter = createPresenter({ look: picture, timers });
  listening = presenter;
  const diagnostics = createDiagnosticsDesk({
    ...parts.diagnostics,
    snapshot: presenter.snapshot,
    storeFacts: () => live.current().storeFacts(),
  });
  const forgetSecrets = takeUpLateSecrets({
    onLateAnswer: parts.onLateSecrets,
    readAgain: settings.readAgain,
    timers,
  });
  const releases = watchReleases({
    feed: parts.releaseFeed,
    ask: parts.askReleases,
    version: parts.version,
    isBusy: () => picture().malls.some(({ busy, flow }) => busy !== null || flow.phase !== 'idle'),
    timers,
    log,
    onChange: changed,
  });

  function picture(): Picture {
    const newer = releases.newer();
    return {
      ...live.current().picture(),
      locale: parts.locale(),
      version: parts.version,
      ...(newer && { release: { version: newer.version, notes: newer.notes } }),
      settings: settings.snapshot(),
    };
  }

  async function handle(intent: CoreIntent): Promise<IntentReply> {
    if (intent.do === 'diagnostics' || intent.do === 'copy-diagnostics' || intent.do === 'open-logs')
      return diagnostics.handle(intent);
    if (intent.do === 'licences') return { ...reply(null), licences: await parts.packed.licences() };
    if (intent.do === 'save-relay-page') {
      const saved = await parts.packed.saveRelayPage();
      return reply(
        saved.ok ? { code: 'relay.saved', params: { path: saved.value } } : { code: saved.code, params: {} },
      );
    }
    if (intent.do === 'open-release') {
      const newer = releases.newer();
      const opened = newer && (await parts.browser.open(newer.url));
      return reply(opened?.ok === false ? { code: opened.code, params: {} } : null);
    }
    if (!isMallIntent(intent)) return settings.handle(intent);
    const engine = await live.settled();
    return (await engine.handle(intent)) ?? reply(null);
  }

  return {
    log,
    memory: parts.memory,
    notices: parts.notices,
    snapshot: presenter.snapshot,
    onSnapshot: presenter.onSnapshot,
    handle,
    closedToTray: parts.closedToTray,
    knowTray: parts.diagnostics.knowTray,
    resume: () => live.current().resume(),
    async stop() {
      releases.stop();
      forgetSecrets();
      await live.stop();
      presenter.stop();
    },
  };
}

/** What is left of the intents: for one shop's tokens, or for the settings. */
function isMallIntent(intent: MallIntent | SettingsIntent): intent is MallIntent {
  switch (intent.do) {
    case 'try-store':
    case 'set-paused':
    case 'remove-shop':
      return false;
    default:
      return 'mall' in intent;
  }
}

function reply(outcome: Outcome | null): IntentReply {
  return outcome ?? { code: null, params: {} };
}
