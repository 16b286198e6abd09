/**
 * Draws every icon from its SVG source in `assets/` into `dist/icons/`: one PNG per state, panel and size. The sources
 * hold `currentColor`; the colour comes from here, so that a shape exists once for panels, template images and window.
 *
 * Names: `tray/{panel}/{shape}-{size}.png`, `tray/template/{shape}Template.png` and `{shape}Template@2x.png` (macOS
 * tints an image whose name ends so), `app-{size}.png`. Run by hand it also writes the faces that the README shows.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** 16, 22 and 24 are what panels ask for; 32, 44 and 48 are the same at twice the density. */
const TRAY_SIZES = [16, 22, 24, 32, 44, 48] as const;
const TEMPLATE_SIZES = [
  [18, 'Template.png'],
  [36, 'Template@2x.png'],
] as const;
const APP_SIZES = [16, 32, 48, 64, 128, 256, 512] as const;

type Shape =
  | 'healthy'
  | 'expiring'
  | 'critical'
  | 'needs-reauth'
  | 'blocked'
  | 'unconfirmed'
  | 'waiting'
  | 'paused'
  | 'unknown';

/** On a light and a dark panel; each at least 3:1 against its panel, as graphics must be (WCAG 1.4.11). */
const COLOURS: Readonly<Record<Shape, Readonly<Record<'light' | 'dark', string>>>> = {
  healthy: { light: '#16703f', dark: '#6fd79b' },
  expiring: { light: '#8a5a00', dark: '#ffc857' },
  critical: { light: '#b3261e', dark: '#ff8a80' },
  'needs-reauth': { light: '#b3261e', dark: '#ff8a80' },
  blocked: { light: '#b3261e', dark: '#ff8a80' },
  unconfirmed: { light: '#8a5a00', dark: '#ffc857' },
  waiting: { light: '#2456c9', dark: '#8ab0ff' },
  paused: { light: '#5d6066', dark: '#c3c6cc' },
  unknown: { light: '#5d6066', dark: '#c3c6cc' },
};

/** What stands behind them in a document. */
const PANELS = { light: '#f3f3f1', dark: '#1f2023' } as const;

/** Writes all icons and returns their paths below `outDir`. */
export function makeIcons(assetsDir: string, outDir: string): readonly string[] {
  const written: string[] = [];
  const write = (name: string, svg: string, size: number): void => {
    const file = path.join(outDir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, pngOf(svg, size));
    written.push(name);
  };
  for (const shape of shapesIn(path.join(assetsDir, 'tray'))) {
    const source = readFileSync(path.join(assetsDir, 'tray', `${shape}.svg`), 'utf8');
    for (const panel of ['light', 'dark'] as const) {
      const coloured = source.replaceAll('currentColor', COLOURS[shape][panel]);
      for (const size of TRAY_SIZES) write(`tray/${panel}/${shape}-${size}.png`, coloured, size);
    }
    const black = source.replaceAll('currentColor', '#000000');
    for (const [size, suffix] of TEMPLATE_SIZES) write(`tray/template/${shape}${suffix}`, black, size);
  }
  const app = readFileSync(path.join(assetsDir, 'app.svg'), 'utf8');
  for (const size of APP_SIZES) write(`app-${size}.png`, app, size);
  return written;
}

/** Each shape's file name and picture for documents: on a light and on a dark panel, to be seen on a page of any colour. */
export function facesOf(assetsDir: string): readonly (readonly [file: string, svg: string])[] {
  const folder = path.join(assetsDir, 'tray');
  return shapesIn(folder).map((shape) => {
    const source = readFileSync(path.join(folder, `${shape}.svg`), 'utf8').trim();
    const on = (panel: 'light' | 'dark', x: number) => {
      const drawing = source.replaceAll('currentColor', COLOURS[shape][panel]);
      const placed = drawing.replace('<svg ', `<svg x="${x + 6}" y="4" width="16" height="16" `);
      return `<rect x="${x}" width="28" height="24" fill="${PANELS[panel]}"/>\n${placed}\n`;
    };
    const drawn = `${on('light', 0)}${on('dark', 28)}`;
    return [
      `${shape}.svg`,
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 24">\n${drawn}</svg>\n`,
    ] as const;
  });
}

/** The drawing as a square PNG. None has text: without that option every one of them would read the system's fonts. */
export function pngOf(svg: string, size: number): Buffer {
  const options = { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } } as const;
  return new Resvg(svg, options).render().asPng();
}

/** The shapes with a source; throws for one without colours, or a colour without a source. */
function shapesIn(dir: string): readonly Shape[] {
  const found = readdirSync(dir)
    .filter((name) => name.endsWith('.svg'))
    .map((name) => path.basename(name, '.svg'));
  const known = Object.keys(COLOURS) as Shape[];
  const strange = [
    ...found.filter((name) => !(known as string[]).includes(name)),
    ...known.filter((name) => !found.includes(name)),
  ];
  if (strange.length > 0) throw new Error(`tray shapes without source or colour: ${strange.join(', ')}`);
  return known;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = makeIcons(path.join(root, 'assets'), path.join(root, 'dist/icons'));
  const faces = path.join(root, 'docs/faces');
  mkdirSync(faces, { recursive: true });
  for (const [file, svg] of facesOf(path.join(root, 'assets'))) writeFileSync(path.join(faces, file), svg);
  console.error(`[icons] ${written.length} files in dist/icons; docs/faces is written`);
}
