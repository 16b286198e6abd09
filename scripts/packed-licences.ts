import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import type { PackedLicence } from '../shared/ipc.ts';

/** Of these bundles the packaged app is made. */
const PACKED = new Set(['main', 'preload', 'client']);

/** Each bundle is built with plugins of its own: what they have to tell each other lies here. */
const NOTES = path.resolve(import.meta.dirname, '../dist/licences');

/**
 * Writes the licences of all packages whose code went into a packed bundle into `licences.json` beside the window's
 * folder: main hands them out when they are asked for, and no page carries them along.
 * The window must be built last; built alone it tells of its own packages.
 */
export function packedLicences(): Plugin {
  const found = new Map<string, PackedLicence>();
  const seen = new Set<string>();
  const collect = (bundle: object): void => {
    for (const output of Object.values(bundle) as { readonly moduleIds?: readonly string[] }[]) {
      for (const id of output.moduleIds ?? []) {
        const folder = /^(?:\0.*?)?(\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
          id.replaceAll('\\', '/'),
        )?.[1];
        if (folder !== undefined && !seen.has(folder)) {
          seen.add(folder);
          const licence = licenceIn(folder);
          found.set(keyOf(licence), licence);
        }
      }
    }
  };
  return {
    name: 'packed-licences',
    applyToEnvironment: ({ name }) => PACKED.has(name),
    generateBundle(_options, bundle) {
      if (this.environment.name === 'client') return;
      collect(bundle);
      mkdirSync(NOTES, { recursive: true });
      const list = JSON.stringify([...found.values()]);
      writeFileSync(path.join(NOTES, `${this.environment.name}.json`), list);
    },
    writeBundle({ dir }, bundle) {
      if (this.environment.name !== 'client' || dir === undefined) return;
      collect(bundle);
      for (const licence of ['main', 'preload'].flatMap(notedFor)) found.set(keyOf(licence), licence);
      const list = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      writeFileSync(path.join(dir, '..', 'licences.json'), JSON.stringify(list));
    },
  };
}

const keyOf = ({ name, version }: PackedLicence): string => `${name} ${version}`;

function notedFor(bundle: string): readonly PackedLicence[] {
  try {
    return JSON.parse(readFileSync(path.join(NOTES, `${bundle}.json`), 'utf8'));
  } catch {
    return [];
  }
}

function licenceIn(folder: string): PackedLicence {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return {
    name,
    version,
    licence: typeof license === 'string' ? license : 'see text',
    text: file ? unwrapped(readFileSync(path.join(folder, file), 'utf8')) : '',
  };
}

/** Paragraph by paragraph without the line breaks inside: it fits any width, and equal licences become equal texts. */
function unwrapped(text: string): string {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return paragraphs.map((paragraph) => paragraph.trim().replaceAll(/\s+/g, ' ')).join('\n\n');
}
