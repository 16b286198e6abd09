import { realTimers } from '../adapters/timers.ts';
import { EXIT } from '../core/cli-answers.ts';
import { usableAccess } from '../core/keeper.ts';
import { reasonParamsOf } from '../core/mall-snapshot.ts';
import { refreshNow } from '../core/refresh-now.ts';
import type { Command } from './command.ts';

/** `token`: 0 while the token is valid whatever the state: a warning is no reason to stop the program that asks. */
export const token: Command = async ({ core: { clock }, keeper, terminal }) => {
  let set = usableAccess(await keeper.look(), clock.now());
  if (!set) {
    await refreshNow(keeper, clock, realTimers, 'program');
    set = usableAccess(keeper.view(), clock.now());
  }
  if (set) {
    terminal.answer(set.accessToken);
    return EXIT.ok;
  }
  const { state, waitsFor, sight } = keeper.view();
  if (sight?.store.kind === 'down') terminal.sayCode(sight.store.code);
  else terminal.sayCode(state?.reason ?? waitsFor ?? 'internal.error', reasonParamsOf(sight));
  return EXIT.needsConsent;
};
