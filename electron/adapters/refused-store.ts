import type { Code } from '../../shared/codes.ts';
import { failed } from '../../shared/result.ts';
import type { AlertLedger, TokenStore } from '../ports.ts';

/** Stands where a store was named that must not or cannot be opened: everything fails with that code, nothing is guessed. */
export function createRefusedStore(code: Code): TokenStore & AlertLedger {
  const refuse = () => Promise.resolve(failed(code));
  return {
    read: refuse,
    readText: refuse,
    spentAmong: refuse,
    commit: refuse,
    takeLease: refuse,
    renewLease: refuse,
    releaseLease: refuse,
    setAside: refuse,
    readAlerts: refuse,
    claimAlert: refuse,
    settleAlert: refuse,
    importAlerts: refuse,
    setAnchor: refuse,
    onChanged: () => () => {},
    onReachable: () => () => {},
    facts: refuse,
    close: () => Promise.resolve(),
  };
}
