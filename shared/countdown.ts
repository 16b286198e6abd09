import type { Locale } from './locale.ts';
import { text } from './messages/message.ts';
import { twoDigits } from './seoul-time.ts';

export interface Countdown {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** Whole seconds left; 0 from the deadline on. */
  readonly totalSeconds: number;
}

/** What is left until a deadline, floored to the second and never negative. */
export function countdownOf(deadlineAt: number, now: number): Countdown {
  const totalSeconds = Math.max(0, Math.floor((deadlineAt - now) / 1000));
  const totalMinutes = Math.floor(totalSeconds / 60);
  const totalHours = Math.floor(totalMinutes / 60);
  return {
    days: Math.floor(totalHours / 24),
    hours: totalHours % 24,
    minutes: totalMinutes % 60,
    seconds: totalSeconds % 60,
    totalSeconds,
  };
}

/** The part below the days: `21:46:08`. */
export function clockText({ hours, minutes, seconds }: Countdown): string {
  return [hours, minutes, seconds].map(twoDigits).join(':');
}

/** `4:59`, for waits of minutes. Hours run into the minutes. */
export function minutesAndSeconds({ totalSeconds }: Countdown): string {
  return `${Math.floor(totalSeconds / 60)}:${twoDigits(totalSeconds % 60)}`;
}

/** The two largest units in words, without seconds: `13일 21시간`, `1시간 12분`, `12분`, `1분 미만`. */
export function durationText(locale: Locale, fromAt: number, toAt: number): string {
  const { days, hours, minutes } = countdownOf(toAt, fromAt);
  if (days > 0) return join(unit(locale, 'days', days), hours > 0 && unit(locale, 'hours', hours));
  if (hours > 0) return join(unit(locale, 'hours', hours), minutes > 0 && unit(locale, 'minutes', minutes));
  return minutes > 0 ? unit(locale, 'minutes', minutes) : text(locale, 'time.underAMinute');
}

/** `13일 21시간 남음`; once the deadline has passed, that it has. For tooltip and tray: no seconds. */
export function timeLeft(locale: Locale, deadlineAt: number, now: number): string {
  if (now >= deadlineAt) return text(locale, 'time.over');
  return text(locale, 'time.left', { time: durationText(locale, now, deadlineAt) });
}

function unit(locale: Locale, name: 'days' | 'hours' | 'minutes', count: number): string {
  return text(locale, count === 1 ? `time.${name}.one` : `time.${name}.other`, { count });
}

function join(first: string, second: string | false): string {
  return second === false ? first : `${first} ${second}`;
}
