import type { Code } from '../../shared/codes.ts';
import { realTimers } from '../adapters/timers.ts';
import { EXIT, exitOfState } from '../core/cli-answers.ts';
import { refreshNow } from '../core/refresh-now.ts';
import type { Command } from './command.ts';

const FINE: ReadonlySet<Code> = new Set(['refresh.done', 'refresh.already_fresh', 'refresh.by_another']);

/**
 * `refresh`: waits up to 30 s for another's lease and adopts; younger than 5 minutes is already fresh. A program reads the
 * code on stdout, a person the sentence on stderr.
 */
export const refresh: Command = async ({ core: { clock }, keeper, terminal }) => {
  const { code, params } = await refreshNow(keeper, clock, realTimers);
  terminal.sayCode(code, params);
  terminal.answer(code);
  if (FINE.has(code)) return EXIT.ok;
  const { state } = keeper.view();
  return (state && exitOfState(state.state)) || EXIT.error;
};
