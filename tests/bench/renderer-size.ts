/** What the window's page weighs on its way to the screen. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Section } from './section.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../dist/renderer');
const MOST_KB = 120;

export async function measureRenderer(): Promise<Section> {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.map'));
  const sizes = await Promise.all(
    files.map(async (entry) => {
      const data = await readFile(path.join(entry.parentPath, entry.name));
      return {
        kind: path.extname(entry.name).slice(1),
        raw: data.length,
        gzip: gzipSync(data).length,
        brotli: brotliCompressSync(data).length,
      };
    }),
  );
  const kinds = [...new Set(sizes.map(({ kind }) => kind))].sort();
  const kb = (which: typeof sizes, of: 'raw' | 'gzip' | 'brotli') =>
    which.reduce((total, size) => total + size[of], 0) / 1000;
  const rowOf = (name: string, which: typeof sizes) => [
    name,
    ...(['raw', 'gzip', 'brotli'] as const).map((of) => kb(which, of).toFixed(1)),
  ];
  const gzip = kb(sizes, 'gzip');
  return {
    title: 'The window',
    text: [
      'Its page renders at most once a second while visible and does nothing while hidden; the tests of the window prove that.',
    ],
    tables: [
      {
        title: 'Bundle, kB',
        head: ['', 'plain', 'gzip', 'brotli'],
        rows: [
          ...kinds.map((kind) =>
            rowOf(
              kind,
              sizes.filter((size) => size.kind === kind),
            ),
          ),
          rowOf('all', sizes),
        ],
      },
    ],
    plots: [],
    goals: [
      {
        what: "the window's bundle, compressed",
        measured: `${gzip.toFixed(1)} kB`,
        goal: `under ${MOST_KB} kB`,
        isMet: gzip < MOST_KB,
        isHeadline: true,
        isCertain: true,
      },
    ],
  };
}
