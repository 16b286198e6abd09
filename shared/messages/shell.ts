/** The texts that main alone says (tray, warnings, browser pages), apart, so that the window does not carry them. */
import type { Locale } from '../locale.ts';
import { fill, type ParamsIn } from './message.ts';
import { shellEn } from './shell-en.ts';
import { shellKo } from './shell-ko.ts';

export type ShellKey = keyof typeof shellKo;

/** `shellKo` is the source of the keys. */
export type ShellCatalogue = Readonly<Record<ShellKey, string>>;

const catalogues: Readonly<Record<Locale, ShellCatalogue>> = { ko: shellKo, en: shellEn };

/** The text, filled; as `text` of `message.ts`. */
export function shellText<Key extends ShellKey>(
  locale: Locale,
  key: Key,
  ...[params]: ParamsIn<(typeof shellKo)[Key]>
): string {
  return fill(locale, catalogues[locale][key], params ?? {});
}
