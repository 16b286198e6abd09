import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

it('docs/pictures.md shows every picture that is kept, and README none that is not', () => {
  const kept = readdirSync(path.join(root, 'docs/images')).sort();
  const shownIn = (file: string) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return [...text.matchAll(/src="(?:docs\/)?images\/([^"]+)"/g)].map(([, name]) => name ?? '');
  };
  expect(shownIn('docs/pictures.md').sort()).toEqual(kept);
  const inReadme = shownIn('README.md');
  expect(inReadme.length).toBeGreaterThan(5);
  expect(inReadme.filter((name) => !kept.includes(name))).toEqual([]);
});
