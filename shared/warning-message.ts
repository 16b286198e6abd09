/** What a warning says: which shop, the deadline in Korean time, the D-day, and what to do. No secret is in it. */
import type { Code } from './codes.ts';
import type { Locale } from './locale.ts';
import { codeText, text } from './messages/message.ts';
import { shellText } from './messages/shell.ts';
import { dDayLabel, dDayOf } from './seoul-time.ts';
import type { Stage } from './warnings.ts';

/** A warning in facts; each channel puts it into its own form with `wordsOf`. */
export interface WarningMessage {
  readonly stage: Stage | 'test';
  readonly mall: string;
  readonly reason: Code | null;
  readonly deadlineAt: number | null;
  /** When it was made; D-day and "time left" are counted from here. */
  readonly at: number;
  readonly simulator: boolean;
  readonly locale: Locale;
}

/** A warning in words, without the form of any channel. */
export interface WarningWords {
  /** One line: which shop and what is so. The subject of a mail, the heading of a notice. */
  readonly title: string;
  /** What fits into a notice under its heading: what to do, and on a line of its own until when. */
  readonly body: string;
  /** Where there is room: what to do and where, and that it is a simulator. */
  readonly paragraphs: readonly string[];
  /** Where there is room: the shop, the deadline, when this was said. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Who sends this. */
  readonly footer: string;
}

/** Pure. D-day is counted from `message.at`: a stage that was sent late says the days that are really left. */
export function wordsOf(message: WarningMessage): WarningWords {
  const { mall, simulator, locale } = message;
  const { what, saysDDay = false, todo, needsConsent } = headlineOf(message);
  const deadline = deadlineOf(message);
  return {
    title: `${simulator ? `[${text(locale, 'simulator')}] ` : ''}${mall} · ${what}`,
    body: [
      todo,
      ...(deadline ? [`${deadline.label}: ${saysDDay ? deadline.moment : deadline.value}`] : []),
    ].join('\n'),
    paragraphs: [
      todo,
      ...(needsConsent ? [shellText(locale, 'warn.where')] : []),
      ...(simulator ? [text(locale, 'simulator.explained')] : []),
    ],
    facts: [
      { label: shellText(locale, 'warn.shop'), value: mall },
      ...(deadline ? [{ label: deadline.label, value: deadline.value }] : []),
      {
        label: shellText(locale, 'warn.sent'),
        value: shellText(locale, 'warn.sent.value', { sentAt: message.at }),
      },
    ],
    footer: shellText(locale, 'warn.footer'),
  };
}

/** What is so, what to do, and whether that is a new consent. */
interface Headline {
  readonly what: string;
  /** The D-day is in it: a notice need not say it once more right below. */
  readonly saysDDay?: true;
  readonly todo: string;
  readonly needsConsent: boolean;
}

function headlineOf({ stage, reason, deadlineAt, at, locale }: WarningMessage): Headline {
  switch (stage) {
    case 'D-3':
    case 'D-2':
    case 'D-1': {
      const days = deadlineAt === null ? Number(stage.slice(2)) : dDayOf(deadlineAt, at);
      const isOver = deadlineAt !== null && deadlineAt <= at;
      const code = days <= 1 ? 'grant.critical' : 'grant.expiring';
      return {
        what: expiryOf(locale, days, isOver),
        saysDDay: true,
        todo: codeText(locale, isOver ? 'grant.expired' : code).todo,
        needsConsent: true,
      };
    }
    case 'NEEDS_REAUTH':
      return { ...headlineOfCode(locale, reason ?? 'grant.invalid'), needsConsent: true };
    case 'BLOCKED':
      return { ...headlineOfCode(locale, reason ?? 'answer.unknown_error'), needsConsent: false };
    case 'UNCONFIRMED':
      return { ...headlineOfCode(locale, reason ?? 'answer.unconfirmed'), needsConsent: false };
    case 'recovered':
      return {
        what: shellText(locale, 'warn.recovered'),
        todo: shellText(locale, 'warn.recovered.todo'),
        needsConsent: false,
      };
    case 'test':
      return {
        what: shellText(locale, 'warn.test'),
        todo: shellText(locale, 'warn.test.todo'),
        needsConsent: false,
      };
  }
}

function headlineOfCode(locale: Locale, code: Code): { readonly what: string; readonly todo: string } {
  const { title, todo } = codeText(locale, code);
  return { what: title, todo };
}

/** `D-3 · 인증이 3일 뒤 만료됩니다`. */
function expiryOf(locale: Locale, days: number, isOver: boolean): string {
  const dDay = dDayLabel(days);
  if (isOver) return shellText(locale, 'warn.expires.over', { dDay });
  if (days <= 0) return shellText(locale, 'warn.expires.today', { dDay });
  if (days === 1) return shellText(locale, 'warn.expires.tomorrow', { dDay });
  return shellText(locale, 'warn.expires.days', { dDay, count: days });
}

function deadlineOf({ deadlineAt, at, locale }: WarningMessage) {
  if (deadlineAt === null) return null;
  const moment = shellText(locale, 'warn.deadline.value', { deadlineAt });
  return {
    label: shellText(locale, 'warn.deadline'),
    moment,
    value: `${moment} · ${dDayLabel(dDayOf(deadlineAt, at))}`,
  };
}
