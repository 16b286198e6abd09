import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const SECURITY = readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8');

/** A proof, as the document names it: a test's file and what its title says. */
const proofs = [...SECURITY.matchAll(/`(tests\/[\w./-]+\.test\.tsx?)`:\s"([^"]+)"/g)].map(
  ([, file = '', title = '']) => [file, title] as const,
);

describe('the threat model', () => {
  it('names a proof in every row', () => {
    const rows = SECURITY.split('\n').filter((line) => /^\| (?!it |they |---)/.test(line));
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !/`tests\/\S+`: "/.test(row))).toEqual([]);
  });

  it.each(proofs)('%s shows "%s"', (file, title) => {
    expect(existsSync(path.join(ROOT, file)), file).toBe(true);
    // The title of a test or block, quoted in any way.
    const titles = [
      ...readFileSync(path.join(ROOT, file), 'utf8').matchAll(
        /\b(?:it|test|describe)(?:\.\w+)*\s*\(\s*(['"`])((?:\\.|(?!\1).)*)\1|\)\(\s*(['"`])((?:\\.|(?!\3).)*)\3/gs,
      ),
    ].map(([, , plain, , each]) => (plain ?? each ?? '').replaceAll('\\', ''));
    expect(titles.some((each) => each.includes(title))).toBe(true);
  });
});
