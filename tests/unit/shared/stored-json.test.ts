import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_EXPIRY, parseStored, writeStored } from '../../../shared/stored-json.ts';

const TOKENS = {
  accessToken: 'a',
  expiresAt: 1_700_000_000_000,
  refreshToken: 'r',
  refreshTokenExpiresAt: 1_701_200_000_000,
};
const TEXT =
  '{"access_token":"a","expires_at":1700000000000,"refresh_token":"r","refresh_token_expires_at":1701200000000}';
const OURS = ['access_token', 'expires_at', 'refresh_token', 'refresh_token_expires_at'];

describe('the stored text', () => {
  it('is the documented JSON, names and order included', () => {
    expect(writeStored(TOKENS, [])).toBe(TEXT);
    expect(parseStored(TEXT)).toEqual({ tokens: TOKENS, extras: [] });
  });

  const withFields = (fields: string) => `{"refresh_token":"r",${fields}}`;
  it.each([
    ['epoch ms', '"expires_at":1700000000000', 1_700_000_000_000],
    ['epoch ms as text', '"expires_at":"1700000000000"', 1_700_000_000_000],
    ["Cafe24's own form", '"expires_at":"2023-11-15T07:13:20.000"', 1_700_000_000_000],
    ['an ISO time', '"expires_at":"2023-11-14T22:13:20Z"', 1_700_000_000_000],
    ['milliseconds with a fraction', '"expires_at":1700000000000.5', 1700000000000],
    ['a negative number', '"expires_at":-1', NO_EXPIRY],
    ['a number beyond all precision', '"expires_at":1e300', NO_EXPIRY],
    ['null', '"expires_at":null', NO_EXPIRY],
    ['nothing', '"x":1', NO_EXPIRY],
    ['the last of two', '"expires_at":1,"expires_at":1700000000000', 1_700_000_000_000],
    ['a name written with escapes', '"expires\\u005fat":1700000000000', 1_700_000_000_000],
  ])('expires_at as %s', (_, fields, expected) => {
    expect(parseStored(withFields(fields))?.tokens.expiresAt).toBe(expected);
  });

  it.each([
    [
      'an access token that is missing',
      withFields('"x":1'),
      { accessToken: '', refreshTokenExpiresAt: null },
    ],
    ['an access token that is no text', withFields('"access_token":7'), { accessToken: '' }],
    ['escapes in a token', '{"refresh_token":"\\u0072\\/"}', { refreshToken: 'r/' }],
    ['the last of two refresh tokens', '{"refresh_token":"x","refresh_token":"r"}', { refreshToken: 'r' }],
  ])('%s is read as what it says', (_, text, expected) => {
    expect(parseStored(text)?.tokens).toMatchObject(expected);
  });

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '17',
    '{}',
    '{"access_token":"a","expires_at":1700000000000}',
    '{"refresh_token":""}',
    '{"refresh_token":7}',
    '{"refresh_token":"x","refresh_token":null}',
    '{"refresh_token":"r",}',
    '{"refresh_token":"r"} {"refresh_token":"r"}',
    '// comment\n{"refresh_token":"r"}',
    "{'refresh_token':'r'}",
    '\uFEFF{"refresh_token":"r"}',
    `{"refresh_token":"r","deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  ])('rubbish is null, not an exception: %.60j', (text) => {
    expect(parseStored(text)).toBeNull();
  });

  it('any text at all is a set or null, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => void parseStored(text)),
    );
  });
});

describe('fields of other programs', () => {
  it.each([
    ['a 17-digit number', '12345678901234567'],
    ['a number with a zero at its end', '1.50'],
    ['an exponent', '1E+400'],
    ['minus zero', '-0'],
    ['an empty array', '[]'],
    ['an empty object', '{ }'],
    ['spaces and line breaks inside', '[ 1,\n\t2 ]'],
    ['escapes', '"\\uD55C\\/\\u0000\\ud800"'],
    ['characters of every kind', '"한국 \u2028 \u{1F511}"'],
    ['names that repeat inside', '{"a":1,"a":2}'],
    ['names that mean something to JavaScript', '{"__proto__":{"x":1},"constructor":null}'],
  ])('%s comes back byte for byte', (_, raw) => {
    const parsed = parseStored(`{ "refresh_token" : "r" , "extra" : ${raw} , "z":1 }`);
    expect(parsed?.extras).toEqual([
      ['extra', raw],
      ['z', '1'],
    ]);
    expect(writeStored(TOKENS, parsed?.extras ?? [])).toBe(`${TEXT.slice(0, -1)},"extra":${raw},"z":1}`);
  });

  it('a field named twice counts as JSON.parse counts it: the last', () => {
    expect(parseStored('{"x":1,"refresh_token":"r","x":[]}')?.extras).toEqual([['x', '[]']]);
  });

  const name = fc.string({ unit: 'binary' }).filter((text) => !OURS.includes(text));
  /** JSON text that JSON.stringify would not have written: other spaces, numbers and escapes. */
  const raw = fc.oneof(
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(value, null, 3)),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
    fc
      .string()
      .map(
        (text) =>
          `"${[...text].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
      ),
  );
  const extras = fc.uniqueArray(fc.tuple(name, raw), { selector: ([each]) => each });

  it('of any kind survive any number of refreshes in their order, value by value', () => {
    fc.assert(
      fc.property(extras, fc.nat(3), (theirs, position) => {
        const ours = OURS.map(
          (each, i) => `${JSON.stringify(each)}: ${i % 2 === 0 ? '"x"' : '1700000000000'}`,
        );
        const members = theirs.map(([key, value]) => `${JSON.stringify(key)}:${value}`);
        const text = `{${[...ours.slice(0, position), ...members, ...ours.slice(position)].join(' , ')}}`;
        const first = parseStored(text);
        expect(first?.extras).toEqual(theirs.map(([key, value]) => [key, value.trim()]));
        const written = writeStored(TOKENS, first?.extras ?? []);
        expect(() => JSON.parse(written)).not.toThrow();
        expect(parseStored(written)).toEqual({ tokens: TOKENS, extras: first?.extras });
        expect(writeStored(TOKENS, parseStored(written)?.extras ?? [])).toBe(written);
      }),
    );
  });
});
