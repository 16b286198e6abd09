import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_PORTS } from '../../../shared/redirect-uri.ts';
import { type SystemBrowser, startBrowser } from '../../support/system-browser.ts';
import { type FlowOptions, startFlow } from './flow-under-test.ts';
import { RELAY_HOST, type RelayHost, routesOfReadme, startRelayHost } from './relay-host.ts';

const CODE = 'uO8B6SFGLmLB5qn4AxJy2B';
const RANDOM = 'r'.repeat(43);

let host: RelayHost;
let korean: SystemBrowser;
let english: SystemBrowser;
const folders: string[] = [];
const cleanups: (() => Promise<unknown>)[] = [];

async function browserIn(locale: string): Promise<SystemBrowser> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'relay-profile-'));
  folders.push(profile);
  return startBrowser({
    profile,
    trustedKeyHashes: [host.certificates.publicKeyHash],
    localHosts: [RELAY_HOST],
    locale,
  });
}

beforeAll(async () => {
  host = await startRelayHost();
  korean = await browserIn('ko-KR');
  english = await browserIn('en-US');
});

afterAll(async () => {
  await korean?.stop();
  await english?.stop();
  await host?.close();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await korean.context.clearCookies();
});

async function startedFlow(redirectPath: string, options: FlowOptions = {}) {
  const flow = await startFlow({ redirectUri: `${host.origin}${redirectPath}`, ...options });
  cleanups.push(flow.stop);
  await flow.reauthorizer.start();
  return { ...flow, link: flow.tabs[0]! };
}

/** A fresh tab that remembers what it asked of the local server and what the browser complained about. */
async function newTab(browser = korean) {
  const page = await browser.context.newPage();
  cleanups.push(() => page.close());
  const callbacks: URL[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.hostname === '127.0.0.1' && url.pathname.endsWith('/callback')) callbacks.push(url);
  });
  page.on('console', (message) => {
    if (/content security policy|mixed content|insecure|blocked/i.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return { page, callbacks, complaints };
}

async function lastCodeOn(page: Page): Promise<string | null> {
  await page.waitForSelector('main[data-code]');
  return page.getAttribute('main', 'data-code');
}

const shows = (page: Page, kind: string) => page.waitForSelector(`main[data-shows="${kind}"]`);

describe('a consent in a real browser', () => {
  it.each(['/cafe24/', '/node-route', '/web-route'])(
    'comes back from https to the app over %s, with the four parameters alone',
    async (redirectPath) => {
      const flow = await startedFlow(redirectPath);
      const { page, callbacks, complaints } = await newTab();
      await page.goto(flow.link);
      await page.click('#approve');
      expect(await lastCodeOn(page)).toBe('consent.connected');
      expect(await page.textContent('h1')).toBe('쇼핑몰이 연결되었습니다');
      expect(callbacks.map((url) => [...url.searchParams.keys()].sort())).toEqual([['code', 'state']]);
      expect([flow.granted.length, flow.lastCode(), complaints]).toEqual([1, 'consent.connected', []]);
    },
  );

  it('refused is told in words on the last page, whose style the policy lets through', async () => {
    const flow = await startedFlow('/cafe24/');
    const { page, callbacks } = await newTab();
    await page.goto(flow.link);
    await page.click('#refuse');
    expect(await lastCodeOn(page)).toBe('consent.denied');
    expect(callbacks.map((url) => [...url.searchParams.keys()].sort())).toEqual([
      ['error', 'error_description', 'state'],
    ]);
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('main')!).borderRadius)).toBe(
      '14px',
    );
    expect(flow.granted).toEqual([]);
  });

  it('in a browser that lost the cookie gets the paste hint, and its address pasted connects', async () => {
    const flow = await startedFlow('/cafe24/');
    const { page } = await newTab();
    await page.goto(flow.link);
    await page.context().clearCookies();
    await page.click('#approve');
    expect(await lastCodeOn(page)).toBe('consent.cookie_missing');
    expect(await flow.reauthorizer.paste(page.url())).toMatchObject({ code: 'consent.connected' });
  });

  it('has the code on the screen and out of the address before it goes on', async () => {
    const flow = await startedFlow('/cafe24/');
    const { page, callbacks } = await newTab();
    await page.addInitScript(() => {
      // While a navigation is pending Chromium answers no question, so the page notes how it was left.
      window.addEventListener('pagehide', () => {
        const shown = document.querySelector<HTMLElement>('main[data-shows="forwarding"]');
        if (shown === null) return;
        const code = document.getElementById('code')?.textContent;
        const paints = performance.getEntriesByName('first-contentful-paint').length;
        localStorage.setItem('left', JSON.stringify({ code, address: location.href, paints }));
      });
    });
    await page.goto(flow.link);
    await page.click('#approve');
    expect(await lastCodeOn(page)).toBe('consent.connected');
    await page.goto(`${host.origin}/cafe24/`);
    expect(JSON.parse((await page.evaluate(() => localStorage.getItem('left'))) ?? '{}')).toEqual({
      code: callbacks[0]!.searchParams.get('code'),
      address: `${host.origin}/cafe24/`,
      paints: 1,
    });
  });

  it('straight to a loopback address returns the cookie to it', async () => {
    const flow = await startedFlow('', { redirectUri: 'http://localhost:27424/own/path' });
    const { page } = await newTab();
    await page.goto(flow.link);
    await page.click('#approve');
    expect(await lastCodeOn(page)).toBe('consent.connected');
    expect(new URL(page.url()).host).toBe('localhost:27424');
  });
});

describe('the relay page, shown again', () => {
  it('by Back, by reload or from the browser’s memory, does not forward', async () => {
    const flow = await startedFlow('/cafe24/');
    const { page, callbacks } = await newTab();
    await page.goto(flow.link);
    await page.click('#approve');
    await lastCodeOn(page);
    await page.goBack();
    await shows(page, 'again');
    await page.reload();
    await shows(page, 'again');
    expect(await page.isVisible('#code')).toBe(false);
    expect(callbacks).toHaveLength(1);
  });

  it('from memory says so beside the code', async () => {
    const { page, callbacks } = await newTab();
    await page.route('http://127.0.0.1:17424/**', (route) => route.fulfill({ status: 204 }));
    await page.goto(`${host.origin}/cafe24/?code=${CODE}&state=17424.${RANDOM}`);
    await expect.poll(() => callbacks.length).toBe(1);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await shows(page, 'again');
    expect(await page.textContent('#code')).toBe(CODE);
    expect(callbacks).toHaveLength(1);
  });
});

describe('the relay page alone', () => {
  it.each([
    ['no port', `0.${RANDOM}`],
    ['a port that is not in its list', `80.${RANDOM}`],
    ['a port in another form', `017424.${RANDOM}`],
    ['another host in front', `17424@example.com:17424.${RANDOM}`],
    ['a state that is too short', `17424.${RANDOM.slice(1)}`],
    ['a state that goes on', `17424.${RANDOM}%0A`],
    ['no state', ''],
  ])('does not forward for %s, but shows the code, its seconds and how to paste it', async (_, state) => {
    const { page, callbacks, complaints } = await newTab();
    await page.goto(`${host.origin}/cafe24/?shop=1&code=${CODE}&state=${state}&iss=x&trace_id=y`);
    await shows(page, 'paste');
    expect(await page.textContent('#code')).toBe(CODE);
    expect(await page.textContent('#left')).toMatch(/^(60|5\d)초 남음$/);
    expect(page.url()).toBe(`${host.origin}/cafe24/?shop=1`);
    expect(await page.evaluate(() => performance.getEntriesByType('resource').length)).toBe(0);
    expect([callbacks, complaints]).toEqual([[], []]);
  });

  it('copies the code', async () => {
    const { page } = await newTab();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: host.origin });
    await page.goto(`${host.origin}/cafe24/?code=${CODE}&state=0.${RANDOM}`);
    await page.click('#copy');
    await expect.poll(() => page.textContent('#copy')).toBe('복사했습니다');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(CODE);
  });

  it('says when the minute is over', async () => {
    const { page } = await newTab();
    await page.addInitScript(() => {
      performance.now = () => 60_001;
    });
    await page.goto(`${host.origin}/cafe24/?code=${CODE}&state=0.${RANDOM}`);
    await expect
      .poll(() => page.textContent('#left'))
      .toBe('코드의 1분이 지났습니다. 앱에서 다시 인증해 주십시오.');
  });

  it('inside another page shows and forwards nothing', async () => {
    const { page, callbacks } = await newTab();
    await page.goto(`${host.origin}/stranger?code=${CODE}&state=17424.${RANDOM}`);
    const frame = page.frameLocator('iframe');
    await frame.locator('main[data-shows="framed"]').waitFor();
    expect(await frame.locator('main').textContent()).not.toContain(CODE);
    expect(callbacks).toEqual([]);
  });

  it.each([
    ['access_denied', 'Not connected: consent was refused'],
    ['invalid_scope', 'A requested scope is not allowed for the app'],
    ['constructor', 'The authorization could not be finished'],
    ['<img src=x>', 'The authorization could not be finished'],
  ])('tells the error %s in its own words, in the browser’s language', async (error, title) => {
    const { page } = await newTab(english);
    const query = new URLSearchParams({ error, error_description: 'canary', state: `0.${RANDOM}` });
    await page.goto(`${host.origin}/cafe24/?${query}`);
    await shows(page, 'error');
    expect(await page.textContent('h1')).toBe(title);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await page.textContent('body')).not.toContain('canary');
    expect(await page.isVisible('#code')).toBe(false);
  });

  it('without parameters says what it is for', async () => {
    const { page } = await newTab(english);
    await page.goto(`${host.origin}/cafe24/`);
    await shows(page, 'empty');
  });
});

describe('the routes of the README', () => {
  it.each(LOCAL_PORTS)('lead to port %i', async (port) => {
    const { web } = await routesOfReadme();
    const query = `code=${CODE}&state=${port}.${RANDOM}&iss=x&trace_id=y`;
    const reply = web(new Request(`https://www.example.com/cafe24?${query}`));
    expect(reply.status).toBe(303);
    expect(reply.headers.get('location')).toBe(
      `http://127.0.0.1:${port}/api/auth/cafe24/callback?code=${CODE}&state=${port}.${RANDOM}`,
    );
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it.each([`0.${RANDOM}`, `22.${RANDOM}`, `17424.short`, `17424@evil.example.${RANDOM}`, ''])(
    'lead nowhere for the state %j',
    async (state) => {
      const { web } = await routesOfReadme();
      const reply = web(new Request(`https://www.example.com/cafe24?code=${CODE}&state=${state}`));
      expect([reply.status, reply.headers.get('location')]).toEqual([400, null]);
      expect(await reply.text()).toContain('주소를 복사해');
      const { page } = await newTab();
      const shown = await page.goto(`${host.origin}/node-route?code=${CODE}&state=${state}`);
      expect([shown!.status(), await shown!.text()]).toEqual([
        400,
        '이 페이지의 주소를 복사해 앱 창에 붙여 넣어 주십시오.',
      ]);
    },
  );
});
