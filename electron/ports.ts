/**
 * What the core asks of the outside world: interfaces only. Adapters implement them, `compose.ts` hands them over,
 * tests put fakes in their place. Times are epoch milliseconds of the server's clock unless a name says otherwise.
 */
import type { Code } from '../shared/codes.ts';
import type { HistoryEntry } from '../shared/history.ts';
import type { MetaField, MetaFields, MetaPatch, PresentationIntent } from '../shared/meta.ts';
import type { LoopbackHost } from '../shared/redirect-uri.ts';
import type { Result } from '../shared/result.ts';
import type { Params } from '../shared/snapshot.ts';
import type { KnownSet } from '../shared/token-set.ts';
import type { WarningMessage } from '../shared/warning-message.ts';
import type { Channel, Ledger } from '../shared/warnings.ts';

// ---------------------------------------------------------------- time

/** The server's time as far as it is known, and the host's monotonic clock. */
export interface Clock {
  /** The best estimate of Cafe24's clock (the simulator's, while one is named), epoch ms. */
  now(): number;
  /** Whether `now` rests on a Date seen from the server since the start or the last jump. */
  verified(): boolean;
  /** Host clock minus server clock, ms; what "the clock is wrong by" shows. */
  skewMs(): number;
  /** A clock that never jumps, ms from an arbitrary origin; stands still during sleep on some systems. */
  monotonicMs(): number;
  /** The host's clock as it stands, epoch ms: only to see whether it moved while something ran. */
  hostMs(): number;
  /** Simulator minus real time, ms; 0 in production. Added to the store's own time in its scripts, and to a consent's wait. */
  storeOffsetMs(): number;
}

/** Real timers. Long waits are the scheduler's business: a delay here is at most a minute. */
export interface Timers {
  /** Calls back once after `delayMs` of real time; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

// ---------------------------------------------------------------- the store

/** What one read of a mall's place in the store returns: one moment, not several. */
export interface StoreView {
  /** The main key's raw text; null when absent. */
  readonly text: string | null;
  /** The main key exists but is not a string (Redis WRONGTYPE). `text` is null then. */
  readonly wrongType: boolean;
  readonly meta: MetaFields;
  /** Owner of the lease that stands, or null. */
  readonly leaseOwner: string | null;
  /** The store's clock plus `Clock.storeOffsetMs()`. */
  readonly at: number;
}

/**
 * One atomic change of a mall's place in the store: everything in `expect` must hold, then everything else is done.
 * An absent key or field compares as null, an absent generation as 0.
 */
export interface StoreCommit {
  readonly expect: {
    readonly text?: string | null;
    readonly generation?: number;
    readonly meta?: Readonly<Partial<Record<MetaField, string | null>>>;
    readonly leaseOwner?: string;
    /** The hash of a refresh token that must not stand in `:spent`. */
    readonly unspent?: string;
  };
  /** New text of the main key, written as it is; null deletes the key. */
  readonly text?: string | null;
  readonly meta?: MetaPatch;
  /** Hashes of redeemed refresh tokens, and of refused ones that were replaced: added to `:spent` (the last 400 are kept). */
  readonly spend?: readonly string[];
  /** Counts a token request in `:requests`; refuses the commit when `limit` are there already (null counts only). */
  readonly admit?: { readonly id: string; readonly limit: number | null };
  /** Takes a counted request back: nothing was sent. */
  readonly withdraw?: string;
  /** Publishes the new generation on `cafe24:oauth:MALL:changed`. */
  readonly announce?: number;
  /** Gives this owner's lease up in the same step. */
  readonly releaseLease?: string;
}

export type CommitOutcome =
  | { readonly kind: 'done'; readonly view: StoreView }
  /** An expectation did not hold; nothing was written. `view` is what stands there now. */
  | { readonly kind: 'moved'; readonly view: StoreView }
  /** The budget of token requests is used up until `freeAt`; nothing was written. */
  | { readonly kind: 'limited'; readonly freeAt: number; readonly view: StoreView };

export interface StoreFacts {
  readonly kind: 'redis' | 'local';
  /** Where, without credentials: `redis://host:6379/0`, or the folder's name. */
  readonly place: string;
  readonly version: string | null;
  /** What else it says of itself, by its own names; for diagnostics. */
  readonly details?: Readonly<Record<string, string>>;
  /** Codes of what is wrong with the set-up (an eviction policy, no persistence). */
  readonly warnings: readonly Code[];
}

export interface TokenStore {
  read(mall: string): Promise<Result<StoreView>>;
  /** The main key's raw text alone, null when absent or no string: the cheapest way to see that nothing changed. */
  readText(mall: string): Promise<Result<string | null>>;
  /** Which of these hashes stand in `:spent`. */
  spentAmong(mall: string, hashes: readonly string[]): Promise<Result<ReadonlySet<string>>>;
  commit(mall: string, change: StoreCommit): Promise<Result<CommitOutcome>>;
  /** Takes the lease for `ttlMs` of real time, or finds it taken; either way returns what stands there. */
  takeLease(mall: string, owner: string, ttlMs: number): Promise<Result<{ taken: boolean; view: StoreView }>>;
  /** False when the lease is no longer this owner's. */
  renewLease(mall: string, owner: string, ttlMs: number): Promise<Result<boolean>>;
  /** Removes this owner's lease; another owner's survives. */
  releaseLease(mall: string, owner: string): Promise<Result<void>>;
  /** Renames an unreadable main key to `{cafe24:oauth:MALL}:aside:{epoch ms}`, kept 14 days. Only if it still is `text`. */
  setAside(mall: string, text: string | null, at: number): Promise<Result<boolean>>;
  /** Calls back when a mall's generation was announced, by this program or another; returns its remover. */
  onChanged(listener: (mall: string) => void): () => void;
  /** Calls back when the store answers again after it did not; returns its remover. */
  onReachable(listener: () => void): () => void;
  facts(): Promise<Result<StoreFacts>>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- warnings

/** What was sent, for all keepers of a mall: `{cafe24:oauth:MALL}:alerts` (docs/keeper.md, 18). */
export interface AlertLedger {
  /** All entries, and the deadline they count by as it was first seen (field `anchor`); null before the first. */
  readAlerts(
    mall: string,
  ): Promise<Result<{ readonly entries: Ledger; readonly anchorAt: number | null; readonly at: number }>>;
  /**
   * Claims a warning for `ttlMs` by the store's time: true when the field was absent, or its claim had ended. Of several
   * who claim at once exactly one is told true. What was sent is never claimed again.
   */
  claimAlert(mall: string, field: string, owner: string, ttlMs: number): Promise<Result<boolean>>;
  /** The owner's claim becomes "sent" at the store's time, or is given up. Another owner's entry stays as it is. */
  settleAlert(
    mall: string,
    field: string,
    owner: string,
    outcome: 'sent' | 'given_up',
  ): Promise<Result<void>>;
  /** Writes entries that another ledger knows as sent; entries that are "sent" already stay. */
  importAlerts(mall: string, entries: Ledger): Promise<Result<void>>;
  setAnchor(mall: string, deadlineAt: number): Promise<Result<void>>;
}

// ---------------------------------------------------------------- the history

/** What happened to a mall, kept on this machine for 90 days; no token, secret or hash is in it. */
export interface HistoryBook {
  /** Oldest first; what this version cannot read is left out, and left in its place. */
  read(mall: string): Promise<Result<readonly HistoryEntry[]>>;
  append(mall: string, entries: readonly HistoryEntry[]): Promise<Result<void>>;
  /** When this program last said that it runs; null where it never did. */
  lastBeat(mall: string): Promise<number | null>;
  beat(mall: string, at: number): Promise<Result<void>>;
}

/** A way to reach a person. */
export interface Notifier {
  readonly channel: Channel;
  /** Resolves when the other side took it; a failure's `detail` is the server's own answer, for the log and a test. */
  send(message: WarningMessage): Promise<Result<void>>;
}

// ---------------------------------------------------------------- the journal

/** How an attempt ended, as far as it is known. `open`: an intent stands, something may have been sent. */
export type AttemptOutcome =
  | 'proving' // the place for the answer was proven; nothing was sent
  | 'open'
  | 'not_sent' // the intent was written, then provably nothing was sent: it must be closed
  | 'lost' // sent, the request is over, no verdict came
  | 'answered' // a complete answer lies in `answer`
  | 'adopted'; // a set found in the store, kept here too

/** `disconnect`: no attempt at all, but the mark that a person gave this grant up at `openedAt`; it holds no set. */
export type AttemptKind = 'refresh' | 'consent' | 'adopted' | 'disconnect';

/** A complete HTTP answer of the token endpoint, as it came. */
export interface RawAnswer {
  readonly status: number;
  /** The Date header, epoch ms, or null. */
  readonly date: number | null;
  /** Retry-After in ms, or null. */
  readonly retryAfterMs: number | null;
  readonly body: string;
  readonly receivedAt: number;
}

/** One attempt at the token endpoint (or one adopted set): one sealed file of the journal. */
export interface Attempt {
  /** File name without `.json`: `{epoch ms}-{owner}`. */
  readonly id: string;
  readonly mall: string;
  readonly owner: string;
  readonly kind: AttemptKind;
  readonly openedAt: number;
  readonly outcome: AttemptOutcome;
  /** The set whose refresh token is presented (refresh), or that was adopted; null for a consent. */
  readonly parent: KnownSet | null;
  /** Which presentation of this refresh token this is: 0 the first. */
  readonly tries: number;
  /** Why a token is presented again; null for a first presentation. */
  readonly why: Code | null;
  /** The intent that this presentation replaced, put back where nothing was sent. */
  readonly before: PresentationIntent | null;
  /** Of a consent: when the grant began, or ended by a disconnect, that was known before it; epoch ms. */
  readonly follows: number | null;
  readonly answer: RawAnswer | null;
  /** True when the token was presented while the store was unreachable: no intent stands in its meta. */
  readonly offline: boolean;
  /** When the store was seen to know this attempt's outcome (its set, or its verdict); null while it does not. */
  readonly settledAt: number | null;
  /** True once tokens were wiped (superseded, another mall's): only hashes are left. */
  readonly wiped: boolean;
  /** Hash of the refresh token that was presented; stays after wiping. */
  readonly presentedHash: string | null;
}

export interface JournalReading {
  readonly attempts: readonly Attempt[];
  /** Files that no secret at hand opens: left where they are. */
  readonly locked: number;
  /** Files that were damaged and set aside during this reading. */
  readonly corrupt: number;
}

export interface Journal {
  /** All attempts of a mall, oldest first. */
  read(mall: string): Promise<Result<JournalReading>>;
  /** Writes one attempt (temp file, fsync, rename, fsync of the folder); resolved means durable. */
  write(attempt: Attempt): Promise<Result<void>>;
  remove(mall: string, id: string): Promise<Result<void>>;
}

// ---------------------------------------------------------------- the token endpoint

export interface ClientCredentials {
  readonly mall: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a POST to the token endpoint came to. */
export type WireResult =
  /** Provably nothing was sent: no connection came up. */
  | { readonly kind: 'not_sent'; readonly code: Code; readonly detail: string }
  /** Sent, and no complete answer came. Whether it was applied is unknown. */
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'answered'; readonly answer: Omit<RawAnswer, 'receivedAt'> };

/** One POST on a fresh connection: no pool, no redirects, no retry (docs/keeper.md, 7). */
export interface TokenEndpoint {
  refresh(client: ClientCredentials, refreshToken: string): Promise<WireResult>;
  exchange(
    client: ClientCredentials,
    grant: { readonly code: string; readonly redirectUri: string; readonly codeVerifier: string | null },
  ): Promise<WireResult>;
  /** Kills a token and the one it was issued with (docs/cafe24.md, 14). It redeems nothing and may be repeated. */
  revoke(client: ClientCredentials, token: RevokedToken): Promise<WireResult>;
}

export interface RevokedToken {
  readonly value: string;
  readonly kind: 'access_token' | 'refresh_token';
}

/** A cheap call of the Admin API with an access token, to test a connection. */
export interface AdminApi {
  get(
    mall: string,
    path: string,
    accessToken: string,
  ): Promise<
    | { readonly kind: 'answered'; readonly status: number; readonly body: string }
    | { readonly kind: 'failed'; readonly code: Code; readonly detail: string }
  >;
}

// ---------------------------------------------------------------- re-authorization

/** What the local redirect server hands on, after its own checks of method, size, Host and path. */
export interface RedirectRequest {
  readonly kind: 'start' | 'callback';
  readonly query: ReadonlyMap<string, string>;
  readonly cookies: ReadonlyMap<string, string>;
}

/** What the server answers: a page by its code, or a redirect to Cafe24 that sets the flow's cookie. */
export type RedirectReply =
  | {
      readonly kind: 'redirect';
      readonly to: string;
      readonly cookie: { readonly name: string; readonly value: string };
    }
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly code: Code;
      readonly params: Params;
      /** Name of the flow's cookie, once the flow is over. */
      readonly clearCookie?: string;
    };

export interface RedirectServer {
  /** The port that was bound (the first free of its list). */
  readonly port: number;
  close(): Promise<void>;
}

export interface RedirectServers {
  /**
   * Listens on loopback, on the first free port of the list; `handle` answers what passed the server's own checks,
   * and the browser's page is held open until it has. Fails with `server.ports_busy`.
   */
  open(
    place: {
      readonly ports: readonly number[];
      /** The address listened on and the only Host answered; `localhost` listens on both loopback families. */
      readonly host: LoopbackHost;
      readonly callbackPath: string;
    },
    handle: (request: RedirectRequest) => Promise<RedirectReply>,
  ): Promise<Result<RedirectServer>>;
}

/** Opens one address in the person's browser. Resolved says only that the request was handed over. */
export interface Browser {
  open(url: string): Promise<Result<void>>;
}

// ---------------------------------------------------------------- the rest

/** Asks a feed of releases: the text it answers with. Its address was checked (`feedAddressOf`). */
export type ReleaseFeed = (address: string) => Promise<Result<string>>;

/** Random bytes as base64url text. */
export interface Randomness {
  token(bytes: number): string;
}

export type LogArea =
  | 'app'
  | 'keeper'
  | 'store'
  | 'journal'
  | 'consent'
  | 'network'
  | 'config'
  | 'clock'
  | 'window'
  | 'tray'
  | 'alerts'
  | 'cli';

/** One line per event, through the one redacting logger. `id` is a mall or an attempt, never a secret. */
export interface Log {
  info(area: LogArea, what: string, id?: string): void;
  warn(area: LogArea, what: string, id?: string): void;
  error(area: LogArea, what: string, id?: string): void;
}

/** This process as others see it in leases, intents and file names: `[a-z0-9-]` only. */
export interface Identity {
  /** Random id of this install, kept in its data folder. */
  readonly install: string;
  readonly host: string;
  readonly pid: number;
  /** `{install}-{host}-{pid}`. */
  readonly owner: string;
  /** The attempts that keepers of this process are at, by `{mall}/{id}`: nobody's orphans. */
  readonly atWork: Set<string>;
  /** Whether a process id of this host is still running; used for owners of the same install only. */
  isAlive(pid: number): boolean;
}
