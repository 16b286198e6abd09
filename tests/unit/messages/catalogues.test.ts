import { describe, expect, it } from 'vitest';
import { CODES } from '../../../shared/codes.ts';
import { LOCALES } from '../../../shared/locale.ts';
import { codesEn } from '../../../shared/messages/codes-en.ts';
import { codesKo } from '../../../shared/messages/codes-ko.ts';
import { en as windowEn } from '../../../shared/messages/en.ts';
import { ko as windowKo } from '../../../shared/messages/ko.ts';
import { type CodeEntry, codeText, placeholdersOf, text } from '../../../shared/messages/message.ts';
import { shellEn } from '../../../shared/messages/shell-en.ts';
import { shellKo } from '../../../shared/messages/shell-ko.ts';

/**
 * A particle directly behind a placeholder, whose last sound is not known. A count word (`{count}일`) is none, and one
 * that is followed by more of its word is not a particle either.
 */
const PARTICLE_AFTER_PLACEHOLDER =
  /\}['"’”)\]」]*(?:은|는|이|가|을|를|과|와|으로|로|에|에서|에게|의|도|만|까지|부터|께|이나|나|라|이라|이랑|랑|보다|처럼|아|야)(?![가-힣])/u;

/** A toast: about 60 syllables of Korean; title and todo of a code are shown in one. */
const LONGEST_TITLE = { ko: 26, en: 60 };
const LONGEST_TODO = { ko: 60, en: 110 };

const ko = { ...windowKo, ...shellKo };
const en = { ...windowEn, ...shellEn };
const sentencesOf = ({ title, todo, more = [] }: CodeEntry) => [title, todo, ...more];
const sorted = (names: readonly string[]) => [...names].sort();
const allTexts = [
  ...Object.entries(ko).map(([key, value]) => ({ key: `ko ${key}`, value: value as string })),
  ...Object.entries(en).map(([key, value]) => ({ key: `en ${key}`, value })),
  ...CODES.flatMap((code) => [
    ...sentencesOf(codesKo[code]).map((value) => ({ key: `ko ${code}`, value })),
    ...sentencesOf(codesEn[code]).map((value) => ({ key: `en ${code}`, value })),
  ]),
];

describe('the two catalogues', () => {
  it('hold the same keys', () => {
    expect(Object.keys(en)).toEqual(Object.keys(ko));
  });

  it('name the same placeholders', () => {
    const differing = (Object.keys(ko) as (keyof typeof ko)[]).filter(
      (key) => String(sorted(placeholdersOf(en[key]))) !== String(sorted(placeholdersOf(ko[key]))),
    );
    expect(differing).toEqual([]);
  });

  it('say something everywhere, without an exclamation mark', () => {
    expect(allTexts.length).toBeGreaterThan(2 * CODES.length);
    expect(allTexts.filter(({ value }) => value === '' || value.trim() !== value)).toEqual([]);
    expect(allTexts.filter(({ value }) => /[!！]/.test(value))).toEqual([]);
  });

  it('put no particle behind a placeholder', () => {
    expect(allTexts.filter(({ value }) => PARTICLE_AFTER_PLACEHOLDER.test(value))).toEqual([]);
  });

  it('put no Korean right behind a closing bracket, where a line would break before the particle', () => {
    expect(allTexts.filter(({ value }) => /[)\]][가-힣]/.test(value))).toEqual([]);
  });

  it.each([
    ['{name}을 지워 주십시오', true],
    ['{name}으로 연결', true],
    ["'{name}'이 없습니다", true],
    ['{at}까지', true],
    ['{count}일', false],
    ['{count}분 남음', false],
    ['{name} · 2시간 남음', false],
    ['변수: {name}.', false],
  ])('are held to that rule by a pattern that judges %s right', (sample, found) => {
    expect(PARTICLE_AFTER_PLACEHOLDER.test(sample)).toBe(found);
  });
});

describe('the texts of the codes', () => {
  it('exist for every code and for no other', () => {
    expect(sorted(Object.keys(codesKo))).toEqual(sorted(CODES));
    expect(sorted(Object.keys(codesEn))).toEqual(sorted(CODES));
  });

  it.each(CODES)('stand without any detail, and ask for the same details in both languages: %s', (code) => {
    for (const { title, todo } of [codesKo[code], codesEn[code]]) {
      expect(placeholdersOf(title + todo)).toEqual([]);
    }
    const details = (entry: CodeEntry) =>
      (entry.more ?? []).map((sentence) => sorted(placeholdersOf(sentence)));
    expect(details(codesEn[code])).toEqual(details(codesKo[code]));
    expect(details(codesKo[code]).every((names) => names.length > 0)).toBe(true);
  });

  it.each(CODES)('are short enough for a toast, and the todo is a sentence: %s', (code) => {
    expect(codesKo[code].title.length).toBeLessThanOrEqual(LONGEST_TITLE.ko);
    expect(codesKo[code].todo.length).toBeLessThanOrEqual(LONGEST_TODO.ko);
    expect(codesEn[code].title.length).toBeLessThanOrEqual(LONGEST_TITLE.en);
    expect(codesEn[code].todo.length).toBeLessThanOrEqual(LONGEST_TODO.en);
    expect(codesKo[code].todo).toMatch(/(다|시오)\.$/);
    expect(codesKo[code].title).not.toMatch(/\.$/);
  });
});

describe('text', () => {
  it('fills by name, and leaves no brace behind', () => {
    expect(text('ko', 'time.left', { time: '2시간' })).toBe('2시간 남음');
    expect(text('en', 'shops.dDay', { mall: 'myshop', state: 'Healthy', dDay: 'D-9' })).toBe(
      'Shop myshop, Healthy, D-9',
    );
  });

  it('takes a value literally, whatever it looks like', () => {
    expect(text('ko', 'time.left', { time: '{count} $& $1' })).toBe('{count} $& $1 남음');
  });
});

describe('codeText', () => {
  const retryAt = Date.parse('2026-11-25T17:26:00+09:00');

  it.each([
    ['ko', '다음 시도: 11월 25일 (수) 17:26.'],
    ['en', 'Next try: Wed, Nov 25, 17:26.'],
  ] as const)('shows a time as Korean time in %s', (locale, sentence) => {
    expect(codeText(locale, 'rate.limited', { retryAt }).todo).toMatch(new RegExp(` ${escaped(sentence)}$`));
  });

  it('leaves out a sentence whose details are not known, and keeps the one whose are', () => {
    expect(codeText('ko', 'answer.unconfirmed').todo).toBe('앱이 다시 확인합니다. 하실 일은 없습니다.');
    expect(codeText('ko', 'answer.unconfirmed', { host: 'shop-pc' }).todo).toBe(
      '앱이 다시 확인합니다. 하실 일은 없습니다. 응답을 가지고 있을 수 있는 PC: shop-pc.',
    );
  });

  it.each(LOCALES)('never shows a brace, whatever params came, in %s', (locale) => {
    for (const code of CODES) {
      for (const params of [{}, { retryAt }, { name: 'X', host: 'y' }]) {
        const { title, todo } = codeText(locale, code, params);
        expect(title + todo).not.toMatch(/[{}]/);
      }
    }
  });
});

function escaped(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
