import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createBuilder } from 'vite';
import { SetupError, say } from './messages.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');
/** What a build is made of. */
export const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'relay/index.html',
  'assets',
  'scripts/make-icons.ts',
  'scripts/packed-licences.ts',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
];
const STAMP = 'dist/.sources';

/** Builds everything unless dist/ was built from exactly these sources. */
export async function buildIfStale(): Promise<void> {
  const sources = await hashOf(PROJECT, SOURCES);
  const stamp = path.join(PROJECT, STAMP);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === sources) return;
  say('building');
  try {
    await asShipped(async () => {
      const configFile = path.join(PROJECT, 'vite.config.ts');
      const builder = await createBuilder({ configFile, logLevel: 'warn' }, null);
      await builder.buildApp();
    });
  } catch (error) {
    throw new SetupError(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, sources);
}

/** A test runner sets NODE_ENV, and React would come as its development build: not what ships. */
export async function asShipped<T>(build: () => Promise<T>): Promise<T> {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    return await build();
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

/** SHA-256 over names and contents; times say nothing after a checkout. Names that do not exist count as empty. */
export async function hashOf(root: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) {
    for (const file of await filesUnder(path.join(root, name))) {
      const content = await readFile(file);
      hash.update(`${path.relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

async function filesUnder(place: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [place];
    if (code === 'ENOENT') return [];
    throw error;
  }
}
