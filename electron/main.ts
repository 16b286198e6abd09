/**
 * The desktop app, from top to bottom: what must be set before Electron is ready, one instance, then the program
 * (`compose`) and the shell around it.
 */
import './adapters/small-heap.ts';
import path from 'node:path';
import { app, dialog, Menu, protocol } from 'electron';
import { localeOf } from '../shared/locale.ts';
import { startingTrayViewOf, type TrayAction } from '../shared/tray-view.ts';
import { APP_SCHEME } from './adapters/app-scheme.ts';
import { placeChromiumProfile } from './adapters/chromium-profile.ts';
import { locateDataFolder } from './adapters/data-folder.ts';
import { createHeldLog } from './adapters/log/held-log.ts';
import { lastWindowPlaceOf } from './adapters/settings/first-sight.ts';
import { claimSingleInstance } from './adapters/single-instance.ts';
import { placeOf, tellFailedStart } from './adapters/start-failure.ts';
import { realTimers } from './adapters/timers.ts';
import { createTrayIcon } from './adapters/tray/tray.ts';
import { type TrayHost, watchTrayHost } from './adapters/tray/tray-host.ts';
import { trayImageLoader } from './adapters/tray/tray-images.ts';
import { within } from './adapters/within.ts';
import type { App } from './core/presenter.ts';
import { createFront, type Front } from './front.ts';
import type { Shell } from './shell.ts';

/** Windows groups notifications and taskbar buttons by it; the installer's shortcut carries the same. */
const APP_USER_MODEL_ID = 'cafe24-token-keeper';

/** Loading the program holds the window up; it waits for the first paint this long. */
const WINDOW_FIRST_MS = 1_000;

/** The desktop takes over an icon, or what was painted, in a few turns of the loop. */
const HANDED_OVER_MS = 60;

/** Quitting waits this long for a start that is under way. */
const START_WITHIN_MS = 20_000;

const { platform } = process;
const distFolder = path.join(import.meta.dirname, '..');
const surroundings = { distFolder, env: process.env, cwd: process.cwd(), packaged: app.isPackaged };
const dataFolder = locateDataFolder(surroundings);
/** Started at login: no window. */
const startsHidden = app.commandLine.hasSwitch('hidden');

interface Running extends Shell {
  readonly core: App;
}

/** The start, once Electron is ready. */
let starting: Promise<void> | null = null;
let running: Running | null = null;
let front: Front | null = null;
let isWindowAskedFor = false;

// A library that waits for a signal, to write what it holds, would end the process with it: what is here first stays.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
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
  onSecondStart: askForWindow,
});
if (isOnlyInstance) {
  // The tray stays when the window goes.
  app.on('window-all-closed', () => {});
  quitInOrder();
  // Not awaited: 'ready' waits for this module to end.
  void app.whenReady().then(() => {
    starting = start();
    starting.catch(giveUp);
  });
} else {
  app.quit();
}

/** Icon and window first: until the program is loaded and has looked, one says "checking", the other shows our mark. */
async function start(): Promise<void> {
  const { log, handOver } = createHeldLog();
  const place = lastWindowPlaceOf(dataFolder);
  let host: TrayHost | null = null;
  const makeFront = () => createFront({ distFolder, place, hasTray: () => host?.isThere() === true, log });
  // Before the icon, whose talk with the panel would hold up the painting.
  const isFirstStart = place === null && !startsHidden;
  if (isFirstStart || isWindowAskedFor) {
    front = makeFront();
    await showWindow(front);
  }
  host = await watchTrayHost({ platform, env: process.env, log });
  const tray = createTrayIcon({
    platform,
    host,
    image: trayImageLoader({ folder: path.join(distFolder, 'icons'), platform, log }),
    log,
    onAction: act,
    onClick: askForWindow,
  });
  tray.render(startingTrayViewOf(localeOf(systemLanguage())));
  front ??= makeFront();
  if (isWindowAskedFor || (!startsHidden && !host.isThere())) await showWindow(front);
  await new Promise<void>((resolve) => {
    realTimers.after(HANDED_OVER_MS, resolve);
  });
  const { compose } = await import('./compose.ts');
  const { startShell } = await import('./shell.ts');
  const core = await compose({
    ...surroundings,
    dataFolder,
    version: app.getVersion(),
    systemLanguage: systemLanguage(),
  });
  handOver(core.log);
  running = { core, ...startShell({ core, host, tray, front }) };
}

function systemLanguage(): string {
  return app.getPreferredSystemLanguages()[0] ?? '';
}

async function showWindow({ window, painted }: Front): Promise<void> {
  window.show();
  await within(WINDOW_FIRST_MS, painted).catch(() => {});
}

function askForWindow(): void {
  isWindowAskedFor = true;
  front?.window.show();
}

function act(action: TrayAction): void {
  if (running) running.act(action);
  else if (action.do === 'open') askForWindow();
  else if (action.do === 'quit') setImmediate(() => app.quit());
}

/**
 * Every way of quitting (menu, signal, end of the session) waits, once, for the program to stop; one that is still
 * starting may have sent a request already, and is started first.
 */
function quitInOrder(): void {
  let phase: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', (event) => {
    if (phase === 'stopped' || starting === null) return;
    event.preventDefault();
    if (phase === 'stopping') return;
    phase = 'stopping';
    within(START_WITHIN_MS, starting, realTimers)
      .then(() => running?.stop())
      .catch((error: unknown) => reportBug('stopping failed', error))
      .finally(() => {
        phase = 'stopped';
        // It would hold the quitting up; there is still one where the start itself came to nothing.
        front?.stop();
        app.quit();
      });
  });
}

/** A bug is written down and lived through: the keeper looks at everything anew with its next tick. */
function reportBug(what: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (running) running.core.log.error('app', `${what}: ${stack}`);
  else process.stderr.write(`${what}: ${placeOf(error)}\n`);
}

function giveUp(error: unknown): void {
  reportBug('the app could not start', error);
  const locale = localeOf(systemLanguage());
  tellFailedStart(error, { dialog, platform, env: process.env, locale })
    .catch(() => {})
    .finally(() => app.exit(1));
}
