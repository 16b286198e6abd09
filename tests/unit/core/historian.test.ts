/** The history as it comes out of keepers that live through something; the file is in history-file.test.ts. */
import { describe, expect, it } from 'vitest';
import { startHistorian } from '../../../electron/core/historian.ts';
import type { HistoryBook } from '../../../electron/ports.ts';
import type { HistoryEntry } from '../../../shared/history.ts';
import { done, type Failure } from '../../../shared/result.ts';
import type { Warning } from '../../../shared/warnings.ts';
import {
  type Bench,
  createBench,
  DAY,
  HOUR,
  lose,
  pass,
  SILENT,
  START,
  unreachable,
} from '../../support/keeper-bench.ts';
import { createMemoryJournal } from '../../support/memory-store.ts';

const MINUTE = 60_000;
const HERE = { isHere: true, host: null };

function memoryBook() {
  const entries: HistoryEntry[] = [];
  let beatAt: number | null = null;
  const book: HistoryBook = {
    read: async () => done([...entries]),
    append: async (_mall, added) => {
      entries.push(...added);
      return done(undefined);
    },
    lastBeat: async () => beatAt,
    beat: async (_mall, at) => {
      beatAt = at;
      return done(undefined);
    },
  };
  return { book, entries };
}

type Keeper = ReturnType<Bench['keeper']>;

/** The host, and what is known of its clock. */
interface Host {
  at: number;
  isParted?: boolean;
  isVerified?: boolean;
}

async function watch(bench: Bench, keeper: Keeper, kept = memoryBook(), host?: Host) {
  let told: (warning: Warning, failure: Failure | null) => void = () => {};
  const historian = startHistorian({
    mall: 'myshop',
    keeper,
    alerter: {
      onOutcome: (listener) => {
        told = listener;
        return () => {};
      },
    },
    book: kept.book,
    clock: {
      now: () => bench.clock.now(),
      nowUnlessParted: () => (host?.isParted ? null : bench.clock.now()),
      verified: () => host?.isVerified ?? true,
    },
    hostNow: () => host?.at ?? bench.clock.now(),
    log: SILENT,
    onChange: () => {},
  });
  await keeper.look();
  return {
    historian,
    kept,
    tell: (warning: Warning, failure: Failure | null) => told(warning, failure),
    ofKind: (...kinds: HistoryEntry['kind'][]) =>
      historian.entries().filter(({ kind }) => kinds.includes(kind)),
  };
}

function put(bench: Bench): void {
  place(bench).text = bench.server.issue().text;
}

const place = (bench: Bench) => bench.store.place('myshop');

describe('a history', () => {
  it('tells of the first look, an adopted set and every refresh, once', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    const { historian, ofKind } = await watch(bench, keeper);
    expect(historian.entries()).toEqual([
      { kind: 'state', at: START, state: 'NEEDS_REAUTH', reason: 'never_connected' },
    ]);
    put(bench);
    await keeper.look();
    await pass(bench, 4 * HOUR, [keeper]);
    const refreshes = bench.server.presented.map(({ at }) => ({ kind: 'refreshed', at, by: HERE }));
    expect(refreshes.length).toBeGreaterThan(2);
    expect(ofKind('adopted', 'refreshed')).toEqual([{ kind: 'adopted', at: START }, ...refreshes]);
    expect(ofKind('state').at(-1)).toMatchObject({ state: 'HEALTHY', reason: null });
    expect(ofKind('gap', 'failed')).toEqual([]);
  });

  it('names the host of another keeper that refreshed, where it was seen', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    const server = bench.keeper({ install: 'bbbb', host: 'server' });
    const { ofKind } = await watch(bench, keeper);
    await server.look();
    bench.clock.advance(2 * HOUR);
    bench.server.next.push(async (truth) => {
      // While the other one is at it.
      await keeper.look();
      return truth();
    });
    await server.refresh();
    await keeper.look();
    expect(ofKind('refreshed')).toMatchObject([{ by: { isHere: false, host: 'server' } }]);
  });

  it('tells of failures with their code: no network, a lost answer, a refusal, a store that is away', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    const { ofKind } = await watch(bench, keeper);
    const codes = () => ofKind('failed').map((entry) => entry.kind === 'failed' && entry.code);
    bench.server.next.push(unreachable, unreachable, unreachable, lose);
    await pass(bench, 70 * MINUTE, [keeper], 5000);
    // The lost answer had taken effect: the one more presentation is refused.
    expect(codes()).toEqual(['network.dns', 'answer.unconfirmed', 'answer.unconfirmed']);
    bench.store.breakWith('store.unreachable');
    await pass(bench, 5 * MINUTE, [keeper]);
    expect(codes().slice(3)).toEqual(['store.unreachable']);
    expect(ofKind('state').map((entry) => entry.kind === 'state' && entry.state)).toContain('UNCONFIRMED');
  });

  it('tells of a consent with its account, and of a disconnect', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    const { ofKind } = await watch(bench, keeper);
    await keeper.exchange({ code: 'c', redirectUri: 'https://shop.example/', codeVerifier: null });
    await keeper.look();
    expect(ofKind('connected')).toEqual([{ kind: 'connected', at: START, by: HERE, account: 'owner' }]);
    bench.clock.advance(MINUTE);
    await keeper.disconnect({ anyway: false });
    expect(ofKind('disconnected')).toEqual([{ kind: 'disconnected', at: bench.clock.now(), by: HERE }]);
  });

  it('goes on after a restart without saying anything twice, and knows how long it was off', async () => {
    const bench = createBench();
    put(bench);
    const journal = createMemoryJournal();
    const first = bench.keeper({ journal });
    const { historian, kept } = await watch(bench, first);
    await pass(bench, 3 * HOUR, [first]);
    await historian.stop();
    const told = [...kept.entries];
    const stoppedAt = bench.clock.now();

    const soon = bench.keeper({ journal });
    bench.clock.advance(MINUTE);
    const again = await watch(bench, soon, kept);
    await again.historian.stop();
    expect(kept.entries).toEqual(told);

    bench.clock.advance(3 * DAY);
    const late = bench.keeper({ journal });
    const { historian: last } = await watch(bench, late, kept);
    await last.stop();
    expect(kept.entries.slice(told.length)[0]).toEqual({
      kind: 'gap',
      at: stoppedAt + MINUTE,
      until: stoppedAt + MINUTE + 3 * DAY,
    });
  });

  it('tells of a sleep of the host, and takes a clock that is moved for none', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    const host: Host = { at: START - 10 * DAY };
    const { ofKind } = await watch(bench, keeper, memoryBook(), host);
    // A simulator, then the host's own clock, which was known to be behind.
    bench.clock.advance(5 * HOUR);
    await keeper.look();
    bench.clock.advance(30_000);
    host.at += 10 * DAY + 30_000;
    await keeper.look();
    expect(ofKind('gap')).toEqual([]);
    const sleptAt = bench.clock.now();
    // Awake again: until the server was asked its clock goes on from where it was.
    host.at += 8 * HOUR;
    host.isParted = true;
    await keeper.look();
    expect(ofKind('gap')).toEqual([]);
    host.isParted = false;
    bench.clock.advance(8 * HOUR);
    await keeper.look();
    expect(ofKind('gap')).toEqual([{ kind: 'gap', at: sleptAt, until: sleptAt + 8 * HOUR }]);
  });

  it('takes no time for a sleep that began on a clock nobody had verified', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    const host: Host = { at: START, isVerified: false };
    const { ofKind } = await watch(bench, keeper, memoryBook(), host);
    // As at a start without a network: what the host says is taken for the server's time, and then it is set.
    bench.clock.advance(10 * DAY);
    host.at += 10 * DAY;
    host.isVerified = true;
    await keeper.look();
    expect(ofKind('gap')).toEqual([]);
  });

  it('tells of warnings that left and of those that could not', async () => {
    const bench = createBench();
    const { tell, ofKind } = await watch(bench, bench.keeper());
    const warning = { stage: 'D-3', channel: 'slack', field: 'f', dueAt: START } as const;
    tell(warning, { ok: false, code: 'channel.unreachable' } as Failure);
    tell(warning, null);
    const what = { at: START, stage: 'D-3', channel: 'slack' };
    expect(ofKind('warned', 'warning_failed')).toEqual([
      { kind: 'warning_failed', ...what, code: 'channel.unreachable' },
      { kind: 'warned', ...what },
    ]);
  });

  it('holds no token and no hash, whatever was lived through', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    const { historian, kept } = await watch(bench, keeper);
    bench.server.next.push(lose);
    await pass(bench, DAY, [keeper], 5 * MINUTE);
    await historian.stop();
    const text = JSON.stringify(kept.entries);
    expect(text).not.toMatch(/access-|refresh-|[0-9a-f]{32}|secret/);
  });
});
