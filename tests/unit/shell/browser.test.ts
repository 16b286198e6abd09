import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser, openableAddressOf } from '../../../electron/adapters/browser.ts';
import { quietLog } from './quiet-log.ts';

describe('which addresses the browser may be sent to', () => {
  test.each([
    ['https://myshop.cafe24api.com/api/v2/oauth/authorize?state=a', true],
    ['http://127.0.0.1:17424/api/auth/cafe24/start?nonce=a', true],
    ['http://localhost:3000/callback', true],
    ['http://[::1]:3000/callback', true],
    ['http://myshop.cafe24api.com/', false],
    ['http://127.0.0.1.evil.test/', false],
    ['http://127.0.0.1@evil.test/', false],
    ['https://user:password@evil.test/', false],
    ['file:///etc/hostname', false],
    ['javascript:alert(1)', false],
    ['mailto:a@example.test', false],
    ['ms-settings:network', false],
    ['--version', false],
    ['', false],
  ])('%s: %s', (url, allowed) => {
    expect(openableAddressOf(url) !== null).toBe(allowed);
  });
});

describe('opening the browser', () => {
  let bin: string;
  let opened: string[];
  beforeEach(async () => {
    bin = await mkdtemp(path.join(os.tmpdir(), 'browser-'));
    opened = [];
  });
  afterEach(() => rm(bin, { recursive: true }));

  const browserOf = (
    platform: NodeJS.Platform,
    openExternal = async (url: string) => void opened.push(url),
  ) => createBrowser({ shell: { openExternal }, platform, searchPath: `:/nowhere:${bin}`, log: quietLog() });

  test('what it may not open is refused before the system sees it', async () => {
    expect(await browserOf('win32').open('file:///etc/hostname')).toMatchObject({
      ok: false,
      code: 'internal.error',
    });
    expect(opened).toEqual([]);
  });

  test('without xdg-open there is no browser on Linux, whatever Electron says', async () => {
    const browser = browserOf('linux');
    expect(await browser.open('https://example.test/')).toMatchObject({
      ok: false,
      code: 'consent.no_browser',
    });
    expect(opened).toEqual([]);
    await writeFile(path.join(bin, 'xdg-open'), '#!/bin/sh\n');
    await chmod(path.join(bin, 'xdg-open'), 0o755);
    expect(await browser.open('https://example.test/')).toEqual({ ok: true, value: undefined });
    expect(opened).toEqual(['https://example.test/']);
  });

  test('a system that refuses is told as no browser', async () => {
    const browser = browserOf('win32', async () => {
      throw new Error('no handler');
    });
    expect(await browser.open('https://example.test/')).toMatchObject({
      ok: false,
      code: 'consent.no_browser',
    });
  });
});
