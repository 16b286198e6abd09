import { afterAll, afterEach, beforeAll, type TestContext } from 'vitest';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** One world for the tests of a file or block; a failed test leaves a picture of its screen. */
export function setUpWorld(options: WorldOptions = {}): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await startWorld(options);
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
