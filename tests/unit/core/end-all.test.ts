import { expect, it } from 'vitest';
import { endAll, orEnd } from '../../../electron/core/end-all.ts';

/** Ends a moment later, or throws then; `ended` is who did, in order. */
function parts() {
  const ended: string[] = [];
  const part = async (name: string, error?: Error) => {
    await new Promise(setImmediate);
    if (error) throw error;
    ended.push(name);
  };
  return { ended, part };
}

it('ends step after step', async () => {
  const { ended, part } = parts();
  await endAll(
    () => [part('consent a'), part('consent b')],
    () => [part('core')],
  );
  expect(ended).toEqual(['consent a', 'consent b', 'core']);
});

it('ends everything though a part throws, and throws the first at last', async () => {
  const { ended, part } = parts();
  const ending = endAll(
    () => [part('consent a', new Error('first')), part('consent b')],
    () => [part('core', new Error('second'))],
    () => [part('history')],
  );
  await expect(ending).rejects.toThrow('first');
  expect(ended).toEqual(['consent b', 'history']);
});

it('what nothing came of is ended before that is told; what something came of runs on', async () => {
  const { ended, part } = parts();
  const running = { stop: () => part('core') };
  expect(await orEnd(running, async () => 'engine')).toBe('engine');
  expect(ended).toEqual([]);
  const making = orEnd(running, async () => {
    throw new Error('no engine');
  });
  await expect(making).rejects.toThrow('no engine');
  expect(ended).toEqual(['core']);
});
