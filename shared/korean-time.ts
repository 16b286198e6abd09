import { SEOUL_OFFSET_MS } from './seoul-time.ts';

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/i;

/**
 * Reads a time as Cafe24 writes it: Korean local time without an offset (`2026-08-20T17:26:31.000`), whatever zone the
 * host is in. An offset or `Z` is honoured where one is given (docs/cafe24.md, 1).
 *
 * @returns epoch ms, or null for anything that is not a valid time
 */
export function parseCafe24Time(text: string): number | null {
  const match = FORM.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = match;
  const fields = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ] as const;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const asUtc = Date.UTC(...fields, millis);
  const back = new Date(asUtc);
  // 31 April or 25 o'clock roll over silently in Date.UTC, and it reads the years 0 to 99 as 1900 to 1999.
  const isReal =
    back.getUTCFullYear() === fields[0] &&
    back.getUTCMonth() === fields[1] &&
    back.getUTCDate() === fields[2] &&
    back.getUTCHours() === fields[3] &&
    back.getUTCMinutes() === fields[4];
  if (!isReal || fields[5] > 59) return null;
  return asUtc - offsetMsOf(offset);
}

function offsetMsOf(offset: string | undefined): number {
  if (offset === undefined) return SEOUL_OFFSET_MS;
  if (offset.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', ''))];
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
