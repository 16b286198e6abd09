import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The newest lines of a log file, oldest first; none where there is no file. */
export async function readLogTail(folder: string, name: string, most: number): Promise<readonly string[]> {
  const text = await readFile(path.join(folder, `${name}.log`), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).slice(-most);
}
