/** Reads times as this process's zone would tempt to, and tells what came of it; see korean-time.test.ts. */
import { parseCafe24Time } from '../../../shared/korean-time.ts';

const HALF_HOUR_MS = 30 * 60_000;
const SEOUL_MS = 9 * 60 * 60_000;

const wrong: string[] = [];
for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += HALF_HOUR_MS) {
  const text = new Date(at + SEOUL_MS).toISOString().slice(0, -1);
  if (parseCafe24Time(text) !== at) wrong.push(text);
}

process.stdout.write(
  JSON.stringify({
    offsets: [0, 6].map((month) => -new Date(2026, month, 15).getTimezoneOffset()),
    table: process.argv.slice(2).map(parseCafe24Time),
    wrong,
  }),
);
