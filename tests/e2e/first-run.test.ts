import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { type NotificationDaemon, startNotificationDaemon } from '../support/notification-daemon.ts';
import { type SlackStandIn, startSlackStandIn } from '../support/slack-standin.ts';
import { type SmtpTestServer, startSmtpServer } from '../support/smtp-server.ts';
import { part, shows, visibleWindow } from './support/app-window.ts';
import { decide } from './support/consent.ts';
import { eventually, PATIENCE_MS } from './support/eventually.ts';
import { type Keyboard, keyboardOn } from './support/keyboard.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { openTokenStore } from './support/token-store.ts';
import { DAY, MALL, MINUTE } from './support/world.ts';

/** One story: each test begins where the one before it ended. No pointer is ever moved. */
describe('somebody who has never seen a terminal, with a keyboard alone', () => {
  const world = setUpWorld();
  let app: AppUnderTest;
  let page: Page;
  let keys: Keyboard;
  let slack: SlackStandIn;
  let mail: SmtpTestServer;
  let notices: NotificationDaemon;
  let config: string;
  let downloads: string;

  beforeAll(async () => {
    slack = await startSlackStandIn();
    mail = await startSmtpServer({ encryption: 'plain' });
    notices = await startNotificationDaemon(world().desktop.busAddress);
    config = await world().newFolder();
    // Where the desktop's own settings say, and not there yet.
    downloads = path.join(config, '받은 파일');
    await writeFile(path.join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
    const nothing = Object.fromEntries(
      Object.keys(world().shopEnv)
        .filter((name) => !['LANG', 'CAFE24_API_ORIGIN'].includes(name))
        .map((name) => [name, undefined]),
    );
    app = await world().launch({ env: { ...nothing, XDG_CONFIG_HOME: config } });
    page = await visibleWindow(app);
    await shows(page, 'setup', 'data-step', 'shop');
    keys = await keyboardOn(world().desktop, page);
  });
  afterAll(async () => {
    await notices?.stop();
    await Promise.all([slack?.stop(), mail?.stop()]);
  });

  const problemOf = (field: string) =>
    page
      .locator(`[data-field="${field}"] [data-problem]`)
      .getAttribute('data-problem', { timeout: PATIENCE_MS });
  const noProblemOf = (field: string) =>
    page
      .locator(`[data-field="${field}"] [data-problem]`)
      .waitFor({ state: 'detached', timeout: PATIENCE_MS });
  const settingsText = () => readFile(path.join(app.dataFolder, 'settings.json'), 'utf8');

  test('is told while typing what is wrong with id and secret', async () => {
    const { shopEnv } = world();
    await keys.tabTo('[name="mall"]');
    await keys.type(`https://${MALL}.cafe24.com`);
    expect(await problemOf('mall')).toBe('mall.address');
    await keys.type(MALL);
    await noProblemOf('mall');
    await keys.press('Tab');
    await keys.type(shopEnv.CAFE24_CLIENT_ID!);
    await keys.press('Tab');
    await keys.type('Bearer AbCdEfGhIjKl');
    expect(await problemOf('clientSecret')).toBe('credential.token');
    // Enter goes nowhere while something is wrong.
    await keys.press('Return');
    expect(await part(page, 'setup').getAttribute('data-step')).toBe('shop');
    await keys.type(shopEnv.CAFE24_CLIENT_SECRET!);
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'return');
  });

  test('is told that http cannot be registered, and learns whether the page answers', async () => {
    await keys.type('http://www.example.com/');
    expect(await problemOf('redirectUri')).toBe('uri.http');
    await keys.type(world().shopEnv.CAFE24_REDIRECT_URI!);
    await noProblemOf('redirectUri');
    await keys.tabTo('[data-do="try-redirect"]');
    await keys.press('space');
    // The relay host's certificate is one that only the browser of this test trusts, or its name is known nowhere else.
    await page
      .locator('[data-testid="redirect-trial"][data-code^="network."]')
      .waitFor({ timeout: PATIENCE_MS });
  });

  test('is handed the relay page to upload: the very file, and the folder of downloads opens', async () => {
    await keys.tabTo('[data-do="save-relay-page"]');
    await keys.press('space');
    await shows(page, 'relay-copy', 'data-code', 'relay.saved');
    const file = path.join(downloads, 'cafe24-relay.html');
    expect(await part(page, 'relay-copy').innerText()).toContain(file);
    expect(await readFile(file)).toEqual(await readFile('relay/index.html'));
    expect(await world().opener.waitForUrl()).toBe(downloads);
    await keys.tabTo('[data-do="next"]');
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'scopes');
  });

  test('ticks a scope and takes it back', async () => {
    const list = page.locator('[name="scopes"]');
    await keys.tabTo('[value="mall.read_order"]');
    await keys.press('space');
    await eventually('the tick in the list', async () =>
      (await list.inputValue()).endsWith(',mall.read_order'),
    );
    await keys.press('space');
    await eventually('the list as before', async () => !(await list.inputValue()).includes('order'));
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'store');
  });

  test('tries the Redis before anything is kept, and hears what it is like', async () => {
    await keys.press('Down');
    await keys.tabTo('[name="redisUrl"]');
    await keys.type(world().shopEnv.KV_REDIS_URL!);
    await keys.tabTo('[data-do="try-store"]');
    await keys.press('space');
    await shows(page, 'store-trial', 'data-tokens', 'none');
    const facts = await part(page, 'store-trial').innerText();
    expect(facts).toMatch(/버전\s+\d+\.\d+/);
    expect(facts).toContain('noeviction');
    expect(await world().store.dump()).toBe('');
    await keys.tabTo('[data-do="next"]');
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'warnings');
  });

  test('gets a test warning on each channel and reads what it truly came to, and starts at login from now on', async () => {
    await keys.tabTo('[data-do="test-warning"][data-channel="os"]');
    await keys.press('space');
    await shows(page, 'test-os', 'data-code', 'channel.sent');
    expect(notices.all().map(({ summary }) => summary)).toEqual([expect.stringContaining(MALL)]);
    await keys.tabTo('[name="slackWebhookUrl"]');
    await keys.type(slack.webhookUrl);
    await keys.tabTo('[data-do="test-warning"][data-channel="slack"]');
    await keys.press('space');
    await shows(page, 'test-slack', 'data-code', 'channel.sent');
    expect(slack.messages).toHaveLength(1);
    slack.plan({ kind: 'refuse', word: 'channel_is_archived' });
    await keys.press('space');
    await eventually('the true answer', async () =>
      (await part(page, 'test-slack').innerText()).includes('channel_is_archived'),
    );
    await keys.tabTo('[name="smtpUrl"]');
    await keys.type(`smtp://${mail.host}:${mail.port}`);
    for (const [field, address] of [
      ['alertEmailFrom', 'keeper@shop.example'],
      ['alertEmailTo', 'owner@shop.example'],
    ] as const) {
      await keys.tabTo(`[name="${field}"]`);
      await keys.type(address);
    }
    mail.refuse('rcpt', 550, '5.1.1 no such mailbox here');
    await keys.tabTo('[data-do="test-warning"][data-channel="mail"]');
    await keys.press('space');
    await shows(page, 'test-mail', 'data-code', 'channel.mail_refused');
    expect(await part(page, 'test-mail').innerText()).toContain('550');
    mail.behave();
    await keys.press('space');
    await shows(page, 'test-mail', 'data-code', 'channel.sent');
    expect(mail.mails).toMatchObject([{ to: ['owner@shop.example'] }]);
    expect(await readdir(config)).not.toContain('autostart');
    await keys.tabTo('[name="start-at-login"]');
    await keys.press('space');
    const entry = path.join(config, 'autostart', 'cafe24-token-keeper.desktop');
    await eventually('the entry', () =>
      readFile(entry, 'utf8').then(
        (text) => text.includes('"--hidden"'),
        () => false,
      ),
    );
    await keys.tabTo('[data-do="next"]');
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'connect');
  });

  test('connects, and the documented JSON lies in Redis', async () => {
    const { opener, chromium, simulator, store } = world();
    await keys.press('Return');
    const tab = await chromium.open(await opener.waitForUrl({ after: 1 }));
    await tab.locator('#approve').waitFor({ timeout: PATIENCE_MS });
    expect(await decide(tab, 'approve')).toBe('consent.connected');
    const [request] = await simulator.requests();
    expect(await store.text()).toBe(documentedJson(request!.issued!));
    await shows(page, 'state', 'data-state', 'HEALTHY');
    await tab.close();
  });

  test('changes the language and finds the folder in Settings', async () => {
    await keys.tabTo('a[href="#settings"]');
    await keys.press('Return');
    expect(await part(page, 'data-folder').textContent({ timeout: PATIENCE_MS })).toBe(app.dataFolder);
    await keys.tabTo('[name="language"]');
    await keys.press('Down', 'Down');
    await page.locator('html[lang="en"]').waitFor({ timeout: PATIENCE_MS });
  });

  test('adds a shop whose tokens lie in Redis already: they are taken over without a consent', async () => {
    const { shopEnv, simulator, opener } = world();
    const second = openTokenStore(shopEnv.KV_REDIS_URL!, 'second');
    const now = await simulator.now();
    // The simulator knows no such shop: nothing but the store can make it healthy.
    const set = JSON.stringify({
      access_token: 'canaryAccessOfSecond00',
      expires_at: now + 2 * 60 * MINUTE,
      refresh_token: 'canaryRefreshOfSecond0',
      refresh_token_expires_at: now + 14 * DAY,
    });
    await second.put(set);
    await keys.tabTo('a[href="#setup"]');
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'shop');
    await keys.tabTo('[name="mall"]');
    await keys.type('second');
    await keys.press('Tab');
    await keys.type(shopEnv.CAFE24_CLIENT_ID!);
    await keys.press('Tab');
    await keys.type(shopEnv.CAFE24_CLIENT_SECRET!);
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'return');
    await keys.type(shopEnv.CAFE24_REDIRECT_URI!);
    await keys.press('Return');
    await shows(page, 'setup', 'data-step', 'scopes');
    await keys.tabTo('[data-do="next"]');
    await keys.press('Return');
    await shows(page, 'connect', 'data-adopted', 'true');
    await keys.press('Return');
    await page.getByRole('button', { name: /second/ }).waitFor({ timeout: PATIENCE_MS });
    expect(await second.text()).toBe(set);
    expect(await second.meta('state')).toBe('HEALTHY');
    // The downloads and the one consent.
    expect(await opener.opened()).toHaveLength(2);
    second.close();
  });

  test('has left no secret in the settings, and none in the page', async () => {
    const { shopEnv } = world();
    const kept = `${await settingsText()}${await page.content()}${await app.output()}`;
    expect(kept).toContain(shopEnv.CAFE24_CLIENT_ID!);
    for (const secret of [shopEnv.CAFE24_CLIENT_SECRET!, slack.webhookUrl])
      expect(kept).not.toContain(secret);
  });

  test('removes both shops: their secrets go, their tokens stay in Redis, and the set-up is there again', async () => {
    const tokens = await world().store.text();
    for (const left of [1, 0]) {
      await keys.tabTo('[data-testid="care"] summary');
      await keys.press('space');
      await keys.tabTo('[data-do="remove"]');
      await keys.press('space');
      // Enter alone keeps the shop.
      await keys.tabTo('[data-do="remove-confirm"]');
      await keys.press('space');
      await eventually('one shop less', async () => JSON.parse(await settingsText()).malls.length === left);
    }
    await shows(page, 'setup', 'data-step', 'shop');
    expect(await world().store.text()).toBe(tokens);
  });
});
