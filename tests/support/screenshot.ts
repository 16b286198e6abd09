import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../scripts/child-process.ts';

type DesktopEnv = Readonly<Record<string, string>>;

/** The whole screen of a desktop, as PNG: panel, menus and notices with it. */
export async function screenshotScreen(env: DesktopEnv, file: string): Promise<void> {
  await shoot(env, ['--overwrite', '--pointer', file], file);
}

/** The part of the screen that one window takes, found by a part of its title; without its frame. */
export async function screenshotWindow(env: DesktopEnv, title: string, file: string): Promise<void> {
  const found = await run(
    'xdotool',
    ['search', '--onlyvisible', '--name', title, 'getwindowgeometry', '--shell'],
    { env, timeoutMs: 10_000 },
  );
  const shell = found.stdout;
  const area = ['X', 'Y', 'WIDTH', 'HEIGHT'].map(
    (name) => new RegExp(`^${name}=(\\d+)$`, 'm').exec(shell)?.[1],
  );
  if (area.includes(undefined)) throw new Error(`no visible window is titled ${title}`);
  await shoot(env, ['--overwrite', '--autoselect', area.join(','), file], file);
}

async function shoot(env: DesktopEnv, args: readonly string[], file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const { code, stderr } = await run('scrot', args, { env, timeoutMs: 15_000 });
  if (code !== 0 || (await stat(file)).size === 0) throw new Error(`no screenshot ${file}: ${stderr}`);
}
