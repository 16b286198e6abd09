import { describe, expect, test } from 'vitest';
import { LOCALES } from '../../../shared/locale.ts';
import { codeText } from '../../../shared/messages/message.ts';
import { type WarningMessage, wordsOf } from '../../../shared/warning-message.ts';

const kst = (text: string) => Date.parse(`${text}+09:00`);

const DEADLINE = kst('2026-11-25T17:26');
const D_3 = kst('2026-11-22T09:00');
const message = (given: Partial<WarningMessage>): WarningMessage => ({
  stage: 'D-3',
  mall: 'myshop',
  reason: null,
  deadlineAt: DEADLINE,
  at: D_3,
  simulator: false,
  locale: 'ko',
  ...given,
});

const STAGES = ['D-3', 'D-2', 'D-1', 'NEEDS_REAUTH', 'UNCONFIRMED', 'BLOCKED', 'recovered', 'test'] as const;

describe('the heading names the shop and what is so', () => {
  test.each([
    ['D-3', kst('2026-11-22T09:00'), 'myshop · D-3 · 인증이 3일 뒤 만료됩니다'],
    ['D-2', kst('2026-11-23T09:00'), 'myshop · D-2 · 인증이 2일 뒤 만료됩니다'],
    ['D-1', kst('2026-11-24T09:00'), 'myshop · D-1 · 인증이 내일 만료됩니다'],
    // Sent late: what is true when it is sent.
    ['D-3', kst('2026-11-23T23:59'), 'myshop · D-2 · 인증이 2일 뒤 만료됩니다'],
    ['D-1', kst('2026-11-25T00:00'), 'myshop · D-0 · 인증이 오늘 만료됩니다'],
    ['D-1', kst('2026-11-25T17:26'), 'myshop · D-0 · 인증이 만료되었습니다'],
    ['D-1', kst('2026-11-26T00:00'), 'myshop · D+1 · 인증이 만료되었습니다'],
    ['recovered', D_3, 'myshop · 다시 정상입니다'],
    ['test', D_3, 'myshop · 시험 알림입니다'],
  ] as const)('%s at %d', (stage, at, title) => {
    expect(wordsOf(message({ stage, at })).title).toBe(title);
  });

  test.each([
    ['NEEDS_REAUTH', 'grant.expired'],
    ['NEEDS_REAUTH', 'answer.unconfirmed'],
    ['BLOCKED', 'client.secret_wrong'],
    ['BLOCKED', 'store.locked'],
    ['UNCONFIRMED', 'answer.unconfirmed'],
  ] as const)('%s in the own words of %s, and what to do with them', (stage, reason) => {
    for (const locale of LOCALES) {
      const { title, todo } = codeText(locale, reason);
      const words = wordsOf(message({ stage, reason, locale }));
      expect(words.title).toBe(`myshop · ${title}`);
      expect(words.body).toContain(todo);
      expect(words.paragraphs[0]).toBe(todo);
    }
  });

  test.each([
    ['NEEDS_REAUTH', 'grant.invalid'],
    ['BLOCKED', 'answer.unknown_error'],
    ['UNCONFIRMED', 'answer.unconfirmed'],
  ] as const)('%s without a reason says what it means at least', (stage, code) => {
    expect(wordsOf(message({ stage })).title).toBe(`myshop · ${codeText('ko', code).title}`);
  });
});

describe('every warning', () => {
  const all = STAGES.flatMap((stage) => LOCALES.map((locale) => [stage, locale] as const));

  test.each(all)('%s in %s says shop, deadline in Korean time, D-day and what to do', (stage, locale) => {
    const words = wordsOf(message({ stage, locale }));
    const values = words.facts.map(({ value }) => value);
    expect(values[0]).toBe('myshop');
    expect(values[1]).toBe(
      locale === 'ko' ? '11월 25일 (수) 17:26 (한국 시간) · D-3' : 'Wed, Nov 25, 17:26 (Korean time) · D-3',
    );
    // Once in a notice: in its heading, or in its body.
    expect(words.body).toContain(values[1]?.split(' · ')[0]);
    expect(`${words.title}\n${words.body}`.match(/D-3/g)).toHaveLength(1);
    expect(values[2]).toContain('09:00');
    expect(words.paragraphs[0]).toMatch(locale === 'ko' ? /(다|시오)\.$/ : /\.$/);
    expect(words.footer).toContain('Cafe24 Token Keeper');
  });

  test.each(all)('%s in %s leaves no brace, no undefined, no exclamation mark', (stage, locale) => {
    for (const given of [{}, { deadlineAt: null }, { simulator: true }]) {
      expect(JSON.stringify(wordsOf(message({ stage, locale, ...given })).facts)).not.toContain('undefined');
      const { title, body, paragraphs, footer } = wordsOf(message({ stage, locale, ...given }));
      expect([title, body, ...paragraphs, footer].join('\n')).not.toMatch(/[{}!]|undefined|null|NaN/);
    }
  });

  test.each(STAGES)('%s fits a toast: about sixty syllables under the heading', (stage) => {
    for (const reason of ['client.secret_wrong', 'grant.expired', 'client.forbidden', null] as const) {
      const { title, body } = wordsOf(message({ stage, reason }));
      expect(title.match(/[가-힣]/gu)?.length ?? 0).toBeLessThanOrEqual(26);
      expect(body.match(/[가-힣]/gu)?.length ?? 0).toBeLessThanOrEqual(60);
    }
  });

  test('without a deadline says none', () => {
    const { facts, body } = wordsOf(message({ stage: 'BLOCKED', deadlineAt: null }));
    expect(facts.map(({ label }) => label)).toEqual(['쇼핑몰', '보낸 시각']);
    expect(body).toBe(codeText('ko', 'answer.unknown_error').todo);
  });

  test.each(LOCALES)('of a simulator is marked as such in %s', (locale) => {
    for (const stage of STAGES) {
      const { title, paragraphs } = wordsOf(message({ stage, locale, simulator: true }));
      expect(title).toMatch(/^\[simulator\] myshop · /);
      expect(paragraphs.at(-1)).toContain('simulator');
      expect(wordsOf(message({ stage, locale })).title).not.toContain('simulator');
    }
  });
});

test('only where a consent is needed it says where to press', () => {
  const where = (stage: WarningMessage['stage']) =>
    wordsOf(message({ stage })).paragraphs.some((each) => each.includes('다시 인증을 누르면'));
  expect(STAGES.filter(where)).toEqual(['D-3', 'D-2', 'D-1', 'NEEDS_REAUTH']);
});
