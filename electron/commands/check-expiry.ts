import { dDayLabel, dDayOf } from '../../shared/seoul-time.ts';
import { exitOfCheck, UNKNOWN } from '../core/cli-answers.ts';
import { reasonParamsOf } from '../core/mall-snapshot.ts';
import type { Command } from './command.ts';

/** `check-expiry`: the daily check. Says the state, sends the warnings that are due, tells what left and what did not. */
export const checkExpiry: Command = async ({ core, keeper, terminal }) => {
  core.clock.trustStoreTime();
  const view = await keeper.look();
  const report = await core.alerterOf(keeper.mall).checkOnce();
  const { set, state } = view;
  const day = set ? `  ${dDayLabel(dDayOf(set.refreshTokenExpiresAt, core.clock.now()))}` : '';
  terminal.answer(
    `${keeper.mall}  ${state?.state ?? UNKNOWN}${state?.reason ? `  ${state.reason}` : ''}${day}`,
  );
  if (state?.reason) terminal.sayCode(state.reason, reasonParamsOf(view.sight));
  for (const { stage, channel } of report.sent) terminal.say(`sent ${stage} by ${channel}`);
  for (const { warning, failure } of report.failures) {
    terminal.say(`not sent: ${warning.stage} by ${warning.channel}`);
    terminal.sayCode(failure.code);
  }
  if (view.sight?.store.kind === 'down') terminal.sayCode(view.sight.store.code);
  return exitOfCheck(view, report);
};
