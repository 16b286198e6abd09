/** The app against the least that can be called a tray app, on the same runtime and the same bare desktop. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startDesktop } from '../../../scripts/desktop.ts';
import { findRuntime } from '../../../scripts/runtime.ts';
import { DEFAULT_CLIENT } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import { startRedis } from '../../support/redis-server.ts';
import { startTrayHost } from '../../support/tray-host.ts';
import { memoryOf, workBetween, workOf } from '../measure/process-tree.ts';
import { median } from '../measure/statistics.ts';
import { barPlotOf } from '../report/bar-plot.ts';
import type { Section } from '../section.ts';
import {
  type Candidate,
  type Home,
  type LaunchedApp,
  launch,
  makeHome,
  type Surroundings,
} from './launch.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const MALL = 'keeper-bench-no-such-shop';
/** One start differs from the next by a tenth; the medians of so many by a few hundredths. */
const STARTS = 9;
const SETTLE_MS = 6_000;
/** Hidden for a minute the window is given up, and what it left is then cleared away. */
const RELEASED_MS = 66_000;
/** After half a minute V8 clears up, in both apps alike; after a minute we ask once a day for a newer version. */
const AT_REST_MS = 100_000;
/** Whole minutes: some of our work is done once a minute. */
const IDLE_MS = 120_000;

interface Cost {
  readonly tray: number[];
  readonly paint: number[];
  readonly complete: number[];
  readonly idleMb: number[];
  readonly openMb: number[];
  closedMb: number;
  cpuPercent: number;
  wakeUps: number;
}

type Costs = Readonly<Record<Candidate['name'], Cost>>;

const emptyCost = (): Cost => ({
  tray: [],
  paint: [],
  complete: [],
  idleMb: [],
  openMb: [],
  closedMb: Number.NaN,
  cpuPercent: 0,
  wakeUps: 0,
});

export async function measureApp(quick: boolean): Promise<Section> {
  const desktop = await startDesktop({ kind: 'bare' });
  const tray = await startTrayHost(desktop.busAddress);
  const redis = await startRedis();
  const simulator = await startSimulator({ malls: [{ mallId: MALL, ownerId: 'owner' }] });
  try {
    await plantSet(redis.url, simulator.issue(MALL));
    const shop = {
      CAFE24_MALL_ID: MALL,
      CAFE24_CLIENT_ID: DEFAULT_CLIENT.clientId,
      CAFE24_CLIENT_SECRET: DEFAULT_CLIENT.clientSecret,
      CAFE24_REDIRECT_URI: DEFAULT_CLIENT.redirectUris[0] ?? '',
      KV_REDIS_URL: redis.url,
    };
    const blank: Candidate = {
      name: 'blank',
      appFolder: path.join(import.meta.dirname, 'blank'),
      env: { BLANK_ICON: path.join(ROOT, 'dist/icons/app-32.png') },
    };
    const ownPage: Candidate = {
      name: 'ownPage',
      appFolder: path.join(import.meta.dirname, 'own-page'),
      env: { OWN_PAGE_DIST: path.join(ROOT, 'dist') },
    };
    const ours: Candidate = {
      name: 'ours',
      appFolder: ROOT,
      env: { ...shop, CAFE24_API_ORIGIN: simulator.apiOrigin },
    };
    const around = { executable: (await findRuntime()).executable, desktopEnv: desktop.env, tray };
    const costs = { blank: emptyCost(), ownPage: emptyCost(), ours: emptyCost() };
    const runs = quick ? 1 : STARTS;
    await measureStarts([blank, ours], costs, around, { withWindow: false, runs });
    await measureStarts([blank, ownPage, ours], costs, around, { withWindow: true, runs });
    if (!quick) await measureClosed([blank, ours], costs, around);
    // The simulator's clock is asked every second, a real shop's is not: idle is measured without one.
    await measureIdle([blank, { ...ours, env: shop }], around, costs, quick);
    const bundleMb = (await sizeOf(path.join(ROOT, 'dist'), (name) => !name.endsWith('.map'))) / 2 ** 20;
    const runtimeMb = (await sizeOf(path.dirname(around.executable), () => true)) / 2 ** 20;
    return sectionOf(costs, bundleMb, runtimeMb, quick);
  } finally {
    await simulator.close();
    await redis.stop();
    await tray.stop();
    await desktop.stop();
  }
}

async function plantSet(
  url: string,
  set: { accessToken: string; expiresAt: number; refreshToken: string; refreshTokenExpiresAt: number },
): Promise<void> {
  const admin = new Redis(url);
  await admin.set(
    `cafe24:oauth:${MALL}`,
    JSON.stringify({
      access_token: set.accessToken,
      expires_at: set.expiresAt,
      refresh_token: set.refreshToken,
      refresh_token_expires_at: set.refreshTokenExpiresAt,
    }),
  );
  admin.disconnect();
}

/** In turns, so that what the machine does besides hits all; each one's first start is not counted. */
async function measureStarts(
  candidates: readonly Candidate[],
  costs: Costs,
  around: Surroundings,
  { withWindow, runs }: { readonly withWindow: boolean; readonly runs: number },
): Promise<void> {
  const homes = new Map<Candidate, Home>();
  for (const candidate of candidates) homes.set(candidate, await makeHome());
  for (let round = 0; round <= runs; round += 1) {
    for (const [candidate, { folder }] of homes) {
      const cost = costs[candidate.name];
      await forgetWindow(folder);
      const app = await launch(candidate, folder, around, withWindow);
      if (round > 0) {
        if (app.trayMs !== null) cost.tray.push(app.trayMs);
        if (app.window) {
          cost.paint.push(app.window.paintMs);
          cost.complete.push(app.window.completeMs);
        }
        if (round <= 2 && candidate.name !== 'ownPage') {
          await pause(SETTLE_MS);
          (withWindow ? cost.openMb : cost.idleMb).push((await memoryOf(app.pid)).pssMb);
        }
      }
      await app.stop();
    }
  }
  for (const home of homes.values()) await home.remove();
}

/** Once its window was there and is gone. */
async function measureClosed(
  candidates: readonly Candidate[],
  costs: Costs,
  around: Surroundings,
): Promise<void> {
  for (const candidate of candidates) {
    const home = await makeHome();
    const app = await launch(candidate, home.folder, around, true);
    await pause(SETTLE_MS);
    if (candidate.name === 'ours') await app.window?.page.keyboard.press('Escape');
    else await app.window?.page.close();
    await pause(candidate.name === 'ours' ? RELEASED_MS : SETTLE_MS);
    costs[candidate.name].closedMb = (await memoryOf(app.pid)).pssMb;
    await app.stop();
    await home.remove();
  }
}

/** Without a remembered place the app opens its window, as at its first start. */
async function forgetWindow(home: string): Promise<void> {
  await rm(path.join(home, 'data/settings.json'), { force: true });
}

/** Side by side, in the same minutes. */
async function measureIdle(
  candidates: readonly Candidate[],
  around: Surroundings,
  costs: Costs,
  quick: boolean,
): Promise<void> {
  const running: { name: Candidate['name']; app: LaunchedApp; removeHome: () => Promise<void> }[] = [];
  for (const candidate of candidates) {
    const { folder, remove } = await makeHome();
    const app = await launch(candidate, folder, around, false);
    running.unshift({ name: candidate.name, app, removeHome: remove });
  }
  const read = () => Promise.all(running.map(({ app }) => workOf(app.pid)));
  await pause(quick ? SETTLE_MS : AT_REST_MS);
  const idleMs = quick ? SETTLE_MS : IDLE_MS;
  const before = await read();
  await pause(idleMs);
  const after = await read();
  for (const [index, { name, app, removeHome }] of running.entries()) {
    const work = workBetween(before[index] ?? new Map(), after[index] ?? new Map());
    costs[name].cpuPercent = (work.cpuMs / idleMs) * 100;
    costs[name].wakeUps = (work.wakeUps / idleMs) * 1000;
    await app.stop();
    await removeHome();
  }
}

async function sizeOf(folder: string, counts: (name: string) => boolean): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && counts(entry.name));
  const sizes = await Promise.all(
    files.map(async (entry) => (await stat(path.join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((total, size) => total + size, 0);
}

function sectionOf(
  { blank, ownPage, ours }: Costs,
  bundleMb: number,
  runtimeMb: number,
  quick: boolean,
): Section {
  const row = (what: string, unit: string, of: (cost: Cost) => number, digits = 1) => {
    const [limit, measured] = [of(blank), of(ours)];
    return [
      what,
      `${limit.toFixed(digits)} ${unit}`,
      `${measured.toFixed(digits)} ${unit}`,
      limit > 0 ? (measured / limit).toFixed(2) : '',
    ];
  };
  const start = median(ours.tray) / median(blank.tray);
  const painted = median(ours.paint) / median(blank.paint);
  const pageAlone = median(ownPage.paint) / median(blank.paint);
  const idle = median(ours.idleMb) / median(blank.idleMb);
  const givenBack = (cost: Cost): number =>
    (median(cost.openMb) - cost.closedMb) / (median(cost.openMb) - median(cost.idleMb));
  return {
    title: 'The app against a blank tray app',
    text: [
      'Blank: an icon, a tooltip, a menu of two entries, and a window with one line when asked for. Medians.',
      'Its own page: the blank app with our page in its window, by a scheme of its own, with a policy and a preload, as ours is; no program. What it takes longer than the blank app is the price of the page and its safety.',
      'Painted: the first picture, with which the window comes up. Complete: the last time that anything larger was painted, for ours what the program knows of its shop; a start at login opens no window.',
      `Idle: two minutes, from ${AT_REST_MS / 1000} seconds after the start, by the scheduler's nanoseconds.`,
      'Given back: of what the window took over the idle app, what is free again once it is gone. Not all can be: once a window was there, Chromium keeps in both apps alike what the page made main, the GPU process, the network service and the next renderer load, so the blank app is the limit.',
    ],
    tables: [
      {
        title: 'Start, memory, idle work',
        head: ['', 'blank', 'Cafe24 Token Keeper', 'ratio'],
        rows: [
          row('start to tray shown', 'ms', (cost) => median(cost.tray)),
          row('start to window painted', 'ms', (cost) => median(cost.paint)),
          [
            'the same, the blank app with our page',
            '',
            `${median(ownPage.paint).toFixed(1)} ms`,
            pageAlone.toFixed(2),
          ],
          row('start to window complete', 'ms', (cost) => median(cost.complete)),
          row('memory without window (PSS)', 'MB', (cost) => median(cost.idleMb)),
          row('memory with window', 'MB', (cost) => median(cost.openMb)),
          ...(quick ? [] : [row('memory after the window was closed', 'MB', (cost) => cost.closedMb)]),
          row('processor while idle, of one core', '%', (cost) => cost.cpuPercent, 3),
          row('wake-ups a second while idle', '', (cost) => cost.wakeUps),
          [
            'size on disk over the runtime',
            `${runtimeMb.toFixed(0)} MB runtime`,
            `+${bundleMb.toFixed(1)} MB`,
            '',
          ],
        ],
      },
    ],
    plots: [
      {
        file: 'app.svg',
        alt: 'Memory of the app and of a blank tray app',
        svg: barPlotOf('Memory, PSS over all processes', 'MB', [
          { label: 'blank, no window', value: median(blank.idleMb), isOurs: false },
          { label: 'keeper, no window', value: median(ours.idleMb), isOurs: true },
          { label: 'blank, window', value: median(blank.openMb), isOurs: false },
          { label: 'keeper, window', value: median(ours.openMb), isOurs: true },
        ]),
      },
    ],
    goals: [
      {
        what: "from start to tray icon, as a multiple of a blank app's",
        measured: start.toFixed(2),
        goal: 'at most 1.15',
        isMet: start <= 1.15,
        isHeadline: true,
        isCertain: false,
        why: `${(median(ours.tray) - median(blank.tray)).toFixed(0)} ms more`,
      },
      {
        what: "from start to painted window, as a multiple of a blank app's",
        measured: painted.toFixed(2),
        goal: 'at most 1.15',
        isMet: painted <= 1.15,
        isHeadline: true,
        isCertain: false,
        why: `${(median(ours.paint) - median(blank.paint)).toFixed(0)} ms more; a blank app with our page, and no program, takes ${pageAlone.toFixed(2)}`,
      },
      {
        what: "memory while idle, as a multiple of a blank app's",
        measured: idle.toFixed(2),
        goal: 'at most 1.10',
        isMet: idle <= 1.1,
        isHeadline: true,
        isCertain: false,
        why: `${(median(ours.idleMb) - median(blank.idleMb)).toFixed(1)} MB more, of ${bundleMb.toFixed(1)} MB of code and icons on disk`,
      },
      ...(quick
        ? []
        : [
            {
              what: "the closed window's memory given back; by the blank app",
              measured: `${(givenBack(ours) * 100).toFixed(0)} %; ${(givenBack(blank) * 100).toFixed(0)} %`,
              goal: "at least the blank app's",
              isMet: givenBack(ours) >= givenBack(blank),
              isCertain: false,
            },
          ]),
      {
        what: 'processor while idle, of one core',
        measured: `${ours.cpuPercent.toFixed(3)} %`,
        goal: 'under 0.1 %',
        isMet: ours.cpuPercent < 0.1,
        isHeadline: true,
        isCertain: false,
        why: `the blank app: ${blank.cpuPercent.toFixed(3)} %`,
      },
    ],
  };
}
