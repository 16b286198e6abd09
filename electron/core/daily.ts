import { Cron } from 'croner';

/** The daily check (design, section 4): 09:00 in Seoul. The library only computes; it sets no timer. */
const DAILY = new Cron('0 9 * * *', { timezone: 'Asia/Seoul', paused: true });

/** The next daily check after `now`, epoch ms. */
export function nextDailyCheckAt(now: number): number {
  const next = DAILY.nextRun(new Date(now));
  if (!next) throw new Error('a daily schedule has no next time');
  return next.getTime();
}
