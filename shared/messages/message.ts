/**
 * The one way to text that a person reads. Two typed catalogues hold the same keys and placeholders; a text is filled
 * by name, and a value whose name ends in `At` is epoch ms and becomes a date and time in Korea.
 */
import type { Code } from '../codes.ts';
import type { Locale } from '../locale.ts';
import { formatDateTime } from '../seoul-time.ts';
import type { Params } from '../snapshot.ts';
import { codesEn } from './codes-en.ts';
import { codesKo } from './codes-ko.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

export type MessageKey = keyof typeof ko;

/** The texts of one code. Title and todo stand alone and hold no placeholder, whatever is known of the case. */
export interface CodeEntry {
  /** What is so. */
  readonly title: string;
  /** What to do; it may say that nothing is needed. */
  readonly todo: string;
  /** Sentences with placeholders. Each is added to the todo only when every value it names is given. */
  readonly more?: readonly string[];
}

/** The catalogue's shape: `ko` is the source of the keys, so that a key missing in `en` does not compile. */
export type Catalogue = Readonly<Record<MessageKey, string>>;
export type CodeCatalogue = Readonly<Record<Code, CodeEntry>>;

type PlaceholderOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

/** No third argument for a text without placeholders; otherwise exactly its names. */
export type ParamsIn<Template extends string> = [PlaceholderOf<Template>] extends [never]
  ? []
  : [params: Readonly<Record<PlaceholderOf<Template>, string | number>>];

export type ParamsOf<Key extends MessageKey> = ParamsIn<(typeof ko)[Key]>;

/** Keys of texts without placeholders. */
export type PlainKey = {
  [Key in MessageKey]: ParamsOf<Key> extends [] ? Key : never;
}[MessageKey];

const catalogues: Readonly<Record<Locale, Catalogue>> = { ko, en };
const codeCatalogues: Readonly<Record<Locale, CodeCatalogue>> = { ko: codesKo, en: codesEn };
const PLACEHOLDER = /\{(\w+)\}/g;

/** A text of the catalogue, filled. */
export function text<Key extends MessageKey>(locale: Locale, key: Key, ...[params]: ParamsOf<Key>): string {
  return fill(locale, catalogues[locale][key], params ?? {});
}

/** A code in words: what is so, and what to do with whatever details `params` can supply. */
export function codeText(locale: Locale, code: Code, params: Params = {}): { title: string; todo: string } {
  const { title, todo, more = [] } = codeCatalogues[locale][code];
  const known = more.filter((sentence) =>
    placeholdersOf(sentence).every((name) => Object.hasOwn(params, name)),
  );
  return { title, todo: [todo, ...known.map((sentence) => fill(locale, sentence, params))].join(' ') };
}

/** The names in braces, in order of appearance. */
export function placeholdersOf(template: string): readonly string[] {
  return Array.from(template.matchAll(PLACEHOLDER), ([, name = '']) => name);
}

/** A template with its values, a key that ends in `At` as a time in Korea; what is not given stays as it is. */
export function fill(locale: Locale, template: string, params: Params): string {
  return template.replaceAll(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) return whole;
    return name.endsWith('At') && typeof value === 'number' ? formatDateTime(locale, value) : String(value);
  });
}
