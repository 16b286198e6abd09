import { inflateSync } from 'node:zlib';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** The colour at a place as one number; places outside are -1. */
  at(x: number, y: number): number;
}

/** Bytes per pixel by PNG's colour type: truecolour, and truecolour with alpha. */
const BYTES_PER_PIXEL: Readonly<Record<number, number>> = { 2: 3, 6: 4 };
const SIGNATURE_LENGTH = 8;

/** Reads a PNG as screenshot programs write it: 8 bits per channel, not interlaced (PNG specification, 5 and 9). */
export function decodePng(file: Buffer): Pixels {
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const [depth, colourType, , , interlace] = file.subarray(24, 29);
  const size = BYTES_PER_PIXEL[colourType ?? -1];
  if (size === undefined || depth !== 8 || interlace !== 0) throw new Error('a PNG of an unexpected kind');
  const rows = unfilter(inflateSync(Buffer.concat(imageData(file))), width * size, height, size);
  return {
    width,
    height,
    at(x, y) {
      if (x < 0 || y < 0 || x >= width || y >= height) return -1;
      return rows.readUIntBE((y * width + x) * size, 3);
    },
  };
}

/** How many colours an area shows, counted up to `enough`. A window that was not painted yet shows one or two. */
export function countColours({ at }: Pixels, area: Area, enough: number): number {
  const seen = new Set<number>();
  for (let y = area.y; y < area.y + area.height; y += 1) {
    for (let x = area.x; x < area.x + area.width; x += 1) {
      seen.add(at(x, y));
      if (seen.size >= enough) return enough;
    }
  }
  return seen.size;
}

function imageData(file: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = SIGNATURE_LENGTH; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const content = file.subarray(at + 8, at + 8 + length);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(content);
    at += 12 + length;
  }
  return parts;
}

function unfilter(raw: Buffer, rowLength: number, height: number, size: number): Buffer {
  const out = Buffer.alloc(rowLength * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (rowLength + 1)];
    const from = y * (rowLength + 1) + 1;
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i += 1) {
      const left = i >= size ? (out[to + i - size] ?? 0) : 0;
      const up = y > 0 ? (out[to + i - rowLength] ?? 0) : 0;
      const upLeft = y > 0 && i >= size ? (out[to + i - rowLength - size] ?? 0) : 0;
      out[to + i] = (raw[from + i] ?? 0) + predicted(filter, left, up, upLeft);
    }
  }
  return out;
}

function predicted(filter: number | undefined, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return nearest(left, up, upLeft);
    default:
      throw new Error(`an unknown PNG filter: ${filter}`);
  }
}

/** Paeth's predictor. */
function nearest(left: number, up: number, upLeft: number): number {
  const guess = left + up - upLeft;
  const [byLeft, byUp, byBoth] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - upLeft)];
  if (byLeft <= byUp && byLeft <= byBoth) return left;
  return byUp <= byBoth ? up : upLeft;
}
