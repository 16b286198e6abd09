/** What a person sees once the program runs: tray, window and the bridge between them and the program. */
import path from 'node:path';
import { app, ipcMain, Notification, powerMonitor, protocol, session } from 'electron';
import { unreachable } from '../shared/result.ts';
import { type TrayAction, trayViewOf } from '../shared/tray-view.ts';
import { APP_PAGE } from './adapters/app-scheme.ts';
import { registerIpc } from './adapters/ipc.ts';
import { registerLateClicks } from './adapters/os-notice.ts';
import { registerNavigationGuard } from './adapters/permissions.ts';
import { registerPower } from './adapters/power.ts';
import { shrinkHeap } from './adapters/small-heap.ts';
import { realTimers, repeat } from './adapters/timers.ts';
import type { TrayIcon } from './adapters/tray/tray.ts';
import type { TrayHost } from './adapters/tray/tray-host.ts';
import { createStatusWindow } from './adapters/window/window.ts';
import { createWindowSession } from './adapters/window/window-session.ts';
import { TimeoutError, within } from './adapters/within.ts';
import type { App, CoreIntent } from './core/presenter.ts';

/** Quitting waits this long for a running refresh; what is unfinished then is in the journal (failures, row 25). */
const STOP_WITHIN_MS = 20_000;
/** Tooltip and menu say how much time is left, in hours and minutes. */
const TRAY_REFRESH_MS = 30_000;
/** Started at login, a panel may come up after us. */
const PANEL_GRACE_MS = 30_000;
/** The first look at the shops, and the end of a window's process, are over by then. */
const SETTLED_MS = 3_000;

const { platform } = process;
const distFolder = path.join(import.meta.dirname, '..');

export interface ShellParts {
  readonly core: App;
  readonly host: TrayHost;
  /** Shown already; what it says is the program's from now on. */
  readonly tray: TrayIcon;
  /** A person asked for the window while the program started. */
  readonly isWindowAskedFor: boolean;
  /** Started at login: no window. */
  readonly startsHidden: boolean;
}

export interface Shell {
  /** A click in the tray's menu. */
  act(action: TrayAction): void;
  showWindow(): void;
  stop(): Promise<void>;
}

/** Tray, window and the bridge between them and the program. */
export function startShell({ core, host, tray, isWindowAskedFor, startsHidden }: ShellParts): Shell {
  const { log, notices } = core;
  log.info('app', `started ${app.getVersion()} on Electron ${process.versions.electron}, ${platform}`);
  core.knowTray(host.isThere);

  const forgetGuard = registerNavigationGuard(app, log);
  const windowSession = createWindowSession({
    session: () => session.defaultSession,
    protocol,
    folder: path.join(distFolder, 'renderer'),
    mayShowNotice: notices.mayShow,
    log,
  });

  let cancelShrinking = (): void => {};
  const shrinkOnceSettled = (): void => {
    cancelShrinking();
    cancelShrinking = realTimers.after(SETTLED_MS, shrinkHeap);
  };
  shrinkOnceSettled();

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
    onGivenUp: shrinkOnceSettled,
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
    () => cancelShrinking(),
    tray.destroy,
    window.destroy,
    host.stop,
    windowSession.close,
    forgetGuard,
  ];

  if (isWindowAskedFor || (!startsHidden && (isFirstStart || !host.isThere()))) window.show();
  return {
    act,
    showWindow: () => window.show(),
    async stop() {
      for (const teardown of teardowns) teardown();
      log.info('app', 'quitting');
      await within(STOP_WITHIN_MS, core.stop(), realTimers).catch((error: unknown) => {
        if (!(error instanceof TimeoutError)) throw error;
        log.warn('app', 'quit without waiting any longer; the journal knows what was unfinished');
      });
    },
  };
}
