import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IssuedSet } from '../simulator/cafe24-state.ts';
import { DEFAULT_CLIENT, DEFAULT_MALL } from '../simulator/registration.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { type NotificationDaemon, startNotificationDaemon } from '../support/notification-daemon.ts';
import { part, shows, visibleWindow } from './support/app-window.ts';
import { eventually } from './support/eventually.ts';
import { KOREAN } from './support/labels.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { openTokenStore, type TokenStore } from './support/token-store.ts';
import { DAY, MALL, MINUTE, NOON } from './support/world.ts';

const HANBOK = 'hanbok';
const WOORI = 'woori-mall';

/** One shop of the environment, two of Settings; each test begins where the one before it ended. */
describe('an operator of three shops', () => {
  const others = [HANBOK, WOORI].map((mallId) => ({ mallId, ownerId: 'owner' }));
  const world = setUpWorld({ malls: [DEFAULT_MALL, ...others] });
  const sets = new Map<string, IssuedSet>();
  const stores = new Map<string, TokenStore>();
  let notices: NotificationDaemon;
  let app: AppUnderTest;
  let page: Page;

  const tab = (mall: string) => page.locator('nav.shops button', { hasText: mall });
  const order = () => page.locator('nav.shops .shops__name').allTextContents();
  const toolTip = async () => (await world().tray.waitItem()).toolTip();
  const secretsOf = (mall: string) => [sets.get(mall)!.accessToken, sets.get(mall)!.refreshToken];

  beforeAll(async () => {
    const { simulator, shopEnv } = world();
    notices = await startNotificationDaemon(world().desktop.busAddress);
    const folder = await world().newFolder();
    await mkdir(path.join(folder, 'data'), { mode: 0o700 });
    const malls = [HANBOK, WOORI].map((mall) => ({ mall, clientId: DEFAULT_CLIENT.clientId }));
    await writeFile(path.join(folder, 'data/settings.json'), JSON.stringify({ version: 1, malls }));
    for (const [mall, deadlineAt] of [
      [MALL, NOON + 14 * DAY],
      [HANBOK, NOON + 2 * DAY],
      [WOORI, NOON - MINUTE],
    ] as const) {
      const set = await simulator.issue(mall, { refreshTokenExpiresAt: deadlineAt });
      sets.set(mall, set);
      stores.set(mall, openTokenStore(shopEnv.KV_REDIS_URL!, mall));
      await stores.get(mall)!.put(documentedJson(set));
    }
    app = await world().launch({ folder });
    page = await visibleWindow(app);
  });
  afterAll(async () => {
    await notices?.stop();
    for (const store of stores.values()) store.close();
  });

  test('finds them in a list, the most urgent first, and the tray names that one', async () => {
    await eventually('the list', async () => (await order()).join() === [WOORI, HANBOK, MALL].join());
    const labels = await page
      .locator('nav.shops button')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
    expect(labels[0]).toContain(KOREAN.needsReauth);
    expect(labels[1]).toContain('D-2');
    expect(labels[2]).toContain(`${KOREAN.healthy}, D-14`);
    await eventually('the worst in the tray', async () =>
      (await toolTip()).includes(`${WOORI} · ${KOREAN.needsReauth}`),
    );
    await shows(page, 'state', 'data-state', 'NEEDS_REAUTH');
    await tab(HANBOK).click();
    await shows(page, 'state', 'data-state', 'EXPIRING');
  });

  test('disconnects one: asked in the page, revoked at Cafe24, gone from the store', async () => {
    const before = (await world().simulator.requests()).length;
    await tab(MALL).click();
    await shows(page, 'state', 'data-state', 'HEALTHY');
    await part(page, 'care').locator('summary').click();
    await page.locator('[data-do="disconnect"]').click();
    await page.locator('[data-do="disconnect-keep"]').click();
    expect(await stores.get(MALL)!.text()).not.toBeNull();
    await page.locator('[data-do="disconnect"]').click();
    await page.locator('[data-do="disconnect-confirm"]').click();
    await shows(page, 'last-action', 'data-code', 'disconnect.done');
    await shows(page, 'alert', 'data-code', 'disconnected');
    expect(await stores.get(MALL)!.text()).toBeNull();
    expect(await stores.get(MALL)!.meta('state')).toBe('NEEDS_REAUTH');
    expect(await stores.get(MALL)!.meta('reason')).toBe('disconnected');
    expect(await world().simulator.revocations()).toMatchObject([
      { mallId: MALL, token: sets.get(MALL)!.accessToken, hint: 'access_token', applied: true },
    ]);
    // Revoking presents no refresh token, and the other shops keep theirs.
    expect(await world().simulator.requests()).toHaveLength(before);
    expect(await stores.get(HANBOK)!.text()).toBe(documentedJson(sets.get(HANBOK)!));
    expect(await toolTip()).toContain(WOORI);
  });

  test('reads what happened, in a file for nobody else and without a token', async () => {
    await page.locator('a[href="#history"]').click();
    await tab(MALL).click();
    const kinds = () =>
      page
        .locator('[data-testid="history-line"]')
        .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind')));
    await eventually('the disconnect in the history', async () => (await kinds()).includes('disconnected'));
    expect(await kinds()).toEqual(expect.arrayContaining(['adopted', 'state', 'disconnected']));
    await tab(WOORI).click();
    await eventually('the other history', async () => !(await kinds()).includes('disconnected'));
    expect(await kinds()).toEqual(expect.arrayContaining(['adopted', 'state']));
    for (const mall of [MALL, HANBOK, WOORI]) {
      const file = path.join(app.dataFolder, 'history', `${mall}.jsonl`);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const text = await readFile(file, 'utf8');
      for (const secret of secretsOf(mall)) expect(text).not.toContain(secret);
    }
  });

  test('copies the diagnostics after reading them, and opens the log folder', async () => {
    await page.locator('a[href="#diagnostics"]').click();
    const preview = part(page, 'diagnostics');
    await eventually('the text', async () => (await preview.innerText()).includes('== log'));
    const text = await preview.innerText();
    for (const said of [
      `== shop ${WOORI}`,
      'aof_enabled',
      'redis://127.0.0.1',
      'Electron',
      'keyring',
      'disconnected',
    ])
      expect(text).toContain(said);
    const secrets = [MALL, HANBOK, WOORI].flatMap(secretsOf);
    for (const secret of [...secrets, DEFAULT_CLIENT.clientSecret]) expect(text).not.toContain(secret);
    await page.locator('[data-do="copy-diagnostics"]').click();
    await page.locator('[data-do="copy-diagnostics"]', { hasText: '복사 완료' }).waitFor();
    const before = (await world().opener.opened()).length;
    await page.locator('[data-do="open-logs"]').click();
    expect(await world().opener.waitForUrl({ after: before })).toContain(path.join(app.dataFolder, 'logs'));
  });

  test('pauses the worst: window and tray say so and turn to the next, until it is resumed', async () => {
    await page.locator('a[href="#status"]').click();
    await tab(WOORI).click();
    await part(page, 'care').locator('summary').click();
    await page.locator('[data-do="pause"]').click();
    await page.locator('[data-do="pause-confirm"]').click();
    await shows(page, 'paused', 'data-code', 'keeper.paused');
    await shows(page, 'state', 'data-state', 'PAUSED');
    expect(await tab(WOORI).getAttribute('aria-label')).toContain(KOREAN.paused);
    expect((await order()).at(-1)).toBe(WOORI);
    await eventually('the next in the tray', async () => (await toolTip()).includes(HANBOK));
    const [icon] = await world().tray.items();
    const entries = JSON.stringify(await icon?.menu());
    expect(entries).toContain(`${WOORI} · ${KOREAN.paused}`);

    await page.locator('[data-do="resume"]').click();
    await shows(page, 'state', 'data-state', 'NEEDS_REAUTH');
    await eventually('the worst in the tray', async () => (await toolTip()).includes(WOORI));
  });

  test('removes one of Settings: gone from this machine, its tokens stay; one of the environment stays', async () => {
    const text = await stores.get(WOORI)!.text();
    // Its care was left open by whoever paused it.
    await tab(WOORI).click();
    await page.locator('[data-do="remove"]').click();
    await page.locator('[data-do="remove-confirm"]').click();
    await eventually('two shops', async () => !(await order()).includes(WOORI));
    expect(await stores.get(WOORI)!.text()).toBe(text);
    const settings = JSON.parse(await readFile(path.join(app.dataFolder, 'settings.json'), 'utf8'));
    expect(settings.malls.map(({ mall }: { mall: string }) => mall)).toEqual([HANBOK]);
    await tab(MALL).click();
    await part(page, 'care').locator('summary').click();
    await shows(page, 'remove-elsewhere', 'data-source', 'environment');
    expect(await page.locator('[data-do="remove"]').isDisabled()).toBe(true);
  });
});
