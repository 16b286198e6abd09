#!/usr/bin/env node
// Stands in for fpm (electron-builder's CUSTOM_FPM_PATH) where fpm cannot be downloaded: the options that
// electron-builder gives for a deb, through Debian's own dpkg-deb. An option it does not know ends it.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const SINGLE = new Map([
  ['-s', 'source'],
  ['-t', 'target'],
  ['--architecture', 'architecture'],
  ['--after-install', 'postinst'],
  ['--after-remove', 'postrm'],
  ['--description', 'description'],
  ['--version', 'version'],
  ['--package', 'output'],
  ['--name', 'name'],
  ['--maintainer', 'maintainer'],
  ['--url', 'url'],
  ['--vendor', 'vendor'],
  ['--category', 'section'],
  ['--deb-priority', 'priority'],
  ['--deb-compression', 'compression'],
  ['--license', 'license'],
]);

const options = { depends: [], recommends: [] };
const mappings = [];
const args = process.argv.slice(2);
while (args.length > 0) {
  const arg = args.shift();
  if (arg === '--force') continue;
  if (arg === '-d' || arg === '--depends') options.depends.push(args.shift());
  else if (arg === '--deb-recommends') options.recommends.push(args.shift());
  else if (SINGLE.has(arg)) options[SINGLE.get(arg)] = args.shift();
  else if (!arg.startsWith('-') && arg.includes('=')) mappings.push(arg.split(/=(?=\/[^=]*$)/));
  else throw new Error(`deb-by-dpkg: what is ${arg}?`);
}
if (options.source !== 'dir' || options.target !== 'deb')
  throw new Error('deb-by-dpkg: makes debs of folders only');

const root = mkdtempSync(path.join(path.dirname(options.output), '.deb-'));
try {
  for (const [from, to] of mappings) {
    const target = path.join(root, to);
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(from, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    // Whatever the umask of the build was, everybody can read what is installed.
    makeReadable(path.join(root, to.split('/')[1] ?? ''));
  }
  const control = path.join(root, 'DEBIAN');
  mkdirSync(control);
  for (const script of ['postinst', 'postrm']) {
    if (!options[script]) continue;
    cpSync(options[script], path.join(control, script));
    chmodSync(path.join(control, script), 0o755);
  }
  writeFileSync(path.join(control, 'control'), controlOf(options, kibibytesOf(root)));
  chmodSync(control, 0o755);
  const compression = process.env.DEB_COMPRESSION ?? options.compression ?? 'xz';
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, options.output], {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: os.tmpdir() },
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}

function controlOf(
  { name, version, architecture, maintainer, url, section, priority, depends, recommends, description },
  size,
) {
  const [synopsis = name, ...lines] = (description ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${size}`,
    ...(depends.length > 0 ? [`Depends: ${depends.join(', ')}`] : []),
    ...(recommends.length > 0 ? [`Recommends: ${recommends.join(', ')}`] : []),
    `Section: ${section ?? 'utils'}`,
    `Priority: ${priority ?? 'optional'}`,
    ...(url ? [`Homepage: ${url}`] : []),
    `Description: ${synopsis}`,
    ...lines.map((line) => ` ${line}`),
    '',
  ].join('\n');
}

function entriesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
    entry,
    file: path.join(entry.parentPath, entry.name),
  }));
}

function makeReadable(folder) {
  chmodSync(folder, 0o755);
  for (const { entry, file } of entriesOf(folder)) {
    if (entry.isDirectory()) chmodSync(file, 0o755);
    else if (entry.isFile()) chmodSync(file, lstatSync(file).mode & 0o111 ? 0o755 : 0o644);
  }
}

function kibibytesOf(folder) {
  const bytes = entriesOf(folder).reduce(
    (sum, { entry, file }) => sum + (entry.isFile() ? lstatSync(file).size : 0),
    0,
  );
  return Math.ceil(bytes / 1024);
}
