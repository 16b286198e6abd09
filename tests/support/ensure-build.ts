import { buildIfStale } from '../../scripts/build.ts';

/** vitest's globalSetup: dist/ is built from the sources as they are. */
export default async function ensureBuild(): Promise<void> {
  await buildIfStale();
}
