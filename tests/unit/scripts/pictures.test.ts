import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countColours, decodePng } from '../../../scripts/demo/pixels.ts';
import { encodePalettePng } from '../../../scripts/pictures/palette-png.ts';

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A truecolour PNG whose rows are already filtered: each begins with its filter's number. */
function pngOf(width: number, rows: readonly (readonly number[])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('reading a screenshot', () => {
  /** The same second row, 0a141e 0b151f, behind a first row of 0a0a0a 141414, by each filter. */
  it.each([
    ['none', [0, 0x0a, 0x14, 0x1e, 0x0b, 0x15, 0x1f]],
    ['left', [1, 0x0a, 0x14, 0x1e, 0x01, 0x01, 0x01]],
    ['up', [2, 0x00, 0x0a, 0x14, 0xf7, 0x01, 0x0b]],
    ['average', [3, 0x05, 0x0f, 0x19, 0xfc, 0x01, 0x06]],
    ['Paeth', [4, 0x00, 0x0a, 0x14, 0xf7, 0x01, 0x01]],
  ])('undoes the filter %s', (_, row) => {
    const pixels = decodePng(pngOf(2, [[0, 0x0a, 0x0a, 0x0a, 0x14, 0x14, 0x14], row]));
    expect([pixels.at(0, 0), pixels.at(1, 0)]).toEqual([0x0a0a0a, 0x141414]);
    expect([pixels.at(0, 1), pixels.at(1, 1)]).toEqual([0x0a141e, 0x0b151f]);
  });

  it('tells a painted area from one that is not', () => {
    const pixels = decodePng(
      pngOf(4, [
        [0, ...[0, 0, 0], ...[0, 0, 0], ...[1, 2, 3], ...[4, 5, 6]],
        [0, ...[0, 0, 0], ...[0, 0, 0], ...[7, 8, 9], ...[1, 1, 1]],
      ]),
    );
    const area = { y: 0, width: 2, height: 2 };
    expect(countColours(pixels, { ...area, x: 0 }, 10)).toBe(1);
    expect(countColours(pixels, { ...area, x: 2 }, 10)).toBe(4);
  });
});

describe('a picture of few colours', () => {
  /** What follows a chunk's name, with the name's own length before it. */
  const read = (png: Buffer, type: string) => {
    const at = png.indexOf(type, 0, 'latin1');
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };

  it('keeps up to 256 colours exactly', () => {
    const pixels = { width: 256, height: 1, at: (x: number) => x * 0x10101 };
    const palette = read(encodePalettePng(pixels), 'PLTE');
    expect(palette).toHaveLength(256 * 3);
    expect(new Set(Array.from({ length: 256 }, (_, i) => palette.readUIntBE(i * 3, 3))).size).toBe(256);
  });

  it('makes one of colours that hardly differ, never of the most frequent', () => {
    const common = 0xff0000;
    const pixels = {
      width: 600,
      height: 2,
      at: (x: number, y: number) => (y === 0 ? common : (x % 256) * 0x10101 + (x >> 8)),
    };
    const palette = read(encodePalettePng(pixels), 'PLTE');
    expect(palette.length).toBeLessThanOrEqual(256 * 3);
    expect(palette.readUIntBE(0, 3)).toBe(common);
  });
});
