/** `keeper-worker.ts` as one file, so that the hundreds of processes of a run start in plain Node, without Vite in each. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { hashOf } from '../../../scripts/build.ts';
import { WITHOUT_GUARD, withoutGuard } from '../guards/without-guard.ts';
import { exists } from './exists.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const SOURCES = ['electron', 'shared', 'tests/support/failures', 'tests/support/guards', 'package-lock.json'];
/** The guard that the tests of this process do without, if any. */
const MISSING = process.env[WITHOUT_GUARD];
const FOLDER = path.join(
  ROOT,
  'out/failures',
  MISSING === undefined ? 'worker' : `worker without ${MISSING}`,
);
let bundling: Promise<string> | null = null;

/** The bundle of the sources as they are; made anew only when they changed. */
export function bundledWorker(): Promise<string> {
  bundling ??= bundle();
  return bundling;
}

async function bundle(): Promise<string> {
  const name = `keeper-${(await hashOf(ROOT, SOURCES)).slice(0, 16)}.mjs`;
  const file = path.join(FOLDER, name);
  if (await exists(file)) return file;
  const made = path.join(FOLDER, `made-by-${process.pid}`);
  await mkdir(made, { recursive: true });
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    plugins: MISSING === undefined ? [] : [withoutGuard(MISSING)],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: path.join(ROOT, 'tests/support/failures/keeper-worker.ts'),
      outDir: made,
      target: 'node20',
      minify: false,
      sourcemap: 'inline',
      rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  });
  // Renamed into place: another test file may be at the same bundle.
  await rename(path.join(made, name), file);
  await rm(made, { recursive: true, force: true });
  for (const old of await readdir(FOLDER)) {
    if (old.endsWith('.mjs') && old !== name) await rm(path.join(FOLDER, old), { force: true });
  }
  return file;
}
