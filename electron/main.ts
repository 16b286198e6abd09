/**
 * The desktop app, from top to bottom: what must be set before Electron is ready, one instance, then the program
 * (`compose`) and the shell around it.
 */
import './adapters/small-heap.ts';
import path from 'node:path';
import { app, ipcMain, Menu, Notification, powerMonitor, protocol, session } from 'electron';
import { unreachable } from '../shared/result.ts';
import { type TrayAction, trayViewOf } from '../shared/tray-view.ts';
import { APP_PAGE, APP_SCHEME } from './adapters/app-scheme.ts';
import { placeChromiumProfile } from './adapters/chromium-profile.ts';
import { locateDataFolder } from './adapters/data-folder.ts';
import { registerIpc } from './adapters/ipc.ts';
import { registerLateClicks } from './adapters/os-notice.ts';
import { registerNavigationGuard } from './adapters/permissions.ts';
import { registerPower } from './adapters/power.ts';
import { claimSingleInstance } from './adapters/single-instance.ts';
import { realTimers, repeat } from './adapters/timers.ts';
import { createTrayIcon } from './adapters/tray/tray.ts';
import { watchTrayHost } from './adapters/tray/tray-host.ts';
import { trayImageLoader } from './adapters/tray/tray-images.ts';
import { createStatusWindow } from './adapters/window/window.ts';
import { createWindowSession } from './adapters/window/window-session.ts';
import { compose } from './compose.ts';
import type { App, CoreIntent } from './core/presenter.ts';

/** Windows groups notifications and taskbar buttons by it; the installer's shortcut carries the same. */
const APP_USER_MODEL_ID = 'cafe24-token-keeper';
/** Quitting waits this long for a running refresh; what is unfinished then is in the journal (failures, row 25). */
const STOP_WITHIN_MS = 20_000;
/** Tooltip and menu say how much time is left, in hours and minutes. */
const TRAY_REFRESH_MS = 30_000;
/** Started at login, a panel may come up after us. */
const PANEL_GRACE_MS = 30_000;

const { platform } = process;
const distFolder = path.join(import.meta.dirname, '..');
const surroundings = { env: process.env, cwd: process.cwd(), packaged: app.isPackaged };
const dataFolder = locateDataFolder(surroundings);
/** Started at login: no window. */
const startsHidden = app.commandLine.hasSwitch('hidden');

interface Running {
  readonly core: App;
  showWindow(): void;
  stop(): Promise<void>;
}

let running: Running | null = null;
let isWindowAskedFor = false;

process.on('uncaughtException', (error) => reportBug('uncaught error', error));
process.on('unhandledRejection', (reason) => reportBug('unhandled rejection', reason));

// As root Chromium's sandbox does not work and is switched off; insisting on it would end every child process.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setAppUserModelId(APP_USER_MODEL_ID);
app.dock?.hide();
// Without a menu a Mac has no keys for copy and paste; elsewhere there is no menu bar.
Menu.setApplicationMenu(platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'editMenu' }]) : null);
placeChromiumProfile(app, dataFolder);
protocol.registerSchemesAsPrivileged([APP_SCHEME]);

const isOnlyInstance = claimSingleInstance({
  app,
  hidden: startsHidden,
  onSecondStart() {
    isWindowAskedFor = true;
    running?.showWindow();
  },
});
if (isOnlyInstance) {
  // The tray stays when the window goes.
  app.on('window-all-closed', () => {});
  quitInOrder();
  // Not awaited: 'ready' waits for this module to end.
  app.whenReady().then(start).catch(giveUp);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const core = await compose({
    ...surroundings,
    dataFolder,
    version: app.getVersion(),
    systemLanguage: app.getPreferredSystemLanguages()[0] ?? '',
  });
  running = await startShell(core);
}

/** Tray, window and the bridge between them and the program. */
async function startShell(core: App): Promise<Running> {
  const { log, notices } = core;
  log.info('app', `started ${app.getVersion()} on Electron ${process.versions.electron}, ${platform}`);
  const host = await watchTrayHost({ platform, env: process.env, log });
  core.knowTray(host.isThere);

  const forgetGuard = registerNavigationGuard(app, log);
  const windowSession = createWindowSession({
    session: () => session.defaultSession,
    protocol,
    folder: path.join(distFolder, 'renderer'),
    mayShowNotice: notices.mayShow,
    log,
  });

  const isFirstStart = core.memory.windowPlace() === null;
  const window = createStatusWindow({
    address: APP_PAGE,
    beforeMaking: windowSession.open,
    preload: path.join(distFolder, 'preload', 'preload.cjs'),
    icon: path.join(distFolder, 'icons', 'app-256.png'),
    memory: core.memory,
    timers: realTimers,
    log,
    developerTools: !app.isPackaged,
    hasTray: host.isThere,
    onClosedToTray: () => core.closedToTray(),
    onListening: notices.windowListens,
    onLost: notices.windowLost,
  });

  const ask = async (intent: CoreIntent): Promise<void> => {
    const { code } = await core.handle(intent);
    // A click in the tray or on a notice that came to nothing has no other place to say why.
    if (intent.do === 'reauthorize' && code !== null) window.show('status');
  };
  const act = (action: TrayAction): void => {
    switch (action.do) {
      case 'nothing':
        return;
      case 'open':
        window.show(action.page);
        return;
      case 'quit':
        // Once the panel has its answer: the icon's connection ends with it.
        setImmediate(() => app.quit());
        return;
      case 'reauthorize':
      case 'cancel':
      case 'refresh':
        void ask(action);
        return;
      default:
        unreachable(action);
    }
  };
  const tray = createTrayIcon({
    platform,
    host,
    image: trayImageLoader({ folder: path.join(distFolder, 'icons'), platform, log }),
    log,
    onAction: act,
    onClick: () => window.show(),
  });
  const lateClicks = registerLateClicks({
    platform,
    NotificationOfMain: Notification,
    timers: realTimers,
    onLateClick() {
      const [mall, ...others] = core.snapshot().malls;
      if (mall && others.length === 0) void ask({ do: 'reauthorize', mall: mall.mall });
      else window.show('status');
    },
  });
  const renderTray = (): void => tray.render(trayViewOf(core.snapshot()));
  renderTray();

  const teardowns = [
    core.onSnapshot((snapshot) => {
      tray.render(trayViewOf(snapshot));
      window.send(snapshot);
    }),
    repeat(realTimers, TRAY_REFRESH_MS, renderTray),
    registerIpc({
      ipcMain,
      app: core,
      log,
      onSubscribe: window.subscribe,
      onClose: window.close,
      onNotice: notices.handle,
    }),
    notices.serve({
      needWindow: window.need,
      tell: window.sendNotice,
      endHungWindow: window.endHung,
      clicked({ click, mall }) {
        lateClicks.noteClick();
        if (click === 'reauthorize') void ask({ do: 'reauthorize', mall });
        else window.show('status');
      },
    }),
    lateClicks.stop,
    registerPower({
      powerMonitor,
      timers: realTimers,
      log,
      onWake: core.resume,
      onShutdown: () => app.quit(),
    }),
    realTimers.after(PANEL_GRACE_MS, () => {
      if (!host.isThere() && !window.isVisible()) window.showQuietly();
    }),
    tray.destroy,
    window.destroy,
    host.stop,
    windowSession.close,
    forgetGuard,
  ];

  if (isWindowAskedFor || (!startsHidden && (isFirstStart || !host.isThere()))) window.show();
  return {
    core,
    showWindow: () => window.show(),
    async stop() {
      for (const teardown of teardowns) teardown();
      log.info('app', 'quitting');
      const isStopped = await within(STOP_WITHIN_MS, core.stop());
      if (!isStopped)
        log.warn('app', 'quit without waiting any longer; the journal knows what was unfinished');
    },
  };
}

/** Every way of quitting (menu, signal, end of the session) waits, once, for the program to stop. */
function quitInOrder(): void {
  let phase: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', (event) => {
    if (phase === 'stopped' || running === null) return;
    event.preventDefault();
    if (phase === 'stopping') return;
    phase = 'stopping';
    running
      .stop()
      .catch((error: unknown) => reportBug('stopping failed', error))
      .finally(() => {
        phase = 'stopped';
        app.quit();
      });
  });
}

async function within(timeMs: number, work: Promise<void>): Promise<boolean> {
  let cancel = (): void => {};
  const late = new Promise<false>((resolve) => {
    cancel = realTimers.after(timeMs, () => resolve(false));
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    cancel();
  }
}

/** A bug is written down and lived through: the keeper looks at everything anew with its next tick. */
function reportBug(what: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (running) running.core.log.error('app', `${what}: ${stack}`);
  else process.stderr.write(`${what}: ${placeOf(error)}\n`);
}

/** Before there is a logger that redacts, only where it happened is told, not what it said. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error object';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}

function giveUp(error: unknown): void {
  reportBug('the app could not start', error);
  app.exit(1);
}
