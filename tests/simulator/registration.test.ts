import { describe, expect, it } from 'vitest';
import { DEFAULT_CLIENT, DEFAULT_LOOPBACK_REDIRECT_URI, whyNotRegistrable } from './registration.ts';
import { startSimulator } from './server.ts';
import { openSimulator } from './test-helpers.ts';

const of150Bytes = `https://relay.example.test/${'a'.repeat(123)}`;

describe('a redirect URI must be https with a domain name, at most 150 bytes', () => {
  it.each([
    ['https with a domain', 'https://relay.example.test/cafe24/', null],
    ['https with a port', 'https://relay.example.test:8443/cafe24/', null],
    ['exactly 150 bytes', of150Bytes, null],
    ['151 bytes', `${of150Bytes}a`, 'longer than 150 bytes'],
    [
      'bytes are counted, not characters',
      `https://relay.example.test/${'가'.repeat(42)}`,
      'longer than 150 bytes',
    ],
    ['http', 'http://relay.example.test/', 'not https'],
    ['a scheme of an app', 'ctk://callback', 'not https'],
    ['an IPv4 address', 'https://192.0.2.10/', 'an IP address, not a domain name'],
    ['an IPv6 address', 'https://[2001:db8::1]/', 'an IP address, not a domain name'],
    ['a bare host name', 'https://intranet/', 'not a domain name'],
    ['http on loopback', DEFAULT_LOOPBACK_REDIRECT_URI, 'a loopback address cannot be registered'],
    ['https on localhost', 'https://localhost/callback', 'a loopback address cannot be registered'],
    ['no URL at all', 'callback', 'not a URL'],
  ])('%s', (_name, uri, reason) => {
    expect(whyNotRegistrable(uri, false)).toBe(reason);
  });
});

describe('with --allow-loopback-redirect loopback addresses are registered, and nothing else changes', () => {
  it.each([
    ['http://127.0.0.1:17424/callback', null],
    ['http://localhost:17424/callback', null],
    ['http://[::1]:17424/callback', null],
    ['https://localhost/callback', null],
    ['ctk://localhost/callback', 'a loopback address cannot be registered'],
    ['http://relay.example.test/', 'not https'],
    ['https://192.0.2.10/', 'an IP address, not a domain name'],
  ])('%s', (uri, reason) => {
    expect(whyNotRegistrable(uri, true)).toBe(reason);
  });
});

it('an app has at most 10 redirect URIs', async () => {
  const uris = Array.from({ length: 11 }, (_, index) => `https://relay.example.test/${index}`);
  const clientsWith = (redirectUris: readonly string[]) => [{ ...DEFAULT_CLIENT, redirectUris }];
  await openSimulator({ clients: clientsWith(uris.slice(0, 10)) });
  await expect(startSimulator({ clients: clientsWith(uris) })).rejects.toThrow('at most 10 redirect URIs');
});

it('a simulator does not start with a redirect URI that cannot be registered, nor take one later', async () => {
  const clients = [{ ...DEFAULT_CLIENT, redirectUris: ['http://127.0.0.1:17424/cb'] }];
  await expect(startSimulator({ clients })).rejects.toThrow('loopback');
  const simulator = await openSimulator();
  const change = { redirectUris: ['http://relay.example.test/'] };
  expect(() => simulator.updateClient(DEFAULT_CLIENT.clientId, change)).toThrow('not https');
});
