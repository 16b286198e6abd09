import { mkdirSync, mkdtempSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { App as ElectronApp } from 'electron';

/**
 * Gives Chromium its own folder inside the data folder, so that its profile is not strewn among keys and journal; the
 * single-instance lock lies there too, which makes it one instance per data folder. `--user-data-dir` wins. Call it
 * before anything asks for a path.
 */
export function placeChromiumProfile(app: ElectronApp, dataFolder: string): void {
  if (app.commandLine.hasSwitch('user-data-dir')) return;
  const folder = makeProfileFolder(dataFolder);
  app.setPath('userData', folder);
  app.setPath('sessionData', folder);
}

function makeProfileFolder(dataFolder: string): string {
  const folder = path.join(dataFolder, 'chromium');
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    if (isOurs(dataFolder)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    }
  } catch {
    // A data folder that cannot be written is shown by the app itself, which needs a profile for that.
  }
  return mkdtempSync(path.join(os.tmpdir(), 'cafe24-token-keeper-'));
}

/** What we put into another user's folder would lock its owner out. */
function isOurs(folder: string): boolean {
  const own = process.getuid?.();
  return own === undefined || statSync(folder).uid === own;
}
