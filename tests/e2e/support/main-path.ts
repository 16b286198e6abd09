import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { AppUnderTest } from '../../support/app-under-test.ts';
import { documentedJson } from '../../support/documented-json.ts';
import type { OtherUser } from '../../support/other-user.ts';
import { part, remainingSeconds, shows, visibleWindow } from './app-window.ts';
import { beginConsent, decide } from './consent.ts';
import { eventually } from './eventually.ts';
import { KOREAN } from './labels.ts';
import { setUpWorld } from './set-up-world.ts';
import { clickInTray } from './tray-menu.ts';
import { DAY, dueAt, MALL, type World } from './world.ts';

export interface MainPath {
  /** The host's zone. */
  readonly zone: string;
  /** Where the app's executable is; the app as it was built, where absent. */
  readonly packagedExecutable?: () => Promise<string>;
  readonly operator?: OtherUser;
}

/**
 * The operator's story from the first start to quitting, as tests of the block it is called in; each begins where the
 * one before it ended. Returns the app and the world, for what a block has to add.
 */
export function tellMainPath({ zone, packagedExecutable, operator }: MainPath): {
  readonly world: () => World;
  readonly app: () => AppUnderTest;
} {
  const world = setUpWorld(operator ? { operator } : {});
  let app: AppUnderTest;
  let page: Page;

  beforeAll(async () => {
    app = await world().launch({
      env: { TZ: zone },
      ...(packagedExecutable ? { packagedExecutable: await packagedExecutable() } : {}),
    });
    page = await visibleWindow(app);
  });

  /** Whether the countdown is what the deadline and the simulator's clock say. */
  const countdownIsRight = async (deadlineAt: number) => {
    const { simulator } = world();
    const before = await simulator.now();
    const shown = await remainingSeconds(page);
    const after = await simulator.now();
    return {
      shown,
      // Whole seconds are cut off; the second that turns while we look may be the old or the new one.
      isRight:
        shown >= Math.floor((deadlineAt - after) / 1000) && shown <= Math.ceil((deadlineAt - before) / 1000),
    };
  };

  test('is told to connect the shop, and the tray says the same', async () => {
    await shows(page, 'alert', 'data-code', 'never_connected');
    await shows(page, 'state', 'data-state', 'NEEDS_REAUTH');
    // Both say that this is no real shop.
    expect(await (await world().tray.waitItem()).toolTip()).toMatch(new RegExp(`simulator.*\\n.*${MALL}`));
    expect(await page.locator('header').innerText()).toContain('simulator');
    expect(await world().store.text()).toBeNull();
  });

  test('clicks once, consents in the browser, and the documented JSON lies in Redis', async () => {
    const { simulator, store, opener } = world();
    const tab = await beginConsent(world());
    expect(await opener.opened()).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/auth\/cafe24\/start\?nonce=[\w-]{43}$/),
    ]);
    await shows(page, 'flow', 'data-phase', 'waiting');
    const item = await world().tray.waitItem();
    await eventually('the waiting tray', async () => (await item.toolTip()).includes(KOREAN.waiting));

    expect(await decide(tab, 'approve')).toBe('consent.connected');
    // Connected is said after saving: no wait between the page and the store.
    const stored = await store.text();
    const [request, ...others] = await simulator.requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({ grantType: 'authorization_code', applied: true });
    expect(stored).toBe(documentedJson(request!.issued!));
    expect(request!.issued!.refreshTokenExpiresAt - request!.issued!.issuedAt).toBe(14 * DAY);
    expect(await store.ttl()).toBe(-1);
    await tab.close();
  });

  test('sees it in tray and window, counted down to the second', async () => {
    const { simulator, store, tray } = world();
    const deadlineAt = JSON.parse((await store.text())!).refresh_token_expires_at;
    await shows(page, 'state', 'data-state', 'HEALTHY');
    await shows(page, 'countdown', 'data-deadline-at', String(deadlineAt));
    const item = await tray.waitItem();
    await eventually('the healthy tray', async () => (await item.toolTip()).includes(KOREAN.healthy));
    expect(await part(page, 'dday').textContent()).toBe('D-14');
    expect(await store.meta('state')).toBe('HEALTHY');

    const first = await countdownIsRight(deadlineAt);
    expect(first).toMatchObject({ isRight: true });
    await eventually('the next second', async () => (await remainingSeconds(page)) < first.shown);
    expect(await countdownIsRight(deadlineAt)).toMatchObject({ isRight: true });

    await simulator.advance(10 * 60_000);
    await eventually('the moved clock', async () => (await remainingSeconds(page)) < first.shown - 590);
    expect(await countdownIsRight(deadlineAt)).toMatchObject({ isRight: true });
  });

  test('does nothing, and half of the access token’s life later one request brings the next set', async () => {
    const { simulator, store } = world();
    const old = JSON.parse((await store.text())!);
    await simulator.setNow(dueAt({ expiresAt: old.expires_at }));
    await eventually('the next set', async () => (await simulator.requests()).length > 1);
    await eventually('the next set in Redis', async () => {
      const text = await store.text();
      return text !== null && JSON.parse(text).refresh_token !== old.refresh_token;
    });
    const [, refresh, ...others] = await simulator.requests();
    expect(others).toEqual([]);
    expect(refresh).toMatchObject({
      grantType: 'refresh_token',
      presented: old.refresh_token,
      outcome: { status: 200 },
    });
    expect(await store.text()).toBe(documentedJson(refresh!.issued!));
    const deadlineAt = refresh!.issued!.refreshTokenExpiresAt;
    await shows(page, 'countdown', 'data-deadline-at', String(deadlineAt));
    expect(await countdownIsRight(deadlineAt)).toMatchObject({ isRight: true });
    expect(await store.meta('state')).toBe('HEALTHY');
  });

  test('learns of the refresh token’s death in tray, window and store, and nothing is deleted', async () => {
    const { simulator, store, tray } = world();
    const old = await store.text();
    await simulator.setNow(JSON.parse(old!).refresh_token_expires_at + 1000);
    await eventually('the one try', async () => (await simulator.requests()).length === 3);
    const item = await tray.waitItem();
    await shows(page, 'state', 'data-state', 'NEEDS_REAUTH');
    await shows(page, 'alert', 'data-code', 'grant.expired');
    await eventually('the verdict in Redis', async () => (await store.meta('reason')) === 'grant.expired');
    expect(await store.meta('state')).toBe('NEEDS_REAUTH');
    await eventually('the tooltip', async () => (await item.toolTip()).includes(KOREAN.needsReauth));
    expect((await item.menu())[0]!.label).toContain(KOREAN.needsReauth);
    expect(await remainingSeconds(page)).toBe(0);
    expect((await simulator.requests())[2]).toMatchObject({
      presented: JSON.parse(old!).refresh_token,
      outcome: { status: 400, error: 'invalid_grant' },
    });
    expect(await store.text()).toBe(old);
  });

  test('re-authorizes in the window this time, and all is well again', async () => {
    const { simulator, store, tray } = world();
    const tab = await beginConsent(world(), () => page.locator('[data-do="reauthorize"]').click());
    expect(await decide(tab, 'approve')).toBe('consent.connected');
    const requests = await simulator.requests();
    expect(requests).toHaveLength(4);
    expect(await store.text()).toBe(documentedJson(requests[3]!.issued!));
    await shows(page, 'state', 'data-state', 'HEALTHY');
    const item = await tray.waitItem();
    await eventually('the healthy tray', async () => (await item.toolTip()).includes(KOREAN.healthy));
    expect(await store.meta('state')).toBe('HEALTHY');
    await part(page, 'alert').waitFor({ state: 'detached' });
  });

  return { world, app: () => app };
}

/** The story's end. */
export function tellQuitting(path: ReturnType<typeof tellMainPath>): void {
  test('quits by the tray, and the app is gone', async () => {
    await clickInTray(path.world(), KOREAN.quit);
    await eventually('the end', () => path.app().hasExited());
  });
}
