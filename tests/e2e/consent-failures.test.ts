import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IssuedSet } from '../simulator/cafe24-state.ts';
import { DEFAULT_CLIENT } from '../simulator/registration.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { openWindow, part, shows } from './support/app-window.ts';
import { beginConsent, decide, lastCode } from './support/consent.ts';
import { eventually } from './support/eventually.ts';
import { KOREAN } from './support/labels.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { clickInTray } from './support/tray-menu.ts';
import { dueAt, MALL, MINUTE, type World } from './support/world.ts';

/** What a person meets: the code on the last page of the browser's tab, and the one in the window. */
interface Met {
  readonly inBrowser: string | null;
  readonly inWindow: string | null;
}

/** Everything that can go wrong with a consent, and what it must look like. */
interface Failure {
  readonly name: string;
  readonly code: string;
  /** Does it in the tab that stands on Cafe24's consent page; resolves with the code on its last page. */
  readonly happens: (tab: Page, window: Page, world: World) => Promise<string | null>;
  /** The code on the browser's page, where no page can tell the outcome. */
  readonly inBrowser?: string;
}

const FAILURES: readonly Failure[] = [
  {
    name: 'a refused consent',
    code: 'consent.denied',
    happens: (tab) => decide(tab, 'refuse'),
  },
  {
    name: 'a consent by somebody who is not the representative operator',
    code: 'consent.denied',
    happens: (tab) => decide(tab, 'other-account-denied'),
  },
  {
    name: 'another mall',
    code: 'consent.other_mall',
    happens: (tab) => decide(tab, 'other-mall'),
  },
  {
    name: 'a code that comes back after a minute',
    code: 'consent.code_expired',
    async happens(tab, _, { simulator }) {
      await tab.route('**/callback?*', async (route) => {
        await simulator.advance(MINUTE + 1000);
        await route.continue();
      });
      return decide(tab, 'approve');
    },
  },
  {
    name: 'a code pasted after a minute',
    code: 'consent.code_expired',
    // The page is that of another browser: it asks to have its address pasted.
    inBrowser: 'consent.cookie_missing',
    async happens(tab, window, { simulator }) {
      await tab.context().clearCookies();
      const page = await decide(tab, 'approve');
      await shows(window, 'flow-hint', 'data-code', 'consent.cookie_missing');
      await simulator.advance(MINUTE + 1000);
      await window.locator('.paste input').fill(tab.url());
      await window.locator('[data-do="paste"]').click();
      return page;
    },
  },
  {
    name: 'nobody there for five minutes',
    code: 'consent.timeout',
    async happens(tab, window, { simulator }) {
      await simulator.advance(5 * MINUTE);
      await shows(window, 'flow', 'data-phase', 'idle');
      return decide(tab, 'approve');
    },
  },
  {
    name: 'Cancel in the window',
    code: 'consent.cancelled',
    async happens(tab, window) {
      await window.locator('[data-do="cancel"]').click();
      await shows(window, 'flow', 'data-phase', 'idle');
      return decide(tab, 'approve');
    },
  },
  {
    name: 'Cancel in the tray',
    code: 'consent.cancelled',
    async happens(tab, window, world) {
      await clickInTray(world, KOREAN.cancel);
      await shows(window, 'flow', 'data-phase', 'idle');
      return decide(tab, 'approve');
    },
  },
];

describe('a consent that fails, over a shop that works', () => {
  const world = setUpWorld();
  let app: AppUnderTest;
  let window: Page;
  let set: IssuedSet;
  let stored: string;
  const tabs: Page[] = [];
  const openTab = async (opening: Promise<Page>) => {
    const tab = await opening;
    tabs.push(tab);
    return tab;
  };

  beforeAll(async () => {
    const { simulator, store } = world();
    set = await simulator.issue(MALL);
    stored = documentedJson(set);
    await store.put(stored);
    app = await world().launch();
    window = await openWindow(world(), app);
    await shows(window, 'state', 'data-state', 'HEALTHY');
  });

  // What a failed test leaves behind must not fail the next one.
  afterEach(async () => {
    if ((await window.locator('[data-testid="flow"][data-phase="waiting"]').count()) > 0) {
      await window.locator('[data-do="cancel"]').click();
      await shows(window, 'flow', 'data-phase', 'idle');
    }
    await Promise.all(tabs.splice(0).map((tab) => tab.close()));
  });

  test.each(FAILURES.map((failure) => [failure.name, failure.code, failure] as const))(
    '%s: %s in browser and window, the old set untouched',
    async (_, code, failure) => {
      const tab = await openTab(beginConsent(world()));
      await shows(window, 'flow', 'data-phase', 'waiting');
      const inBrowser = await failure.happens(tab, window, world());
      await shows(window, 'flow', 'data-phase', 'idle');
      const inWindow = await part(window, 'flow').getAttribute('data-code');
      expect<Met>({ inBrowser, inWindow }).toEqual({
        inBrowser: failure.inBrowser ?? code,
        inWindow: code,
      });
      expect(await world().store.text()).toBe(stored);
      // A failed consent is no state: what works goes on working.
      expect(await part(window, 'state').getAttribute('data-state')).toBe('HEALTHY');
      expect(await part(window, 'alert').count()).toBe(0);
    },
  );

  test('a wrong state: consent.state_mismatch in browser and window, and the wait goes on', async () => {
    const { chromium, store, simulator } = world();
    const requests = (await simulator.requests()).length;
    const tab = await openTab(beginConsent(world()));
    const { host } = new URL((await world().opener.opened()).at(-1)!);
    const [, port] = host.split(':');
    const strayAddress = `${world().shopEnv.CAFE24_REDIRECT_URI}?code=stray-code&state=${port}.${'x'.repeat(43)}`;
    const stray = await openTab(chromium.open(strayAddress));
    expect(await lastCode(stray)).toBe('consent.state_mismatch');
    await shows(window, 'flow-hint', 'data-code', 'consent.state_mismatch');
    expect(await part(window, 'flow').getAttribute('data-phase')).toBe('waiting');
    expect(await store.text()).toBe(stored);
    expect(await simulator.requests()).toHaveLength(requests);
    // The true answer still ends it.
    expect(await decide(tab, 'refuse')).toBe('consent.denied');
    await shows(window, 'flow', 'data-code', 'consent.denied');
  });

  // Last: a new secret kills every token at Cafe24, though not what lies in Redis.
  describe('with a wrong client secret', () => {
    beforeAll(async () => {
      await world().simulator.changeSecret(DEFAULT_CLIENT.clientId, 'the-secret-was-issued-anew');
    });

    test('client.secret_wrong in browser and window, the old set untouched', async () => {
      const tab = await openTab(beginConsent(world()));
      expect(await decide(tab, 'approve')).toBe('client.secret_wrong');
      await shows(window, 'flow', 'data-code', 'client.secret_wrong');
      expect(await world().store.text()).toBe(stored);
      expect(await part(window, 'state').getAttribute('data-state')).toBe('HEALTHY');
    });

    test('the next refresh is BLOCKED in tray, window and store, and never taken for a dead token', async () => {
      const { simulator, store, tray } = world();
      await simulator.setNow(dueAt(set));
      await shows(window, 'state', 'data-state', 'BLOCKED');
      await shows(window, 'alert', 'data-code', 'client.secret_wrong');
      await eventually('the recorded state', async () => (await store.meta('state')) === 'BLOCKED');
      expect(await store.meta('reason')).toBe('client.secret_wrong');
      const item = await tray.waitItem();
      await eventually('the blocked tray', async () => (await item.toolTip()).includes(KOREAN.blocked));
      expect(await store.text()).toBe(stored);
    });
  });
});
