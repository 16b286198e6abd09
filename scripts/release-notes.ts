// node scripts/run-ts.mjs scripts/release-notes.ts: what is new in package.json's version, for its release.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { changelogSection } from './changelog-section.ts';
import { runScript, SetupError } from './messages.ts';

const read = (file: string) => readFile(path.resolve(import.meta.dirname, '..', file), 'utf8');

await runScript(async () => {
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  const section = changelogSection(await read('CHANGELOG.md'), version);
  if (section === null) throw new SetupError(`CHANGELOG.md says nothing of ${version}`);
  if (section.remark.includes('unreleased'))
    throw new SetupError(`CHANGELOG.md calls ${version} unreleased: write the day of its release there`);
  console.log(section.text);
  return 0;
});
