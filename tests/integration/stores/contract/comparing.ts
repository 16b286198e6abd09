import { describe, expect, test } from 'vitest';
import type { StoreCommit } from '../../../../electron/ports.ts';
import type { Bench } from './bench.ts';

export function promiseComparing(bench: Bench): void {
  describe('comparing', () => {
    const standing = { text: '{"a":1}', meta: { generation: '7', intent_hash: 'h', grant: '{"id":"g"}' } };

    test.each<[string, StoreCommit['expect']]>([
      ['nothing', {}],
      ['the text', { text: '{"a":1}' }],
      ['the generation', { generation: 7 }],
      ['meta fields', { meta: { intent_hash: 'h', grant: '{"id":"g"}' } }],
      ['an absent meta field', { meta: { intent_owner: null } }],
      ['all of it', { text: '{"a":1}', generation: 7, meta: { intent_hash: 'h', intent_tries: null } }],
    ])('writes where %s holds', async (_, expected) => {
      await bench.commit(standing);
      expect(await bench.commit({ expect: expected, text: 'new' })).toMatchObject({ kind: 'done' });
      expect((await bench.read()).text).toBe('new');
    });

    test.each<[string, StoreCommit['expect']]>([
      ['another text', { text: '{"a":1} ' }],
      ['absence', { text: null }],
      ['another generation', { generation: 6 }],
      ['no generation', { generation: 0 }],
      ['another meta field', { meta: { intent_hash: 'x' } }],
      ['an absent meta field that is there', { meta: { intent_hash: null } }],
      ['a meta field that is absent', { meta: { intent_owner: '' } }],
      ['a lease that nobody has', { leaseOwner: 'me' }],
      ['one thing of many', { text: '{"a":1}', generation: 7, meta: { grant: 'x' } }],
    ])('writes nothing and shows what stands there where %s was expected', async (_, expected) => {
      await bench.commit(standing);
      const outcome = await bench.commit({
        expect: expected,
        text: 'new',
        meta: { generation: '8', intent_hash: null },
        spend: ['aa'],
        admit: { id: 'request', limit: 1 },
      });
      expect(outcome).toMatchObject({ kind: 'moved', view: standing });
      expect(await bench.read()).toMatchObject(standing);
      expect(await bench.spent('aa')).toEqual([]);
      expect(await bench.commit({ admit: { id: 'next', limit: 1 } })).toMatchObject({ kind: 'done' });
    });

    test('a token that is known as redeemed is not written over what stands there', async () => {
      await bench.commit({ ...standing, spend: ['aa', 'bb', 'cc'] });
      const write = (hash: string) => bench.commit({ expect: { unspent: hash }, text: hash });
      for (const hash of ['aa', 'bb', 'cc'])
        expect(await write(hash)).toMatchObject({ kind: 'moved', view: standing });
      expect(await write('a')).toMatchObject({ kind: 'done', view: { text: 'a' } });
    });

    test('an absent text is null and an absent generation is 0', async () => {
      const first = { expect: { text: null, generation: 0, meta: { intent_hash: null } }, text: '{}' };
      expect(await bench.commit(first)).toMatchObject({ kind: 'done' });
      expect(await bench.commit(first)).toMatchObject({ kind: 'moved' });
    });

    test.each(['', 'x', '-1', '1.5', '0x10', '99999999999999999'])(
      'a generation of %j, written by somebody else, counts as 0',
      async (generation) => {
        await bench.commit({ meta: { generation } });
        expect(await bench.commit({ expect: { generation: 0 } })).toMatchObject({ kind: 'done' });
      },
    );

    test('an empty text is not absence', async () => {
      await bench.commit({ text: '' });
      expect(await bench.commit({ expect: { text: null } })).toMatchObject({ kind: 'moved' });
      expect(await bench.commit({ expect: { text: '' } })).toMatchObject({ kind: 'done' });
    });
  });
}
