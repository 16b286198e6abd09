import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODES } from '../../../shared/codes.ts';
import { VARIABLES } from '../../../shared/configuration-variables.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/cafe24.md',
  'docs/keeper.md',
];

/** A heading as links name it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

describe('the documents', () => {
  it.each(Object.keys(VARIABLES))('README explains %s', (name) => {
    expect(read('README.md')).toMatch(new RegExp(`^\\|.*\`${name}\``, 'm'));
  });

  it('README names only codes that exist', () => {
    const table = read('README.md').split('### Codes')[1]?.split('\n## ')[0] ?? '';
    const named = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w.]+)`/g)].map(([, code]) => code),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((code) => !(CODES as readonly (string | undefined)[]).includes(code))).toEqual([]);
  });

  it.each(DOCUMENTS)('%s links only to files and headings that exist', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#:]+)(?:#([^)]+))?\)|src="([^":]+)"/g)].map(
      ([, link, anchor, source]) => ({
        file: path.join(path.dirname(document), link ?? source ?? ''),
        anchor,
      }),
    );
    const dead = links.filter(
      ({ file, anchor }) =>
        !existsSync(path.join(ROOT, file)) ||
        (anchor !== undefined &&
          ![...read(file).matchAll(/^#+ (.+)$/gm)].some(([, heading = '']) => anchorOf(heading) === anchor)),
    );
    expect(dead).toEqual([]);
  });

  it.each(DOCUMENTS)('%s names only files of the code that exist', (document) => {
    const files = [
      ...read(document).matchAll(
        /`((?:electron|shared|core|adapters|tests|scripts|renderer|relay)\/[\w./-]*)`/g,
      ),
    ].map(([, file = '']) => file);
    const missing = files.filter(
      (file) => !['', 'electron/'].some((base) => existsSync(path.join(ROOT, base, file))),
    );
    expect(missing).toEqual([]);
  });
});
