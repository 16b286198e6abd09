import path from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../../tests/support/poll.ts';
import type { TrayItem } from '../../tests/support/tray-host.ts';
import type { Appearance, Theme } from '../demo/appearance.ts';
import { openPanelMenu, waitForPanelIcon } from '../demo/panel-menu.ts';
import { photograph, photographArea, sendInput, visibleWindows } from '../demo/screen.ts';
import type { StatusWindow } from '../demo/status-window.ts';
import type { Desktop } from '../desktop.ts';

export type Locale = 'ko' | 'en';

export interface Studio {
  /** The window in both languages and both themes: `window-{state}-{locale}-{theme}.png`. Ends Korean and light. */
  photographWindow(state: string): Promise<void>;
  /** The open menu on the panel in both languages: `tray-menu-{locale}.png`. */
  photographMenu(): Promise<void>;
  /** The newest OS notice, as the desktop's daemon shows it: `os-notice-ko.png`. */
  photographNotice(): Promise<void>;
  /** A page in the browser, without the browser: `browser-{name}-ko.png`. */
  photographPage(name: string, page: Page): Promise<void>;
  chooseInMenu(label: string): Promise<void>;
}

/** Korean and light last, as a session begins: the next scene finds everything as it was. */
const LOOKS: readonly (readonly [Locale, Theme])[] = [
  ['en', 'light'],
  ['en', 'dark'],
  ['ko', 'dark'],
  ['ko', 'light'],
];
const FOLLOWS_WITHIN_MS = 10_000;
/** Around the menu: some of the desktop, so that one sees where it is. */
const MENU_MARGIN = 48;
/** Above and below the card of a page, CSS pixels. */
const PAGE_MARGIN = 64;

export function createStudio(parts: {
  readonly desktop: Desktop;
  readonly item: TrayItem;
  readonly window: StatusWindow;
  readonly appearance: Appearance;
  readonly out: string;
}): Studio {
  const { desktop, item, window, appearance, out } = parts;
  const { env } = desktop;
  const { page } = window;
  const fileOf = (name: string) => path.join(out, `${name}.png`);

  const setTheme = async (theme: Theme): Promise<void> => {
    appearance.set(theme);
    await until(() => page.evaluate((name) => matchMedia(`(prefers-color-scheme: ${name})`).matches, theme), {
      timeoutMs: FOLLOWS_WITHIN_MS,
      what: `the ${theme} theme`,
    });
  };

  const setLocale = async (locale: Locale): Promise<void> => {
    const shown = () => page.evaluate(() => document.documentElement.lang);
    if ((await shown()) === locale) return;
    await page.locator('[data-do=set-locale]').click();
    await until(async () => (await shown()) === locale, {
      timeoutMs: FOLLOWS_WITHIN_MS,
      what: `the window in ${locale}`,
    });
  };

  const photographMenuIn = async (locale: Locale): Promise<void> => {
    await setLocale(locale);
    const menu = await openPanelMenu(env, item);
    const icon = await waitForPanelIcon(env);
    const file = fileOf(`tray-menu-${locale}`);
    await photograph(env, file, [menu.window, icon]);
    const { x, y } = menu.window;
    const area = { x: x - MENU_MARGIN, y: y - MENU_MARGIN, width: 0, height: 0 };
    await photographArea(env, file, {
      ...area,
      width: icon.x + icon.width - area.x,
      height: icon.y + icon.height - area.y,
    });
    await sendInput(env, 'key', 'Escape');
  };

  return {
    async photographWindow(state) {
      for (const [locale, theme] of LOOKS) {
        await setLocale(locale);
        await setTheme(theme);
        // Away from the button that was pressed, which would look hovered.
        await page.mouse.move(1, 1);
        await page.evaluate(() => scrollTo(0, 0));
        await settle(page);
        await page.screenshot({ path: fileOf(`window-${state}-${locale}-${theme}`) });
      }
    },
    async photographMenu() {
      await photographMenuIn('en');
      await photographMenuIn('ko');
    },
    async photographNotice() {
      const file = fileOf('os-notice-ko');
      const bubble = await until(async () => (await visibleWindows(env, { windowClass: 'Dunst' }))[0], {
        timeoutMs: FOLLOWS_WITHIN_MS,
        what: 'the OS notice on the screen',
      });
      await photograph(env, file, [bubble]);
      await photographArea(env, file, bubble);
    },
    async photographPage(name, subject) {
      const { width } = await subject.evaluate(() => ({ width: innerWidth }));
      const card = await subject.locator('main').boundingBox();
      if (card === null) throw new Error(`the page ${name} shows nothing`);
      const clip = { x: 0, y: card.y - PAGE_MARGIN, width, height: card.height + 2 * PAGE_MARGIN };
      await subject.screenshot({ path: fileOf(`browser-${name}-ko`), clip });
    },
    async chooseInMenu(label) {
      // The icon is there before the program that the menu's other entries come from.
      await until(async () => (await item.menu()).some((each) => each.label === label && each.enabled), {
        timeoutMs: FOLLOWS_WITHIN_MS,
        what: `the menu's entry ${label}`,
      });
      await (await openPanelMenu(env, item)).choose(label);
    },
  };
}

/** Colours change over a moment; pictures show their end. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(finite.map((each) => each.finished));
  });
}
