import type { Page } from 'playwright-core';
import type { StatusWindow } from '../demo/status-window.ts';
import type { Studio } from './studio.ts';

const STEP_WITHIN_MS = 15_000;

/** What a newcomer types; the address is one as Cafe24 registers it. */
const TYPED = {
  mall: 'myshop',
  clientId: 'AbCdEfGh12345678IjKlMn',
  clientSecret: 'a-secret-that-no-picture-shows',
  redirectUri: 'https://www.example.com/cafe24/',
} as const;

/** The first steps of the guided set-up, in the window of an app that knows no shop. */
export async function playSetUp({
  window,
  studio,
}: {
  readonly window: StatusWindow;
  readonly studio: Studio;
}): Promise<void> {
  const { page } = window;
  await atStep(page, 'shop');
  await fill(page, ['mall', 'clientId', 'clientSecret']);
  await studio.photographWindow('setup-shop');
  await next(page, 'return');
  await fill(page, ['redirectUri']);
  await studio.photographWindow('setup-return');
  await next(page, 'scopes');
  await studio.photographWindow('setup-scopes');
  await next(page, 'store');
}

async function next(page: Page, step: string): Promise<void> {
  await page.locator('[data-do="next"]').click();
  await atStep(page, step);
}

async function atStep(page: Page, step: string): Promise<void> {
  await page.locator(`[data-testid="setup"][data-step="${step}"]`).waitFor({ timeout: STEP_WITHIN_MS });
}

async function fill(page: Page, names: readonly (keyof typeof TYPED)[]): Promise<void> {
  for (const name of names) await page.locator(`[name="${name}"]`).fill(TYPED[name]);
}
