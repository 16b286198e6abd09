/** Starts the product or the blank app on a bare desktop, with as little around it as both can do with. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startProcess } from '../../../scripts/child-process.ts';
import { until } from '../../support/poll.ts';
import type { TrayHost } from '../../support/tray-host.ts';

/** A window is painted by then; to look at it earlier would take the processor away that paints it. */
const UNWATCHED_MS = 3_000;

export interface Candidate {
  /** `ownPage`: the blank app with the product's page in its window. */
  readonly name: 'blank' | 'ownPage' | 'ours';
  /** Holds the `package.json` that names the entry. */
  readonly appFolder: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Surroundings {
  readonly executable: string;
  readonly desktopEnv: Readonly<Record<string, string>>;
  readonly tray: TrayHost;
}

export interface LaunchedApp {
  readonly pid: number;
  /** From the start of the process to its icon's registration at the tray; null where it was started with its window. */
  readonly trayMs: number | null;
  /** Only where it was started with one. */
  readonly window: LaunchedWindow | null;
  stop(): Promise<void>;
}

export interface LaunchedWindow {
  readonly page: Page;
  /** From the start of the process to the first paint of content. */
  readonly paintMs: number;
  /** To the last time that something larger than all before was painted: the page as it then stays. */
  readonly completeMs: number;
}

/** What one candidate keeps between its starts, so that the second and later ones are a user's everyday. */
export interface Home {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function makeHome(): Promise<Home> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-app-'));
  await mkdir(path.join(folder, 'cwd'));
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

export async function launch(
  candidate: Candidate,
  home: string,
  surroundings: Surroundings,
  withWindow: boolean,
): Promise<LaunchedApp> {
  const { executable, desktopEnv, tray } = surroundings;
  const logFile = path.join(home, `output-${Date.now()}.log`);
  const icons = async () => (await tray.items()).length;
  const others = await icons();
  const startedAt = Date.now();
  const app = await startProcess(
    executable,
    [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${path.join(home, 'profile')}`,
      ...(withWindow ? ['--remote-debugging-port=0'] : ['--hidden']),
      candidate.appFolder,
    ],
    {
      cwd: path.join(home, 'cwd'),
      env: { ...desktopEnv, CAFE24_KEEPER_HOME: path.join(home, 'data'), ...candidate.env },
      logFile,
    },
  );
  let browser: Browser | null = null;
  const stop = async () => {
    await browser?.close().catch(() => {});
    if (!app.hasExited()) app.child.kill('SIGTERM');
    await Promise.race([app.exited, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
    await app.stop(0);
    await until(async () => (await icons()) <= others, { timeoutMs: 10_000, what: 'the end of the icon' });
  };
  try {
    if (withWindow) await pause(UNWATCHED_MS);
    await until(async () => (await icons()) > others, {
      timeoutMs: 30_000,
      what: `the tray icon of ${candidate.name}`,
      everyMs: 2,
    });
    const trayMs = Date.now() - startedAt;
    if (!withWindow) return { pid: app.pid, trayMs, window: null, stop };
    browser = await attach(logFile);
    const page = await pageOf(browser);
    const painted = await until(() => paintsOf(page), { timeoutMs: 20_000, what: 'the first paint' });
    const paintMs = painted.firstAt - startedAt;
    return {
      pid: app.pid,
      trayMs: null,
      window: { page, paintMs, completeMs: painted.largestAt - startedAt },
      stop,
    };
  } catch (error) {
    const said = await readFile(logFile, 'utf8').catch(() => '');
    await stop();
    throw new Error(`${candidate.name} did not start; it said:\n${said.slice(-2_000)}`, { cause: error });
  }
}

async function attach(logFile: string): Promise<Browser> {
  const address = await until(
    async () => /DevTools listening on (ws:\S+)/.exec(await readFile(logFile, 'utf8'))?.[1],
    { timeoutMs: 20_000, what: 'the debugging port' },
  );
  return await chromium.connectOverCDP(address);
}

async function pageOf(browser: Browser): Promise<Page> {
  return await until(() => browser.contexts().flatMap((context) => context.pages())[0], {
    timeoutMs: 20_000,
    what: 'the window',
  });
}

/** Epoch ms by Chromium's own account; null before anything was painted. */
async function paintsOf(
  page: Page,
): Promise<{ readonly firstAt: number; readonly largestAt: number } | null> {
  return await page.evaluate(async () => {
    const [first] = performance.getEntriesByName('first-contentful-paint');
    if (!first) return null;
    const largest = await new Promise<PerformanceEntryList>((resolve) => {
      const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
      observer.observe({ type: 'largest-contentful-paint', buffered: true });
      // A picture drawn in the page itself, alone, is none to Chromium.
      setTimeout(resolve, 500, [first]);
    });
    const at = (entry: PerformanceEntry): number => performance.timeOrigin + entry.startTime;
    return { firstAt: at(first), largestAt: at(largest.at(-1) ?? first) };
  });
}
