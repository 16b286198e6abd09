/** What a keeper's process and the test that drives it say to each other over IPC. No token passes here. */
import type { Code } from '../../../shared/codes.ts';
import type { MallState } from '../../../shared/mall-state.ts';

/**
 * A moment between two calls of the core: `before` or `after` a call that `points.ts` names, such as
 * `after journal: refresh open` or `before wire: refresh`.
 */
export type Point = `${'before' | 'after'} ${string}`;

/** What the process does to itself there: dies as by `kill -9`, stands still, or waits for `go`. */
export type Deed = 'SIGKILL' | 'SIGSTOP' | 'wait';

export interface Armed {
  readonly point: Point;
  readonly deed: Deed;
}

export type Command =
  /** Looks, after taking over the simulator's time. */
  | { readonly do: 'look' }
  /** Looks by the time as this process has it. */
  | { readonly do: 'glance' }
  | { readonly do: 'refresh' }
  | { readonly do: 'wake' }
  /** What it knows, without a look. */
  | { readonly do: 'view' }
  | { readonly do: 'exchange'; readonly code: string; readonly redirectUri: string }
  | { readonly do: 'arm'; readonly armed: Armed }
  | { readonly do: 'disarm' }
  /** Ends the `wait` it stands in. */
  | { readonly do: 'go' }
  | { readonly do: 'stop' };

export interface Asked {
  readonly id: number;
  readonly command: Command;
}

export interface WorkerView {
  /** The server's time as this process has it. */
  readonly now: number;
  /** Its host's clock minus the server's, as it believes; and whether it saw the server's since the last jump. */
  readonly skewMs: number;
  readonly isTimeVerified: boolean;
  readonly state: MallState | null;
  readonly reason: Code | null;
  readonly generation: number | null;
  readonly storeCode: Code | null;
  readonly waitsFor: Code | null;
  readonly plannedAt: number | null;
  readonly isNeighbourAtWork: boolean;
  readonly happened: readonly Code[];
  /** What the window tells beside the state. */
  readonly notices: readonly Code[];
  /** Of the newest set; hashes only. */
  readonly set: {
    readonly refreshTokenHash: string;
    readonly isStored: boolean;
    readonly isAccessUsable: boolean;
    readonly expiresAt: number;
    readonly refreshTokenExpiresAt: number;
    readonly deadlineSource: string;
    readonly scopes: readonly string[];
    readonly userId: string | null;
  } | null;
  /** Code of the last command's outcome, where it has one. */
  readonly outcome: Code | null;
}

export type Said =
  | { readonly kind: 'answer'; readonly id: number; readonly view: WorkerView }
  | { readonly kind: 'failed'; readonly id: number; readonly error: string }
  /** It stands at an armed point; not said by one that dies there. */
  | { readonly kind: 'at'; readonly point: Point }
  /** Another keeper's new grant came to stand in the store. */
  | { readonly kind: 'foreign-grant' };

/** Id of the answer to the start itself: the view after the first look. */
export const STARTED = 0;

/** One line of the record file that all processes of a scene append to, synchronously. */
export type RecordLine =
  /** An intent became durable: the token of this hash may be presented once from now on, and why again. */
  | {
      readonly event: 'intent';
      readonly pid: number;
      readonly presentedHash: string;
      readonly tries: number;
      readonly why: Code | null;
    }
  /** A complete answer became durable in the journal. */
  | { readonly event: 'journaled'; readonly pid: number; readonly refreshTokenHash: string }
  | { readonly event: 'call'; readonly pid: number; readonly name: string };

/** Environment variables beside the product's own. */
export const WORKER_RECORD = 'FAILURES_RECORD';
export const WORKER_ARMED = 'FAILURES_ARMED';
export const WORKER_EPHEMERAL = 'FAILURES_EPHEMERAL';
