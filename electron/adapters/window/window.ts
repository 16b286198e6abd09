/**
 * The one window. Closing hides it; hidden for a while, and not needed for a notice, it is destroyed, which ends its
 * process and gives the memory back; opened, it is built anew and shown the current snapshot. It holds no state of its
 * own.
 */
import { BrowserWindow, nativeTheme } from 'electron';
import { NOTICE_CHANNEL, type NoticeCall, SNAPSHOT_CHANNEL } from '../../../shared/ipc.ts';
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
  /** As its close button: hides it, or minimizes it where no tray could bring it back. */
  close(): void;
  isVisible(): boolean;
  /** These contents ask to be pushed to, until they load anew. */
  subscribe(contentsId: number): void;
  /** Reaches the window only if it is there and has subscribed; a later one gets its snapshot with its subscription. */
  send(snapshot: Snapshot): void;
  /** The same for a notice; a later page says by `onListening` that it is there. */
  sendNotice(call: NoticeCall): void;
  /** While needed it is there, hidden if nobody asked for it, and is not given up. */
  need(needed: boolean): void;
  /** Ends a page that listens but no longer answers; one that is still loading stays. */
  endHung(): void;
  /** Closes it for good. */
  destroy(): void;
}

export interface WindowOptions extends WindowMaking {
  readonly address: string;
  /** Makes ready what a window needs; called before each one. */
  readonly beforeMaking: () => void;
  readonly timers: Timers;
  readonly log: Log;
  /** Without a tray a hidden window would be out of reach: closing minimizes it then. */
  readonly hasTray: () => boolean;
  /** It can be looked at. */
  readonly onPainted: () => void;
  /** A person closed the window into the tray. */
  readonly onClosedToTray: () => void;
  /** A page has subscribed. */
  readonly onListening: () => void;
  /** A page that had subscribed is gone: crashed, closed, released or loading anew. */
  readonly onLost: () => void;
  /** It was hidden long enough and is gone. */
  readonly onGivenUp: () => void;
}

interface Built {
  readonly window: BrowserWindow;
  /** Where it was last; a window that is gone cannot be asked. */
  place: WindowPlace | null;
  /** The hash it is at, by main's wish or by its own links. */
  hash: string;
  isSubscribed: boolean;
}

type Wish = 'front' | 'quiet' | 'hidden';

export function createStatusWindow(options: WindowOptions): StatusWindow {
  const { address, memory, timers, log, hasTray, onClosedToTray, onListening, onLost } = options;
  let built: Built | null = null;
  let wish: Wish = 'hidden';
  let page: WindowPage = 'status';
  let rebuilds: readonly number[] = [];
  let cancelRelease: (() => void) | null = null;
  let needed = false;
  let over = false;

  const build = (): Built => {
    options.beforeMaking();
    const window = new BrowserWindow(windowOptionsOf(options));
    const notePlace = (): void => {
      made.place = window.getNormalBounds();
    };
    const made: Built = { window, place: null, hash: '', isSubscribed: false };
    const { webContents } = window;
    window.removeMenu();
    window.once('ready-to-show', options.onPainted);
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
      lose(made);
      if (needed && !over) built ??= build();
      if (hasTray()) onClosedToTray();
    });
    for (const moved of ['move', 'resize', 'show'] as const) window.on(moved as 'move', notePlace);
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) lose(made);
    });
    webContents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
      if (isMainFrame) made.hash = new URL(url).hash;
    });
    webContents.on('preload-error', (_event, _file, error) =>
      log.error('window', `preload: ${error.message}`),
    );
    webContents.on('did-fail-load', (_event, code, what, _url, isMainFrame) => {
      if (isMainFrame) log.error('window', `the page did not load: ${what} (${code})`);
    });
    webContents.on('render-process-gone', (_event, { reason }) => {
      log.error('window', `the window's process is gone: ${reason}`);
      lose(made);
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

  const load = (loading: Built): void => {
    loading.hash = `#${page}`;
    // A failure is told by did-fail-load.
    loading.window.loadURL(`${address}${loading.hash}`).catch(() => {});
  };

  /** Not only once its page is painted: until then it has the page's colour, and Chromium hurries for what is seen. */
  const reveal = (): void => {
    if (!built || wish === 'hidden') return;
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
    keep();
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
    releaseLater();
  };

  const releaseLater = (): void => {
    if (needed || !built) return;
    cancelRelease ??= timers.after(RELEASE_AFTER_MS, () => {
      cancelRelease = null;
      release();
      options.onGivenUp();
    });
  };

  const keep = (): void => {
    cancelRelease?.();
    cancelRelease = null;
  };

  const lose = (gone: Built): void => {
    if (!gone.isSubscribed) return;
    gone.isSubscribed = false;
    onLost();
  };

  const push = (channel: string, pushed: Snapshot | NoticeCall): void => {
    if (built?.isSubscribed && !built.window.webContents.isCrashed()) {
      built.window.webContents.send(channel, pushed);
    }
  };

  const release = (): void => {
    if (!built) return;
    const gone = built;
    built = null;
    gone.window.destroy();
    lose(gone);
  };

  const replace = (gone: Built): void => {
    if (built !== gone) return;
    release();
    if (over || (wish === 'hidden' && !needed)) return;
    const admitted = admitRebuild(rebuilds, performance.now());
    rebuilds = admitted.history;
    if (admitted.allowed) {
      built ??= build();
      reveal();
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
      if (asked !== undefined) {
        page = asked;
        // At the page already, loading it would build it anew.
        if (built && built.hash !== `#${page}`) load(built);
      }
      bringUp('front');
    },
    showQuietly: () => bringUp('quiet'),
    close,
    isVisible: () => built?.window.isVisible() === true && !built.window.isMinimized(),
    subscribe(contentsId) {
      if (built?.window.webContents.id !== contentsId) return;
      built.isSubscribed = true;
      onListening();
    },
    send: (snapshot) => push(SNAPSHOT_CHANNEL, snapshot),
    sendNotice: (call) => push(NOTICE_CHANNEL, call),
    need(isNeeded) {
      if (over || isNeeded === needed) return;
      needed = isNeeded;
      if (!needed) {
        if (wish === 'hidden') releaseLater();
        return;
      }
      keep();
      built ??= build();
    },
    endHung() {
      if (!built?.isSubscribed) return;
      log.error('window', 'the window does not answer');
      replace(built);
    },
    destroy() {
      over = true;
      keep();
      nativeTheme.off('updated', followTheme);
      keepPlace();
      release();
    },
  };
}
