/**
 * The window as it is built, in a real Chromium, before a bridge that plays main: it answers intents, records them and
 * pushes what a test hands it. The page is served under the policy the app's own scheme sends.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { asShipped } from '../../../../scripts/build.ts';
import type { Intent, IntentReply } from '../../../../shared/ipc.ts';
import type { Snapshot } from '../../../../shared/snapshot.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Scene {
  readonly snapshot: Snapshot;
  /** Answers by intent; the rest is answered with no code. */
  readonly replies?: Partial<Record<Intent['do'], IntentReply>>;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly hash?: string;
  /** What a person does before anybody looks. */
  readonly act?: (page: Page) => Promise<void>;
  readonly reducedMotion?: boolean;
  /** Device pixels per pixel. */
  readonly scale?: number;
  /** The host's zone, which the window must not read. */
  readonly timezone?: string;
}

export interface Performance {
  readonly page: Page;
  /** What the window has sent since it opened, without its subscription. */
  sent(): Promise<readonly Intent[]>;
  push(snapshot: Snapshot): Promise<void>;
  /** Errors of the page, violations of the policy among them. */
  readonly errors: readonly string[];
  end(): Promise<void>;
}

export interface Stage {
  /** The folder the window was built into. */
  readonly outDir: string;
  open(scene: Scene): Promise<Performance>;
  close(): Promise<void>;
}

interface FakeMain {
  readonly sent: Intent[];
  readonly listeners: Set<(snapshot: Snapshot) => void>;
}

declare global {
  interface Window {
    fakeMain: FakeMain;
  }
}

export async function openStage(): Promise<Stage> {
  const outDir = mkdtempSync(path.join(tmpdir(), 'keeper-face-'));
  await buildWindow(outDir);
  const server = await serve(outDir);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Root has no user namespaces for the sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    outDir,
    open: (scene) => open(browser, origin, scene),
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

async function buildWindow(outDir: string): Promise<void> {
  await asShipped(() =>
    build({
      configFile: path.join(root, 'vite.config.ts'),
      logLevel: 'error',
      environments: { client: { build: { outDir, emptyOutDir: true } } },
    }),
  );
}

async function open(browser: Browser, origin: string, scene: Scene): Promise<Performance> {
  const context = await contextFor(browser, scene);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.addInitScript(playMain, { snapshot: scene.snapshot, replies: scene.replies ?? {} });
  await page.goto(`${origin}/index.html${scene.hash ?? ''}`);
  await page.locator('main.window h1').waitFor();
  await scene.act?.(page);
  return {
    page,
    errors,
    sent: () => page.evaluate(() => window.fakeMain.sent.filter((intent) => intent.do !== 'subscribe')),
    push: (snapshot) =>
      page.evaluate((next) => {
        for (const listener of window.fakeMain.listeners) listener(next);
      }, snapshot),
    end: () => context.close(),
  };
}

function contextFor(browser: Browser, scene: Scene): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: scene.width ?? 420, height: scene.height ?? 680 },
    colorScheme: scene.theme ?? 'light',
    reducedMotion: scene.reducedMotion ? 'reduce' : 'no-preference',
    timezoneId: scene.timezone ?? 'America/New_York',
    deviceScaleFactor: scene.scale ?? 1,
  });
}

/** Runs in the page before its own scripts. */
function playMain(play: {
  readonly snapshot: Snapshot;
  readonly replies: Partial<Record<Intent['do'], IntentReply>>;
}): void {
  const fakeMain: FakeMain = { sent: [], listeners: new Set() };
  window.fakeMain = fakeMain;
  Object.defineProperty(window, 'keeper', {
    value: {
      async send(intent: Intent): Promise<IntentReply> {
        fakeMain.sent.push(intent);
        if (intent.do === 'subscribe') return { code: null, params: {}, snapshot: play.snapshot };
        return play.replies[intent.do] ?? { code: null, params: {} };
      },
      onSnapshot(listener: (snapshot: Snapshot) => void) {
        fakeMain.listeners.add(listener);
        return () => fakeMain.listeners.delete(listener);
      },
      onNotice: () => () => {},
    },
  });
}

function serve(dir: string): Promise<Server> {
  const server = createServer((request, response) => {
    const file = path.join(dir, path.normalize(new URL(request.url ?? '/', 'http://localhost').pathname));
    try {
      const body = readFileSync(file);
      const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
    } catch {
      // Chromium asks for a favicon, which the app's window never does.
      response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
