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

const views = Object.keys(scenes).flatMap((name) =>
  (['light', 'dark'] as const).map((theme) => ({ name, theme })),
);

describe('every state of the window', () => {
  it.each(views)(
    'has no axe violation, no error and no sideways scroll: $name, $theme',
    async ({ name, theme }) => {
      const scene = scenes[name]!;
      for (const locale of LOCALES) {
        const { page, errors, end } = await stage.open({
          ...scene,
          theme,
          reducedMotion: true,
          snapshot: { ...scene.snapshot, locale },
        });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
        await page.setViewportSize({ width: 360, height: 680 });
        const overflow = await page.evaluate(() => {
          const scroll = document.querySelector('.window__scroll');
          return [document.documentElement, scroll].map((box) =>
            box ? box.scrollWidth - box.clientWidth : 0,
          );
        });
        expect(overflow).toEqual([0, 0]);
        expect(errors).toEqual([]);
        await end();
      }
    },
  );
});
