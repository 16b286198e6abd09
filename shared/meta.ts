/**
 * The fields of `{cafe24:oauth:MALL}:meta`, a Redis hash of strings that outsiders may read (docs/keeper.md, 23).
 * This file names them once and turns them into typed values and back; it never throws on what another program wrote.
 */
import { type Code, isCode } from './codes.ts';
import { MALL_STATES, type MallState } from './mall-state.ts';
import { DISCONNECTED_GRANT, type Grant, type KnownSet, type TokenSet } from './token-set.ts';

export type MetaField =
  | 'state'
  | 'reason'
  | 'since'
  | 'checked_at'
  | 'generation'
  | 'refresh_token_hash'
  | 'issued_at'
  | 'grant'
  | 'parent'
  | 'deadline_source'
  | 'deadline_kind'
  | 'scopes'
  | 'user_id'
  | 'writer'
  | 'foreign_at'
  | 'intent_hash'
  | 'intent_at'
  | 'intent_owner'
  | 'intent_tries'
  | 'intent_tried_at'
  | 'intent_outcome'
  | 'intent_reason'
  | 'intent_retry_at'
  | 'intent_client'
  | 'intent_host'
  | 'intent_after_block';

export type MetaFields = Readonly<Partial<Record<MetaField, string>>>;

/** What to write: a string sets the field, null removes it, an absent field stays. */
export type MetaPatch = Readonly<Partial<Record<MetaField, string | null>>>;

/** The compare-and-set counter; absent or unreadable is 0. */
export function generationOf(meta: MetaFields): number {
  return integerOf(meta.generation) ?? 0;
}

// ---------------------------------------------------------------- state

export interface RecordedState {
  readonly state: MallState;
  readonly reason: Code | null;
  /** Since when this state holds; names an episode for the warnings. */
  readonly since: number;
  readonly checkedAt: number;
}

export function recordedStateOf(meta: MetaFields): RecordedState | null {
  const state = MALL_STATES.find((known) => known === meta.state);
  const since = integerOf(meta.since);
  if (!state || since === null) return null;
  return {
    state,
    reason: isCode(meta.reason) ? meta.reason : null,
    since,
    checkedAt: integerOf(meta.checked_at) ?? 0,
  };
}

export function metaOfState(state: RecordedState): MetaPatch {
  return {
    state: state.state,
    reason: state.reason,
    since: String(state.since),
    checked_at: String(state.checkedAt),
  };
}

// ---------------------------------------------------------------- the set's provenance

/** All of a known set but the values that stand in the main key. */
export type Provenance = Omit<KnownSet, keyof TokenSet | 'refreshTokenHash'>;

/** The provenance recorded for the refresh token with this hash; null when the meta speaks of another or of none. */
export function provenanceOf(meta: MetaFields, refreshTokenHash: string): Provenance | null {
  const issuedAt = integerOf(meta.issued_at);
  const grant = grantOf(meta);
  if (meta.refresh_token_hash !== refreshTokenHash || issuedAt === null || grant === null) return null;
  return {
    issuedAt,
    grant,
    parent: meta.parent ?? null,
    deadlineSource: oneOf(['server', 'kept', 'estimated'], meta.deadline_source) ?? 'server',
    deadlineKind: oneOf(['rolling', 'fixed', 'unknown'], meta.deadline_kind) ?? 'unknown',
    scopes: meta.scopes ? meta.scopes.split(',') : [],
    userId: meta.user_id ?? null,
  };
}

/** Whether the meta speaks of a set: nobody disconnected the mall since. */
export function hasHeldSet(meta: MetaFields): boolean {
  return meta.refresh_token_hash !== undefined;
}

export function metaOfSet(set: KnownSet, generation: number, writer: string): MetaPatch {
  return {
    generation: String(generation),
    refresh_token_hash: set.refreshTokenHash,
    issued_at: String(set.issuedAt),
    grant: JSON.stringify({ id: set.grant.id, at: set.grant.at }),
    parent: set.parent,
    deadline_source: set.deadlineSource,
    deadline_kind: set.deadlineKind,
    scopes: set.scopes.length > 0 ? set.scopes.join(',') : null,
    user_id: set.userId,
    writer,
  };
}

/** What stays of a mall that was disconnected: the mark in place of a grant, and nothing of the set that was there. */
export function metaOfDisconnect(at: number, generation: number, writer: string): MetaPatch {
  return {
    ...NO_SET,
    ...NO_INTENT,
    generation: String(generation),
    grant: JSON.stringify({ id: DISCONNECTED_GRANT, at }),
    writer,
  };
}

const NO_SET = {
  refresh_token_hash: null,
  issued_at: null,
  parent: null,
  deadline_source: null,
  deadline_kind: null,
  scopes: null,
  user_id: null,
} as const satisfies MetaPatch;

/** The grant in the meta: of the stored set, or the mark a disconnect left. */
export function grantOf(meta: MetaFields): Grant | null {
  try {
    const value: unknown = JSON.parse(meta.grant ?? '');
    if (typeof value !== 'object' || value === null) return null;
    const { id, at } = value as { id?: unknown; at?: unknown };
    return typeof id === 'string' && typeof at === 'number' && Number.isFinite(at) ? { id, at } : null;
  } catch {
    return null;
  }
}

// ---------------------------------------------------------------- other programs' writes

/** One that refreshes every day is told without a gap; one that stopped is forgotten after this. */
const FOREIGN_TOLD_MS = 2 * 24 * 60 * 60_000;

/** Notes that a set was adopted which another program wrote over ours. */
export function metaOfForeignWrite(now: number): MetaPatch {
  return { foreign_at: String(now) };
}

/** Whether another program wrote lately enough to be told of it, whichever keeper adopted its set. */
export function isForeignWriterAtWork(meta: MetaFields, now: number): boolean {
  const at = integerOf(meta.foreign_at);
  return at !== null && Math.abs(now - at) < FOREIGN_TOLD_MS;
}

// ---------------------------------------------------------------- the intent

/**
 * How a presentation of a refresh token stands. `open`: in flight, or its presenter died; `lost`: over without a
 * verdict; `refused`: invalid_grant; `blocked` and `limited`: an answer that says nothing about the token.
 */
export type IntentOutcome = 'open' | 'lost' | 'refused' | 'blocked' | 'limited';

/** A presentation of a refresh token, for all keepers to see; it outlives the lease (docs/keeper.md, 6). */
export interface PresentationIntent {
  readonly hash: string;
  /** When this token was first presented. */
  readonly at: number;
  /** Presenter of the latest presentation: `{install}-{host}-{pid}`. */
  readonly owner: string;
  /** Presentations after the first. */
  readonly tries: number;
  /** When it was presented last. */
  readonly triedAt: number;
  readonly outcome: IntentOutcome;
  /** Why it was refused, blocked or limited. */
  readonly reason: Code | null;
  /** Not before, as the server asked; set for `limited`, and for `blocked` where it asked. */
  readonly retryAt: number | null;
  /** Fingerprint of the client credentials that were used; a changed secret is tried at once. */
  readonly client: string | null;
  /** Host of the presenter whose answer was lost: its disk may hold the answer. */
  readonly lostHost: string | null;
  /** What a refusal followed, where that was a block: it is shown until the refusal is sure. */
  readonly afterBlock: Code | null;
}

export function intentOf(meta: MetaFields): PresentationIntent | null {
  const at = integerOf(meta.intent_at);
  if (!meta.intent_hash || !meta.intent_owner || at === null) return null;
  return {
    hash: meta.intent_hash,
    at,
    owner: meta.intent_owner,
    tries: integerOf(meta.intent_tries) ?? 0,
    triedAt: integerOf(meta.intent_tried_at) ?? at,
    outcome: oneOf(['open', 'lost', 'refused', 'blocked', 'limited'], meta.intent_outcome) ?? 'open',
    reason: isCode(meta.intent_reason) ? meta.intent_reason : null,
    retryAt: integerOf(meta.intent_retry_at),
    client: meta.intent_client ?? null,
    lostHost: meta.intent_host ?? null,
    afterBlock: isCode(meta.intent_after_block) ? meta.intent_after_block : null,
  };
}

type IntentField = Extract<MetaField, `intent_${string}`>;

export function metaOfIntent(intent: PresentationIntent): Readonly<Record<IntentField, string | null>> {
  return {
    intent_hash: intent.hash,
    intent_at: String(intent.at),
    intent_owner: intent.owner,
    intent_tries: String(intent.tries),
    intent_tried_at: String(intent.triedAt),
    intent_outcome: intent.outcome,
    intent_reason: intent.reason,
    intent_retry_at: intent.retryAt === null ? null : String(intent.retryAt),
    intent_client: intent.client,
    intent_host: intent.lostHost,
    intent_after_block: intent.afterBlock,
  };
}

export const NO_INTENT: Readonly<Record<IntentField, null>> = {
  intent_hash: null,
  intent_at: null,
  intent_owner: null,
  intent_tries: null,
  intent_tried_at: null,
  intent_outcome: null,
  intent_reason: null,
  intent_retry_at: null,
  intent_client: null,
  intent_host: null,
  intent_after_block: null,
};

/** The fields that tell one presentation from another: what a compare-and-set of the intent compares. */
export function intentMark(meta: MetaFields): Readonly<Partial<Record<MetaField, string | null>>> {
  return {
    intent_hash: meta.intent_hash ?? null,
    intent_tries: meta.intent_tries ?? null,
    intent_tried_at: meta.intent_tried_at ?? null,
    intent_outcome: meta.intent_outcome ?? null,
  };
}

// ---------------------------------------------------------------- reading

function integerOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null;
}

function oneOf<const T extends string>(allowed: readonly T[], value: string | undefined): T | null {
  return allowed.find((each) => each === value) ?? null;
}
