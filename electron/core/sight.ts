/** What the keeper sees before each step: everything `decide` may look at, and nothing else. */
import type { Code } from '../../shared/codes.ts';
import type { PresentationIntent } from '../../shared/meta.ts';
import type { Contender } from '../../shared/newer-of.ts';
import type { Observer } from '../../shared/presentation.ts';
import type { Attempt, StoreView } from '../ports.ts';
import type { JournalKnowledge, StoreContent } from './knowledge.ts';

/** A refresh this process is at: its attempt's file, and how far it came. */
export interface Turn {
  readonly attempt: Attempt;
  /** `leased`: place proven and lease held; `intended`: the intent stands in journal and meta; `over`: the request ended. */
  readonly phase: 'leased' | 'intended' | 'over';
}

/** A person may know that something was mended meanwhile; a program asks again and again. */
export type Asker = 'person' | 'program';

/** Something that keeps this process from trying for a while. */
export interface Hold {
  readonly code: Code;
  readonly until: number;
  /** Since when it has failed without a success between. */
  readonly since: number;
  readonly failures: number;
}

export interface Sight {
  readonly now: number;
  /** False for the first minutes without a server's Date. */
  readonly clockTrusted: boolean;
  /** The store as it answered, or the code of why it did not. */
  readonly store:
    | { readonly kind: 'up'; readonly view: StoreView; readonly content: StoreContent }
    | { readonly kind: 'down'; readonly code: Code };
  readonly journal: JournalKnowledge;
  /** Why the journal's folder cannot be read: what it holds is not known then; null while it can. */
  readonly journalTrouble: Code | null;
  /** Some files of the journal are sealed under a secret that is not at hand. */
  readonly journalLocked: boolean;
  readonly contenders: readonly Contender[];
  readonly newest: Contender | null;
  /** The intent on the newest set's token, as the store tells it or as an attempt of the journal ended it. */
  readonly intent: PresentationIntent | null;
  readonly observer: Observer;
  /** Attempts whose process is gone, or that this process is no longer at. */
  readonly orphans: readonly Attempt[];
  readonly turn: Turn | null;
  /** A code is being exchanged, or the grant given up: no refresh is begun meanwhile. */
  readonly isConsenting: boolean;
  /** Why this process must not redeem a refresh token at all; null when it may. */
  readonly mayNotRedeem: Code | null;
  readonly client: string | null;
  readonly hold: Hold | null;
  /** Who asked for a refresh of this very set, although it is not due; null for nobody. */
  readonly askedBy: Asker | null;
  readonly dueAt: number | null;
  readonly install: string;
}
