import { describe, expect, test } from 'vitest';
import { placeRelayCopy, relayCopyName } from '../../../electron/core/relay-copy.ts';

type Content = 'the page' | 'something else';

/** A folder as it is before, and what becomes of it. */
function folderOf(before: Readonly<Record<string, Content>>) {
  const files = new Map(Object.entries(before));
  return {
    files,
    create: async (name: string) => !files.has(name) && files.set(name, 'the page') !== undefined,
    holds: async (name: string) => files.get(name) === 'the page',
  };
}

const CASES: readonly [string, Readonly<Record<string, Content>>, string][] = [
  ['in an empty folder', {}, 'cafe24-relay.html'],
  ['beside an index.html', { 'index.html': 'something else' }, 'cafe24-relay.html'],
  ['saved before', { 'cafe24-relay.html': 'the page' }, 'cafe24-relay.html'],
  ['where another file has its name', { 'cafe24-relay.html': 'something else' }, 'cafe24-relay-2.html'],
  [
    'where a second one was saved before',
    { 'cafe24-relay.html': 'something else', 'cafe24-relay-2.html': 'the page' },
    'cafe24-relay-2.html',
  ],
  [
    'where the second name is taken too',
    { 'cafe24-relay.html': 'something else', 'cafe24-relay-2.html': 'something else' },
    'cafe24-relay-3.html',
  ],
  [
    'where only a later one is the page',
    { 'cafe24-relay.html': 'something else', 'cafe24-relay-3.html': 'the page' },
    'cafe24-relay-2.html',
  ],
];

describe('a copy of the relay page', () => {
  test.each(CASES)('%s', async (_where, before, expected) => {
    const folder = folderOf(before);
    expect(await placeRelayCopy(folder)).toBe(expected);
    expect(Object.fromEntries(folder.files)).toEqual({ ...before, [expected]: 'the page' });
  });

  test('comes to nothing where a hundred names are taken, and changes none', async () => {
    const taken = Array.from({ length: 120 }, (_, at) => [relayCopyName(at + 1), 'something else'] as const);
    const folder = folderOf(Object.fromEntries(taken));
    expect(await placeRelayCopy(folder)).toBeNull();
    expect([...folder.files]).toEqual(taken);
  });

  test('has a name that an address takes as it is', () => {
    for (const count of [1, 2, 99]) expect(relayCopyName(count)).toMatch(/^[\w.-]+$/);
  });
});
