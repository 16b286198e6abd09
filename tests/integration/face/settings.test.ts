import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../shared/ipc.ts';
import type { StoreSettings } from '../../../shared/settings-snapshot.ts';
import { until } from '../../support/poll.ts';
import * as fixture from '../../unit/face/fixtures.ts';
import { goBackTo, goTo, openSection } from './support/set-up-steps.ts';
import { part, press, setUpWindows } from './support/set-up-windows.ts';

const { mallOf, snapshotOf } = fixture;
const { open } = setUpWindows();

const sends = (sent: () => Promise<readonly Intent[]>, what: Intent['do']) =>
  until(async () => (await sent()).find((intent) => intent.do === what), {
    timeoutMs: 30_000,
    what: `the intent ${what}`,
  });

const drop = (page: Page, text: string) =>
  page.evaluate((content) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], '.env'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, text);

describe('the guided set-up', () => {
  it('sends nothing before the store is chosen, then the store and the shop, in this order', async () => {
    const { page, sent } = await open(snapshotOf([]));
    await goTo(page, 'warnings');
    expect(await sent()).toEqual([
      { do: 'save-store', store: { kind: 'redis', url: 'redis://127.0.0.1:6379/0', password: null } },
      {
        do: 'save-shop',
        shop: {
          mall: 'myshop',
          clientId: 'AbCdEfGh12345678IjKlMn',
          clientSecret: 'secret-that-nobody-sees',
          redirectUri: 'https://www.example.com/cafe24/',
          scopes: 'mall.read_product,mall.write_product',
          pkce: false,
        },
      },
    ]);
  });

  it('stays where it is when main refuses, and says why', async () => {
    const { page } = await open(snapshotOf([]), {
      replies: { 'save-shop': { code: 'config.consent_running', params: {} } },
    });
    await goTo(page, 'store');
    await press(page, 'next');
    await page.locator('[data-testid="setup-answer"][data-code="config.consent_running"]').waitFor();
    expect(await part(page, 'setup').getAttribute('data-step')).toBe('store');
  });

  it('leads back to what is missing, tells it to a screen reader too, and goes on from there', async () => {
    const { page } = await open(snapshotOf([]));
    await press(page, 'next');
    const field = page.locator('[name="mall"]');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const ids = (await field.getAttribute('aria-describedby'))!.split(' ');
    const told = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()));
    expect(told.join(' ')).toContain('값을 넣어 주십시오');
  });

  it('keeps what was typed when somebody goes back', async () => {
    const { page } = await open(snapshotOf([]));
    await goTo(page, 'scopes');
    await press(page, 'back');
    expect(await page.locator('[name="redirectUri"]').inputValue()).toBe('https://www.example.com/cafe24/');
    await press(page, 'back');
    expect(await page.locator('[name="mall"]').inputValue()).toBe('myshop');
  });

  it('puts a mistyped id right when somebody goes back, with the secret that main keeps', async () => {
    const { page, sent, push } = await open(snapshotOf([]));
    await goTo(page, 'warnings');
    await push({ ...snapshotOf([fixture.neverConnected]), revision: 8 });
    await goBackTo(page, 'shop');
    expect(await page.locator('[name="clientSecret"]').count()).toBe(0);
    await page.locator('[name="mall"]').fill('rightshop');
    for (const step of ['return', 'scopes', 'store', 'warnings']) {
      await press(page, 'next');
      await page.locator(`[data-testid="setup"][data-step="${step}"]`).waitFor();
    }
    expect((await sent()).filter((intent) => 'shop' in intent)).toMatchObject([
      { do: 'save-shop', shop: { mall: 'myshop' } },
      { do: 'rename-shop', mall: 'myshop', shop: { mall: 'rightshop', clientSecret: null } },
    ]);
  });

  it('does not rename a shop that has tokens already', async () => {
    const { page, push } = await open(snapshotOf([]));
    await goTo(page, 'connect');
    await push({ ...snapshotOf(), revision: 8 });
    await goBackTo(page, 'shop');
    expect(await page.locator('.form output').first().textContent()).toBe('myshop');
    expect(await page.locator('[name="mall"]').count()).toBe(0);
  });

  it('hands a dropped .env to main as it is, and shows names alone', async () => {
    const text = '\ufeffCAFE24_MALL_ID=myshop\r\nCAFE24_CLIENT_SECRET=canary-4711\r\n';
    const { page, sent, push } = await open(snapshotOf([]), {
      replies: {
        'import-env': {
          code: null,
          params: {},
          imported: {
            mall: 'myshop',
            names: ['CAFE24_MALL_ID', 'CAFE24_CLIENT_SECRET'],
            refused: [{ name: 'CAFE24_REFRESH_TOKEN', code: 'config.token_in_env' }],
          },
        },
      },
    });
    await drop(page, text);
    expect(await sends(sent, 'import-env')).toEqual({ do: 'import-env', text: text.slice(1) });
    await part(page, 'env-answer').waitFor();
    expect(await part(page, 'env-answer').innerText()).toContain('CAFE24_REFRESH_TOKEN');
    // What main now holds is there at once: the secret as one that is kept.
    await push({ ...snapshotOf([fixture.neverConnected]), revision: 8 });
    await until(async () => (await page.locator('[name="mall"]').inputValue()) === 'myshop', {
      timeoutMs: 30_000,
      what: 'the shop of the file',
    });
    expect(await page.locator('[name="clientSecret"]').count()).toBe(0);
    expect(await page.content()).not.toContain('canary-4711');
  });

  it('takes the same .env again that was chosen before and corrected since', async () => {
    const { page, sent } = await open(snapshotOf([]));
    const chooser = page.locator('input[name="env"]');
    const choose = (text: string) =>
      chooser.setInputFiles({ name: '.env', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await choose('CAFE24_MALL_ID=My Shop');
    expect(await sends(sent, 'import-env')).toMatchObject({ text: 'CAFE24_MALL_ID=My Shop' });
    // Chromium compares with what is still chosen: it must be nothing.
    expect(await chooser.evaluate((input: HTMLInputElement) => input.files?.length)).toBe(0);
    await choose('CAFE24_MALL_ID=myshop');
    await until(async () => (await sent()).length === 2, { timeoutMs: 30_000, what: 'the second file' });
  });

  it('leaves no mistyped shop behind where a dropped .env has the right id', async () => {
    const imported = { mall: 'rightshop', names: ['CAFE24_MALL_ID'], refused: [] };
    const { page, sent, push } = await open(snapshotOf([]), {
      replies: { 'import-env': { code: null, params: {}, imported } },
    });
    await goTo(page, 'warnings');
    await push({ ...snapshotOf([fixture.neverConnected]), revision: 8 });
    await goBackTo(page, 'shop');
    await drop(page, 'CAFE24_MALL_ID=rightshop');
    expect(await sends(sent, 'remove-shop')).toEqual({ do: 'remove-shop', mall: 'myshop' });
  });
});

describe('Settings', () => {
  it('leave a kept secret alone unless another is typed', async () => {
    const { page, sent } = await open(snapshotOf(), { hash: '#settings' });
    await openSection(page, 'shop-myshop');
    const shop = page.locator('[data-section="shop-myshop"]');
    await shop.locator('[name="clientId"]').fill('another');
    await shop.locator('[data-do="save"]').click();
    expect(await sends(sent, 'save-shop')).toMatchObject({
      shop: { clientId: 'another', clientSecret: null },
    });
    await part(page, 'saved').waitFor();
    await shop.locator('[data-field="clientSecret"] button').click();
    await shop.locator('[name="clientSecret"]').fill('new-secret');
    await page.keyboard.press('Enter');
    await until(async () => JSON.stringify(await sent()).includes('new-secret'), {
      timeoutMs: 30_000,
      what: 'the new secret',
    });
    // Once it is saved it is out of the page.
    await shop.locator('[name="clientSecret"]').waitFor({ state: 'detached' });
  });

  it('do not call a password kept that went with the store it was for', async () => {
    const redis = {
      kind: 'redis',
      url: fixture.typed('redis://redis.example.com:6379/0'),
      password: fixture.KEPT_SECRET,
    } as const;
    const withStore = (store: StoreSettings) => ({ settings: fixture.settingsOf(['myshop'], { store }) });
    const { page, sent, push } = await open(snapshotOf([mallOf()], withStore(redis)), { hash: '#settings' });
    await openSection(page, 'store');
    const store = page.locator('[data-section="store"]');
    expect(await store.locator('[name="redisPassword"]').count()).toBe(0);
    await store.locator('[value="local"]').check();
    await store.locator('[data-do="save"]').click();
    await sends(sent, 'save-store');
    await push({ ...snapshotOf([mallOf()], withStore(fixture.LOCAL_STORE)), revision: 8 });
    await store.locator('[value="redis"]').check();
    await store.locator('[name="redisPassword"]').fill('typed-again');
    await store.locator('[data-do="save"]').click();
    await until(async () => JSON.stringify(await sent()).includes('"password":"typed-again"'), {
      timeoutMs: 30_000,
      what: 'the password',
    });
  });

  it('show what the environment gives, and where it came from, and take no other value', async () => {
    const { page } = await open(snapshotOf([mallOf()], { settings: fixture.settingsOfEnvironment }), {
      hash: '#settings',
    });
    await openSection(page, 'shop-myshop');
    await openSection(page, 'store');
    const shop = page.locator('[data-section="shop-myshop"]');
    expect(await shop.locator('[data-source="data-folder-env"]').count()).toBe(3);
    expect(await shop.locator('input[name="clientId"], input[name="clientSecret"]').count()).toBe(0);
    const store = page.locator('[data-section="store"]');
    expect(await store.innerText()).toContain('환경 변수');
    expect(await store.locator('input, button').count()).toBe(0);
  });

  it('keep what was typed while main brings another page up, and let it go when the person leaves', async () => {
    const { page } = await open(snapshotOf(), { hash: '#settings' });
    const client = page.locator('[data-section="shop-myshop"] [name="clientId"]');
    const saved = await client.inputValue();
    const back = async () => {
      await page.locator('footer:visible a[href="#settings"]').click();
      await client.waitFor({ state: 'attached' });
      return client.inputValue();
    };
    await openSection(page, 'shop-myshop');
    await client.fill('half-typed');
    await page.locator('footer:visible a[href="#settings"]').click();
    await page.evaluate(() => {
      window.location.hash = '#status';
    });
    await part(page, 'countdown').waitFor();
    expect(await page.locator('main:visible').count()).toBe(1);
    expect(await back()).toBe('half-typed');
    expect(await client.isVisible()).toBe(true);
    await page.locator('footer a[href="#status"]').click();
    await part(page, 'countdown').waitFor();
    expect(await page.locator('main').count()).toBe(1);
    expect(await back()).toBe(saved);
  });

  it('save a channel before it is tested, and quote the true answer', async () => {
    const { page, sent } = await open(snapshotOf(), {
      hash: '#settings',
      replies: { 'test-warning': { code: 'channel.slack_gone', params: { answer: '404 no_service' } } },
    });
    await openSection(page, 'channels');
    await page.locator('[data-do="test-warning"][data-channel="slack"]').click();
    await part(page, 'test-slack').getByText('404 no_service').waitFor();
    expect((await sent()).map((intent) => intent.do)).toEqual(['save-channels', 'test-warning']);
  });
});
