import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { changelogSection } from '../../../scripts/changelog-section.ts';

const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '../../..', file), 'utf8');
const workflow = read('.github/workflows/release.yml');

const CHANGELOG = `# Changelog

Newest first.

## 0.10.0 (unreleased)

- Coming.

## 0.1.1

## 0.1.0 (2026-12-01)

The first.

### More

- One ## of two.

## 0.0.9

- Before.
`;

describe('the notes of a release', () => {
  it.each([
    ['the newest', '0.10.0', { remark: '(unreleased)', text: '- Coming.' }],
    [
      'one between others, with its parts',
      '0.1.0',
      { remark: '(2026-12-01)', text: 'The first.\n\n### More\n\n- One ## of two.' },
    ],
    ['the last', '0.0.9', { remark: '', text: '- Before.' }],
    ['one that says nothing', '0.1.1', null],
    ['one that is only the beginning of another', '0.1', null],
    ['one that is not there', '1.0.0', null],
    ['what is no version', 'Newest', null],
  ])('are the section of %s', (_which, version, section) => {
    expect(changelogSection(CHANGELOG, version)).toEqual(section);
  });

  it('are there for the version that is next', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(changelogSection(read('CHANGELOG.md'), version)?.text).toMatch(/^- /m);
  });

  it('are what the workflow hands to GitHub, and asked for before anything is built', () => {
    expect(workflow).toMatch(
      /run: node scripts\/run-ts\.mjs scripts\/release-notes\.ts > release-notes\.md$/m,
    );
    expect(workflow).toMatch(/gh release create .* --notes-file notes\/release-notes\.md packages\/\*$/m);
    expect(workflow).not.toMatch(/notes-file CHANGELOG/);
  });
});

describe('a release', () => {
  it('carries the relay page and the npm package, which the documents name, with checksums', () => {
    expect(workflow).toMatch(/run: npm pack --pack-destination release$/m);
    expect(workflow).toMatch(/^ +release\/\*\.tgz$/m);
    expect(workflow).toMatch(
      /cp relay\/index\.html packages\/cafe24-relay\.html\n(?:.*\n)*? +sha256sum -- \*/,
    );
  });
});
