import { Cron } from 'croner';
import { SEOUL_OFFSET_MS } from '../../shared/seoul-time.ts';

/**
 * The daily check: 09:00 in Seoul (README.md, "Warnings"). The library only computes; it sets no timer. By the offset: to
 * find it out for the zone by name would load 5 MB of calendars and their code into an idle app.
 */
const DAILY = new Cron('0 9 * * *', { utcOffset: SEOUL_OFFSET_MS / 60_000, paused: true });

/** The next daily check after `now`, epoch ms. */
export function nextDailyCheckAt(now: number): number {
  const next = DAILY.nextRun(new Date(now));
  if (!next) throw new Error('a daily schedule has no next time');
  return next.getTime();
}
