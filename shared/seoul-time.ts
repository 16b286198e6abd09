/**
 * Seoul's calendar and clock, from epoch milliseconds, by own arithmetic: Korea is at +09:00 without daylight saving
 * since 1988, so no host zone and no zone data is read and every machine shows the same text.
 */
import type { Locale } from './locale.ts';

export const SEOUL_OFFSET_MS = 9 * 60 * 60 * 1000;
export const DAY_MS = 24 * 60 * 60 * 1000;

const WEEKDAYS = {
  ko: ['일', '월', '화', '수', '목', '금', '토'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Days since 1970-01-01 in Seoul's calendar. */
export function seoulDayOf(at: number): number {
  return Math.floor((at + SEOUL_OFFSET_MS) / DAY_MS);
}

/** The instant Seoul's day with this number begins. */
export function seoulMidnightOf(day: number): number {
  return day * DAY_MS - SEOUL_OFFSET_MS;
}

/** Calendar days in Seoul until the deadline: 0 on its day, negative after (docs/keeper.md, 17). */
export function dDayOf(deadlineAt: number, now: number): number {
  return seoulDayOf(deadlineAt) - seoulDayOf(now);
}

/** `D-3`, `D-0` on the day itself, `D+1` after it. */
export function dDayLabel(dDay: number): string {
  return dDay < 0 ? `D+${-dDay}` : `D-${dDay}`;
}

/** `11월 25일 (수)`, `Wed, Nov 25`. */
export function formatDate(locale: Locale, at: number): string {
  const seoul = shiftedDate(at);
  const month = seoul.getUTCMonth();
  const day = seoul.getUTCDate();
  const weekday = WEEKDAYS[locale][seoul.getUTCDay()];
  return locale === 'ko' ? `${month + 1}월 ${day}일 (${weekday})` : `${weekday}, ${MONTHS[month]} ${day}`;
}

/** `11월 25일`, `Nov 25`: for a place where a weekday does not fit. */
export function formatShortDate(locale: Locale, at: number): string {
  const seoul = shiftedDate(at);
  const month = seoul.getUTCMonth();
  const day = seoul.getUTCDate();
  return locale === 'ko' ? `${month + 1}월 ${day}일` : `${MONTHS[month]} ${day}`;
}

/** `12:31`, 24-hour, the same in both languages. */
export function formatTime(at: number): string {
  const seoul = shiftedDate(at);
  return `${twoDigits(seoul.getUTCHours())}:${twoDigits(seoul.getUTCMinutes())}`;
}

/** `11월 25일 (수) 17:26`, `Wed, Nov 25, 17:26`. */
export function formatDateTime(locale: Locale, at: number): string {
  return `${formatDate(locale, at)}${locale === 'ko' ? ' ' : ', '}${formatTime(at)}`;
}

/** Only the time on the same day in Seoul as `now`, else date and time. */
export function formatMoment(locale: Locale, at: number, now: number): string {
  return seoulDayOf(at) === seoulDayOf(now) ? formatTime(at) : formatDateTime(locale, at);
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** A Date whose UTC fields read as Seoul's wall clock. */
function shiftedDate(at: number): Date {
  return new Date(at + SEOUL_OFFSET_MS);
}
