import { ensureSystemPackages } from '../../scripts/system-packages.ts';
import { canPackageHere, packageIfStale } from './packaged-app.ts';

/** vitest's globalSetup: the packages are built from the sources as they are. */
export default async function ensurePackaged(): Promise<void> {
  if (!canPackageHere()) return;
  await ensureSystemPackages(['installing']);
  await packageIfStale();
}
