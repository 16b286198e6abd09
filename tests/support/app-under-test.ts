import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { startProcess } from '../../scripts/child-process.ts';
import type { Desktop } from '../../scripts/desktop.ts';
import { findRuntime } from '../../scripts/runtime.ts';
import { asUser, giveTo, type OtherUser } from './other-user.ts';
import { until } from './poll.ts';
import type { FakeSystemBrowser } from './system-browser.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const QUIT_TIMEOUT_MS = 10_000;

export interface LaunchOptions {
  readonly desktop: Desktop;
  /** Whose `package.json` names the entry; default: this project, as it was built. */
  readonly appFolder?: string;
  /** A packaged app instead, which brings its own runtime. */
  readonly packagedExecutable?: string;
  /** The `folder` of an earlier launch: the app finds again what it left there. Its owner removes it. */
  readonly folder?: string;
  /** Added to the desktop's environment; `undefined` takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  /** Started as this user, with the OS sandbox on, instead of as whoever runs the tests. Needs root. */
  readonly user?: OtherUser;
  /** Its `xdg-open` goes first on PATH. */
  readonly systemBrowser?: FakeSystemBrowser;
}

export interface AppUnderTest {
  readonly pid: number;
  /** Holds all that belongs to this app: data, Electron's profile, its working folder. */
  readonly folder: string;
  /** CAFE24_KEEPER_HOME. */
  readonly dataFolder: string;
  readonly logFile: string;
  /** What it has written to stdout and stderr so far, Chromium's noise included. */
  output(): Promise<string>;
  /** Its windows, hidden ones too. */
  windows(): readonly Page[];
  waitForWindow(options?: {
    readonly timeoutMs?: number;
    readonly where?: (page: Page) => boolean | Promise<boolean>;
  }): Promise<Page>;
  hasExited(): boolean;
  readonly exited: Promise<void>;
  /** Asks it to quit, as the session's end does; kills it after 10 s. */
  quit(): Promise<void>;
  /** SIGKILL for it and all its processes: a crash. */
  crash(): Promise<void>;
  /** `quit`, and its folder is removed if the launch made it. */
  stop(): Promise<void>;
}

/**
 * Starts the app as its users' systems do, on a desktop of its own. Windows are seen through Chromium's debugging
 * port, so that nothing inside the app serves tests and a packaged app with its fuses blown runs just so.
 */
export async function launchApp(options: LaunchOptions): Promise<AppUnderTest> {
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'app-')));
  const dataFolder = path.join(folder, 'data');
  // An empty working folder: a developer's own .env stays out.
  const workingFolder = path.join(folder, 'cwd');
  await mkdir(workingFolder, { recursive: true });
  const logFile = path.join(folder, `output-${Date.now()}.log`);
  const executable = options.packagedExecutable ?? (await findRuntime()).executable;
  const args = [
    // Chromium's sandbox refuses to run as root; as an ordinary user it stays on.
    ...(process.getuid?.() === 0 && !options.user ? ['--no-sandbox'] : []),
    `--user-data-dir=${path.join(folder, 'profile')}`,
    '--remote-debugging-port=0',
    ...(options.args ?? []),
    ...(options.packagedExecutable ? [] : [options.appFolder ?? PROJECT]),
  ];
  if (options.user) await giveTo(options.user, folder);
  const [command, argv] = options.user ? asUser(options.user, executable, args) : [executable, args];
  const app = await startProcess(command, argv, {
    cwd: workingFolder,
    env: environmentOf(options, dataFolder),
    logFile,
  });
  const output = () => readFile(logFile, 'utf8');
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    // The leader alone: Electron ends its helpers in order, and takes their sudden death for a crash.
    if (signal === 'SIGTERM' && !app.hasExited()) app.child.kill(signal);
    await Promise.race([app.exited, waitAtMost(signal === 'SIGTERM' ? QUIT_TIMEOUT_MS : 0)]);
    await app.stop(0);
  };
  const removeOwnFolder = async () => {
    if (options.folder === undefined) {
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    }
  };
  try {
    const context = await connect(output, app.hasExited);
    return {
      pid: app.pid,
      folder,
      dataFolder,
      logFile,
      output,
      windows: () => context.pages(),
      waitForWindow: ({ timeoutMs = 20_000, where = () => true } = {}) =>
        until(
          async () => {
            for (const page of context.pages()) if (await where(page)) return page;
            return undefined;
          },
          { timeoutMs, what: "the app's window" },
        ),
      hasExited: app.hasExited,
      exited: app.exited,
      quit: () => end('SIGTERM'),
      crash: () => end('SIGKILL'),
      async stop() {
        await end('SIGTERM');
        await removeOwnFolder();
      },
    };
  } catch (error) {
    const said = await output();
    await end('SIGKILL');
    await removeOwnFolder();
    throw new Error(`the app did not start; it said:\n${said.slice(-4_000)}`, { cause: error });
  }
}

function environmentOf(options: LaunchOptions, dataFolder: string): Record<string, string | undefined> {
  const { desktop, systemBrowser } = options;
  const searchPath = [systemBrowser?.binFolder, desktop.env.PATH].filter(Boolean).join(path.delimiter);
  return { ...desktop.env, PATH: searchPath, CAFE24_KEEPER_HOME: dataFolder, ...options.env };
}

async function connect(output: () => Promise<string>, hasExited: () => boolean): Promise<BrowserContext> {
  const address = await until(
    async () => {
      const listening = /DevTools listening on (ws:\S+)/.exec(await output());
      return listening?.[1] ?? (hasExited() && 'exited');
    },
    { timeoutMs: 30_000, what: "the app's debugging port" },
  );
  if (address === 'exited') throw new Error('it exited');
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (!context) throw new Error('it has no browser context');
  return context;
}

function waitAtMost(timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeMs).unref();
  });
}
