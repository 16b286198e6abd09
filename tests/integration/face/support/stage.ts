/**
 * The window as it is built, in a real Chromium, before a bridge that plays main: it answers intents, records them and
 * pushes what a test hands it. The page is served under the policy the app's own scheme sends.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, type ConsoleMessage, chromium, type Page } from 'playwright-core';
import { buildIfStale } from '../../../../scripts/build.ts';
import type { Intent, IntentReply } from '../../../../shared/ipc.ts';
import type { Snapshot } from '../../../../shared/snapshot.ts';

/** The folder the window is built into. */
export const WINDOW = path.resolve(import.meta.dirname, '../../../../dist/renderer');
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
  /** Time stands still in the window, but for what `pass` lets pass: no machine is too slow for such a test. */
  readonly timeStands?: boolean;
}

export interface Performance {
  readonly page: Page;
  /** What the window has sent since it opened, without its subscription. */
  sent(): Promise<readonly Intent[]>;
  push(snapshot: Snapshot): Promise<void>;
  /** Lets time pass where it stands. */
  pass(ms: number): Promise<void>;
  /** Errors of the page, violations of the policy among them. */
  readonly errors: readonly string[];
  end(): Promise<void>;
}

export interface Stage {
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
  await buildIfStale();
  const server = await serve(WINDOW);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Root has no user namespaces for the sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    open: createPlaces(browser, origin),
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page that a scene is played on, and with what no page can change later. */
interface Place extends PlaceKind {
  readonly page: Page;
}

interface PlaceKind {
  readonly timezone: string;
  readonly scale: number;
  readonly timeStands: boolean;
}

/**
 * One page after the other plays on the same place where it can: a new one costs a process that has to warm up to React
 * and axe again. Each scene is a document of its own all the same, with its own errors, theme and size.
 */
function createPlaces(browser: Browser, origin: string): (scene: Scene) => Promise<Performance> {
  const idle: Place[] = [];
  let scenes = 0;
  async function placeFor({ timezone, scale, timeStands }: PlaceKind): Promise<Place> {
    const found = idle.find(
      (place) => place.timezone === timezone && place.scale === scale && place.timeStands === timeStands,
    );
    if (found) {
      idle.splice(idle.indexOf(found), 1);
      return found;
    }
    const context = await browser.newContext({ timezoneId: timezone, deviceScaleFactor: scale });
    const page = await context.newPage();
    if (timeStands) {
      await page.clock.install({ time: 0 });
      await page.clock.pauseAt(60_000);
    }
    return { timezone, scale, timeStands, page };
  }
  return async (scene) => {
    const { timezone = 'America/New_York', scale = 1, timeStands = false } = scene;
    const place = await placeFor({ timezone, scale, timeStands });
    const { page } = place;
    const errors: string[] = [];
    const hearError = (error: Error) => errors.push(error.message);
    const hearLine = (message: ConsoleMessage) => {
      if (message.type() === 'error') errors.push(message.text());
    };
    page.on('pageerror', hearError).on('console', hearLine);
    await page.setViewportSize({ width: scene.width ?? 420, height: scene.height ?? 680 });
    await page.emulateMedia({
      colorScheme: scene.theme ?? 'light',
      reducedMotion: scene.reducedMotion ? 'reduce' : 'no-preference',
    });
    const play = await page.addInitScript(playMain, {
      snapshot: scene.snapshot,
      replies: { ...(scene.hash === '#diagnostics' && { licences: builtLicences() }), ...scene.replies },
    });
    scenes += 1;
    // An address of its own: to another hash of the same one there would be no new document.
    await page.goto(`${origin}/index.html?${scenes}${scene.hash ?? ''}`);
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
      async pass(ms) {
        await page.clock.runFor(ms);
        await rendered(page);
      },
      async end() {
        page.off('pageerror', hearError).off('console', hearLine);
        await play.dispose();
        idle.push(place);
      },
    };
  };
}

/** Once React has rendered what it was told so far: it does so by messages to itself, and these come after them. */
export function rendered(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise((resolve) => {
        port1.onmessage = resolve;
      });
      port2.postMessage(null);
      await heard;
      port1.close();
    }
  });
}

/** As main answers: what the build found. */
function builtLicences(): IntentReply {
  const licences = JSON.parse(readFileSync(path.join(WINDOW, '../licences.json'), 'utf8'));
  return { code: null, params: {}, licences };
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
