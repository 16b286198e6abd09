import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../support/poll.ts';
import { startSentinelled } from '../../support/redis-sentinel.ts';
import { unwrap } from './contract/unwrap.ts';
import { openStore } from './open-store.ts';

const MALL = 'myshop';

test('behind sentinels the promoted master is found, the event says so, and nothing was written to the old one', async () => {
  const { url, master, copy, stop } = await startSentinelled();
  onTestFinished(stop);
  const store = await openStore({ kind: 'redis', url });
  onTestFinished(() => store.close());
  expect(unwrap(await store.facts()).place).toBe(url);
  const first = { expect: { generation: 0 }, text: 'first', meta: { generation: '1' } };
  expect(unwrap(await store.commit(MALL, first))).toMatchObject({ kind: 'done' });
  await until(async () => (await copy.get(`cafe24:oauth:${MALL}`)) === 'first', {
    timeoutMs: 10_000,
    what: 'the copy',
  });

  let returned = false;
  store.onReachable(() => {
    returned = true;
  });
  await master.kill();
  expect(await store.commit(MALL, { expect: { generation: 1 } })).toMatchObject({ ok: false });
  await until(() => returned, { timeoutMs: 30_000, what: 'the promoted master' });
  const second = { expect: { generation: 1, text: 'first' }, text: 'second', meta: { generation: '2' } };
  expect(unwrap(await store.commit(MALL, second))).toMatchObject({ kind: 'done' });
  expect(await copy.get(`cafe24:oauth:${MALL}`)).toBe('second');
});
