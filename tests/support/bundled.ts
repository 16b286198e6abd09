/**
 * A TypeScript file of the tests as one file of plain JavaScript, so that the hundreds of processes of a run start in
 * plain Node, without Vite in each.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { hashOf } from '../../scripts/build.ts';
import { exists } from './failures/exists.ts';
import { WITHOUT_GUARD, withoutGuard } from './guards/without-guard.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SOURCES = ['electron', 'shared', 'scripts', 'tests', 'package-lock.json'];
/** The guard that the tests of this process do without, if any. */
const MISSING = process.env[WITHOUT_GUARD];
const FOLDER = path.join(ROOT, 'out/bundled', MISSING === undefined ? 'whole' : `without ${MISSING}`);
/** A run that began before the sources changed still starts processes from the bundle it found. */
const KEPT_MS = 3_600_000;
const bundles = new Map<string, Promise<string>>();

/** The bundle of `entry`, named from the project's folder; made anew only when sources changed. */
export function bundled(entry: string): Promise<string> {
  const known = bundles.get(entry);
  if (known) return known;
  const bundling = bundle(entry);
  bundles.set(entry, bundling);
  return bundling;
}

async function bundle(entry: string): Promise<string> {
  const folder = path.join(FOLDER, entry);
  const name = `${(await hashOf(ROOT, SOURCES)).slice(0, 16)}.mjs`;
  const file = path.join(folder, name);
  if (await exists(file)) return file;
  const made = path.join(folder, `made-by-${process.pid}`);
  await mkdir(made, { recursive: true });
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    plugins: MISSING === undefined ? [] : [withoutGuard(MISSING)],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: path.join(ROOT, entry),
      outDir: made,
      target: 'node20',
      minify: false,
      // No map: a process reads it at every start, and nobody else does.
      rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  });
  // Renamed into place: another test file may be at the same bundle.
  await rename(path.join(made, name), file);
  await rm(made, { recursive: true, force: true });
  await removeOld(folder);
  return file;
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const made = await stat(file).catch(() => null);
    if (made && made.mtimeMs < Date.now() - KEPT_MS) await rm(file, { recursive: true, force: true });
  }
}
