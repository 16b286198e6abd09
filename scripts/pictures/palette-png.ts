import { crc32, deflateSync } from 'node:zlib';
import type { Pixels } from '../demo/pixels.ts';

const PALETTE_SIZE = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * The same picture as a PNG of at most 256 colours, about 40 per cent of the size. A window has few colours but many
 * blends at the edges of its letters; blends that hardly differ become one.
 */
export function encodePalettePng(pixels: Pixels): Buffer {
  const counts = countEach(pixels);
  const palette = choosePalette(
    [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)),
  );
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, nearestIn(palette, colour)]));
  const { width, height } = pixels;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexOf.get(pixels.at(x, y)) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits per pixel, by palette; no filter helps there.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function countEach({ width, height, at }: Pixels): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = at(x, y);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  return counts;
}

/** The most frequent colours, leaving out what comes closer to a chosen one than it must for all to fit. */
function choosePalette(byFrequency: readonly number[]): readonly number[] {
  for (let tolerance = 0; ; tolerance += 1) {
    const chosen: number[] = [];
    for (const colour of byFrequency) {
      if (chosen.every((each) => distance(each, colour) > tolerance)) chosen.push(colour);
      if (chosen.length > PALETTE_SIZE) break;
    }
    if (chosen.length <= PALETTE_SIZE) return chosen;
  }
}

function nearestIn(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, each] of palette.entries()) {
    const far = distance(each, colour);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

/** The largest difference in any channel. */
function distance(one: number, other: number): number {
  const [red, green, blue] = channelsOf(one);
  const [otherRed, otherGreen, otherBlue] = channelsOf(other);
  return Math.max(Math.abs(red - otherRed), Math.abs(green - otherGreen), Math.abs(blue - otherBlue));
}

function channelsOf(colour: number): [red: number, green: number, blue: number] {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
