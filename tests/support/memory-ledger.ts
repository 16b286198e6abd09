/** An AlertLedger in memory: a fake of the port, for tests of the core alone. */
import type { AlertLedger } from '../../electron/ports.ts';
import { done, failed } from '../../shared/result.ts';
import type { LedgerEntry } from '../../shared/warnings.ts';

export interface MemoryLedger extends AlertLedger {
  readonly entries: Map<string, LedgerEntry>;
  isDown: boolean;
  /** By how much the clock of who asks is behind. */
  behindMs: number;
}

export function createMemoryLedger(clockNow: () => number): MemoryLedger {
  const now = () => clockNow() - ledger.behindMs;
  const entries = new Map<string, LedgerEntry>();
  let anchorAt: number | null = null;
  const ledger: MemoryLedger = {
    entries,
    isDown: false,
    behindMs: 0,
    readAlerts: () => answer(() => ({ entries: new Map(entries), anchorAt, at: now() })),
    claimAlert: (_mall, field, owner, ttlMs) =>
      answer(() => {
        const entry = entries.get(field);
        if (entry && (entry.status === 'sent' || entry.until > now())) return false;
        entries.set(field, { status: 'claimed', owner, until: now() + ttlMs });
        return true;
      }),
    settleAlert: (_mall, field, owner, outcome) =>
      answer(() => {
        if (entries.get(field)?.owner !== owner) return;
        if (outcome === 'sent') entries.set(field, { status: 'sent', owner, until: now() });
        else entries.delete(field);
      }),
    importAlerts: (_mall, known) =>
      answer(() => {
        for (const [field, entry] of known)
          if (entries.get(field)?.status !== 'sent') entries.set(field, entry);
      }),
    setAnchor: (_mall, at) =>
      answer(() => {
        anchorAt = at;
      }),
  };
  function answer<T>(work: () => T) {
    return Promise.resolve(ledger.isDown ? failed('store.unreachable') : done(work()));
  }
  return ledger;
}

/** The same ledger, as a program meets it that adds another difference to its time (`Clock.storeOffsetMs`). */
export function seenLate(ledger: MemoryLedger, behindMs: () => number): AlertLedger {
  // Its work is done by the time a call returns its promise.
  const asking = <T>(call: () => T): T => {
    ledger.behindMs = behindMs();
    try {
      return call();
    } finally {
      ledger.behindMs = 0;
    }
  };
  return {
    readAlerts: (...args) => asking(() => ledger.readAlerts(...args)),
    claimAlert: (...args) => asking(() => ledger.claimAlert(...args)),
    settleAlert: (...args) => asking(() => ledger.settleAlert(...args)),
    importAlerts: (...args) => asking(() => ledger.importAlerts(...args)),
    setAnchor: (...args) => asking(() => ledger.setAnchor(...args)),
  };
}
