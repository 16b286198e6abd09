/** What a host in this process's zone makes of deadlines; see time-table.test.ts. */
import { refreshDueAt } from '../../../shared/due.ts';
import { parseCafe24Time } from '../../../shared/korean-time.ts';
import { dDayOf, formatDateTime, seoulDayOf, seoulMidnightOf } from '../../../shared/seoul-time.ts';
import { nextWarningAt, type Situation } from '../../../shared/warnings.ts';
import { aSet, DAY } from '../../support/heart-examples.ts';

function timesOf(deadlineText: string) {
  const deadlineAt = parseCafe24Time(deadlineText) ?? Number.NaN;
  const issuedAt = deadlineAt - 14 * DAY;
  const situation: Situation = {
    state: 'EXPIRING',
    reason: 'grant.expiring',
    since: issuedAt,
    deadlineAt,
    isSettled: true,
    channels: ['os', 'slack', 'mail'],
    machine: 'machine',
  };
  const warnings: number[] = [];
  for (let at = nextWarningAt(situation, new Map(), issuedAt); at !== null && warnings.length < 9; ) {
    warnings.push(at);
    at = nextWarningAt(situation, new Map(), at);
  }
  const turn = seoulMidnightOf(seoulDayOf(deadlineAt) - 3);
  return {
    deadline: iso(deadlineAt),
    refresh: iso(refreshDueAt(aSet({ issuedAt }), issuedAt, 90_123, issuedAt)),
    dDayTurns: iso(turn),
    // The millisecond before, and the one on which D-3 begins.
    dDays: [-1, 0].map((ms) => dDayOf(deadlineAt, turn + ms)),
    warnings: warnings.map(iso),
    shown: formatDateTime('en', deadlineAt),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

process.stdout.write(
  JSON.stringify({
    offsetMinutes: -new Date(Date.UTC(2026, 6, 1)).getTimezoneOffset(),
    times: process.argv.slice(2).map(timesOf),
  }),
);
