import type { CommitOutcome, StoreCommit, StoreView, TokenStore } from '../../../../electron/ports.ts';
import type { StorePlace } from '../open-store.ts';

/** How a kind of store is opened, and how damage is planted there. */
export interface StoreHarness {
  /** A store on the place under test, as another program of this machine would open it. */
  open(offsetMs: () => number): Promise<TokenStore>;
  /** The same place, for a child process. */
  readonly place: StorePlace;
  /** Puts something that is no text where the main text belongs. */
  plantWrongType(mall: string): Promise<void>;
  /** How many things stand aside for a mall. */
  countAside(mall: string): Promise<number>;
  stop(): Promise<void>;
}

/** What one test works with: two stores on one place, and a mall that nobody has used yet. */
export interface Bench {
  readonly harness: StoreHarness;
  readonly store: TokenStore;
  readonly other: TokenStore;
  readonly mall: string;
  /** The simulator's time minus real time, as both stores see it. */
  offsetMs: number;
  read(from?: TokenStore): Promise<StoreView>;
  commit(change: Partial<StoreCommit>): Promise<CommitOutcome>;
  /** Which of these hashes are remembered as redeemed. */
  spent(...hashes: readonly string[]): Promise<readonly string[]>;
}
