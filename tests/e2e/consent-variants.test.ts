import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { documentedJson } from '../support/documented-json.ts';
import { shows, visibleWindow } from './support/app-window.ts';
import { beginConsent, decide } from './support/consent.ts';
import { setUpWorld } from './support/set-up-world.ts';

const world = setUpWorld();
let window: Page;

beforeAll(async () => {
  window = await visibleWindow(await world().launch());
  await shows(window, 'alert', 'data-code', 'never_connected');
});

/** The set that the latest consent brought, once the window is done with it. */
async function latestSet() {
  await shows(window, 'flow', 'data-code', 'consent.connected');
  return (await world().simulator.requests()).at(-1)!.issued!;
}

test('fewer scopes than asked for are stored, and the missing ones shown', async () => {
  const tab = await beginConsent(world());
  expect(await decide(tab, 'fewer-scopes')).toBe('consent.connected');
  const set = await latestSet();
  expect(await world().store.text()).toBe(documentedJson(set));
  expect(await world().store.meta('scopes')).toContain('mall.read_product');
  await shows(window, 'notice', 'data-code', 'grant.fewer_scopes');
  expect(await window.locator('[data-code="grant.fewer_scopes"]').innerText()).toContain(
    'mall.write_product',
  );
  await shows(window, 'state', 'data-state', 'HEALTHY');
  await tab.close();
});

test('another account of the same mall is stored and shown', async () => {
  const tab = await beginConsent(world());
  expect(await decide(tab, 'other-account')).toBe('consent.connected');
  const set = await latestSet();
  expect(set.userId).toBe('owner2');
  expect(await world().store.text()).toBe(documentedJson(set));
  expect(await world().store.meta('user_id')).toBe('owner2');
  await window.getByText('owner2', { exact: true }).waitFor();
  await tab.close();
});

test('a tab opened twice from one click leads to the same consent, and a used one says so', async () => {
  const { opener, chromium, simulator } = world();
  const before = (await simulator.requests()).length;
  const first = await beginConsent(world());
  const second = await chromium.open((await opener.opened()).at(-1)!);
  await second.locator('#approve').waitFor();
  expect(await decide(second, 'approve')).toBe('consent.connected');
  expect(await decide(first, 'approve')).toBe('consent.closed');
  expect(await simulator.requests()).toHaveLength(before + 1);
  await Promise.all([first.close(), second.close()]);
});
