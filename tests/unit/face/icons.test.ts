import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { afterAll, describe, expect, it } from 'vitest';
import { makeIcons } from '../../../scripts/make-icons.ts';
import { MALL_STATES } from '../../../shared/mall-state.ts';

const assets = path.resolve(import.meta.dirname, '../../../assets');
const outDir = mkdtempSync(path.join(tmpdir(), 'keeper-icons-'));
const written = makeIcons(assets, outDir);
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

const shapes = [...MALL_STATES, 'WAITING', 'PAUSED', 'UNKNOWN'].map((face) =>
  face.toLowerCase().replaceAll('_', '-'),
);
const png = (name: string) => readFileSync(path.join(outDir, name));
/** Width and height, from the header every PNG begins with. */
const sizeOf = (image: Buffer) => [image.readUInt32BE(16), image.readUInt32BE(20)];

/** Where anything is drawn at 16 px, whatever its colour. */
function silhouetteOf(shape: string): string {
  const svg = readFileSync(path.join(assets, 'tray', `${shape}.svg`), 'utf8');
  const { pixels } = new Resvg(svg, { fitTo: { mode: 'width', value: 16 } }).render();
  return Array.from({ length: 256 }, (_, index) => ((pixels[index * 4 + 3] ?? 0) > 127 ? '#' : '.')).join('');
}

describe('the icons', () => {
  it.each(shapes)('show %s on light and dark panels and as a template, in every size', (shape) => {
    for (const size of [16, 22, 24, 32, 44, 48]) {
      expect(sizeOf(png(`tray/light/${shape}-${size}.png`))).toEqual([size, size]);
      expect(sizeOf(png(`tray/dark/${shape}-${size}.png`))).toEqual([size, size]);
      expect(png(`tray/light/${shape}-${size}.png`)).not.toEqual(png(`tray/dark/${shape}-${size}.png`));
    }
    expect(sizeOf(png(`tray/template/${shape}Template.png`))).toEqual([18, 18]);
    expect(sizeOf(png(`tray/template/${shape}Template@2x.png`))).toEqual([36, 36]);
  });

  it('tell the states apart at 16 px without colour', () => {
    const silhouettes = shapes.map(silhouetteOf);
    for (const [index, one] of silhouettes.entries()) {
      for (const other of silhouettes.slice(index + 1)) {
        const differing = [...one].filter((pixel, at) => pixel !== other[at]).length;
        expect(differing).toBeGreaterThan(10);
      }
    }
  });

  it('include the app itself, and nothing without a source', () => {
    expect(sizeOf(png('app-256.png'))).toEqual([256, 256]);
    expect(sizeOf(png('app-512.png'))).toEqual([512, 512]);
    expect(new Set(written.map((name) => name.split('/')[0]))).toEqual(
      new Set(['tray', ...written.filter((name) => name.startsWith('app-'))]),
    );
  });
});
