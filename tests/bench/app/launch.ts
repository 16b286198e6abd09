/** Starts the product or the blank app on a bare desktop, with as little around it as both can do with. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startProcess } from '../../../scripts/child-process.ts';
import { until } from '../../support/poll.ts';
import type { TrayHost } from '../../support/tray-host.ts';

export interface Candidate {
  readonly name: 'blank' | 'ours';
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
  /** From the start of the process to its icon's registration at the tray. */
  readonly trayMs: number;
  /** Its window, and when it first painted content; only where it was started with one. */
  readonly window: { readonly page: Page; readonly paintMs: number } | null;
  stop(): Promise<void>;
}

/** What one candidate keeps between its starts, so that the second and later ones are a user's everyday. */
export async function makeHome(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
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
  await until(async () => (await tray.items()).length === 0, { timeoutMs: 10_000, what: 'an empty tray' });
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
  };
  try {
    await until(async () => (await tray.items()).length > 0, {
      timeoutMs: 30_000,
      what: `the tray icon of ${candidate.name}`,
      everyMs: 2,
    });
    const trayMs = Date.now() - startedAt;
    if (!withWindow) return { pid: app.pid, trayMs, window: null, stop };
    browser = await attach(logFile);
    const page = await pageOf(browser);
    const paintedAt = await until(() => firstPaintOf(page), { timeoutMs: 20_000, what: 'the first paint' });
    return { pid: app.pid, trayMs, window: { page, paintMs: paintedAt - startedAt }, stop };
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

/** Epoch ms by Chromium's own account, so that attaching costs the measured time nothing. */
async function firstPaintOf(page: Page): Promise<number | null> {
  return await page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return paint ? performance.timeOrigin + paint.startTime : null;
  });
}
