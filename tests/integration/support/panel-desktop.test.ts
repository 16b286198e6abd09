import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withDesktop } from '../../../scripts/desktop.ts';
import { launchApp } from '../../support/app-under-test.ts';
import { screenshotScreen } from '../../support/screenshot.ts';
import { observeTray } from '../../support/tray-host.ts';

const fixtureApp = path.join(import.meta.dirname, 'fixture-app');

test('a panel desktop hosts the tray for real, draws notices, and leaves nothing behind', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'panel-'));
  const left = await withDesktop({ kind: 'panel', size: { width: 1024, height: 700 } }, async (desktop) => {
    const tray = await observeTray(desktop.busAddress);
    const app = await launchApp({ desktop, appFolder: fixtureApp });
    try {
      expect(await (await tray.waitItem()).toolTip()).toContain('3 days left');
      const screen = path.join(folder, 'screen.png');
      await screenshotScreen(desktop.env, screen);
      // Width and height stand at bytes 16 to 23 of a PNG.
      const image = await readFile(screen);
      expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([1024, 700]);
    } finally {
      await app.stop();
      await tray.stop();
    }
    return { folder: desktop.folder, socket: `/tmp/.X11-unix/X${desktop.display.slice(1)}` };
  });
  expect(existsSync(left.folder)).toBe(false);
  expect(existsSync(left.socket)).toBe(false);
  expect(await commandLines()).not.toContain(left.folder);
  await rm(folder, { recursive: true, force: true });
});

/** What every process on this machine was started as. */
async function commandLines(): Promise<string> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).join('\n');
}
