/** What a start must know of `settings.json` before the program that reads it is loaded. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WindowPlace } from '../../core/presenter.ts';
import { SETTINGS_FILE } from './settings-file.ts';

/** Where the window was; null where it never was, or the file does not say it: what is wrong, the program will tell. */
export function lastWindowPlaceOf(dataFolder: string): WindowPlace | null {
  try {
    const { window } = JSON.parse(readFileSync(path.join(dataFolder, SETTINGS_FILE), 'utf8'));
    return isPlace(window) ? window : null;
  } catch {
    return null;
  }
}

function isPlace(value: unknown): value is WindowPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Readonly<Record<string, unknown>>;
  const isPosition = (at: unknown): boolean => at === undefined || Number.isInteger(at);
  const isLength = (size: unknown): boolean => Number.isInteger(size) && Number(size) > 0;
  return isLength(width) && isLength(height) && isPosition(x) && isPosition(y);
}
