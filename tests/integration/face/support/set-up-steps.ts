import type { Page } from 'playwright-core';

const WAY = ['shop', 'return', 'scopes', 'store', 'warnings', 'connect'] as const;

const VALUES: Readonly<Record<string, string>> = {
  mall: 'myshop',
  clientId: 'AbCdEfGh12345678IjKlMn',
  clientSecret: 'secret-that-nobody-sees',
  redirectUri: 'https://www.example.com/cafe24/',
};

/** Fills what a step needs and goes on, until the step is reached. */
export async function goTo(page: Page, step: (typeof WAY)[number]): Promise<void> {
  for (const passed of WAY.slice(0, WAY.indexOf(step))) {
    await page.locator(`[data-testid="setup"][data-step="${passed}"]`).waitFor();
    for (const [name, value] of Object.entries(VALUES)) {
      const field = page.locator(`[name="${name}"]`);
      if ((await field.count()) > 0) await field.fill(value);
    }
    await page.locator('[data-do="next"]').click();
  }
  await page.locator(`[data-testid="setup"][data-step="${step}"]`).waitFor();
}

/** Back through the steps before, until the step is reached. */
export async function goBackTo(page: Page, step: (typeof WAY)[number]): Promise<void> {
  const shown = await page.locator('[data-testid="setup"]').getAttribute('data-step');
  const at = (WAY as readonly string[]).indexOf(shown ?? '');
  for (const passed of WAY.slice(WAY.indexOf(step), at).reverse()) {
    await page.locator('[data-do="back"]').click();
    await page.locator(`[data-testid="setup"][data-step="${passed}"]`).waitFor();
  }
}

export async function openSection(page: Page, name: string): Promise<void> {
  await page.locator(`[data-section="${name}"] summary`).click();
}
