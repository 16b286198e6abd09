import { expect, test } from 'vitest';
import { metaOfDisconnect, metaOfSet } from '../../../../shared/meta.ts';
import { writeStored } from '../../../../shared/stored-json.ts';
import { aSet } from '../../../support/heart-examples.ts';
import type { Bench } from './bench.ts';

export function promiseForgetting(bench: Bench): void {
  test('a disconnect takes the text, and leaves a mark of a higher generation and what was redeemed', async () => {
    const set = aSet();
    const text = writeStored(set, []);
    await bench.commit({ text, meta: metaOfSet(set, 4, 'writer'), spend: ['aa'] });
    const mark = metaOfDisconnect(set.issuedAt + 1, 5, 'another');
    const change = { expect: { text, generation: 4 }, text: null, meta: mark, announce: 5 };
    expect(await bench.commit(change)).toMatchObject({ kind: 'done', view: { text: null } });
    const { meta, ...view } = await bench.read(bench.other);
    expect(view).toMatchObject({ text: null, wrongType: false });
    expect(meta).toEqual({
      generation: '5',
      grant: JSON.stringify({ id: 'disconnected', at: set.issuedAt + 1 }),
      writer: 'another',
    });
    expect(await bench.spent('aa')).toEqual(['aa']);
    // Who has not heard of it yet brings nothing back.
    expect(await bench.commit({ ...change, text, announce: 6 })).toMatchObject({ kind: 'moved' });
    expect((await bench.read()).text).toBeNull();
  });
}
