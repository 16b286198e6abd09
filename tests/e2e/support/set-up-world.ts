import { afterAll, afterEach, beforeAll, type TestContext } from 'vitest';
import type { OtherUser } from '../../support/other-user.ts';
import { startWorld, type World } from './world.ts';

/**
 * One world for the tests of a file or block; a failed test leaves a picture of its screen. `operator` names who works
 * in it, where that is not whoever runs the tests.
 */
export function setUpWorld(operator?: OtherUser): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await startWorld(operator);
  });
  afterEach(async ({ task }: TestContext) => {
    if (task.result?.state === 'fail') await world?.keepTraces(task.name);
  });
  afterAll(async () => {
    await world?.stop();
  });
  return () => {
    if (world === undefined) throw new Error('the world has not begun');
    return world;
  };
}
