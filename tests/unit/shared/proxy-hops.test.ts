import { describe, expect, it } from 'vitest';
import { hopsOfEnvironment, hopsOfSystem, reachesDirectly } from '../../../shared/proxy-hops.ts';

const proxy = (host: string, port: number, more: object = {}) => ({
  kind: 'proxy',
  tls: false,
  host,
  port,
  credentials: null,
  ...more,
});
const direct = { kind: 'direct' };
const unusable = { kind: 'unusable' };

describe('who goes past every proxy', () => {
  it.each([
    ['https://myshop.cafe24api.com/', false],
    ['http://myshop.cafe24api.com/', true],
    ['https://127.0.0.1:8443/', true],
    ['https://[::1]/', true],
    ['https://LOCALHOST:1/', true],
    ['https://127.0.0.1.example/', false],
  ])('%s: %s', (url, expected) => {
    expect(reachesDirectly(new URL(url))).toBe(expected);
  });
});

describe("a system's answer", () => {
  it.each([
    ['DIRECT', [direct]],
    ['', [direct]],
    ['PROXY proxy.shop.example:3128', [proxy('proxy.shop.example', 3128)]],
    ['PROXY a:1; HTTPS b.example:2;DIRECT', [proxy('a', 1), proxy('b.example', 2, { tls: true }), direct]],
    ['proxy a', [proxy('a', 80)]],
    ['HTTPS a', [proxy('a', 443, { tls: true })]],
    ['PROXY [2001:db8::1]:8080', [proxy('2001:db8::1', 8080)]],
    ['SOCKS5 a:1080; DIRECT', [unusable, direct]],
    ['PROXY', [unusable]],
    ['PROXY a:99999', [unusable]],
  ])('%j', (answer, expected) => {
    expect(hopsOfSystem(answer)).toEqual(expected);
  });
});

const CAFE24 = 'https://myshop.cafe24api.com/';

describe('the environment', () => {
  it.each([
    ['nothing', {}, [direct]],
    ['an empty value', { HTTPS_PROXY: ' ' }, [direct]],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://a:3128' }, [proxy('a', 3128)]],
    [
      'https_proxy before HTTPS_PROXY',
      { https_proxy: 'http://a', HTTPS_PROXY: 'http://b' },
      [proxy('a', 80)],
    ],
    ['an empty https_proxy', { https_proxy: '', HTTPS_PROXY: 'http://b:1' }, [proxy('b', 1)]],
    ['a proxy over TLS', { HTTPS_PROXY: 'https://a' }, [proxy('a', 443, { tls: true })]],
    ['no scheme', { HTTPS_PROXY: 'a.example:3128' }, [proxy('a.example', 3128)]],
    [
      'credentials',
      { HTTPS_PROXY: 'http://us%40er:p%3Ass%ZZ@a:1/' },
      [proxy('a', 1, { credentials: { user: 'us@er', password: 'p%3Ass%ZZ' } })],
    ],
    ['a proxy of another kind', { HTTPS_PROXY: 'socks5://a:1080' }, [unusable]],
    ['rubbish', { HTTPS_PROXY: 'http://a b' }, [unusable]],
    ['HTTP_PROXY alone', { HTTP_PROXY: 'http://a:1' }, [direct]],
  ])('%s', (_, env, expected) => {
    expect(hopsOfEnvironment(env, new URL(CAFE24))).toEqual(expected);
  });

  it.each([
    ['*', CAFE24, true],
    ['cafe24api.com', CAFE24, true],
    ['.cafe24api.com', CAFE24, true],
    ['*.cafe24api.com', CAFE24, true],
    ['localhost, MyShop.Cafe24API.com', CAFE24, true],
    ['localhost 10.0.0.0/8 cafe24api.com', CAFE24, true],
    ['cafe24api.com:443', CAFE24, true],
    ['cafe24api.com:8443', CAFE24, false],
    ['cafe24api.com:8443', 'https://myshop.cafe24api.com:8443/', true],
    ['24api.com', CAFE24, false],
    ['shop.cafe24api.com', CAFE24, false],
    ['cafe24api.com.example', CAFE24, false],
    ['.', CAFE24, false],
    ['', CAFE24, false],
    ['2001:db8::1', 'https://[2001:db8::1]/', true],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]/', true],
    ['2001:db8::2', 'https://[2001:db8::1]/', false],
  ])('NO_PROXY %j at %s: direct %s', (list, url, isDirect) => {
    const hops = hopsOfEnvironment({ HTTPS_PROXY: 'http://a:1', NO_PROXY: list }, new URL(url));
    expect(hops).toEqual([isDirect ? direct : proxy('a', 1)]);
  });
});
