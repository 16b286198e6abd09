import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type AppUnderTest, launchApp } from '../tests/support/app-under-test.ts';
import { until } from '../tests/support/poll.ts';
import { observeTray, type TrayHost, type TrayItem } from '../tests/support/tray-host.ts';
import { viewStore } from './demo/command-line.ts';
import { type DefaultBrowser, installDefaultBrowser } from './demo/default-browser.ts';
import { createEvidence, type EvidenceBook } from './demo/evidence.ts';
import { judge } from './demo/judge.ts';
import { openPanelMenu, waitForPanelIcon } from './demo/panel-menu.ts';
import { photograph, visibleWindows } from './demo/screen.ts';
import { connectSimulator } from './demo/simulator-client.ts';
import { type StatusWindow, watchStatusWindow } from './demo/status-window.ts';
import { createTranscript } from './demo/transcript.ts';
import { type Desktop, withDesktop } from './desktop.ts';
import type { Trial } from './trial.ts';

const OUT = path.resolve(import.meta.dirname, '../out/demo');

/** What the operator reads on the menu and presses. The demo speaks the shop operators' language. */
const LANGUAGE = 'ko';
const REAUTHORIZE = '다시 인증';
const OPEN_STATUS = '상태 보기';
const QUIT = '종료';

/** Past half of the access token's two hours and the jitter of five minutes, so that one refresh is due. */
const CLOCK_STEP_MS = 66 * 60_000;
const WITHIN_MS = 30_000;

/**
 * Plays the operator where nobody can see a window. On a panel desktop of its own it connects the trial's shop by the
 * tray's menu and the desktop's default browser, watches one refresh, and quits by the menu. Everything it observes
 * goes to out/demo/transcript.txt, each value with its source, and what it saw to screenshots beside it.
 *
 * @returns the exit code: 0 only if the simulator's record, the store and the window agree with what was done
 */
export async function runDemo(trial: Trial, out: string = OUT): Promise<number> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const transcript = createTranscript((line) => console.log(line));
  const book = createEvidence({
    transcript,
    simulator: connectSimulator(trial.simulatorOrigin),
    store: viewStore(trial),
  });
  try {
    await withDesktop({ kind: 'panel' }, (desktop) => onDesktop({ desktop, trial, book, out }));
    const disagreements = judge(await book.close());
    for (const line of disagreements) transcript.observe('DISAGREES', line, 'all of the above');
    console.log(
      disagreements.length === 0
        ? "The simulator's record, the store and the window agree with what the operator did."
        : 'The run does not add up.',
    );
    return disagreements.length === 0 ? 0 : 1;
  } finally {
    await transcript.save(path.join(out, 'transcript.txt'));
    console.log(`transcript and screenshots: ${out}`);
  }
}

interface Scene {
  readonly desktop: Desktop;
  readonly trial: Trial;
  readonly book: EvidenceBook;
  readonly out: string;
}

interface Stage extends Scene {
  readonly app: AppUnderTest;
  readonly host: TrayHost;
  readonly item: TrayItem;
  readonly window: StatusWindow;
  readonly browser: DefaultBrowser;
}

async function onDesktop(scene: Scene): Promise<void> {
  const { desktop, trial, out } = scene;
  const host = await observeTray(desktop.busAddress);
  const browser = await installDefaultBrowser(desktop, { language: LANGUAGE });
  const app = await launchApp({
    desktop,
    folder: trial.folder,
    env: { ...trial.productEnv, LANG: `${LANGUAGE}_KR.UTF-8` },
  });
  try {
    const item = await host.waitItem({ timeoutMs: WITHIN_MS });
    const stage = { ...scene, app, host, item, browser, window: await watchStatusWindow(app) };
    await seeTheStart(stage);
    await reauthorize(stage);
    await seeTheCountdown(stage, 'window after the consent', '5-connected.png');
    await letTimePass(stage);
    await quit(stage);
  } catch (error) {
    await photograph(desktop.env, path.join(out, 'failed.png'), []).catch(() => {});
    console.error((await app.output()).split('\n').slice(-40).join('\n'));
    throw error;
  } finally {
    await browser.close();
    await app.stop();
    await host.stop();
  }
}

async function seeTheStart(stage: Stage): Promise<void> {
  const { desktop, window, out } = stage;
  await window.waitFor('state', 'data-state', 'NEEDS_REAUTH').then(stage.book.see('window at the start'));
  await stage.book.storeStatus('store at the start');
  await seeTray(stage, 'at the start');
  await photograph(desktop.env, path.join(out, '1-start.png'), [
    await waitForPanelIcon(desktop.env),
    ...(await appWindows(desktop)),
  ]);
}

async function reauthorize(stage: Stage): Promise<void> {
  const { desktop, item, window, browser, book, trial, out } = stage;
  const menu = await openPanelMenu(desktop.env, item);
  const { width, height, x, y } = menu.window;
  book.note(
    'tray menu on screen after a right click',
    `${width}x${height} at ${x},${y}`,
    'X11 window of xfce4-panel',
  );
  await photograph(desktop.env, path.join(out, '2-tray-menu.png'), [menu.window]);
  await menu.choose(REAUTHORIZE);
  const opened = await browser.waitUntilOpened();
  const consent = await opened.waitForTab(trial.simulatorOrigin);
  await window.waitFor('flow', 'data-phase', 'waiting').then(book.see('window while the browser asks'));
  await seeTray(stage, 'while the browser asks');
  // Without its query, which carries the state.
  book.note('browser came to', placeOf(consent.url()), 'address of the tab in the default browser');
  await consent.locator('#approve').waitFor();
  const scopes = await consent.locator('li code').allTextContents();
  book.note('consent page asks for', scopes.join(', '), "DOM of the simulator's page: li code");
  await photograph(desktop.env, path.join(out, '3-consent.png'), await browserWindows(desktop));
  await consent.locator('#approve').click();
  const last = await opened.waitForTab(trial.productEnv.CAFE24_REDIRECT_URI ?? '');
  const result = last.locator('main[data-code]');
  await result.waitFor();
  book.note(
    "browser's last page",
    (await result.getAttribute('data-code')) ?? 'none',
    'DOM: data-code of main',
  );
  book.note('  its heading', await last.locator('h1').innerText(), 'DOM: h1');
  book.note('browser tabs', opened.tabs().length, 'pages of the default browser');
  await photograph(desktop.env, path.join(out, '4-browser-last-page.png'), await browserWindows(desktop));
}

async function seeTheCountdown(stage: Stage, when: string, picture: string): Promise<void> {
  const { desktop, item, window, book, out } = stage;
  await window.waitFor('state', 'data-state', 'HEALTHY').then(book.see(when));
  await (await openPanelMenu(desktop.env, item)).choose(OPEN_STATUS);
  await book.storeStatus(when.replace('window', 'store'));
  await book.countdown(window);
  await seeTray(stage, when.replace('window ', ''));
  await photograph(desktop.env, path.join(out, picture), await appWindows(desktop));
}

async function letTimePass(stage: Stage): Promise<void> {
  const { book } = stage;
  await book.moveClock(CLOCK_STEP_MS);
  await until(async () => (await book.requests()).length > 1, {
    timeoutMs: WITHIN_MS,
    what: 'the refresh',
  });
  // The answer is on its way, and then in the store, before the window counts to the new deadline.
  await until(
    async () =>
      Number(await stage.window.attribute('countdown', 'data-deadline-at')) === (await book.storedDeadline()),
    { timeoutMs: WITHIN_MS, what: 'the new deadline in the window' },
  );
  await seeTheCountdown(stage, 'window after the refresh', '6-refreshed.png');
}

async function quit({ desktop, item, app, host, book }: Stage): Promise<void> {
  await (await openPanelMenu(desktop.env, item)).choose(QUIT);
  await until(() => app.hasExited(), { timeoutMs: WITHIN_MS, what: "the app's end" });
  book.note('app', 'ended', `process ${app.pid}`);
  await until(async () => (await host.items()).length === 0, { timeoutMs: WITHIN_MS, what: 'an empty tray' });
  book.note('tray items', 0, 'D-Bus: org.kde.StatusNotifierWatcher RegisteredStatusNotifierItems');
}

async function seeTray({ item, book }: Stage, when: string): Promise<void> {
  book.note(`tray tooltip ${when}`, await item.toolTip(), 'D-Bus: org.kde.StatusNotifierItem ToolTip');
  const labels = (await item.menu())
    .filter(({ kind, visible }) => kind !== 'separator' && visible)
    .map(({ label, enabled }) => (enabled ? label : `(${label})`));
  book.note(`tray menu ${when}`, labels.join(' | '), 'D-Bus: com.canonical.dbusmenu GetLayout');
}

function appWindows({ env }: Desktop) {
  return visibleWindows(env, { title: 'Cafe24 Token Keeper' });
}

function browserWindows({ env }: Desktop) {
  return visibleWindows(env, { windowClass: 'chromium' });
}

function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
