/** What a warning says: which shop, the deadline in Korean time, the D-day, and what to do. No secret is in it. */
import type { Code } from './codes.ts';
import type { Locale } from './locale.ts';
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
