/** What a person sees once the program runs: tray and window, served by the program. */
import { app, Notification, powerMonitor } from 'electron';
import { unreachable } from '../shared/result.ts';
import { type TrayAction, trayViewOf } from '../shared/tray-view.ts';
import { createIntentAnswers } from './adapters/ipc.ts';
import { registerLateClicks } from './adapters/os-notice.ts';
import { registerPower } from './adapters/power.ts';
import { shrinkHeap } from './adapters/small-heap.ts';
import { realTimers, repeat } from './adapters/timers.ts';
import type { TrayIcon } from './adapters/tray/tray.ts';
import type { TrayHost } from './adapters/tray/tray-host.ts';
import { TimeoutError, within } from './adapters/within.ts';
import type { App, CoreIntent } from './core/presenter.ts';
import type { Front } from './front.ts';

/** Quitting waits this long for a refresh; what is unfinished then is in the journal (docs/guarantees.md, row 25). */
const STOP_WITHIN_MS = 20_000;
/** Tooltip and menu say how much time is left, in hours and minutes. */
const TRAY_REFRESH_MS = 30_000;
/** Started at login, a panel may come up after us. */
const PANEL_GRACE_MS = 30_000;
/** The first look at the shops, and the end of a window's process, are over by then. */
const SETTLED_MS = 3_000;

const { platform } = process;

export interface ShellParts {
  readonly core: App;
  readonly host: TrayHost;
  /** Shown already; what it says is the program's from now on. */
  readonly tray: TrayIcon;
  /** There already, and shown where a person is to see it. */
  readonly front: Front;
}

export interface Shell {
  /** A click in the tray's menu. */
  act(action: TrayAction): void;
  stop(): Promise<void>;
}

/** Hands tray and window over to the program. */
export function startShell({ core, host, tray, front }: ShellParts): Shell {
  const { log, notices } = core;
  const { window } = front;
  log.info('app', `started ${app.getVersion()} on Electron ${process.versions.electron}, ${platform}`);
  core.knowTray(host.isThere);

  let cancelShrinking = (): void => {};
  const shrinkOnceSettled = (): void => {
    cancelShrinking();
    cancelShrinking = realTimers.after(SETTLED_MS, shrinkHeap);
  };
  shrinkOnceSettled();

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
    front.stop,
    host.stop,
  ];

  front.serve({
    memory: core.memory,
    answers: createIntentAnswers({
      app: core,
      log,
      onSubscribe: window.subscribe,
      onClose: window.close,
      onNotice: notices.handle,
    }),
    mayShowNotice: notices.mayShow,
    onClosedToTray: core.closedToTray,
    onListening: notices.windowListens,
    onLost: notices.windowLost,
    onGivenUp: shrinkOnceSettled,
  });
  return {
    act,
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
