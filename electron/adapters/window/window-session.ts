/**
 * Chromium's session, and all that guards it, comes up with the first window: an app that only sits in the tray would
 * pay for it in memory and never use it.
 */
import type { Protocol, Session } from 'electron';
import type { Log } from '../../ports.ts';
import { registerAppScheme } from '../app-scheme.ts';
import { registerPermissions } from '../permissions.ts';

export interface WindowSession {
  /** To be called before a window is made; only the first call does anything. */
  open(): void;
  close(): void;
}

export function createWindowSession(options: {
  /** Asked for once, when the first window is made. */
  readonly session: () => Session;
  readonly protocol: Protocol;
  /** The built page. */
  readonly folder: string;
  readonly mayShowNotice: () => boolean;
  readonly log: Log;
}): WindowSession {
  const { session, protocol, folder, mayShowNotice, log } = options;
  let removers: readonly (() => void)[] | null = null;
  return {
    open() {
      removers ??= [
        registerAppScheme({ protocol, folder, log }),
        registerPermissions(session(), log, mayShowNotice),
      ];
    },
    close() {
      for (const remove of removers ?? []) remove();
      removers = null;
    },
  };
}
