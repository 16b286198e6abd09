import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Intent } from '../../shared/ipc.ts';
import { visibleWindow } from '../e2e/support/app-window.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { setUpWorld } from '../e2e/support/set-up-world.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { canPackageHere, packagesForTests } from '../support/packaged-app.ts';

const APP_PAGE = 'app://keeper/index.html';

/** Lines of the app's log that hold the text. */
async function logged(dataFolder: string, text: string): Promise<number> {
  const log = await readFile(path.join(dataFolder, 'logs/keeper.log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line.includes(text)).length;
}

/** The attack leaves one more such line than there was. */
async function isLogged(dataFolder: string, text: string, attack: () => Promise<void>): Promise<void> {
  const before = await logged(dataFolder, text);
  await attack();
  await eventually(`"${text}" in the log`, async () => (await logged(dataFolder, text)) > before);
}

const JUNK: readonly unknown[] = [
  null,
  undefined,
  0,
  'refresh',
  [],
  {},
  { do: 'explode' },
  { do: 'refresh' },
  { do: 'refresh', mall: '../../etc' },
  { do: 'refresh', mall: 'myshop', extra: 1 },
  { do: 'paste', mall: 'myshop', text: 'x'.repeat(100_000) },
  { do: 'set-locale', locale: '__proto__' },
  { do: 'notice', id: -1, event: 'claim' },
  { do: 'violation', directive: 'script-src\n[store] forged line' },
  { __proto__: { do: 'refresh' }, do: ['refresh'] },
];

describe.skipIf(!canPackageHere())('a page that has been taken over, in the packaged app', () => {
  const world = setUpWorld();
  let app: AppUnderTest;
  let page: Page;
  /** On loopback, so that only the app's own refusal can stop a request; counts what came. */
  let outside: http.Server;
  let outsideOrigin: string;
  let visits = 0;

  /** In a task of the page's own: what the debugger evaluates is exempt from the page's policy. */
  const tries = (attack: string): Promise<string> =>
    page.evaluate(
      (name) =>
        new Promise<string>((resolve) => {
          setTimeout(() => {
            const attempt = {
              fetch: () => fetch(`${Reflect.get(window, 'outside')}/stolen`).then(() => 'fetched'),
              file: () => fetch('file:///etc/passwd').then(() => 'read'),
              image: () =>
                new Promise<string>((done) => {
                  const image = new Image();
                  image.onload = () => done('loaded');
                  image.onerror = () => done('refused');
                  image.src = `${Reflect.get(window, 'outside')}/pixel.png`;
                }),
              // biome-ignore lint/security/noGlobalEval: the attack
              eval: async () => String(eval('1 + 1')),
              script: async () => {
                const script = document.createElement('script');
                script.textContent = 'window.ranInline = true';
                document.head.append(script);
                return String(Reflect.get(window, 'ranInline') ?? 'refused');
              },
              frame: async () => {
                const frame = document.createElement('iframe');
                frame.src = 'https://example.com/';
                document.body.append(frame);
                return 'framed';
              },
              socket: () =>
                new Promise<string>((done) => {
                  const socket = new WebSocket(String(Reflect.get(window, 'outside')).replace('http', 'ws'));
                  socket.onopen = () => done('connected');
                  socket.onerror = () => done('refused');
                }),
            }[name as 'fetch'];
            Promise.resolve()
              .then(attempt)
              .then(resolve, (error: Error) => resolve(error.name));
          });
        }),
      attack,
    );

  beforeAll(async () => {
    outside = http.createServer((_request, response) => {
      visits += 1;
      response.setHeader('Access-Control-Allow-Origin', '*').end('here');
    });
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
    outsideOrigin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
    app = await world().launch({ packagedExecutable: (await packagesForTests()).executable });
    page = await visibleWindow(app);
    await page.evaluate((origin) => Reflect.set(window, 'outside', origin), outsideOrigin);
  });
  afterAll(() => {
    outside?.close();
  });

  test('has nothing of Node, and of the app only three functions', async () => {
    const found = await page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys(window.keeper).sort(),
      isFrozen: Object.isFrozen(window.keeper),
    }));
    expect(found).toEqual({ node: [], bridge: ['onNotice', 'onSnapshot', 'send'], isFrozen: true });
  });

  test.each([
    ['fetch from the network', 'fetch', 'TypeError', 'connect-src'],
    ['read a file', 'file', 'TypeError', 'connect-src'],
    ['tell by an image', 'image', 'refused', 'img-src'],
    ['open a socket', 'socket', 'refused', 'connect-src'],
    ['evaluate a string', 'eval', 'EvalError', 'script-src'],
    ['run a script of its own', 'script', 'refused', 'script-src-elem'],
    ['frame another page', 'frame', 'framed', 'frame-src'],
  ])('cannot %s: the policy refuses, and it is logged', async (_what, attack, outcome, directive) => {
    await isLogged(app.dataFolder, `refused by ${directive}`, async () => {
      expect(await tries(attack)).toBe(outcome);
    });
    expect(visits).toBe(0);
  });

  test('cannot open a window, nor a webview', async () => {
    const before = app.windows().length;
    await isLogged(app.dataFolder, 'refused to open a window', async () => {
      expect(await page.evaluate((to) => window.open(to) === null, outsideOrigin)).toBe(true);
    });
    const webview = await page.evaluate((to) => {
      const element = document.createElement('webview');
      element.setAttribute('src', to);
      document.body.append(element);
      return { loads: 'loadURL' in element, inner: element.shadowRoot !== null };
    }, outsideOrigin);
    expect(webview).toEqual({ loads: false, inner: false });
    expect(app.windows().length).toBe(before);
    expect(visits).toBe(0);
  });

  test('cannot go anywhere else', async () => {
    for (const address of [outsideOrigin, 'file:///etc/passwd', 'data:text/html,hello']) {
      const before = await logged(app.dataFolder, 'refused to navigate');
      await page.evaluate((to) => {
        location.href = to;
      }, address);
      // Chromium itself refuses a page that wants to leave for file: or data:.
      if (address.startsWith('http')) {
        await eventually(
          'the refusal',
          async () => (await logged(app.dataFolder, 'refused to navigate')) > before,
        );
      }
      expect(page.url().split('#')[0]).toBe(APP_PAGE);
    }
    expect(visits).toBe(0);
  });

  test('gets no permission but to notify', async () => {
    await isLogged(app.dataFolder, '] denied ', async () => {
      const answers = await page.evaluate(async () => {
        const outcome = (asked: Promise<unknown>) =>
          asked.then(
            () => 'allowed',
            () => 'refused',
          );
        const place = new Promise((resolve, reject) => {
          navigator.geolocation.getCurrentPosition(resolve, reject);
        });
        return {
          camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
          microphone: await outcome(navigator.mediaDevices.getUserMedia({ audio: true })),
          screen: await outcome(navigator.mediaDevices.getDisplayMedia()),
          place: await outcome(place),
          instruments: await outcome(navigator.requestMIDIAccess()),
          clipboard: await outcome(navigator.clipboard.readText()),
        };
      });
      expect(new Set(Object.values(answers))).toEqual(new Set(['refused']));
    });
  });

  test('gets nothing for junk but a code, and each is logged', async () => {
    for (const junk of JUNK) {
      await isLogged(app.dataFolder, 'refused a call: not an intent', async () => {
        const reply = await page.evaluate((it) => window.keeper.send(it as Intent), junk);
        expect(reply).toEqual({ code: 'internal.error', params: {} });
      });
    }
    expect(await logged(app.dataFolder, 'forged line')).toBe(0);
    expect((await world().simulator.requests()).length).toBe(0);
  });

  test('with the policy out of the way still reaches neither network nor files', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Page.enable');
    await session.send('Page.setBypassCSP', { enabled: true });
    await page.reload();
    await page.evaluate((origin) => Reflect.set(window, 'outside', origin), outsideOrigin);
    await isLogged(app.dataFolder, 'refused a request to http:', async () => {
      expect(await tries('fetch')).toBe('TypeError');
    });
    expect(await tries('file')).toBe('TypeError');
    expect(await tries('image')).toBe('refused');
    await session.send('Page.setBypassCSP', { enabled: false });
    expect(visits).toBe(0);
  });
});

describe.skipIf(!canPackageHere())('what speaks to main without being the window', () => {
  const world = setUpWorld();
  let electron: ElectronApplication;
  let dataFolder: string;

  beforeAll(async () => {
    const folder = await world().newFolder();
    dataFolder = path.join(folder, 'data');
    electron = await _electron.launch({
      executablePath: (await packagesForTests()).inspectable,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${path.join(folder, 'profile')}`,
      ],
      cwd: folder,
      env: { ...world().desktop.env, ...world().shopEnv, CAFE24_KEEPER_HOME: dataFolder },
    });
    await electron.firstWindow();
  });
  afterAll(async () => {
    electron?.process().kill();
    await electron?.close().catch(() => {});
  });

  test('finds the window closed in every way Electron offers', async () => {
    const preferences = await electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Not in Electron's types.
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
  });

  /** Another window with the real preload: what a hole elsewhere would have to make first. */
  const speakFrom = (address: string, frame: 'main' | 'sub') =>
    electron.evaluate(
      async ({ app, BrowserWindow }, { address, frame }) => {
        const window = new BrowserWindow({
          show: false,
          webPreferences: {
            preload: `${app.getAppPath()}/dist/preload/preload.cjs`,
            nodeIntegrationInSubFrames: true,
            sandbox: true,
          },
        });
        try {
          await window.loadURL(address);
          const { mainFrame } = window.webContents;
          if (frame === 'sub') {
            await mainFrame.executeJavaScript(`new Promise((resolve) => {
              const frame = document.createElement('iframe');
              frame.srcdoc = '<p>forged</p>';
              frame.onload = resolve;
              document.body.append(frame);
            }).then(() => {})`);
          }
          const speaker = frame === 'sub' ? mainFrame.frames[0] : mainFrame;
          return await speaker?.executeJavaScript(`window.keeper.send({ do: 'refresh', mall: 'myshop' })`);
        } finally {
          window.destroy();
        }
      },
      { address, frame },
    );

  test('is not believed from another origin', async () => {
    await isLogged(dataFolder, 'refused a call: it has another origin', async () => {
      expect(await speakFrom('data:text/html,<body>', 'main')).toEqual({
        code: 'internal.error',
        params: {},
      });
    });
  });

  test('is not believed from a frame within our own page', async () => {
    await isLogged(dataFolder, 'refused a call: it is not a main frame', async () => {
      expect(await speakFrom(APP_PAGE, 'sub')).toEqual({ code: 'internal.error', params: {} });
    });
  });

  test('finds no other channel to call', async () => {
    const channels = await electron.evaluate(({ ipcMain }) => ({
      handled: [...(ipcMain as unknown as { _invokeHandlers: Map<string, unknown> })._invokeHandlers.keys()],
      // Electron's own stays.
      heard: ipcMain.eventNames().filter((name) => name !== 'error'),
    }));
    expect(channels).toEqual({ handled: ['keeper:intent'], heard: [] });
  });
});

describe.skipIf(!canPackageHere())('the clock hook', () => {
  const world = setUpWorld();

  test('is dead without CAFE24_API_ORIGIN: nobody asks a simulator, and the window counts by this host’s time', async () => {
    const { simulator } = world();
    await simulator.setNow(Date.UTC(2031, 0, 1));
    const app = await world().launch({
      packagedExecutable: (await packagesForTests()).executable,
      env: { CAFE24_API_ORIGIN: undefined, KV_REDIS_URL: undefined },
    });
    const page = await visibleWindow(app);
    const reply = await page.evaluate(() => window.keeper.send({ do: 'subscribe' }));
    expect(reply.snapshot?.simulator).toBe(false);
    expect(Math.abs((reply.snapshot?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await page.locator('header').innerText()).not.toContain('simulator');
    // While it is open: whose work the app is, is shown.
    await page.evaluate(() => {
      location.hash = '#diagnostics';
    });
    await page.locator('[data-testid="licence"]', { hasText: 'react ' }).first().waitFor();
  });
});
