/** The app's icon in the forms that installers want, drawn from its one SVG source. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pngOf } from '../make-icons.ts';

const LINUX_SIZES = [16, 32, 48, 64, 128, 256, 512] as const;
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256] as const;
/** Apple's names of the PNG sizes in an .icns; those of 2x are drawn at twice the points. */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const;

/** Writes `linux/{n}x{n}.png`, `app.ico` and `app.icns` into `outDir`. */
export function writeAppIcons(assetsDir: string, outDir: string): void {
  const svg = readFileSync(path.join(assetsDir, 'app.svg'), 'utf8');
  mkdirSync(path.join(outDir, 'linux'), { recursive: true });
  for (const size of LINUX_SIZES) {
    writeFileSync(path.join(outDir, 'linux', `${size}x${size}.png`), pngOf(svg, size));
  }
  writeFileSync(
    path.join(outDir, 'app.ico'),
    icoOf(ICO_SIZES.map((size) => ({ size, png: pngOf(svg, size) }))),
  );
  writeFileSync(
    path.join(outDir, 'app.icns'),
    icnsOf(ICNS_TYPES.map(([type, size]) => ({ type, png: pngOf(svg, size) }))),
  );
}

/** An .ico of PNGs: a header, 16 bytes an image, then the images (Windows Vista and later). */
function icoOf(images: readonly { readonly size: number; readonly png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size, png }, index) => {
    const entry = 6 + 16 * index;
    // 0 says 256.
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

/** An .icns of PNGs: a header, then each image with its type and length. */
function icnsOf(images: readonly { readonly type: string; readonly png: Buffer }[]): Buffer {
  const chunk = (type: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + content.length, 4);
    return Buffer.concat([head, content]);
  };
  return chunk('icns', Buffer.concat(images.map(({ type, png }) => chunk(type, png))));
}
