// The part of Electron that turns `electron [switches] FOLDER` into that folder's app. A product that ships Electron
// leaves it out, so a runtime taken from one needs it back. Top-level await on purpose: 'ready' is held back until
// the app's own entry has been evaluated, as it is when the app is packaged.
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

function readArguments(argv) {
  const preloads = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index];
    if (argument === '--version' || argument === '-v') return { preloads, version: true };
    if (argument === '--require' || argument === '-r') {
      index += 1;
      preloads.push(argv[index]);
    } else if (!argument.startsWith('-')) {
      return { preloads, target: path.resolve(argument) };
    }
  }
  return { preloads };
}

/** Takes name, version and desktop file from the app's package.json; returns the module to evaluate. */
async function adoptPackage(folder) {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setDesktopName(manifest.desktopName ?? `${app.getName()}.desktop`);
  app.setAppPath(folder);
  return path.join(folder, manifest.main ?? 'index.js');
}

const { preloads, target, version } = readArguments(process.argv.slice(1));
if (version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
if (!target) {
  console.error('usage: electron [switches] FOLDER');
  process.exit(64);
}
try {
  process.defaultApp = true;
  const require = createRequire(path.join(process.cwd(), 'preload.cjs'));
  for (const preload of preloads) require(preload);
  const entry = (await stat(target)).isDirectory() ? await adoptPackage(target) : target;
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error('The app could not be loaded.');
  console.error(error);
  process.exit(1);
}
