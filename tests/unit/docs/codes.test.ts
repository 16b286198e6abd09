import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { codesDocument } from '../../../scripts/codes-document.ts';
import { CODES } from '../../../shared/codes.ts';

const written = readFileSync(path.resolve(import.meta.dirname, '../../../docs/codes.md'), 'utf8');

describe('docs/codes.md', () => {
  it('is what the catalogues say: npm run codes writes it', () => {
    expect(written).toBe(codesDocument());
  });

  it('has a row for every code, and one only, with what it means and what to do in both languages', () => {
    const rows = [...written.matchAll(/^\| `([\w.]+)` \| \*\*.+?\*\*\. .+ \| \*\*.+?\*\*\. .+ \|$/gm)];
    expect(rows.map(([, code]) => code).sort()).toEqual([...CODES].sort());
  });
});
