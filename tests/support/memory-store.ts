/** A TokenStore and a Journal in memory: fakes of the two ports, for tests of the core alone. */

import type {
  Attempt,
  CommitOutcome,
  Journal,
  StoreCommit,
  StoreView,
  TokenStore,
} from '../../electron/ports.ts';
import type { Code } from '../../shared/codes.ts';
import type { MetaField } from '../../shared/meta.ts';
import { done, failed, type Result } from '../../shared/result.ts';

interface Place {
  text: string | null;
  wrongType: boolean;
  meta: Partial<Record<MetaField, string>>;
  lease: { owner: string; until: number } | null;
  spent: string[];
  requests: Map<string, number>;
  aside: string[];
}

export interface MemoryStore extends TokenStore {
  place(mall: string): Place;
  /** From now on every call fails with this code; null heals. `writes` fails only what writes. */
  breakWith(code: Code | null, what?: 'all' | 'writes'): void;
  readonly commits: StoreCommit[];
}

const WINDOW_MS = 2 * 60 * 60_000;

export function createMemoryStore(now: () => number): MemoryStore {
  const places = new Map<string, Place>();
  const listeners = new Set<(mall: string) => void>();
  const commits: StoreCommit[] = [];
  let broken: { code: Code; what: 'all' | 'writes' } | null = null;

  function place(mall: string): Place {
    const found = places.get(mall) ?? {
      text: null,
      wrongType: false,
      meta: {},
      lease: null,
      spent: [],
      requests: new Map(),
      aside: [],
    };
    places.set(mall, found);
    return found;
  }
  function view(mall: string): StoreView {
    const { text, wrongType, meta } = place(mall);
    return { text, wrongType, meta: { ...meta }, leaseOwner: leaseOwner(mall), at: now() };
  }
  function leaseOwner(mall: string): string | null {
    const { lease } = place(mall);
    return lease && lease.until > now() ? lease.owner : null;
  }
  function holds(mall: string, { expect }: StoreCommit): boolean {
    const { text, meta } = place(mall);
    return (
      (expect.text === undefined || expect.text === text) &&
      (expect.generation === undefined || expect.generation === Number(meta.generation ?? 0)) &&
      (expect.leaseOwner === undefined || expect.leaseOwner === leaseOwner(mall)) &&
      !(expect.unspent !== undefined && place(mall).spent.includes(expect.unspent)) &&
      Object.entries(expect.meta ?? {}).every(
        ([field, value]) => (meta[field as MetaField] ?? null) === value,
      )
    );
  }
  function apply(mall: string, change: StoreCommit): CommitOutcome {
    const at = place(mall);
    if (!holds(mall, change)) return { kind: 'moved', view: view(mall) };
    for (const [id, time] of at.requests) if (time <= now() - WINDOW_MS) at.requests.delete(id);
    if (change.admit && change.admit.limit !== null && at.requests.size >= change.admit.limit) {
      return { kind: 'limited', freeAt: Math.min(...at.requests.values()) + WINDOW_MS, view: view(mall) };
    }
    if (change.admit) at.requests.set(change.admit.id, now());
    if (change.withdraw) at.requests.delete(change.withdraw);
    if (change.text !== undefined) at.text = change.text;
    for (const [field, value] of Object.entries(change.meta ?? {})) {
      if (value === null) delete at.meta[field as MetaField];
      else at.meta[field as MetaField] = value;
    }
    at.spent = [...new Set([...(change.spend ?? []), ...at.spent])].slice(0, 400);
    if (change.releaseLease && at.lease?.owner === change.releaseLease) at.lease = null;
    if (change.announce !== undefined)
      queueMicrotask(() => {
        for (const listener of listeners) listener(mall);
      });
    return { kind: 'done', view: view(mall) };
  }
  function guarded<T>(isWrite: boolean, work: () => T): Promise<Result<T>> {
    if (broken && (broken.what === 'all' || isWrite)) return Promise.resolve(failed(broken.code));
    return Promise.resolve(done(work()));
  }

  return {
    place,
    commits,
    breakWith: (code, what = 'all') => {
      broken = code ? { code, what } : null;
    },
    read: (mall) => guarded(false, () => view(mall)),
    readText: (mall) => guarded(false, () => place(mall).text),
    spentAmong: (mall, hashes) =>
      guarded(false, () => new Set(hashes.filter((hash) => place(mall).spent.includes(hash)))),
    commit: (mall, change) =>
      guarded(true, () => {
        commits.push(change);
        return apply(mall, change);
      }),
    takeLease: (mall, owner, ttlMs) =>
      guarded(true, () => {
        const taken = leaseOwner(mall) === null;
        if (taken) place(mall).lease = { owner, until: now() + ttlMs };
        return { taken, view: view(mall) };
      }),
    renewLease: (mall, owner, ttlMs) =>
      guarded(true, () => {
        const isOwn = leaseOwner(mall) === owner;
        if (isOwn) place(mall).lease = { owner, until: now() + ttlMs };
        return isOwn;
      }),
    releaseLease: (mall, owner) =>
      guarded(true, () => {
        if (place(mall).lease?.owner === owner) place(mall).lease = null;
      }),
    setAside: (mall, text) =>
      guarded(true, () => {
        const at = place(mall);
        if (at.text !== text) return false;
        at.aside.push(at.text ?? 'wrong type');
        Object.assign(at, { text: null, wrongType: false });
        return true;
      }),
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReachable: () => () => {},
    facts: () => Promise.resolve(done({ kind: 'redis', place: 'memory', version: null, warnings: [] })),
    close: () => Promise.resolve(),
  };
}

export interface MemoryJournal extends Journal {
  readonly files: Map<string, Attempt>;
  breakWith(code: Code | null): void;
  locked: number;
}

export function createMemoryJournal(): MemoryJournal {
  const files = new Map<string, Attempt>();
  let broken: Code | null = null;
  return {
    files,
    locked: 0,
    breakWith(code) {
      broken = code;
    },
    read(mall) {
      const attempts = [...files.values()]
        .filter((attempt) => attempt.mall === mall)
        .sort((a, b) => a.openedAt - b.openedAt);
      return Promise.resolve(done({ attempts, locked: this.locked, corrupt: 0 }));
    },
    write(attempt) {
      if (broken) return Promise.resolve(failed(broken));
      files.set(attempt.id, attempt);
      return Promise.resolve(done(undefined));
    },
    remove(_mall, id) {
      files.delete(id);
      return Promise.resolve(done(undefined));
    },
  };
}
