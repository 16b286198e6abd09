import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { facesOf } from '../../../scripts/make-icons.ts';
import type { Face } from '../../../shared/mall-face.ts';
import { MALL_STATES } from '../../../shared/mall-state.ts';
import { text } from '../../../shared/messages/message.ts';

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

it('README shows every face of the tray icon, as it is drawn, with its word', () => {
  // Drawn anew by: node scripts/run-ts.mjs scripts/make-icons.ts
  const drawn = facesOf(path.join(root, 'assets')).map(([file, svg]) => [`docs/faces/${file}`, svg]);
  expect(drawn.map(([file = '']) => [file, readFileSync(path.join(root, file), 'utf8')])).toEqual(drawn);
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| <img src="(docs\/faces\/[^"]+)"[^|]* \| (.+?) \| .+ \|$/gm)];
  const faces: readonly Face[] = [...MALL_STATES, 'WAITING', 'PAUSED', 'UNKNOWN'];
  expect(rows.map(([, file, word]) => `${file} ${word}`).sort()).toEqual(
    faces
      .map(
        (face) => `docs/faces/${face.toLowerCase().replaceAll('_', '-')}.svg ${text('ko', `state.${face}`)}`,
      )
      .sort(),
  );
});
