// npm run pictures: makes docs/images anew from the real app, on a real panel, in front of the simulator.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type LaunchOptions, launchApp } from '../tests/support/app-under-test.ts';
import { until } from '../tests/support/poll.ts';
import { observeTray } from '../tests/support/tray-host.ts';
import { buildIfStale } from './build.ts';
import { startAppearance } from './demo/appearance.ts';
import { installDefaultBrowser } from './demo/default-browser.ts';
import { decodePng } from './demo/pixels.ts';
import { connectSimulator } from './demo/simulator-client.ts';
import { type StatusWindow, watchStatusWindow } from './demo/status-window.ts';
import { withDesktop } from './desktop.ts';
import { runScript, say } from './messages.ts';
import { encodePalettePng } from './pictures/palette-png.ts';
import { playSetUp } from './pictures/set-up.ts';
import { playSeveralShops, type SeveralShops, startSeveralShops } from './pictures/several-shops.ts';
import { playShop, setScene } from './pictures/story.ts';
import { createStudio, type Studio } from './pictures/studio.ts';
import { describeRuntime, findRuntime } from './runtime.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { startTrial, type Trial } from './trial.ts';

const IMAGES = path.resolve(import.meta.dirname, '../docs/images');
/** Readers of the documents load them all. */
const LARGEST_BYTES = 150_000;
/** Twice as sharp as shown; a screen that such a window fits on. */
const SCALE = 2;
const SCREEN = { width: 1600, height: 1500 };
const TRAY_WITHIN_MS = 30_000;

async function pictures(): Promise<number> {
  await ensureSystemPackages([
    ...([
      'electron',
      'display',
      'bus',
      'panel',
      'fonts',
      'input',
      'screenshots',
      'browser',
      'redis',
    ] as const),
  ]);
  say(describeRuntime(await findRuntime()));
  await buildIfStale();
  const out = await mkdtemp(path.join(os.tmpdir(), 'pictures-'));
  const trial = await startTrial();
  const severalShops = await startSeveralShops();
  try {
    await takeAll(trial, severalShops, out);
    await publish(out);
    return 0;
  } finally {
    await severalShops.stop();
    await trial.stop();
    await rm(out, { recursive: true, force: true });
  }
}

function takeAll(trial: Trial, severalShops: SeveralShops, out: string): Promise<void> {
  return withDesktop({ kind: 'panel', size: SCREEN }, async (desktop) => {
    const appearance = await startAppearance(desktop.busAddress, 'light');
    const host = await observeTray(desktop.busAddress);
    const browser = await installDefaultBrowser(desktop, { language: 'ko', scale: SCALE });
    const simulator = connectSimulator(trial.simulatorOrigin);
    /** One app after another on the same desktop. */
    const inApp = async (
      options: Pick<LaunchOptions, 'folder' | 'env'>,
      play: (studio: Studio, window: StatusWindow) => Promise<void>,
    ): Promise<void> => {
      const app = await launchApp({
        desktop,
        ...options,
        env: { ...options.env, LANG: 'ko_KR.UTF-8' },
        args: [`--force-device-scale-factor=${SCALE}`],
      });
      try {
        const item = await host.waitItem({ timeoutMs: TRAY_WITHIN_MS });
        const window = await watchStatusWindow(app);
        await play(createStudio({ desktop, item, window, appearance, out }), window);
      } finally {
        await app.stop();
      }
      await until(async () => (await host.items()).length === 0, {
        timeoutMs: TRAY_WITHIN_MS,
        what: "the end of the app's icon",
      });
    };
    try {
      await inApp({}, (studio, window) => playSetUp({ studio, window }));
      await setScene(simulator);
      await inApp({ folder: trial.folder, env: trial.productEnv }, (studio, window) =>
        playShop({ trial, simulator, browser, studio, window }),
      );
      await inApp(severalShops, (studio, window) => playSeveralShops({ studio, window }));
    } finally {
      await browser.close();
      await host.stop();
      appearance.stop();
    }
  });
}

/** All of them, or none: a run that breaks leaves the committed ones alone. */
async function publish(out: string): Promise<void> {
  const names = (await readdir(out)).filter((name) => name.endsWith('.png'));
  const images = await Promise.all(
    names.map(async (name) => encodePalettePng(decodePng(await readFile(path.join(out, name))))),
  );
  const tooLarge = names.filter((_, index) => (images[index]?.length ?? 0) > LARGEST_BYTES);
  if (tooLarge.length > 0) throw new Error(`larger than ${LARGEST_BYTES} bytes: ${tooLarge.join(', ')}`);
  await rm(IMAGES, { recursive: true, force: true });
  await mkdir(IMAGES, { recursive: true });
  await Promise.all(images.map((image, index) => writeFile(path.join(IMAGES, names[index] ?? ''), image)));
  say(`${names.length} pictures in ${path.relative(process.cwd(), IMAGES)}`);
}

await runScript(pictures);
