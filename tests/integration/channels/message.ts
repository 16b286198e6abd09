import type { WarningMessage } from '../../../shared/warning-message.ts';

/** A warning three days before a deadline; a test names what it wants otherwise. */
export function messageOf(given: Partial<WarningMessage> = {}): WarningMessage {
  return {
    stage: 'D-3',
    mall: 'myshop',
    reason: 'grant.expiring',
    deadlineAt: Date.parse('2026-11-25T17:26:00+09:00'),
    at: Date.parse('2026-11-22T09:00:00+09:00'),
    simulator: false,
    locale: 'ko',
    ...given,
  };
}
