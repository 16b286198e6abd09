/** `settings.json` for plain Node: read only, without electron-store. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings-schema.ts';
import { SETTINGS_CORRUPT, SETTINGS_FILE, type SettingsReading } from './settings-file.ts';

/** A missing file is the defaults. A damaged one is left for the app to set aside: only one program writes it. */
export async function readSettingsFile(dataFolder: string): Promise<SettingsReading> {
  let text: string;
  try {
    text = await readFile(path.join(dataFolder, SETTINGS_FILE), 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing) return { settings: DEFAULT_SETTINGS, problems: [] };
    text = ''; // it is there and cannot be read: what it says about the store is unknown
  }
  const { settings, damaged } = parseSettings(text);
  return { settings, problems: damaged ? [SETTINGS_CORRUPT] : [] };
}
