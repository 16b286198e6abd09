import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A YAML file, read by the parser that electron-builder reads its own with. */
export function readYaml(file: string): Readonly<Record<string, unknown>> {
  const require = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
  const { load } = require('js-yaml') as { load(text: string): Record<string, unknown> };
  return load(readFileSync(file, 'utf8'));
}
