/**
 * The one window. Closing hides it; hidden for a while it is destroyed, which ends its process and gives the memory
 * back; opened, it is built anew and shown the current snapshot. It holds no state of its own.
 */
import { BrowserWindow, nativeTheme } from 'electron';
import { SNAPSHOT_CHANNEL } from '../../../shared/ipc.ts';
import type { Snapshot } from '../../../shared/snapshot.ts';
import type { WindowPage } from '../../../shared/tray-view.ts';
import type { WindowPlace } from '../../core/presenter.ts';
import type { Log, Timers } from '../../ports.ts';
import { admitRebuild } from './rebuild-limit.ts';
import { backgroundOf, type WindowMaking, windowOptionsOf } from './window-options.ts';

/** Hidden this long, it is given up: longer than a second look takes, short beside a day in the tray. */
const RELEASE_AFTER_MS = 60_000;

export interface StatusWindow {
  /** Brings it up in front, at a page if one is named. */
  show(page?: WindowPage): void;
  /** Brings it up without taking the keyboard: nobody asked for it. */
  showQuietly(): void;
  hide(): void;
  isVisible(): boolean;
  /** These contents ask to be pushed to, until they load anew. */
  subscribe(contentsId: number): void;
  /** Reaches the window only if it is there and has subscribed; a later one gets its snapshot with its subscription. */
  send(snapshot: Snapshot): void;
  /** Closes it for good. */
  destroy(): void;
}

export interface WindowOptions extends WindowMaking {
  readonly address: string;
  readonly timers: Timers;
  readonly log: Log;
  /** Without a tray a hidden window would be out of reach: closing minimizes it then. */
  readonly hasTray: () => boolean;
  /** A person closed the window into the tray. */
  readonly onClosedToTray: () => void;
}

interface Built {
  readonly window: BrowserWindow;
  /** Where it was last; a window that is gone cannot be asked. */
  place: WindowPlace | null;
  isReady: boolean;
  isSubscribed: boolean;
}

type Wish = 'front' | 'quiet' | 'hidden';

export function createStatusWindow(options: WindowOptions): StatusWindow {
  const { address, memory, timers, log, hasTray, onClosedToTray } = options;
  let built: Built | null = null;
  let wish: Wish = 'hidden';
  let page: WindowPage = 'status';
  let rebuilds: readonly number[] = [];
  let cancelRelease: (() => void) | null = null;
  let over = false;

  const build = (): Built => {
    const window = new BrowserWindow(windowOptionsOf(options));
    const notePlace = (): void => {
      made.place = window.getNormalBounds();
    };
    const made: Built = { window, place: null, isReady: false, isSubscribed: false };
    const { webContents } = window;
    window.removeMenu();
    window.once('ready-to-show', () => {
      made.isReady = true;
      reveal();
    });
    window.on('close', (event) => {
      if (over) return;
      event.preventDefault();
      close();
    });
    // The page's own window.close() cannot be held back: the window is gone at once.
    window.on('closed', () => {
      if (built !== made) return;
      keepPlace();
      built = null;
      wish = 'hidden';
      if (hasTray()) onClosedToTray();
    });
    for (const moved of ['move', 'resize', 'show'] as const) window.on(moved as 'move', notePlace);
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) made.isSubscribed = false;
    });
    webContents.on('preload-error', (_event, _file, error) =>
      log.error('window', `preload: ${error.message}`),
    );
    webContents.on('did-fail-load', (_event, code, what, _url, isMainFrame) => {
      if (isMainFrame) log.error('window', `the page did not load: ${what} (${code})`);
    });
    webContents.on('render-process-gone', (_event, { reason }) => {
      log.error('window', `the window's process is gone: ${reason}`);
      // Not from within its own event.
      setImmediate(replace, made);
    });
    window.on('unresponsive', () => {
      log.error('window', 'the window does not respond');
      webContents.forcefullyCrashRenderer();
    });
    load(made);
    return made;
  };

  const load = ({ window }: Built): void => {
    // A failure is told by did-fail-load.
    window.loadURL(`${address}#${page}`).catch(() => {});
  };

  const reveal = (): void => {
    if (!built?.isReady || wish === 'hidden') return;
    const { window } = built;
    if (wish === 'quiet') {
      window.showInactive();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };

  const bringUp = (how: Exclude<Wish, 'hidden'>): void => {
    if (over) return;
    wish = how;
    cancelRelease?.();
    cancelRelease = null;
    built ??= build();
    reveal();
  };

  const close = (): void => {
    if (built && !hasTray()) {
      built.window.minimize();
      return;
    }
    hide();
    onClosedToTray();
  };

  const hide = (): void => {
    wish = 'hidden';
    if (!built) return;
    keepPlace();
    built.window.hide();
    cancelRelease ??= timers.after(RELEASE_AFTER_MS, () => {
      cancelRelease = null;
      release();
    });
  };

  const release = (): void => {
    if (!built) return;
    const { window } = built;
    built = null;
    window.destroy();
  };

  const replace = (gone: Built): void => {
    if (built !== gone) return;
    const wasWanted = wish !== 'hidden';
    release();
    if (!wasWanted || over) return;
    const admitted = admitRebuild(rebuilds, performance.now());
    rebuilds = admitted.history;
    if (admitted.allowed) {
      built = build();
    } else {
      log.error('window', 'the window keeps dying; it is built again on the next click');
      wish = 'hidden';
    }
  };

  /** A disk that does not take it costs the place, not the closing. */
  const keepPlace = (): void => {
    if (!built?.place) return;
    try {
      memory.keepWindowPlace(built.place);
    } catch (error) {
      log.warn('window', `its place was not kept: ${error instanceof Error ? error.message : error}`);
    }
  };

  const followTheme = (): void => built?.window.setBackgroundColor(backgroundOf());
  nativeTheme.on('updated', followTheme);

  return {
    show(asked) {
      if (asked !== undefined && asked !== page) {
        page = asked;
        if (built) load(built);
      }
      bringUp('front');
    },
    showQuietly: () => bringUp('quiet'),
    hide,
    isVisible: () => built?.window.isVisible() === true && !built.window.isMinimized(),
    subscribe(contentsId) {
      if (built?.window.webContents.id === contentsId) built.isSubscribed = true;
    },
    send(snapshot) {
      if (built?.isSubscribed && !built.window.webContents.isCrashed()) {
        built.window.webContents.send(SNAPSHOT_CHANNEL, snapshot);
      }
    },
    destroy() {
      over = true;
      cancelRelease?.();
      nativeTheme.off('updated', followTheme);
      keepPlace();
      release();
    },
  };
}
