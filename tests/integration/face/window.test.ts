import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/poll.ts';
import * as fixture from '../../unit/face/fixtures.ts';
import { part, press, remaining, setUpWindows } from './support/set-up-windows.ts';
import { rendered, WINDOW } from './support/stage.ts';

const { NOW, mallOf, snapshotOf } = fixture;
const { open } = setUpWindows();

describe('what a person does', () => {
  it.each([
    ['reauthorize', snapshotOf([fixture.expired]), { do: 'reauthorize', mall: 'myshop' }],
    ['refresh', snapshotOf(), { do: 'refresh', mall: 'myshop' }],
    ['test', snapshotOf(), { do: 'test', mall: 'myshop' }],
    ['cancel', snapshotOf([fixture.waiting]), { do: 'cancel', mall: 'myshop' }],
    ['open-again', snapshotOf([fixture.waiting]), { do: 'open-again', mall: 'myshop' }],
    ['copy-link', snapshotOf([fixture.waiting]), { do: 'copy-link', mall: 'myshop' }],
    ['paste-clipboard', snapshotOf([fixture.waiting]), { do: 'paste-clipboard', mall: 'myshop' }],
    ['set-locale', snapshotOf(), { do: 'set-locale', locale: 'en' }],
  ] as const)('"%s" sends exactly its intent', async (what, snapshot, intent) => {
    const { page, sent } = await open(snapshot);
    await press(page, what);
    expect(await sent()).toEqual([intent]);
  });

  it('sends what is pasted, as it is, with Enter, and forgets it', async () => {
    const { page, sent } = await open(snapshotOf([fixture.waiting]));
    const address = 'https://shop.example/callback?code=abc&state=17424.x';
    await page.getByLabel('돌아온 주소나 코드 붙여 넣기').fill(address);
    await page.keyboard.press('Enter');
    expect(await sent()).toEqual([{ do: 'paste', mall: 'myshop', text: address }]);
    expect(await page.getByLabel('돌아온 주소나 코드 붙여 넣기').inputValue()).toBe('');
  });

  it('is told what to do when a paste holds no code', async () => {
    const { page } = await open(snapshotOf([fixture.waiting]), {
      replies: { paste: { code: 'consent.code_malformed', params: {} } },
    });
    await page.getByLabel('돌아온 주소나 코드 붙여 넣기').fill('hello');
    await press(page, 'paste');
    await part(page, 'paste-answer').waitFor();
    expect(await part(page, 'paste-answer').textContent()).toContain('붙여 넣어 주십시오');
  });

  it('closes the window with Esc, but not while a Korean syllable is composed', async () => {
    const { page, sent } = await open(snapshotOf());
    const closed = async () => (await sent()).some((intent) => intent.do === 'close');
    await page.evaluate(() =>
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true })),
    );
    expect(await closed()).toBe(false);
    await page.keyboard.press('Escape');
    expect(await closed()).toBe(true);
  });

  it('reaches every control by Tab, each with a visible ring', async () => {
    const { page } = await open(snapshotOf([fixture.waiting, mallOf({ mall: 'second' })]));
    const count = await page.locator('button:enabled, input, a').count();
    const reached = new Set<string>();
    for (let index = 0; index < count; index++) {
      await page.keyboard.press('Tab');
      const [name, outline] = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        return [element.outerHTML, getComputedStyle(element).outlineStyle];
      });
      expect(outline).toBe('solid');
      reached.add(name!);
    }
    expect(reached.size).toBe(count);
  });

  it('stays with the keyboard where a question was asked, once it is answered with "keep"', async () => {
    const { page } = await open(snapshotOf());
    await page.locator('[data-testid="care"] summary').click();
    await press(page, 'pause');
    await page.locator('[data-do="pause-keep"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('button[data-do="pause"]:focus').waitFor();
  });

  it('is not offered to disconnect all the same once another consent has begun', async () => {
    const { page, push } = await open(snapshotOf(), {
      replies: { disconnect: { code: 'disconnect.not_revoked', params: {} } },
    });
    const offer = page.locator('button[data-do="disconnect-anyway"]');
    await page.locator('[data-testid="care"] summary').click();
    await press(page, 'disconnect');
    await press(page, 'disconnect-confirm');
    await offer.waitFor();
    await push({ ...snapshotOf([mallOf({ busy: 'refreshing' })]), revision: 8 });
    await page.locator('button[data-do="disconnect-anyway"]:disabled').waitFor();
    await push({ ...snapshotOf([fixture.waiting]), revision: 9 });
    await offer.waitFor({ state: 'detached' });
    await push({ ...snapshotOf([fixture.connected]), revision: 10 });
    await page.locator('button[data-do="disconnect"]:enabled').waitFor();
    expect(await offer.count()).toBe(0);
  });

  it('cannot start what is under way or impossible', async () => {
    const { page, push } = await open(snapshotOf([fixture.waiting]));
    const enabled = (what: string) => page.locator(`button[data-do="${what}"]`).isEnabled();
    expect([await enabled('reauthorize'), await enabled('refresh')]).toEqual([false, false]);
    await push({ ...snapshotOf([mallOf({ cannotReauthorize: 'client.not_configured' })]), revision: 8 });
    await part(page, 'obstacle').waitFor();
    expect([await enabled('reauthorize'), await enabled('refresh')]).toEqual([false, true]);
  });
});

describe('what the window tells', () => {
  it.each([
    ['expiring', fixture.expiring, true],
    ['expired', fixture.expired, true],
    ['healthy', mallOf(), false],
    ['unconfirmed', fixture.unconfirmed, false],
  ])('colours Re-authorize only when it is asked for: %s', async (_name, mall, coloured) => {
    const { page } = await open(snapshotOf([mall]));
    expect(await page.locator('button[data-do="reauthorize"].primary').count()).toBe(coloured ? 1 : 0);
    expect(await page.locator('button.primary').count()).toBe(coloured ? 1 : 0);
  });

  it('shows the flow from the first to the last, and how it ended', async () => {
    const { page, push } = await open(snapshotOf([fixture.expired]));
    const phaseOf = async (revision: number, mall: typeof fixture.expired) => {
      await push({ ...snapshotOf([mall]), revision });
      await part(page, 'flow').waitFor();
      return [
        await part(page, 'flow').getAttribute('data-phase'),
        await part(page, 'flow').getAttribute('data-code'),
      ];
    };
    const preparing = mallOf({ ...fixture.expired, flow: { phase: 'preparing', startedAt: NOW } });
    expect(await phaseOf(8, preparing)).toEqual(['preparing', null]);
    expect(await phaseOf(9, fixture.waiting)).toEqual(['waiting', null]);
    expect(await phaseOf(10, fixture.exchanging)).toEqual(['exchanging', null]);
    expect(await phaseOf(11, fixture.denied)).toEqual(['idle', 'consent.denied']);
    expect(await phaseOf(12, fixture.connected)).toEqual(['idle', 'consent.connected']);
  });

  it('lets tests and scripts read state, store, access token, next refresh and the last action', async () => {
    const { page } = await open(snapshotOf([fixture.tested]));
    const read = (testId: string, name: string) => part(page, testId).getAttribute(name);
    expect(await read('state', 'data-state')).toBe('HEALTHY');
    expect(await read('store', 'data-reachable')).toBe('true');
    expect(await read('access', 'data-expires-at')).toBe(String(fixture.tested.accessExpiresAt));
    expect(await read('next-refresh', 'data-at')).toBe(String(fixture.tested.nextRefreshAt));
    expect(await read('last-action', 'data-code')).toBe('test.ok');
  });

  it('speaks at a change of the stage, and not with the ticking clock', async () => {
    const { page, push, pass } = await open(snapshotOf([mallOf()]), { timeStands: true });
    const spoken = () => part(page, 'announcer').textContent();
    expect(await spoken()).toBe('myshop, 정상');
    const before = await remaining(page);
    await pass(2_000);
    expect(await remaining(page)).toBe(before - 2);
    expect(await spoken()).toBe('myshop, 정상');
    await push({ ...snapshotOf([fixture.expiring]), revision: 8 });
    await until(async () => (await spoken()) === 'myshop, 곧 만료, D-2', {
      timeoutMs: 30_000,
      what: 'the new stage',
    });
  });

  it('describes the picture of the 14 days in words', async () => {
    const { page } = await open(snapshotOf([fixture.expiring]));
    const label = await page.locator('svg.timeline').getAttribute('aria-label');
    expect(label).toMatch(
      /^지난 14일과 만료까지의 시간표, 11월 10일 \(화\) 시작, 지금 83% 지남, 갱신 \d+회, 가장 긴 공백 2일/,
    );
  });

  it('shows a consent that was just given upon the dot of today, and says what each mark means', async () => {
    const { NOW } = fixture;
    const past = [{ kind: 'consent', at: NOW }] as const;
    const { page } = await open(snapshotOf([mallOf({ refreshes: [NOW], past })]));
    const drawn = await page
      .locator('svg.timeline > *')
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('class')));
    expect(drawn.indexOf('timeline__diamond')).toBeGreaterThan(drawn.indexOf('timeline__now'));
    expect(await page.locator('.timeline__legend li').allTextContents()).toEqual(['갱신', '동의']);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
  });

  it('shows the chosen shop of several, and the most urgent one first', async () => {
    const second = mallOf({ mall: 'second' });
    const { page, push } = await open(snapshotOf([fixture.expired, second]));
    expect(await page.locator('h1').textContent()).toBe('myshop');
    await page.getByRole('button', { name: /second/ }).click();
    expect(await page.locator('h1').textContent()).toBe('second');
    await push({ ...snapshotOf([fixture.expired, { ...second, busy: 'testing' }]), revision: 8 });
    await page.getByRole('button', { name: '확인 중' }).waitFor();
    expect(await page.locator('h1').textContent()).toBe('second');
  });

  it('keeps to the shop of a consent, whatever becomes more urgent, and to what came of it', async () => {
    const second = mallOf({ mall: 'second' });
    const consenting = mallOf({ ...fixture.waiting, mall: 'second' });
    const { page, push } = await open(snapshotOf([fixture.expiring, second]));
    expect(await page.locator('h1').textContent()).toBe('myshop');
    await push({ ...snapshotOf([fixture.expiring, consenting]), revision: 8 });
    await page.locator('.paste input').fill('half an address');
    await push({
      ...snapshotOf([fixture.expired, { ...consenting, mall: 'third' }, consenting]),
      revision: 9,
    });
    await rendered(page);
    expect(await page.locator('.paste input').inputValue()).toBe('half an address');
    await push({ ...snapshotOf([fixture.expired, { ...fixture.denied, mall: 'second' }]), revision: 10 });
    await page.locator('[data-testid="flow"][data-code="consent.denied"]').waitFor();
    expect(await page.locator('h1').textContent()).toBe('second');
  });

  it('changes its language with the snapshot, for readers too', async () => {
    const { page, push } = await open(snapshotOf());
    await push({ ...snapshotOf([mallOf()], { locale: 'en' }), revision: 8 });
    await page.getByRole('button', { name: 'Re-authorize' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('moves nothing for who asked for no motion', async () => {
    const { page } = await open(snapshotOf([fixture.waiting]), { reducedMotion: true });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it.each([
    ['#settings', '설정'],
    ['#diagnostics', '진단'],
  ])('opens at the page %s', async (hash, heading) => {
    const { page } = await open(snapshotOf(), { hash });
    expect(await page.locator('h1').textContent()).toBe(heading);
  });
});

describe('the built window', () => {
  it('shows whole the licence of what it is made of', async () => {
    const { page } = await open(snapshotOf(), { hash: '#diagnostics' });
    const react = page.getByTestId('licence').filter({ hasText: /^react \d/ });
    const text = await react.locator('pre').textContent();
    expect(text).toMatch(/^MIT License\n\nCopyright.*\n\nPermission is hereby granted.*SOFTWARE\.$/s);
  });

  it('weighs less than 120 kB compressed', () => {
    const sizes = readdirSync(WINDOW, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(js|css|html|svg)$/.test(entry.name))
      .map((entry) => gzipSync(readFileSync(path.join(entry.parentPath, entry.name))).length);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(120_000);
  });

  it('holds no inline script or style, and no data URL', () => {
    const html = readFileSync(path.join(WINDOW, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|data:/);
    expect(html).toContain("default-src 'none'");
  });
});
