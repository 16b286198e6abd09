import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCafe24Time } from '../../../shared/korean-time.ts';

/** Text of an answer, and the instant it names. */
const TIMES: readonly (readonly [string, string])[] = [
  // as every measured answer has it: Korean local time, no offset
  ['2026-08-20T17:26:31.000', '2026-08-20T08:26:31.000Z'],
  ['2026-03-01T14:00:00.000', '2026-03-01T05:00:00.000Z'],
  ['2026-03-01T00:00:00.000', '2026-02-28T15:00:00.000Z'],
  ['2027-01-01T08:59:59.999', '2026-12-31T23:59:59.999Z'],
  ['2028-02-29T00:00:00.000', '2028-02-28T15:00:00.000Z'],
  // local times that do not exist, or exist twice, where the host changes its clocks
  ['2026-03-08T02:30:00.000', '2026-03-07T17:30:00.000Z'],
  ['2026-11-01T01:30:00.000', '2026-10-31T16:30:00.000Z'],
  ['2026-03-29T01:30:00.000', '2026-03-28T16:30:00.000Z'],
  // other ways to write the same
  ['2026-08-20T17:26:31', '2026-08-20T08:26:31.000Z'],
  ['2026-08-20T17:26', '2026-08-20T08:26:00.000Z'],
  ['2026-08-20 17:26:31', '2026-08-20T08:26:31.000Z'],
  [' 2026-08-20T17:26:31.5 ', '2026-08-20T08:26:31.500Z'],
  ['2026-08-20T17:26:31.123456', '2026-08-20T08:26:31.123Z'],
  // an offset counts where there is one
  ['2026-08-20T17:26:31.000+09:00', '2026-08-20T08:26:31.000Z'],
  ['2026-08-20T08:26:31.000Z', '2026-08-20T08:26:31.000Z'],
  ['2026-08-20T08:26:31z', '2026-08-20T08:26:31.000Z'],
  ['2026-08-20T01:26:31.000-0700', '2026-08-20T08:26:31.000Z'],
  ['2026-08-20T14:11:31.000+05:45', '2026-08-20T08:26:31.000Z'],
  ['2026-08-20T17:26:31+09', '2026-08-20T08:26:31.000Z'],
];

describe('a time of Cafe24', () => {
  it.each(TIMES)('%s is %s', (text, instant) => {
    expect(parseCafe24Time(text)).toBe(Date.parse(instant));
  });

  it.each([
    '',
    'soon',
    '2026-08-20',
    '17:26:31',
    '1787200000000',
    '2026-02-29T12:00:00.000',
    '2026-04-31T12:00:00.000',
    '2026-13-01T12:00:00.000',
    '2026-00-10T12:00:00.000',
    '2026-08-20T24:00:00.000',
    '2026-08-20T12:60:00.000',
    '2026-08-20T12:00:60.000',
    '0000-00-00T00:00:00.000',
    '0001-01-01T00:00:00.000',
    '2026-08-20T12:00:00.000+25:00',
    '2026-08-20T12:00:00.000+09:75',
    '2026-08-20T12:00:00.000 KST',
    '2026-08-20T12:00:00.000Z and more',
  ])('%j is no time', (text) => {
    expect(parseCafe24Time(text)).toBeNull();
  });

  it('any instant comes back to the millisecond, without an offset, with Z and with any offset', () => {
    const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
    const offsetMinutes = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(instant, offsetMinutes, (at, minutes) => {
        expect(parseCafe24Time(localText(at, 9 * 60))).toBe(at);
        expect(parseCafe24Time(`${localText(at, 0)}Z`)).toBe(at);
        expect(parseCafe24Time(localText(at, minutes) + offsetText(minutes))).toBe(at);
      }),
    );
  });

  it('any text is a time or null, never an exception or NaN', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)), (text) => {
        const at = parseCafe24Time(text);
        expect(at === null || Number.isSafeInteger(at)).toBe(true);
      }),
    );
  });

  // Every hour of a year: whatever the zone skips or repeats is among them.
  it.each([
    ['UTC', [0, 0]],
    ['Asia/Seoul', [540, 540]],
    ['America/Los_Angeles', [-480, -420]],
    ['Asia/Kathmandu', [345, 345]],
    ['Australia/Lord_Howe', [660, 630]],
  ])(
    'is the same to the millisecond on a host in %s, at every half hour of the year',
    async (zone, offsets) => {
      const seen = await inZone(zone);
      expect(seen.offsets).toEqual(offsets);
      expect(seen.table).toEqual(TIMES.map(([, instant]) => Date.parse(instant)));
      expect(seen.wrong).toEqual([]);
    },
  );
});

function localText(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, -1);
}

function offsetText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

interface SeenInZone {
  /** The host's own offset in winter and in summer, minutes: proves that the zone was taken. */
  readonly offsets: readonly number[];
  readonly table: readonly (number | null)[];
  readonly wrong: readonly string[];
}

/** The same reading in a process whose host zone is `zone`; a zone cannot be changed once Date was used. */
async function inZone(zone: string): Promise<SeenInZone> {
  const child = spawn(
    process.execPath,
    ['scripts/run-ts.mjs', 'tests/unit/shared/read-times.ts', ...TIMES.map(([text]) => text)],
    {
      cwd: path.resolve(import.meta.dirname, '../../..'),
      env: { ...process.env, TZ: zone },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  return JSON.parse(output);
}
