import { run } from '../../../../scripts/child-process.ts';

/** Whether a window with this in its title is on the screen, by the display's word. */
export async function isOnScreen(env: Readonly<Record<string, string>>, title: string): Promise<boolean> {
  const found = await run('xdotool', ['search', '--onlyvisible', '--name', title], {
    env,
    timeoutMs: 10_000,
  });
  return found.stdout.trim() !== '';
}
