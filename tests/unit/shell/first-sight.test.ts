import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lastWindowPlaceOf } from '../../../electron/adapters/settings/first-sight.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings-schema.ts';

describe('what a start knows of the window before the settings are read', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'first-sight-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = (text: string) => writeFile(path.join(folder, 'settings.json'), text);

  test('nothing, where it never was: no folder, no file, no window in it', async () => {
    expect(lastWindowPlaceOf(path.join(folder, 'nowhere'))).toBeNull();
    expect(lastWindowPlaceOf(folder)).toBeNull();
    await write(JSON.stringify(DEFAULT_SETTINGS));
    expect(lastWindowPlaceOf(folder)).toBeNull();
  });

  test.each([
    { x: 10, y: -20, width: 420, height: 680 },
    { width: 420, height: 680 },
  ])('the place the settings keep, $x $y $width $height', async (window) => {
    await write(JSON.stringify({ ...DEFAULT_SETTINGS, window }));
    expect(lastWindowPlaceOf(folder)).toEqual(window);
  });

  test.each([
    '',
    'no JSON',
    'null',
    '[]',
    '{"window":"420"}',
    '{"window":{"width":420}}',
    '{"window":{"width":0,"height":680}}',
    '{"window":{"width":420.5,"height":680}}',
    '{"window":{"width":420,"height":680,"x":"left"}}',
    '{"window":{"width":420,"height":680,"x":null}}',
  ])('nothing where the settings understand nothing either: %s', async (text) => {
    await write(text);
    expect(parseSettings(text).settings.window).toBeNull();
    expect(lastWindowPlaceOf(folder)).toBeNull();
  });
});
