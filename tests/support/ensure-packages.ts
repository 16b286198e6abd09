import { ensureSystemPackages } from '../../scripts/system-packages.ts';

/** vitest's globalSetup: the programs that these tests start are there, or the run ends with what to install. */
export default async function ensurePackages(): Promise<void> {
  await ensureSystemPackages([
    ...(['electron', 'display', 'bus', 'panel', 'fonts', 'input', 'screenshots'] as const),
    ...(['browser', 'redis', 'certificates', 'host-clock'] as const),
  ]);
}
