import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOfConsentError, parseCallback, parsePasted, plainDescription } from '../../../shared/pasted.ts';

const CODE = 'uO8B6SFGLmLB5qn4AxJy2B';
const STATE = `17424.${'s'.repeat(43)}`;
const URL_TEXT = `https://relay.example.com/cb?code=${CODE}&state=${STATE}`;

const withState = { kind: 'code', code: CODE, state: STATE };
const bare = { kind: 'code', code: CODE, state: null };

const RELAY_PAGE_KO = `Cafe24 연결
앱으로 보내는 중입니다
${CODE}
코드 복사
47초 남음`;

describe('what a person pasted', () => {
  it.each([
    ['the redirected address', URL_TEXT, withState],
    ['with an extra iss', `${URL_TEXT}&iss=https%3A%2F%2Fmyshop.cafe24api.com`, withState],
    [
      'the local callback',
      `http://127.0.0.1:17424/api/auth/cafe24/callback?code=${CODE}&state=${STATE}`,
      withState,
    ],
    ['in white space', `  \n${URL_TEXT}\r\n`, withState],
    ['in quotes', `"${URL_TEXT}"`, withState],
    ['in curly quotes', `“${URL_TEXT}”`, withState],
    ['in angle brackets', `<${URL_TEXT}>`, withState],
    [
      'broken over lines',
      `${URL_TEXT.slice(0, 40)}\n  ${URL_TEXT.slice(40, 70)}\r\n${URL_TEXT.slice(70)}`,
      withState,
    ],
    ['escaped by a chat', URL_TEXT.replace('&', '&amp;'), withState],
    ['in a sentence', `이 주소입니다: ${URL_TEXT} 확인 부탁드립니다`, withState],
    ['with an invisible mark in front', `\ufeff${URL_TEXT}`, withState],
    ['its query', `?code=${CODE}&state=${STATE}`, withState],
    ['its query without the mark', `code=${CODE}&state=${STATE}`, withState],
    ['an address without a scheme', `relay.example.com/cb?code=${CODE}&state=${STATE}`, withState],
    ['an address without a state', `https://relay.example.com/cb?code=${CODE}`, bare],
    ['the bare code', CODE, bare],
    ['the code in quotes and spaces', ` '${CODE}' `, bare],
    ['the code broken over lines', `${CODE.slice(0, 12)}\n${CODE.slice(12)}`, bare],
    ['the whole text of the relay page', RELAY_PAGE_KO, bare],
  ])('%s is understood', (_, text, reply) => {
    expect(parsePasted(text)).toEqual(reply);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n '],
    ['a sentence', 'please authorize again, thank you'],
    ['two lines of words', 'hello\nworld'],
    ['Korean', '인증이 안 됩니다'],
    ['the stripped address of the relay page', 'https://relay.example.com/cb'],
    [
      'the address of the consent page',
      'https://myshop.cafe24api.com/api/v2/oauth/authorize?response_type=code&client_id=x',
    ],
    ['an empty code', 'https://relay.example.com/cb?code='],
    ['two codes in one text', `${CODE} or ${CODE.toLowerCase()}`],
    ['a whole document', `${CODE} `.repeat(2000)],
    ['a broken address', 'https://'],
  ])('%s is not a code', (_, text) => {
    expect(parsePasted(text)).toEqual({ kind: 'unreadable', state: null });
  });

  it('a refusal keeps its error, also beside a code, and its description is read through double encoding', () => {
    const text = `https://relay.example.com/cb?error=invalid_scope&error_description=The%252Bscope%252Badded&code=${CODE}&state=${STATE}`;
    expect(parsePasted(text)).toEqual({
      kind: 'error',
      error: 'invalid_scope',
      description: 'The scope added',
      state: STATE,
    });
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(['code', 'error', 'unreadable']).toContain(parsePasted(text).kind);
      }),
    );
  });
});

describe('a callback', () => {
  const read = (query: string) => {
    const parameters = new URLSearchParams(query);
    return parseCallback((name) => parameters.get(name));
  };

  it.each([
    [`code=${CODE}&state=${STATE}`, withState],
    [`code=${CODE}`, bare],
    [`state=${STATE}`, { kind: 'unreadable', state: STATE }],
    [`code=a b c d e f g&state=${STATE}`, { kind: 'unreadable', state: STATE }],
    [`code=%0d%0aX-Header&state=${STATE}`, { kind: 'unreadable', state: STATE }],
    [
      `error=access_denied&state=${STATE}`,
      { kind: 'error', error: 'access_denied', description: null, state: STATE },
    ],
    ['', { kind: 'unreadable', state: null }],
  ])('is read by its parameters: %s', (query, reply) => {
    expect(read(query)).toEqual(reply);
  });
});

describe('an error description', () => {
  it.each([
    ['The scope added', 'The scope added'],
    ['The+scope+added', 'The scope added'],
    ['The%2Bscope%2Badded', 'The scope added'],
    ['The%20scope%20added', 'The scope added'],
    ['1 + 1', '1 + 1'],
    ['100% sure', '100% sure'],
    ['broken %E0%A4%A', 'broken %E0%A4%A'],
    ['', null],
    [undefined, null],
  ])('%j is read as %j', (raw, plain) => {
    expect(plainDescription(raw)).toBe(plain);
  });
});

describe("Cafe24's error", () => {
  it.each([
    ['access_denied', 'consent.denied'],
    ['invalid_scope', 'consent.invalid_scope'],
    ['invalid_request', 'consent.invalid_request'],
    ['unsupported_response_type', 'consent.invalid_request'],
    ['server_error', 'consent.failed'],
    ['constructor', 'consent.failed'],
    ['<script>', 'consent.failed'],
  ])('%s is %s', (error, code) => {
    expect(codeOfConsentError(error)).toBe(code);
  });
});
