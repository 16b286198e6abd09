/**
 * Puts a keeper's calls of store, journal and token endpoint under a test's eye: each has a name, and before and after
 * each the process can be made to die, stand still or wait. Reads have no name: they leave nothing behind.
 */
import type { TokenPorts } from '../../../electron/compose-core.ts';
import type { Attempt, StoreCommit } from '../../../electron/ports.ts';
import type { Point } from './worker-protocol.ts';

export interface Watch {
  /** Called at every point; the call goes on when it resolves. */
  at(point: Point): Promise<void>;
  /** An attempt became durable. */
  written(attempt: Attempt): void;
}

export function underWatch({ store, journal, endpoint }: TokenPorts, watch: Watch): TokenPorts {
  async function named<T>(name: string, call: () => Promise<T>, done?: (result: T) => void): Promise<T> {
    await watch.at(`before ${name}`);
    const result = await call();
    done?.(result);
    await watch.at(`after ${name}`);
    return result;
  }
  return {
    store: {
      read: (mall) => store.read(mall),
      readText: (mall) => store.readText(mall),
      spentAmong: (mall, hashes) => store.spentAmong(mall, hashes),
      facts: () => store.facts(),
      close: () => store.close(),
      onChanged: (listener) => store.onChanged(listener),
      onReachable: (listener) => store.onReachable(listener),
      commit: (mall, change) => named(nameOfCommit(change), () => store.commit(mall, change)),
      takeLease: (mall, owner, ttlMs) =>
        named('store: take the lease', () => store.takeLease(mall, owner, ttlMs)),
      renewLease: (mall, owner, ttlMs) =>
        named('store: renew the lease', () => store.renewLease(mall, owner, ttlMs)),
      releaseLease: (mall, owner) => named('store: release the lease', () => store.releaseLease(mall, owner)),
      setAside: (mall, text, at) => named('store: set aside', () => store.setAside(mall, text, at)),
    },
    journal: {
      read: (mall) => journal.read(mall),
      write: (attempt) =>
        named(
          nameOfWrite(attempt),
          () => journal.write(attempt),
          (result) => {
            if (result.ok) watch.written(attempt);
          },
        ),
      remove: (mall, id) => named('journal: remove', () => journal.remove(mall, id)),
    },
    endpoint: {
      refresh: (client, refreshToken) => named('wire: refresh', () => endpoint.refresh(client, refreshToken)),
      exchange: (client, grant) => named('wire: exchange', () => endpoint.exchange(client, grant)),
      revoke: (client, token) => named('wire: revoke', () => endpoint.revoke(client, token)),
    },
  };
}

function nameOfWrite({ kind, outcome, wiped, settledAt }: Attempt): string {
  if (kind === 'adopted') return 'journal: adopted';
  if (wiped) return `journal: ${kind} wiped`;
  return `journal: ${kind} ${settledAt === null ? outcome : 'settled'}`;
}

function nameOfCommit({ text, admit, expect, announce, spend, meta, withdraw }: StoreCommit): string {
  if (typeof text === 'string') return 'store: publish';
  if (text === null) return 'store: forget';
  if (admit) return expect.leaseOwner === undefined ? 'store: count the exchange' : 'store: intent';
  if (announce !== undefined) return 'store: adopt';
  if (withdraw !== undefined || spend !== undefined || (meta && 'intent_hash' in meta))
    return 'store: settle';
  return 'store: record the state';
}
