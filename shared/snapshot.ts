/**
 * The one thing main tells the window, the tray and the command line: a redacted, revisioned picture of everything.
 * It holds no token, no secret and no hash, ever. Times are epoch ms of the server's clock.
 */
import type { Code } from './codes.ts';
import type { PastMark } from './history.ts';
import type { Locale } from './locale.ts';
import type { MallState } from './mall-state.ts';
import type { SettingsSnapshot } from './settings-snapshot.ts';
import type { DeadlineKind, DeadlineSource } from './token-set.ts';

/** Values for the placeholders of a code's texts. A key that ends in `At` holds epoch ms and is shown in Korean time. */
export type Params = Readonly<Record<string, string | number>>;

/** Something to tell beside the state: what is wrong or unusual, and what to do (texts by code). */
export interface Notice {
  readonly code: Code;
  readonly params: Params;
  readonly tone: 'info' | 'warn' | 'bad';
}

/** How an action that a person started ended. */
export interface ActionResult {
  readonly code: Code;
  readonly params: Params;
  readonly at: number;
}

export type FlowSnapshot =
  | { readonly phase: 'idle'; readonly last: ActionResult | null }
  /** The preflight runs; the tab is not open yet. */
  | { readonly phase: 'preparing'; readonly startedAt: number }
  /** Waiting for the consent. `pasteOnly`: no local port was free, so only pasting can finish it. */
  | {
      readonly phase: 'waiting';
      readonly startedAt: number;
      readonly endsAt: number;
      readonly pasteOnly: boolean;
      /** The last stray or mistaken answer while the wait goes on (a wrong state, a missing cookie, a bad paste). */
      readonly hint: ActionResult | null;
    }
  | { readonly phase: 'exchanging'; readonly startedAt: number };

export interface MallSnapshot {
  readonly mall: string;
  /** A person wants nothing refreshed here; the tokens stay as they are. */
  readonly paused: boolean;
  readonly state: MallState;
  readonly reason: Code | null;
  readonly reasonParams: Params;
  readonly since: number | null;
  /** The refresh token's deadline; null when never connected. */
  readonly deadlineAt: number | null;
  readonly deadlineSource: DeadlineSource | null;
  readonly deadlineKind: DeadlineKind;
  /** When the set in use was issued; the start of its 14 days. */
  readonly issuedAt: number | null;
  readonly accessExpiresAt: number | null;
  readonly lastRefreshAt: number | null;
  /** When the next refresh is planned; null while none is. */
  readonly nextRefreshAt: number | null;
  /** Refreshes of the last 14 days that this install knows of, oldest first. */
  readonly refreshes: readonly number[];
  /** What else the picture of the last 14 days shows. */
  readonly past: readonly PastMark[];
  /** Grows with every line of the history; the lines themselves are asked for. */
  readonly historyRevision: number;
  readonly store: {
    readonly kind: 'redis' | 'local';
    readonly place: string;
    /** What the last look found: null before the first. */
    readonly reachable: boolean | null;
    readonly latencyMs: number | null;
    readonly checkedAt: number | null;
  };
  readonly scopes: readonly string[];
  readonly scopesAsked: readonly string[];
  readonly userId: string | null;
  readonly notices: readonly Notice[];
  readonly flow: FlowSnapshot;
  readonly busy: 'refreshing' | 'testing' | 'disconnecting' | null;
  readonly lastAction: (ActionResult & { readonly action: 'refresh' | 'test' | 'disconnect' }) | null;
  /** Why Re-authorize cannot start (a missing client id, say); null when it can. */
  readonly cannotReauthorize: Code | null;
}

export interface Snapshot {
  /** Grows by one with every push. */
  readonly revision: number;
  /** The server's time when this was built. */
  readonly at: number;
  readonly clock: { readonly verified: boolean; readonly skewMs: number };
  readonly simulator: boolean;
  readonly locale: Locale;
  /** The app's version. */
  readonly version: string;
  /** A newer version that can be downloaded; absent while none is known. */
  readonly release?: { readonly version: string; readonly notes: string };
  /** Most urgent first. Empty when no shop is configured. */
  readonly malls: readonly MallSnapshot[];
  /** Notices that belong to no mall: configuration, keyring, data folder. */
  readonly notices: readonly Notice[];
  readonly settings: SettingsSnapshot;
}
