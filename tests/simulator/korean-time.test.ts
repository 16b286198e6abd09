import { expect, it } from 'vitest';
import { formatKoreanTime } from './korean-time.ts';

it.each([
  ['nine hours ahead', Date.UTC(2026, 7, 20, 8, 26, 31), '2026-08-20T17:26:31.000'],
  ['across midnight', Date.UTC(2026, 2, 1, 15, 0, 0), '2026-03-02T00:00:00.000'],
  ['across the year', Date.UTC(2026, 11, 31, 23, 59, 59, 999), '2027-01-01T08:59:59.999'],
  ['in a leap year', Date.UTC(2028, 1, 28, 15, 0, 0), '2028-02-29T00:00:00.000'],
  ['where Europe changes its clocks', Date.UTC(2026, 2, 29, 1, 30, 0), '2026-03-29T10:30:00.000'],
])('times are Korean local time: %s', (_name, at, expected) => {
  expect(formatKoreanTime(at)).toBe(expected);
  expect(formatKoreanTime(at, 'offset')).toBe(`${expected}+09:00`);
  expect(Date.parse(formatKoreanTime(at, 'offset'))).toBe(at);
  expect(Date.parse(formatKoreanTime(at, 'z'))).toBe(at);
});
