import { expect, it } from 'vitest';
import { codesIn } from '../../../shared/result.ts';

it.each([
  ['550 5.7.1 Sender not allowed', '550 5.7.1'],
  ['421 try later', '421'],
  ['404 no_service', '404'],
  ['ECONNREFUSED: connect 127.0.0.1:1', 'ECONNREFUSED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID: for Subject canary', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['words of a server', ''],
  ['', ''],
])('of the detail "%s" a log gets "%s"', (detail, expected) => {
  expect(codesIn(detail)).toBe(expected);
});
