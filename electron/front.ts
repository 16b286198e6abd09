/**
 * The window and the way its page asks, which are there before the program: a page that is early shows the product's
 * mark, and its first question waits for the program's answer.
 */
import path from 'node:path';
import { app, ipcMain, protocol, session } from 'electron';
import { INTENT_CHANNEL } from '../shared/ipc.ts';
import { APP_PAGE } from './adapters/app-scheme.ts';
import type { IntentAnswers } from './adapters/ipc.ts';
import { registerNavigationGuard } from './adapters/permissions.ts';
import { realTimers } from './adapters/timers.ts';
import { createStatusWindow, type StatusWindow } from './adapters/window/window.ts';
import { createWindowSession } from './adapters/window/window-session.ts';
import type { ShellMemory, WindowPlace } from './core/presenter.ts';
import type { Log } from './ports.ts';

/** What the window asks of the program, and tells it. */
export interface WindowProgram {
  readonly memory: ShellMemory;
  readonly answers: IntentAnswers;
  mayShowNotice(): boolean;
  onClosedToTray(): void;
  onListening(): void;
  onLost(): void;
  onGivenUp(): void;
}

export interface Front {
  readonly window: StatusWindow;
  /** Settles when the window's page was painted for the first time. */
  readonly painted: Promise<void>;
  /** From now on there is a program; to be called once. */
  serve(program: WindowProgram): void;
  /** May be called again. */
  stop(): void;
}

export function createFront(options: {
  readonly distFolder: string;
  /** Where the window opens while there is no program that knows. */
  readonly place: WindowPlace | null;
  readonly hasTray: () => boolean;
  readonly log: Log;
}): Front {
  const { distFolder, place, hasTray, log } = options;
  let program: WindowProgram | null = null;
  const arrival = createGate<WindowProgram>();
  const firstPaint = createGate<void>();

  const forgetGuard = registerNavigationGuard(app, log);
  const windowSession = createWindowSession({
    session: () => session.defaultSession,
    protocol,
    folder: path.join(distFolder, 'renderer'),
    mayShowNotice: () => program?.mayShowNotice() === true,
    log,
  });
  const window = createStatusWindow({
    address: APP_PAGE,
    beforeMaking: windowSession.open,
    preload: path.join(distFolder, 'preload', 'preload.cjs'),
    icon: path.join(distFolder, 'icons', 'app-256.png'),
    memory: {
      windowPlace: () => (program ? program.memory.windowPlace() : place),
      keepWindowPlace: (kept) => program?.memory.keepWindowPlace(kept),
    },
    timers: realTimers,
    log,
    developerTools: !app.isPackaged,
    hasTray,
    onPainted: firstPaint.open,
    onClosedToTray: () => program?.onClosedToTray(),
    onListening: () => program?.onListening(),
    onLost: () => program?.onLost(),
    onGivenUp: () => program?.onGivenUp(),
  });
  ipcMain.handle(INTENT_CHANNEL, async (event, ...args: unknown[]) =>
    (await arrival.opened).answers(event, args),
  );

  return {
    window,
    painted: firstPaint.opened,
    serve(arrived) {
      program = arrived;
      arrival.open(arrived);
    },
    stop() {
      ipcMain.removeHandler(INTENT_CHANNEL);
      window.destroy();
      windowSession.close();
      forgetGuard();
    },
  };
}

/** Who waits for `opened` goes on once `open` is called. */
function createGate<T>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
