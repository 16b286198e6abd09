/** `settings.json` for the app, kept by electron-store. Imports Electron: never reachable from the command line. */
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ElectronStore from 'electron-store';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../../../shared/settings-schema.ts';
import { SETTINGS_CORRUPT, SETTINGS_FILE, type SettingsReading } from './settings-file.ts';

export interface SettingsStore {
  /** What is kept now. */
  current(): Settings;
  /** What was wrong with the file at the start. */
  readonly problems: SettingsReading['problems'];
  /**
   * Replaces whole sections and writes the file before it returns. Throws when the disk does not take it; the change
   * counts until the end of this run all the same.
   */
  update(change: Partial<Settings>): Settings;
}

/**
 * Opens the settings of a data folder. A damaged file is copied aside as `settings.json.damaged-{epoch ms}` and
 * replaced by what of it could still be read; where the folder takes no copy, it stays as it is.
 */
export function openSettings(dataFolder: string, now: number): SettingsStore {
  const file = path.join(dataFolder, SETTINGS_FILE);
  const { settings, damaged } = readNow(file);
  let current = settings;
  if (damaged) setAside();
  return {
    problems: damaged ? [SETTINGS_CORRUPT] : [],
    current: () => current,
    update(change) {
      const next = parseSettings(JSON.stringify({ ...current, ...change }));
      if (next.damaged) throw new Error('the new settings do not fit their own schema');
      current = next.settings;
      write(current);
      return current;
    },
  };

  function setAside(): void {
    try {
      copyFileSync(file, `${file}.damaged-${now}`);
      write(settings);
    } catch {
      // The next start finds it damaged again and says so again.
    }
  }

  /** electron-store is opened for the write only: opening creates its file, which a read-only folder does not take. */
  function write(next: Settings): void {
    const store = new ElectronStore<Record<string, unknown>>({
      cwd: dataFolder,
      name: path.parse(SETTINGS_FILE).name,
      configFileMode: 0o600,
      clearInvalidConfig: true,
    });
    store.store = { ...next };
  }
}

function readNow(file: string): { readonly settings: Settings; readonly damaged: boolean } {
  try {
    return parseSettings(readFileSync(file, 'utf8'));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? { settings: DEFAULT_SETTINGS, damaged: false } : parseSettings('');
  }
}
