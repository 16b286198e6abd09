import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { transformWithOxc } from 'vite';
import { expect, test } from 'vitest';
import { run } from '../../../scripts/child-process.ts';
import { findRuntime } from '../../../scripts/runtime.ts';

const SOURCE = path.resolve(import.meta.dirname, '../../../electron/adapters/small-heap.ts');
const HELD_MB = 20;

/** Holds some memory for a while, as a start or a window does. */
const PROGRAM = `
import { getHeapStatistics } from 'node:v8';
import { shrinkHeap } from './small-heap.mjs';
const held = new Set();
for (let mb = 0; mb < ${HELD_MB}; mb += 1) held.add(new Array(2 ** 20 / 8).fill(0.5));
held.clear();
const heapMb = () => getHeapStatistics().total_physical_size / 2 ** 20;
const before = heapMb();
shrinkHeap();
console.log(JSON.stringify({ givenBackMb: before - heapMb(), isCollectorLeft: 'gc' in globalThis }));
`;

test("Electron's V8 gives back what was needed for a while, and no code is left a way to collect", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'small-heap-'));
  try {
    const { code } = await transformWithOxc(await readFile(SOURCE, 'utf8'), SOURCE);
    await writeFile(path.join(folder, 'small-heap.mjs'), code);
    const program = path.join(folder, 'program.mjs');
    await writeFile(program, PROGRAM);
    const { executable } = await findRuntime();
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const { stdout, stderr } = await run(executable, [program], { env, timeoutMs: 20_000 });
    expect(stderr).toBe('');
    const { givenBackMb, isCollectorLeft } = JSON.parse(stdout);
    expect(givenBackMb).toBeGreaterThan(HELD_MB / 2);
    expect(isCollectorLeft).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
