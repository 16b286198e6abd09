import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Snapshot } from '../../../../shared/snapshot.ts';
import { openStage, type Performance, type Scene, type Stage } from './stage.ts';

export interface Windows {
  /** Opens a window that is closed after the test. */
  open(snapshot: Snapshot, scene?: Omit<Scene, 'snapshot'>): Promise<Performance>;
}

/** One stage for the tests of a file. */
export function setUpWindows(): Windows {
  let stage: Stage | undefined;
  let running: Performance[] = [];
  beforeAll(async () => {
    stage = await openStage();
  });
  afterEach(async () => {
    await Promise.all(running.map(({ end }) => end()));
    running = [];
  });
  afterAll(() => stage?.close());
  const ready = (): Stage => {
    if (stage === undefined) throw new Error('the stage is not built yet');
    return stage;
  };
  return {
    async open(snapshot, scene = {}) {
      const performance = await ready().open({ snapshot, ...scene });
      running.push(performance);
      return performance;
    },
  };
}

export const part = (page: Page, testId: string) => page.locator(`[data-testid="${testId}"]`);

export const remaining = async (page: Page) =>
  Number(await part(page, 'countdown').getAttribute('data-remaining-s'));

export const press = (page: Page, what: string) => page.locator(`button[data-do="${what}"]`).click();
