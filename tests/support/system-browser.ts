import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findProgram } from '../../scripts/system-packages.ts';
import { until } from './poll.ts';

export interface FakeSystemBrowser {
  /** Goes first on the app's PATH. */
  readonly binFolder: string;
  /** Every URL the app handed to the system's browser so far. */
  opened(): Promise<readonly string[]>;
  /** The first URL after `after` earlier ones. */
  waitForUrl(options?: { readonly after?: number; readonly timeoutMs?: number }): Promise<string>;
}

/** Puts an `xdg-open` into `folder` that only writes down its URL: the test then opens it, or does not. */
export async function fakeSystemBrowser(folder: string): Promise<FakeSystemBrowser> {
  const binFolder = path.join(folder, 'bin');
  const record = path.join(folder, 'opened-urls');
  await mkdir(binFolder, { recursive: true });
  await writeFile(record, '');
  const script = path.join(binFolder, 'xdg-open');
  await writeFile(script, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${record.replaceAll("'", "'\\''")}'\n`);
  await chmod(script, 0o755);
  const opened = async () => (await readFile(record, 'utf8')).split('\n').filter((line) => line !== '');
  return {
    binFolder,
    opened,
    waitForUrl: ({ after = 0, timeoutMs = 20_000 } = {}) =>
      until(async () => (await opened())[after], { timeoutMs, what: "a call of the system's browser" }),
  };
}

export interface BrowserOptions {
  /** The profile: cookies live here. A fresh folder is a fresh person. */
  readonly profile: string;
  /** Keys that https servers of this test may show (`Certificates.publicKeyHash`); all else is checked as ever. */
  readonly trustedKeyHashes?: readonly string[];
  /** Host names that are on this machine: `relay.example.test`, `*.example.test`. */
  readonly localHosts?: readonly string[];
  /** A desktop's environment: then the browser is really on its screen. */
  readonly onDesktop?: Readonly<Record<string, string>>;
  readonly locale?: string;
}

/** Less than a hook of a test may take, so that what hangs is named. */
const START_TIMEOUT_MS = 60_000;

export interface SystemBrowser {
  readonly context: BrowserContext;
  open(url: string): Promise<Page>;
  stop(): Promise<void>;
}

/** Debian's Chromium, driven as a person would. */
export async function startBrowser(options: BrowserOptions): Promise<SystemBrowser> {
  const { trustedKeyHashes = [], localHosts = [] } = options;
  const context = await chromium.launchPersistentContext(options.profile, {
    executablePath: chromiumExecutable(),
    headless: options.onDesktop === undefined,
    timeout: START_TIMEOUT_MS,
    chromiumSandbox: process.getuid?.() !== 0,
    locale: options.locale ?? 'ko-KR',
    ...(options.onDesktop ? { env: { ...options.onDesktop } } : {}),
    args: [
      '--password-store=basic',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(trustedKeyHashes.length > 0
        ? [`--ignore-certificate-errors-spki-list=${trustedKeyHashes.join(',')}`]
        : []),
      ...(localHosts.length > 0
        ? [`--host-resolver-rules=${localHosts.map((host) => `MAP ${host} 127.0.0.1`).join(',')}`]
        : []),
    ],
  });
  return {
    context,
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    stop: () => context.close(),
  };
}

function chromiumExecutable(): string {
  const found = ['chromium', 'chromium-browser', 'google-chrome']
    .map((name) => findProgram(name))
    .find(Boolean);
  if (!found) throw new Error('no Chromium on PATH');
  return found;
}
