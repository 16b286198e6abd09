import { expect, it } from 'vitest';
import { sendTestWarning } from '../../../electron/core/test-warning.ts';
import type { Notifier } from '../../../electron/ports.ts';
import { done, failed, type Result } from '../../../shared/result.ts';
import type { WarningMessage } from '../../../shared/warning-message.ts';
import { createBench } from '../../support/keeper-bench.ts';

function stand(answer: Result<void>) {
  const bench = createBench();
  const sent: WarningMessage[] = [];
  const slack: Notifier = {
    channel: 'slack',
    send: (message) => {
      sent.push(message);
      return Promise.resolve(answer);
    },
  };
  bench.store.place('myshop').text = bench.server.issue().text;
  const keeper = bench.keeper();
  const parts = {
    keeper,
    notifiers: [slack],
    clock: bench.clock,
    simulator: false,
    locale: 'ko' as const,
  };
  return { bench, keeper, parts, sent };
}

it('says which shop and its deadline, and hands the other side’s answer back as it came', async () => {
  const refused = failed('channel.slack_gone', '404 no_service');
  const { bench, keeper, parts, sent } = stand(refused);
  const { set } = await keeper.look();
  expect(await sendTestWarning(parts, 'slack')).toEqual(refused);
  expect(sent).toEqual([
    expect.objectContaining({
      stage: 'test',
      mall: 'myshop',
      deadlineAt: set?.refreshTokenExpiresAt,
      at: bench.clock.now(),
    }),
  ]);
});

it('reaches nobody by a channel that is not configured, and says so', async () => {
  const { parts, sent } = stand(done(undefined));
  expect(await sendTestWarning(parts, 'mail')).toMatchObject({ ok: false, code: 'channel.not_configured' });
  expect(sent).toEqual([]);
});
