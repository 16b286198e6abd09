import { beforeAll, describe, expect, test } from 'vitest';
import type { IssuedSet } from '../simulator/cafe24-state.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { openWindow, part, shows, visibleWindow } from './support/app-window.ts';
import { beginConsent, decide } from './support/consent.ts';
import { eventually } from './support/eventually.ts';
import { KOREAN } from './support/labels.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { iconGone } from './support/tray-menu.ts';
import { dueAt, MALL, MINUTE, type World } from './support/world.ts';

/** A set as a program writes it that keeps fields of its own beside the four, such as a number no double can hold. */
function withOtherFields(set: IssuedSet): string {
  return documentedJson(set).replace(/}$/, ',"note":"of another program","big":12345678901234567890}');
}

/** Half of the access token's life passes; resolves with the one request that follows it. */
async function nextRefresh({ simulator }: World, set: IssuedSet) {
  const before = (await simulator.requests()).length;
  await simulator.setNow(dueAt(set));
  await eventually(
    'an answered refresh',
    async () => (await simulator.requests())[before]?.outcome.status === 200,
  );
  const [request, ...others] = (await simulator.requests()).slice(before);
  expect(others).toEqual([]);
  return request!;
}

describe('a token set that lay in Redis before the first start', () => {
  const world = setUpWorld();
  let set: IssuedSet;
  let app: AppUnderTest;

  beforeAll(async () => {
    const { simulator, store } = world();
    set = await simulator.issue(MALL, { issuedAt: (await simulator.now()) - 10 * MINUTE });
    await store.put(withOtherFields(set));
    app = await world().launch();
  });

  test('is adopted as it is: healthy in tray, window and meta, no consent, no request', async () => {
    const { tray, store, opener, simulator } = world();
    const before = await store.text();
    const window = await openWindow(world(), app);
    await shows(window, 'state', 'data-state', 'HEALTHY');
    await shows(window, 'countdown', 'data-deadline-at', String(set.refreshTokenExpiresAt));
    expect(await part(window, 'access').getAttribute('data-expires-at')).toBe(String(set.expiresAt));
    expect(await part(window, 'alert').count()).toBe(0);
    const item = await tray.waitItem();
    await eventually('the healthy tray', async () => (await item.toolTip()).includes(KOREAN.healthy));
    await eventually('the recorded state', async () => (await store.meta('state')) === 'HEALTHY');
    expect(await store.text()).toBe(before);
    expect([await opener.opened(), await simulator.requests()]).toEqual([[], []]);
  });

  test('is kept fresh, with the other program’s fields byte for byte', async () => {
    const { store, opener } = world();
    const request = await nextRefresh(world(), set);
    expect(request).toMatchObject({ grantType: 'refresh_token', presented: set.refreshToken });
    const expected = withOtherFields(request.issued!);
    await eventually('the next set in Redis', async () => (await store.text()) === expected);
    expect(await opener.opened()).toEqual([]);
  });

  test('a set that another program stores while the app runs is taken over', async () => {
    const { store, simulator } = world();
    const window = await visibleWindow(app);
    await simulator.advance(MINUTE);
    const foreign = await simulator.issue(MALL);
    const requests = (await simulator.requests()).length;
    await store.put(documentedJson(foreign));
    // Within a minute by itself; asked, at once.
    await window.locator('[data-do="refresh"]').click();
    await shows(window, 'countdown', 'data-deadline-at', String(foreign.refreshTokenExpiresAt));
    expect(await store.text()).toBe(documentedJson(foreign));
    expect(await simulator.requests()).toHaveLength(requests);
    expect(await nextRefresh(world(), foreign)).toMatchObject({ presented: foreign.refreshToken });
  });
});

describe('without Redis, in the embedded local store', () => {
  const world = setUpWorld();
  let folder: string;
  let app: AppUnderTest;
  let deadlineAt: number;

  const start = async () => {
    app = await world().launch({ folder, env: { KV_REDIS_URL: undefined } });
    const window = await openWindow(world(), app);
    await shows(window, 'store', 'data-kind', 'local');
    return window;
  };

  beforeAll(async () => {
    folder = await world().newFolder();
  });

  test('a consent is kept', async () => {
    const { simulator } = world();
    const window = await start();
    const tab = await beginConsent(world());
    expect(await decide(tab, 'approve')).toBe('consent.connected');
    deadlineAt = (await simulator.requests())[0]!.issued!.refreshTokenExpiresAt;
    await shows(window, 'countdown', 'data-deadline-at', String(deadlineAt));
    await shows(window, 'store', 'data-reachable', 'true');
  });

  test.each<[string, () => Promise<void>]>([
    ['quit', () => app.quit()],
    ['killed', () => app.crash()],
  ])('an app that was %s comes back with its set, asks nobody, and keeps it fresh', async (_, end) => {
    const { simulator } = world();
    const requests = (await simulator.requests()).length;
    await end();
    await iconGone(world());
    const window = await start();
    await shows(window, 'state', 'data-state', 'HEALTHY');
    await shows(window, 'countdown', 'data-deadline-at', String(deadlineAt));
    expect(await simulator.requests()).toHaveLength(requests);

    const last = (await simulator.requests()).at(-1)!.issued!;
    const refresh = await nextRefresh(world(), last);
    expect(refresh).toMatchObject({ grantType: 'refresh_token', presented: last.refreshToken });
    deadlineAt = refresh.issued!.refreshTokenExpiresAt;
    await shows(window, 'countdown', 'data-deadline-at', String(deadlineAt));
  });

  test('nothing of it went to Redis', async () => {
    expect(await world().store.dump()).toBe('');
  });
});
