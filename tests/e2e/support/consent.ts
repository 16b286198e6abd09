import type { Page } from 'playwright-core';
import type { ConsentDecision } from '../../simulator/consent-page.ts';
import { PATIENCE_MS } from './eventually.ts';
import { KOREAN } from './labels.ts';
import { clickInTray } from './tray-menu.ts';
import type { World } from './world.ts';

/** Clicks Re-authorize, in the tray's menu unless told otherwise, and opens the one address that follows. */
export async function beginConsent(
  world: World,
  click = () => clickInTray(world, KOREAN.reauthorize),
): Promise<Page> {
  const { opener, chromium } = world;
  const before = (await opener.opened()).length;
  await click();
  const address = await opener.waitForUrl({ after: before });
  const tab = await chromium.open(address);
  await tab.locator('#approve').waitFor({ timeout: PATIENCE_MS });
  return tab;
}

/** What a person decides on Cafe24's page; resolves with the code on the last page of that tab. */
export async function decide(tab: Page, decision: ConsentDecision): Promise<string | null> {
  await tab.click(`#${decision}`);
  return lastCode(tab);
}

/** The code on the app's own page in the browser, once the tab has arrived there. */
export async function lastCode(tab: Page): Promise<string | null> {
  const page = tab.locator('main[data-code]');
  await page.waitFor({ timeout: PATIENCE_MS });
  return page.getAttribute('data-code');
}
