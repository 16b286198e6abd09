import { readFile } from 'node:fs/promises';

/** The processes of windows below this one, by the kernel's word. */
export async function renderersOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  for (const child of children.split(' ').filter(Boolean).map(Number)) {
    const command = await readFile(`/proc/${child}/cmdline`, 'latin1').catch(() => '');
    if (command.includes('--type=renderer')) found.push(child);
    found.push(...(await renderersOf(child)));
  }
  return found;
}
