import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launchApp } from '../tests/support/app-under-test.ts';
import { screenshotScreen } from '../tests/support/screenshot.ts';
import { observeTray } from '../tests/support/tray-host.ts';
import { withDesktop } from './desktop.ts';
import type { Trial } from './trial.ts';

const OUT = path.resolve(import.meta.dirname, '../out/demo');

/**
 * Plays the operator where nobody can see a window: on a panel desktop of its own it starts the app of the trial and
 * writes what it observes to out/demo/. Every line of the transcript is a value with the source it was read from.
 */
export async function runDemo(trial: Trial): Promise<number> {
  await mkdir(OUT, { recursive: true });
  const transcript: string[] = [];
  const observe = (source: string, value: string) => {
    const line = `${source}: ${value}`;
    transcript.push(line);
    console.log(line);
  };
  return withDesktop({ kind: 'panel' }, async (desktop) => {
    const tray = await observeTray(desktop.busAddress);
    const app = await launchApp({ desktop, folder: trial.folder, env: trial.productEnv });
    try {
      const item = await tray.waitItem({ timeoutMs: 30_000 });
      observe('tray tooltip (org.kde.StatusNotifierItem)', await item.toolTip());
      const labels = (await item.menu()).filter(({ kind }) => kind !== 'separator').map(({ label }) => label);
      observe('tray menu (com.canonical.dbusmenu)', labels.join(' | '));
      await screenshotScreen(desktop.env, path.join(OUT, 'desktop.png'));
      await writeFile(path.join(OUT, 'transcript.txt'), `${transcript.join('\n')}\n`);
      return 0;
    } finally {
      await app.stop();
      await tray.stop();
    }
  });
}
