/** What a host in this process's zone makes of deadlines; see time-table.test.ts. */
import { refreshDueAt } from '../../../shared/due.ts';
import { parseCafe24Time } from '../../../shared/korean-time.ts';
import { dDayOf, formatDateTime, seoulDayOf, seoulMidnightOf } from '../../../shared/seoul-time.ts';
import { nextWarningAt, type Situation } from '../../../shared/warnings.ts';
import { aSet, DAY } from '../../support/heart-examples.ts';

const [deadlineText = ''] = process.argv.slice(2);
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
const iso = (at: number) => new Date(at).toISOString();

process.stdout.write(
  JSON.stringify({
    offsetMinutes: -new Date(deadlineAt).getTimezoneOffset(),
    deadline: iso(deadlineAt),
    refresh: iso(refreshDueAt(aSet({ issuedAt }), issuedAt, 90_123, issuedAt)),
    // One that no second of rounding could hide.
    dDayTurns: iso(seoulMidnightOf(seoulDayOf(deadlineAt) - 3)),
    dDays: [-1, 0].map((ms) => dDayOf(deadlineAt, seoulMidnightOf(seoulDayOf(deadlineAt) - 3) + ms)),
    warnings: warnings.map(iso),
    shown: formatDateTime('en', deadlineAt),
  }),
);
