import { describe, expect, test } from 'vitest';
import { resolveRequest } from '../../../electron/adapters/app-scheme.ts';

describe('what the window may load', () => {
  test.each([
    ['app://keeper/', 'index.html', 'text/html; charset=utf-8'],
    ['app://keeper/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['app://keeper/index.html#settings', 'index.html', 'text/html; charset=utf-8'],
    ['app://keeper/index.html?s=1', 'index.html', 'text/html; charset=utf-8'],
    ['app://keeper/assets/index-BC_x9.js', 'assets/index-BC_x9.js', 'text/javascript; charset=utf-8'],
    ['app://keeper/assets/a.b.css', 'assets/a.b.css', 'text/css; charset=utf-8'],
    ['app://keeper/font.woff2', 'font.woff2', 'font/woff2'],
  ])('%s is a file of its own', (address, file, type) => {
    expect(resolveRequest('GET', address)).toEqual({ status: 200, file, type });
  });

  test.each([
    'app://keeper/../main/main.js',
    'app://keeper/assets/../../main/main.js',
    'app://keeper/..%2fmain/main.js',
    'app://keeper/%2e%2e/main/main.js',
    'app://keeper/..\\main\\main.js',
    'app://keeper//etc/hostname.html',
    'app://keeper/./index.html',
    'app://keeper/.env.html',
    'app://keeper/assets/.hidden.js',
    'app://keeper/C:/x.html',
    'app://keeper/index.js.map',
    'app://keeper/index',
    'app://keeper/a b.html',
    'app://keeper/a\0.html',
    'app://keeper',
    'app://keeper.evil/index.html',
    'app://other/index.html',
    'app://keeper@other/index.html',
    'app://keeper:80/index.html',
    'file:///index.html',
    'https://keeper/index.html',
  ])('%j is not there', (address) => {
    expect(resolveRequest('GET', address)).toEqual({ status: 404 });
  });

  test.each(['POST', 'HEAD', 'PUT', 'OPTIONS'])('%s is no way to ask', (method) => {
    expect(resolveRequest(method, 'app://keeper/index.html')).toEqual({ status: 405 });
  });
});
