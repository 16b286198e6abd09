import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES } from '../../../shared/locale.ts';
import { scenes } from './support/scenes.ts';
import { openStage, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('every state of the window', () => {
  it.each(Object.entries(scenes))(
    'has no axe violation, no error and no sideways scroll: %s',
    async (_name, { snapshot, ...view }) => {
      const { page, errors, push, end } = await stage.open({ ...view, snapshot, reducedMotion: true });
      // Empty means axe itself, which the page keeps from one look to the next.
      let axeSource = '';
      for (const locale of LOCALES) {
        await push({ ...snapshot, locale, revision: snapshot.revision + 1 });
        await page.locator(`html[lang="${locale}"]`).waitFor();
        for (const colorScheme of locale === 'ko' ? (['light', 'dark'] as const) : (['light'] as const)) {
          await page.emulateMedia({ colorScheme });
          const axe = new AxeBuilder({ page, axeSource })
            .setLegacyMode()
            .options({ resultTypes: ['violations'] });
          axeSource = 'void axe';
          // Of all rules only this one depends on the colours, and those do not depend on the language.
          if (colorScheme === 'dark') axe.withRules('color-contrast');
          const { violations } = await axe.analyze();
          const found = violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
          expect({ locale, colorScheme, found }).toEqual({ locale, colorScheme, found: [] });
        }
        for (const width of [360, 420]) {
          await page.setViewportSize({ width, height: 680 });
          const [inner, outer] = await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return [scrollWidth, clientWidth];
          });
          expect(inner).toBe(outer);
        }
      }
      expect(errors).toEqual([]);
      await end();
    },
  );
});
