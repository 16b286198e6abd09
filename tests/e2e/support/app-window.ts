import type { Locator, Page } from 'playwright-core';
import type { AppUnderTest } from '../../support/app-under-test.ts';
import type { TrayHost } from '../../support/tray-host.ts';
import { PATIENCE_MS } from './eventually.ts';
import { KOREAN } from './labels.ts';
import { clickInTray } from './tray-menu.ts';

/** A part of the window by its public hook. */
export function part(page: Page, testId: string): Locator {
  return page.locator(`[data-testid="${testId}"]`);
}

/** The window, once a person can see it. */
export async function visibleWindow(app: AppUnderTest): Promise<Page> {
  return app.waitForWindow({
    timeoutMs: PATIENCE_MS,
    where: (page) => page.evaluate(() => document.visibilityState === 'visible'),
  });
}

/** Opened as an operator does: by the tray's menu. */
export async function openWindow(
  world: { readonly tray: TrayHost },
  app: AppUnderTest,
  label: string = KOREAN.open,
): Promise<Page> {
  await clickInTray(world, label);
  return visibleWindow(app);
}

/** Waits until the part shows the value under the attribute; then nothing needs to be looked at again. */
export function shows(page: Page, testId: string, attribute: string, value: string): Promise<void> {
  return page
    .locator(`[data-testid="${testId}"][${attribute}="${value}"]`)
    .first()
    .waitFor({ timeout: PATIENCE_MS });
}

/** Seconds that the window's big countdown stands at. */
export async function remainingSeconds(page: Page): Promise<number> {
  return Number(await part(page, 'countdown').getAttribute('data-remaining-s'));
}
