import type { MessageBoxOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type StartFailureParts, tellFailedStart } from '../../../electron/adapters/start-failure.ts';

const refusal = (code: string) =>
  Object.assign(new Error(`${code}: '/home/owner'`), { code, errno: -1, syscall: 'open' });

async function told(error: unknown, differing: Partial<StartFailureParts> = {}) {
  const boxes: MessageBoxOptions[] = [];
  const dialog = {
    showMessageBox: async (options: unknown) => {
      boxes.push(options as MessageBoxOptions);
      return { response: 0, checkboxChecked: false };
    },
  };
  await tellFailedStart(error, { dialog, platform: 'win32', env: {}, locale: 'en', ...differing });
  return boxes;
}

describe('a start that came to nothing', () => {
  it.each([
    ['a disk without room', refusal('ENOSPC'), 'disk.full'],
    ['a folder that takes nothing', refusal('EACCES'), 'disk.readonly'],
    ['a bug', new TypeError('x is not a function'), 'internal.error'],
    ['something thrown that is no error', 'what', 'internal.error'],
  ])('is told with its code: %s', async (_what, error, code) => {
    const [box, ...others] = await told(error);
    expect(others).toEqual([]);
    expect(box).toMatchObject({ message: 'The app could not start', detail: expect.stringContaining(code) });
  });

  it('tells where it happened and not what the error said', async () => {
    const [box] = await told(new Error('the secret canary-4711'));
    expect(box?.detail).toContain('send the lines below');
    expect(box?.detail).toMatch(/start-failure\.test\.ts:\d+/);
    expect(box?.detail).not.toContain('canary-4711');
  });

  it('speaks the language of the system', async () => {
    expect((await told(new Error(), { locale: 'ko' }))[0]?.message).toBe('앱을 시작하지 못했습니다');
  });

  it.each([
    ['no screen', {}, 0],
    ['X11', { DISPLAY: ':0' }, 1],
    ['Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 1],
  ])('waits for nobody where nobody can see it: %s', async (_what, env, boxes) => {
    expect(await told(new Error(), { platform: 'linux', env })).toHaveLength(boxes);
  });
});
