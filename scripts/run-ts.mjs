#!/usr/bin/env node
// Runs a TypeScript file of this repository in plain Node: node scripts/run-ts.mjs FILE [ARGS...]
// Vite, which builds the product, also transforms the file, so that no second TypeScript loader is needed.
import path from 'node:path';
import { runnerImport } from 'vite';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run-ts.mjs FILE [ARGS...]');
  process.exit(2);
}
const entry = path.resolve(file);
process.argv = [process.argv[0] ?? 'node', entry, ...args];
await runnerImport(entry, {
  configFile: false,
  root: path.resolve(import.meta.dirname, '..'),
  logLevel: 'error',
});
