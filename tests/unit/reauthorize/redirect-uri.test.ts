import { describe, expect, it } from 'vitest';
import { authorityOf, parseRedirectUri } from '../../../shared/redirect-uri.ts';

const bytes = (count: number) => `https://relay.example.com/${'a'.repeat(count - 26)}`;

describe('a redirect URI', () => {
  it.each([
    'https://relay.example.com/cafe24/',
    'https://relay.example.com:8443/cb?shop=1',
    'https://xn--9i1bz2g.kr/cb',
    'https://localhost/cb',
    bytes(150),
  ])('with https and a domain is relayed, letter by letter as registered: %s', (uri) => {
    expect(parseRedirectUri(uri)).toEqual({ ok: true, value: { kind: 'relayed', uri } });
  });

  it.each([
    ['http://127.0.0.1:17424/api/auth/cafe24/callback', '127.0.0.1', 17424, '/api/auth/cafe24/callback'],
    ['http://localhost:3000/cb', 'localhost', 3000, '/cb'],
    ['http://[::1]:3000/cb', '[::1]', 3000, '/cb'],
    ['http://localhost', 'localhost', 80, '/'],
    ['http://LOCALHOST:3000/cb?from=cafe24', 'localhost', 3000, '/cb'],
  ])('with http on loopback names exactly host, port and path to listen on: %s', (uri, host, port, path) => {
    expect(parseRedirectUri(uri)).toEqual({ ok: true, value: { kind: 'direct', uri, host, port, path } });
  });

  it.each([
    ['http://relay.example.com/cb', 'config.redirect_uri_http'],
    ['http://192.168.0.10:17424/cb', 'config.redirect_uri_http'],
    ['http://127.0.0.1.example.com/cb', 'config.redirect_uri_http'],
    ['http://localhost.example.com/cb', 'config.redirect_uri_http'],
    ['https://127.0.0.1/cb', 'config.redirect_uri_ip'],
    ['https://2130706433/cb', 'config.redirect_uri_ip'],
    ['https://[::1]/cb', 'config.redirect_uri_ip'],
    [bytes(151), 'config.redirect_uri_long'],
    [`https://relay.example.com/${'가'.repeat(42)}`, 'config.redirect_uri_long'],
    ['https://intranet/cb', 'config.invalid_value'],
    ['https://relay.example.com/cb#there', 'config.invalid_value'],
    ['https://person@relay.example.com/cb', 'config.invalid_value'],
    ['https://relay.example.com/a b', 'config.invalid_value'],
    ['ftp://relay.example.com/cb', 'config.invalid_value'],
    ['relay.example.com/cb', 'config.invalid_value'],
    ['http://localhost:0/cb', 'config.invalid_value'],
    ['http://localhost:3000/api/auth/cafe24/start', 'config.invalid_value'],
    ['', 'config.invalid_value'],
  ])('that Cafe24 would not register, or nobody could answer, is named: %s -> %s', (uri, code) => {
    expect(parseRedirectUri(uri)).toEqual({ ok: false, code });
  });

  it('leaves port 80 out of an address, as browsers do in Host', () => {
    expect(authorityOf('localhost', 80)).toBe('localhost');
    expect(authorityOf('[::1]', 17424)).toBe('[::1]:17424');
  });
});
