import type { Locale } from '../../shared/locale.ts';
import { failed, type Result } from '../../shared/result.ts';
import type { Channel } from '../../shared/warnings.ts';
import type { Clock, Notifier } from '../ports.ts';
import type { Keeper } from './keeper.ts';

export interface TestWarningParts {
  /** Whose shop the message speaks of; its deadline is the one last seen. */
  readonly keeper: Pick<Keeper, 'mall' | 'view'>;
  readonly notifiers: readonly Notifier[];
  readonly clock: Pick<Clock, 'now'>;
  readonly simulator: boolean;
  readonly locale: Locale;
}

/**
 * One test message by one channel, for a person who asked for it: the ledger neither stops it nor hears of it. What comes
 * back is the other side's own answer; a failure's `detail` quotes it, redacted.
 */
export async function sendTestWarning(parts: TestWarningParts, channel: Channel): Promise<Result<void>> {
  const { keeper, notifiers, clock, simulator, locale } = parts;
  const notifier = notifiers.find((each) => each.channel === channel);
  if (!notifier) return failed('channel.not_configured', channel);
  return await notifier.send({
    stage: 'test',
    mall: keeper.mall,
    reason: null,
    deadlineAt: keeper.view().set?.refreshTokenExpiresAt ?? null,
    at: clock.now(),
    simulator,
    locale,
  });
}
