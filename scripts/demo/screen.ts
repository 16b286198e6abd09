import { readFile } from 'node:fs/promises';
import { until } from '../../tests/support/poll.ts';
import { screenshotScreen } from '../../tests/support/screenshot.ts';
import { run } from '../child-process.ts';
import { type Area, countColours, decodePng } from './pixels.ts';

type DesktopEnv = Readonly<Record<string, string>>;

export interface SeenWindow extends Area {
  readonly id: string;
}

const TOOL_TIMEOUT_MS = 10_000;
const PAINTED_WITHIN_MS = 15_000;
/** Text alone has this many by its smooth edges; bare background, or black, has one. */
const COLOURS_OF_CONTENT = 12;

/** A real pointer and keyboard, by xdotool's own words. */
export async function sendInput(env: DesktopEnv, ...words: readonly string[]): Promise<void> {
  const { code, stderr } = await run('xdotool', words, { env, timeoutMs: TOOL_TIMEOUT_MS });
  if (code !== 0) throw new Error(`xdotool ${words.join(' ')}: ${stderr}`);
}

/** The windows that are on the screen now, found by class or by a part of the title. */
export async function visibleWindows(
  env: DesktopEnv,
  by: { readonly windowClass: string } | { readonly title: string },
): Promise<readonly SeenWindow[]> {
  const which = 'title' in by ? ['--name', by.title] : ['--class', by.windowClass];
  const found = await run('xdotool', ['search', '--onlyvisible', ...which], {
    env,
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  const ids = found.stdout.split('\n').filter((line) => line !== '');
  const windows = await Promise.all(ids.map((id) => placeOf(env, id)));
  return windows.flatMap((window) => (window === null ? [] : [window]));
}

/** null for one that went meanwhile. */
async function placeOf(env: DesktopEnv, id: string): Promise<SeenWindow | null> {
  const { code, stdout } = await run('xdotool', ['getwindowgeometry', '--shell', id], {
    env,
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  if (code !== 0) return null;
  const read = (name: string) => Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  return { id, x: read('X'), y: read('Y'), width: read('WIDTH'), height: read('HEIGHT') };
}

/** What the window says it is; empty for one that says nothing, or went meanwhile. */
export async function windowTypeOf(env: DesktopEnv, id: string): Promise<string> {
  const { stdout } = await run('xprop', ['-id', id, '-notype', '_NET_WM_WINDOW_TYPE'], {
    env,
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  return stdout;
}

/** A part of the screen as it is now, with the pointer where it lies in it. */
export async function photographArea(env: DesktopEnv, file: string, area: Area): Promise<void> {
  const place = [area.x, area.y, area.width, area.height].join(',');
  const { code, stderr } = await run('scrot', ['--overwrite', '--pointer', '--autoselect', place, file], {
    env,
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  if (code !== 0) throw new Error(`no screenshot ${file}: ${stderr}`);
}

/**
 * The whole screen, once every one of these areas is painted: a window that is mapped is still black, or plain, for a
 * moment.
 */
export async function photograph(
  env: DesktopEnv,
  file: string,
  paintedAreas: readonly Area[],
): Promise<void> {
  await until(
    async () => {
      await screenshotScreen(env, file);
      const pixels = decodePng(await readFile(file));
      return paintedAreas.every(
        (area) => countColours(pixels, area, COLOURS_OF_CONTENT) >= COLOURS_OF_CONTENT,
      );
    },
    { timeoutMs: PAINTED_WITHIN_MS, what: `a painted screen for ${file}`, everyMs: 100 },
  );
}
