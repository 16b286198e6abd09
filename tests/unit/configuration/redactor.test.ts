import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../electron/adapters/log/redactor.ts';

const CANARY = 'Cn4ryCn4ryCn4ryCn4ryCn';

describe('the forms in which OAuth secrets travel', () => {
  it.each([
    ['a JSON answer', `{"access_token":"${CANARY}","refresh_token": "${CANARY}","n":1}`],
    ['JSON inside JSON', JSON.stringify({ body: JSON.stringify({ refresh_token: CANARY, user: 'owner' }) })],
    [
      'JSON inside JSON inside JSON',
      JSON.stringify(JSON.stringify(JSON.stringify({ access_token: CANARY }))),
    ],
    ['an object printed for a person', `{ refresh_token: '${CANARY}', clientSecret: '${CANARY}' }`],
    ['names in camel case', `accessToken=${CANARY} refreshToken: ${CANARY}`],
    ['a form body', `grant_type=refresh_token&refresh_token=${CANARY}`],
    ['a percent-encoded form', `body=grant_type%3Drefresh_token%26refresh_token%3D${CANARY}`],
    ['a revoke body', `token=${CANARY}&token_hint=access_token`],
    ['a code exchange', `grant_type=authorization_code&code=${CANARY}&code_verifier=${CANARY}`],
    ['a callback URL', `GET /api/auth/cafe24/callback?code=${CANARY}&state=17424.${CANARY} 200`],
    ['an upper-case query', `?CODE=${CANARY}&State=${CANARY}`],
    ['a code in JSON', `{"code":"${CANARY}","state":"17424.${CANARY}"}`],
    ['a start URL', `http://127.0.0.1:17424/api/auth/cafe24/start?nonce=${CANARY}`],
    ['a Basic header', `Authorization: Basic ${CANARY}==`],
    ['a Bearer header', `authorization: "Bearer ${CANARY}"`],
    ['headers as JSON', JSON.stringify({ headers: { Authorization: `Bearer ${CANARY}` } })],
    ['a header without its name', `retried with Bearer ${CANARY}`],
    ['the flow cookie', `ctk_0a1b=${CANARY}; Path=/`],
    ['a Cookie header', `Cookie: other=1; x=${CANARY}`],
    ['a Redis URL', `connect redis://default:${CANARY}@db.example.com:6379/0 failed`],
    ['a Redis URL with @ in the password', `rediss://:p@${CANARY}@db.example.com`],
    ['an SMTP URL', `smtps://me%40example.com:${CANARY}@mail.example.com`],
    ['a webhook', `POST https://hooks.slack.com/services/T000/B000/${CANARY} 404`],
    ['plain words', `presented refresh token ${CANARY} again`],
    ['a password with an escaped quote', `{"password":"a\\"${CANARY}"}`],
    ['many lines', `body:\nrefresh_token=${CANARY}\r\nend`],
  ])('are hidden in %s', (_, text) => {
    const safe = createRedactor().redact(text);
    expect(safe).not.toContain(CANARY);
    expect(safe).toContain('[hidden]');
  });

  it.each([
    'refreshed, generation 17, next at 2026-03-01T13:00:00.000Z',
    '{"error":"invalid_grant","error_description":"Invalid refresh_token"}',
    'access_token time expired. (invalid_token)',
    'status=200 code=400 code=ECONNRESET code=store.unreachable state=NEEDS_REAUTH',
    '{"code":"grant.invalid","state":"HEALTHY","status_code":"500"}',
    'refresh_token_expires_at: 1701200000000',
    'refresh_token_hash 0123456789abcdef0123456789abcdef',
    'https://relay.example.com/cafe24 opened',
    'redis://db.example.com:6379/0 answers',
    'attempt 1701200000000-0a1b2c3d-host-4711',
  ])('leave alone what is none: %s', (text) => {
    expect(createRedactor().redact(text)).toBe(text);
  });
});

describe('a learned secret', () => {
  const secret = 'q+/= "ü\\9';

  it.each([
    ['as it is', (text: string) => text],
    ['percent-encoded', encodeURIComponent],
    ['in a form', (text: string) => new URLSearchParams({ a: text }).toString()],
    ['in JSON', (text: string) => JSON.stringify({ a: text })],
    ['as base64', (text: string) => Buffer.from(text).toString('base64')],
    ['as base64url', (text: string) => Buffer.from(text).toString('base64url')],
  ])('is hidden %s, in a place no pattern knows', (_, encode) => {
    const redactor = createRedactor();
    expect(redactor.redact(`before ${encode(secret)} after`)).toContain(encode(secret));
    redactor.learn(secret);
    const safe = redactor.redact(`before ${encode(secret)} after`);
    expect(safe).not.toContain(encode(secret));
    expect(safe).toMatch(/^before .*\[hidden\].* after$/);
  });

  it('is hidden whole when it contains another', () => {
    const redactor = createRedactor();
    for (const each of ['abcdef', 'xabcdefx']) redactor.learn(each);
    expect(redactor.redact('1 xabcdefx 2 abcdef 3')).toBe('1 [hidden] 2 [hidden] 3');
  });

  it('is not learned when it is so short that words would vanish', () => {
    const redactor = createRedactor();
    for (const each of ['', 'a', 'token']) redactor.learn(each);
    expect(redactor.redact('a token of it')).toBe('a token of it');
  });

  it('stays hidden however many tokens come after it; of these the newest stay', () => {
    const redactor = createRedactor();
    redactor.learn(secret);
    for (let index = 0; index < 5000; index += 1) redactor.learnToken(`token-number-${index}-end`);
    expect(redactor.redact(`${secret} token-number-4999-end`)).toBe('[hidden] [hidden]');
    expect(redactor.redact('token-number-0-end')).toBe('token-number-0-end');
  });
});
