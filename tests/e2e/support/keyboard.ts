import type { Page } from 'playwright-core';
import { sendInput, visibleWindows } from '../../../scripts/demo/screen.ts';
import type { Desktop } from '../../../scripts/desktop.ts';
import { eventually } from './eventually.ts';

export interface Keyboard {
  /** X keysyms: `Return`, `Tab`, `ctrl+a`, `space`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types over what stands in the focused field. */
  type(text: string): Promise<void>;
  /** Presses Tab until the focus is on the element; fails where it never comes there. */
  tabTo(selector: string): Promise<void>;
}

const MOST_TABS = 60;

/** A real keyboard on the desktop's display. The page is only looked at: where the focus is. */
export async function keyboardOn(desktop: Desktop, page: Page): Promise<Keyboard> {
  const [window] = await visibleWindows(desktop.env, { title: 'Cafe24 Token Keeper' });
  if (window === undefined) throw new Error('the window is not on the screen');
  // The bare desktop has no window manager that would give the focus.
  await sendInput(desktop.env, 'windowfocus', '--sync', window.id);
  const press = (...keys: readonly string[]) => sendInput(desktop.env, 'key', '--delay', '15', ...keys);
  const focusIsOn = (selector: string) =>
    page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  /** Where in the document the focus is, and on what. */
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      return `${[...document.querySelectorAll('*')].indexOf(element as Element)} ${element?.outerHTML.slice(0, 120)}`;
    });
  return {
    press,
    async type(text) {
      await press('ctrl+a');
      await sendInput(desktop.env, 'type', '--delay', '8', text);
      await eventually(`"${text}" in the field`, () =>
        page.evaluate((typed) => (document.activeElement as HTMLInputElement).value === typed, text),
      );
    },
    async tabTo(selector) {
      for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
        if (await focusIsOn(selector)) return;
        const before = await focused();
        await press('Tab');
        await eventually(
          'the focus to move',
          async () => (await focused()) !== before || focusIsOn(selector),
        );
      }
      throw new Error(`the keyboard never comes to ${selector}; it is on ${await focused()}`);
    },
  };
}
