// npm run codes: writes docs/codes.md. A test fails while that document is not what the catalogues say.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codesDocument } from './codes-document.ts';
import { runScript } from './messages.ts';

await runScript(async () => {
  await writeFile(path.resolve(import.meta.dirname, '../docs/codes.md'), codesDocument());
  return 0;
});
