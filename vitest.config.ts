import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

const seconds = (count: number) => count * 1000;

/** One project per kind of test; `npx vitest run --project unit` runs one of them. */
export default defineConfig({
  test: {
    environment: 'node',
    // A test that stays behind an accidental `.only` would silence all others.
    allowOnly: false,
    // As many as cores: what only computes would not be done sooner by more.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}'], testTimeout: seconds(20) },
      },
      {
        extends: true,
        test: {
          name: 'simulator',
          include: ['tests/simulator/**/*.test.ts'],
          testTimeout: seconds(20),
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          globalSetup: ['tests/support/ensure-packages.ts', 'tests/support/ensure-build.ts'],
          include: ['tests/integration/**/*.test.ts'],
          // A third of their time these wait: for a lease's renewal, a store that is away, a window that hangs.
          maxWorkers: 3,
          testTimeout: seconds(60),
          hookTimeout: seconds(60),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          globalSetup: ['tests/support/ensure-packages.ts', 'tests/support/ensure-build.ts'],
          include: ['tests/e2e/**/*.test.ts'],
          // Each world has a display and a bus of its own, and an app that finds its port taken goes to a spare one.
          maxWorkers: 2,
          retry: 0,
          testTimeout: seconds(180),
          hookTimeout: seconds(120),
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          globalSetup: [
            'tests/support/ensure-packages.ts',
            'tests/support/ensure-build.ts',
            'tests/support/ensure-packaged.ts',
          ],
          include: ['tests/package/**/*.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          retry: 0,
          testTimeout: seconds(180),
          hookTimeout: seconds(120),
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
