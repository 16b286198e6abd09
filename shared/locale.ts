export const LOCALES = ['ko', 'en'] as const;

export type Locale = (typeof LOCALES)[number];

/** Korean unless the system plainly speaks another language: the operator is Korean (style: Korean first). */
export function localeOf(systemLanguage: string): Locale {
  return /^(ko|$)/i.test(systemLanguage.trim()) ? 'ko' : 'en';
}
