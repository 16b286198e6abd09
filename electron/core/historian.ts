/**
 * Writes a shop's history: watches its keeper and its alerter, and knows when this program was off. What it cannot
 * write it still remembers until the program ends; nobody waits for it.
 */
import { GAP_FROM_MS, type HistoryEntry, keptOf } from '../../shared/history.ts';
import type { Clock, HistoryBook, Log } from '../ports.ts';
import type { Alerter } from './alerter.ts';
import { happeningsOf, hostsIn, type Seen, seenOf } from './happenings.ts';
import type { Keeper } from './keeper.ts';

export interface HistorianDeps {
  readonly mall: string;
  readonly keeper: Pick<Keeper, 'view' | 'onChange'>;
  readonly alerter: Pick<Alerter, 'onOutcome'>;
  readonly book: HistoryBook;
  /** `nowUnlessParted`: null while it is not known yet whether the host slept or its clock was set. */
  readonly clock: Pick<Clock, 'now' | 'verified'> & { nowUnlessParted(): number | null };
  /** The host's own clock, which goes on while the host sleeps and is not moved by a simulator. */
  hostNow(): number;
  readonly log: Log;
  /** There are more entries than before. */
  onChange(): void;
}

export interface Historian {
  /** All that is kept, oldest first; empty until it was read. */
  entries(): readonly HistoryEntry[];
  /** Grows with every change of the entries. */
  revision(): number;
  /** Ends the watching; resolves when what was seen is written. */
  stop(): Promise<void>;
}

/** Where none is kept. */
export const NO_HISTORY: Pick<Historian, 'entries' | 'revision'> = { entries: () => [], revision: () => 0 };

/** How often it is written down that this program runs. */
const BEAT_MS = 60_000;

export function startHistorian(deps: HistorianDeps): Historian {
  const { mall, keeper, alerter, book, clock, log } = deps;
  const hosts = new Map<string, string>();
  let entries: readonly HistoryEntry[] = [];
  let revision = 0;
  let isRead = false;
  let before: Seen | null = null;
  let beatenAt = Number.NEGATIVE_INFINITY;
  let lookedAt: { readonly host: number; readonly server: number; readonly isVerified: boolean } | null =
    null;
  let writing: Promise<void> = begin();

  async function begin(): Promise<void> {
    const kept = await book.read(mall);
    if (!kept.ok) log.warn('app', `the history cannot be read: ${kept.code}`, mall);
    const lastBeat = await book.lastBeat(mall);
    const now = clock.now();
    // What was seen meanwhile stands behind what was read.
    entries = [...(kept.ok ? kept.value : []), ...entries];
    isRead = true;
    revision += 1;
    if (lastBeat !== null && entries.length > 0 && now - lastBeat > GAP_FROM_MS)
      add([{ kind: 'gap', at: lastBeat, until: now }]);
    observe();
  }

  function observe(): void {
    if (!isRead) return;
    noticeSleep();
    const view = keeper.view();
    for (const [install, host] of hostsIn(view)) hosts.set(install, host);
    const seen = seenOf(view, hosts);
    if (seen) {
      add(happeningsOf(before, seen, entries));
      before = seen;
    }
    beat();
  }

  /**
   * A keeper looks every minute. While the host sleeps its clock runs on, and the server's too: the host's alone was set,
   * the server's alone was a simulator that was moved, or known wrongly before.
   */
  function noticeSleep(): void {
    const server = clock.nowUnlessParted();
    if (server === null) return;
    const now = { host: deps.hostNow(), server, isVerified: clock.verified() };
    if (lookedAt?.isVerified && Math.min(now.host - lookedAt.host, server - lookedAt.server) > GAP_FROM_MS)
      add([{ kind: 'gap', at: lookedAt.server, until: server }]);
    lookedAt = now;
  }

  function beat(): void {
    const now = clock.now();
    if (Math.abs(now - beatenAt) < BEAT_MS) return;
    beatenAt = now;
    write(() => book.beat(mall, now));
  }

  function add(added: readonly HistoryEntry[]): void {
    if (added.length === 0) return;
    entries = keptOf([...entries, ...added], clock.now());
    revision += 1;
    write(async () => {
      const written = await book.append(mall, added);
      if (!written.ok) log.warn('app', `the history cannot be written: ${written.code}`, mall);
    });
    deps.onChange();
  }

  function write(work: () => Promise<unknown>): void {
    writing = writing
      .then(work)
      .catch((error: unknown) => {
        log.error('app', `internal.error: ${error instanceof Error ? error.stack : String(error)}`, mall);
      })
      .then(() => {});
  }

  const forget = [
    keeper.onChange(observe),
    alerter.onOutcome(({ stage, channel }, failure) => {
      const what = { stage, channel, at: clock.now() };
      add([failure ? { kind: 'warning_failed', ...what, code: failure.code } : { kind: 'warned', ...what }]);
    }),
  ];

  return {
    entries: () => entries,
    revision: () => revision,
    async stop() {
      for (const remove of forget) remove();
      if (isRead) write(() => book.beat(mall, clock.now()));
      await writing;
    },
  };
}
