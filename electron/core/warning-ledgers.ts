/**
 * The store's ledger and this machine's own as one: the store's decides while it can be read, the local one while it
 * cannot. What left here is known here for ever, whatever a ledger forgot or never heard of.
 */
import { ALERTS_KEPT_MS, CLAIM_MS, type Ledger, type LedgerEntry } from '../../shared/warnings.ts';
import type { AlertLedger, Clock } from '../ports.ts';

export interface LedgerView {
  readonly entries: Ledger;
  /** The deadline to count by, as it was first seen; null before the first. */
  readonly anchorAt: number | null;
  /** The ledger's own time, by which claims end. */
  readonly at: number;
  /** False where the store's ledger could not be read. */
  readonly isShared: boolean;
}

export interface WarningLedgers {
  /** Tells the store first what only this machine knows as sent, so that nothing is judged without it. */
  read(isStoreUp: boolean): Promise<LedgerView>;
  /** False when another has it. Where no ledger takes the claim it is ours all the same: silence would be worse. */
  claim(field: string): Promise<boolean>;
  settle(field: string, outcome: 'sent' | 'given_up'): Promise<void>;
  /** Entries that are to be known as sent under these names too. */
  learn(entries: Ledger): Promise<void>;
  keepAnchor(deadlineAt: number): Promise<void>;
}

export function createWarningLedgers(deps: {
  readonly mall: string;
  readonly owner: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Where the clock can be moved by hand: hears of it, should that have been just now. */
  catchUp(): Promise<void>;
  readonly shared: AlertLedger;
  readonly local: AlertLedger;
}): WarningLedgers {
  const { mall, owner, clock, shared, local } = deps;
  /** What left in this process's life: holds also where no disk and no store takes it. */
  const remembered = new Map<string, LedgerEntry>();
  let current = local;
  let localAnchorAt: number | null = null;
  let currentAnchorAt: number | null = null;

  async function readStore(mine: Ledger): Promise<LedgerView | null> {
    const reading = await shared.readAlerts(mall);
    if (!reading.ok) return null;
    const { entries, at } = reading.value;
    const untold = [...mine].filter(
      ([field, { until }]) => entries.get(field)?.status !== 'sent' && until > at - ALERTS_KEPT_MS,
    );
    // Where it takes no write now it is told the next time; meanwhile what is known here counts here.
    if (untold.length > 0) await shared.importAlerts(mall, new Map(untold));
    return { ...reading.value, entries: new Map([...entries, ...mine]), isShared: true };
  }

  return {
    async read(isStoreUp) {
      const reading = await local.readAlerts(mall);
      const known = reading.ok ? reading.value : { entries: new Map(), anchorAt: null, at: clock.now() };
      localAnchorAt = known.anchorAt;
      const mine = new Map([...sentIn(known.entries), ...remembered]);
      const fromStore = isStoreUp ? await readStore(mine) : null;
      current = fromStore ? shared : local;
      const view = fromStore ?? {
        ...known,
        entries: new Map([...known.entries, ...remembered]),
        isShared: false,
      };
      currentAnchorAt = view.anchorAt;
      return view;
    },
    async claim(field) {
      // One made by a time that is over already would be open to whoever knows the new one.
      await deps.catchUp();
      const claimed = await current.claimAlert(mall, field, owner, CLAIM_MS);
      return !claimed.ok || claimed.value;
    },
    async settle(field, outcome) {
      await current.settleAlert(mall, field, owner, outcome);
      if (outcome !== 'sent') return;
      const entry: LedgerEntry = { status: 'sent', owner, until: clock.now() };
      remembered.set(field, entry);
      await local.importAlerts(mall, new Map([[field, entry]]));
    },
    async learn(entries) {
      if (entries.size === 0) return;
      for (const [field, entry] of entries) remembered.set(field, entry);
      await local.importAlerts(mall, entries);
      if (current === shared) await shared.importAlerts(mall, entries);
    },
    async keepAnchor(deadlineAt) {
      if (currentAnchorAt !== deadlineAt) await current.setAnchor(mall, deadlineAt);
      if (current !== local && localAnchorAt !== deadlineAt) await local.setAnchor(mall, deadlineAt);
    },
  };
}

function sentIn(entries: Ledger): Ledger {
  return new Map([...entries].filter(([, { status }]) => status === 'sent'));
}
