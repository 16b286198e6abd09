/** What a store's view and a journal say, as contenders for "the newest set". Pure: no I/O, `now` is an argument. */
import { BELIEVED_AHEAD_MS } from '../../shared/due.ts';
import { grantOf, type MetaFields, type PresentationIntent, provenanceOf } from '../../shared/meta.ts';
import type { Contender } from '../../shared/newer-of.ts';
import { parseOwner } from '../../shared/owner.ts';
import { troubleOf } from '../../shared/presentation.ts';
import { NO_EXPIRY, parseStored, type StoredText, servedUntil } from '../../shared/stored-json.ts';
import { judgeAnswer, type Verdict } from '../../shared/token-answer.ts';
import {
  ACCESS_TOKEN_LIFE_MS,
  DISCONNECTED_GRANT,
  foreignGrant,
  type KnownSet,
  REFRESH_TOKEN_LIFE_MS,
} from '../../shared/token-set.ts';
import type { Attempt, StoreView } from '../ports.ts';
import { hashOf } from './hash.ts';

// ---------------------------------------------------------------- the journal

/** An attempt with what its answer came to. */
export interface JudgedAttempt {
  readonly attempt: Attempt;
  /** The answer's verdict; null where there is no answer (yet, or any more). */
  readonly verdict: Verdict | null;
  /** The set this attempt brought or adopted; null where it brought none, or it was wiped. */
  readonly set: KnownSet | null;
}

export interface JournalKnowledge {
  readonly attempts: readonly JudgedAttempt[];
  /** Hashes of refresh tokens that the journal knows as redeemed. */
  readonly redeemed: ReadonlySet<string>;
}

export function judgeJournal(attempts: readonly Attempt[]): JournalKnowledge {
  const judged = attempts.map(judgeAttempt);
  const redeemed = judged.flatMap((each) => [
    ...(provesRedemption(each) && each.attempt.presentedHash !== null ? [each.attempt.presentedHash] : []),
    ...parentOf(each.set),
  ]);
  return { attempts: judged, redeemed: new Set(redeemed) };
}

/** The refresh token that bought this set, and so is dead; none where the set kept its token, or was not bought. */
export function parentOf(set: KnownSet | null): readonly string[] {
  return set === null || set.parent === null || set.parent === set.refreshTokenHash ? [] : [set.parent];
}

/** What was judged before; an attempt that changed is another object. */
const judgements = new WeakMap<Attempt, JudgedAttempt>();

export function judgeAttempt(attempt: Attempt): JudgedAttempt {
  const judged = judgements.get(attempt) ?? judge(attempt);
  judgements.set(attempt, judged);
  return judged;
}

function judge(attempt: Attempt): JudgedAttempt {
  if (attempt.outcome === 'adopted') return { attempt, verdict: null, set: attempt.parent };
  if (attempt.outcome !== 'answered' || !attempt.answer) return { attempt, verdict: null, set: null };
  const verdict = judgeAnswer(attempt.answer, {
    mall: attempt.mall,
    parent: attempt.parent,
    grantId: attempt.id,
    follows: attempt.follows,
    hashOf,
  });
  return { attempt, verdict, set: verdict.kind === 'granted' ? verdict.set : null };
}

/** Whether the token this attempt presented is dead. Only tokens that came prove it; a wiped attempt had brought some. */
export function provesRedemption({ attempt, verdict }: JudgedAttempt): boolean {
  if (attempt.presentedHash === null) return false;
  return attempt.wiped || (verdict?.kind === 'granted' && verdict.rotated) || verdict?.kind === 'other_mall';
}

// ---------------------------------------------------------------- the store

export type StoreContent =
  | {
      readonly kind: 'set';
      readonly set: KnownSet;
      readonly stored: StoredText;
      readonly isKnown: boolean;
      /** When a disconnect left its mark, if the meta still speaks of that and not of a set; else null. */
      readonly disconnectedAt: number | null;
    }
  | { readonly kind: 'disconnected'; readonly at: number }
  | { readonly kind: 'empty' }
  /** A wrong type, or text without a refresh token; `servesUntil` its access token ends, 0 where no program can use it. */
  | { readonly kind: 'rubbish'; readonly servesUntil: number; readonly disconnectedAt: number | null };

/** What the main key holds. A set the meta does not speak of is `isKnown: false`: another program wrote it. */
export function contentOf(view: StoreView, journal: JournalKnowledge, now: number): StoreContent {
  const mark = grantOf(view.meta);
  const disconnectedAt = mark?.id === DISCONNECTED_GRANT ? mark.at : null;
  if (view.wrongType) return { kind: 'rubbish', servesUntil: 0, disconnectedAt };
  if (view.text === null)
    return disconnectedAt === null ? { kind: 'empty' } : { kind: 'disconnected', at: disconnectedAt };
  const stored = parseStored(view.text);
  if (!stored) {
    const until = servedUntil(view.text);
    return { kind: 'rubbish', servesUntil: until > now + BELIEVED_AHEAD_MS ? 0 : until, disconnectedAt };
  }
  const refreshTokenHash = hashOf(stored.tokens.refreshToken);
  const provenance = provenanceOf(view.meta, refreshTokenHash);
  if (provenance) {
    const { tokens } = stored;
    // What was estimated once stays so: a stated time that nobody could believe is not believed later either.
    const stated = provenance.deadlineSource === 'estimated' ? null : tokens.refreshTokenExpiresAt;
    const deadline = believedDeadlineOf(stated, provenance.issuedAt, now);
    return {
      kind: 'set',
      isKnown: true,
      disconnectedAt,
      stored,
      set: {
        ...tokens,
        refreshTokenHash,
        ...provenance,
        refreshTokenExpiresAt: deadline.at,
        deadlineSource: deadline.isBelieved ? provenance.deadlineSource : 'estimated',
      },
    };
  }
  return {
    kind: 'set',
    isKnown: false,
    disconnectedAt,
    stored,
    set: foreignSet(stored, refreshTokenHash, view.meta, journal, now),
  };
}

/** A set without notes of ours: known from the journal, or a grant of its own from the moment it was issued. */
function foreignSet(
  { tokens }: StoredText,
  refreshTokenHash: string,
  meta: MetaFields,
  journal: JournalKnowledge,
  now: number,
): KnownSet {
  const ours = journal.attempts.find(({ set }) => set?.refreshTokenHash === refreshTokenHash)?.set;
  if (ours && ours.accessToken === tokens.accessToken) return ours;
  const issuedAt =
    tokens.expiresAt === NO_EXPIRY ? now : Math.min(tokens.expiresAt - ACCESS_TOKEN_LIFE_MS, now);
  const deadline = believedDeadlineOf(tokens.refreshTokenExpiresAt, issuedAt, now);
  const kind = meta.deadline_kind;
  return {
    ...tokens,
    refreshTokenExpiresAt: deadline.at,
    refreshTokenHash,
    issuedAt,
    grant: foreignGrant(refreshTokenHash, issuedAt),
    parent: null,
    deadlineSource: deadline.isBelieved ? 'server' : 'estimated',
    deadlineKind: kind === 'rolling' || kind === 'fixed' ? kind : 'unknown',
    scopes: meta.scopes ? meta.scopes.split(',') : [],
    userId: meta.user_id ?? null,
  };
}

/** A refresh deadline that is missing, or farther ahead than any token lives, is an estimate of ours instead. */
function believedDeadlineOf(
  stated: number | null,
  issuedAt: number,
  now: number,
): { at: number; isBelieved: boolean } {
  const latest = Math.max(now, issuedAt) + REFRESH_TOKEN_LIFE_MS + DEADLINE_TOLERANCE_MS;
  const isBelieved = stated !== null && stated <= latest;
  return isBelieved ? { at: stated, isBelieved } : { at: issuedAt + REFRESH_TOKEN_LIFE_MS, isBelieved };
}

/** Clocks of the server and of ours may differ by this much before a full 14 days look like more. */
const DEADLINE_TOLERANCE_MS = 10 * 60_000;

// ---------------------------------------------------------------- both

/** All sets that stand to be the newest, the store's first. */
export function contendersOf(
  content: StoreContent | null,
  journal: JournalKnowledge,
  isSpent: (hash: string) => boolean,
): readonly Contender[] {
  const disconnect = (at: number | null, fromStore = true): readonly Contender[] =>
    at === null ? [] : [{ kind: 'disconnected', grant: { id: DISCONNECTED_GRANT, at }, fromStore }];
  const fromStore: readonly Contender[] =
    content?.kind === 'set'
      ? [
          { kind: 'set', set: content.set, spent: isSpent(content.set.refreshTokenHash), fromStore: true },
          ...disconnect(content.disconnectedAt),
        ]
      : disconnect(markIn(content));
  const fromJournal = journal.attempts.flatMap(({ set, attempt }): readonly Contender[] => {
    if (attempt.kind === 'disconnect') return disconnect(attempt.openedAt, false);
    return set ? [{ kind: 'set', set, spent: isSpent(set.refreshTokenHash), fromStore: false }] : [];
  });
  return [...fromStore, ...fromJournal];
}

/** When a disconnect left the mark that stands without a set. */
function markIn(content: Exclude<StoreContent, { kind: 'set' }> | null): number | null {
  if (content?.kind === 'disconnected') return content.at;
  return content?.kind === 'rubbish' ? content.disconnectedAt : null;
}

/** The intent of an attempt that is about to be, or is, in the air. */
export function openIntentOf(attempt: Attempt, client: string | null): PresentationIntent {
  const { before, openedAt, owner, presentedHash, tries, why } = attempt;
  return {
    hash: presentedHash ?? '',
    at: before?.at ?? openedAt,
    owner,
    tries,
    triedAt: openedAt,
    outcome: 'open',
    reason: why,
    retryAt: null,
    client,
    // One that kept silent until this one took its place may have its answer all the same.
    lostHost: before?.lostHost ?? (before?.outcome === 'open' ? hostOf(before.owner) : null),
    afterBlock: null,
  };
}

/**
 * What an attempt's end means for the intent on its token: the intent to record, `closed` to take it away, or null
 * where there is nothing to tell (tokens came; or it is still open).
 */
export function intentAfter(
  { attempt, verdict }: JudgedAttempt,
  client: string | null,
  now: number,
): PresentationIntent | 'closed' | null {
  if (attempt.presentedHash === null) return null;
  const host = hostOf(attempt.owner);
  const base: PresentationIntent = {
    ...openIntentOf(attempt, client),
    // An answer is as old as it is, however long the store could not be told of it.
    triedAt: attempt.answer ? Math.min(attempt.answer.receivedAt, now) : now,
    outcome: 'lost',
  };
  const retryAtOf = ({ retryAfterMs }: { readonly retryAfterMs: number | null }) =>
    retryAfterMs === null ? null : base.triedAt + retryAfterMs;
  if (attempt.outcome === 'not_sent') return attempt.before ?? 'closed';
  if (attempt.outcome === 'lost')
    return { ...base, reason: lostReason(attempt), lostHost: base.lostHost ?? host };
  switch (verdict?.kind) {
    case undefined:
    case 'granted':
      return null;
    case 'unreadable':
      return { ...base, reason: lostReason(attempt), lostHost: base.lostHost ?? host };
    case 'refused':
    case 'code_expired':
      return { ...base, outcome: 'refused', reason: refusedReason(base), afterBlock: blockBefore(attempt) };
    case 'blocked':
      return { ...base, outcome: 'blocked', reason: verdict.code, retryAt: retryAtOf(verdict) };
    case 'other_mall':
      return { ...base, outcome: 'blocked', reason: 'answer.other_mall' };
    case 'limited':
      return { ...base, outcome: 'limited', retryAt: retryAtOf(verdict) };
  }
}

function hostOf(owner: string): string {
  return parseOwner(owner)?.host ?? owner;
}

/** Refused after an answer was lost: the new tokens may lie in that answer, so no later try can help. */
function refusedReason(intent: PresentationIntent): PresentationIntent['reason'] {
  return intent.lostHost !== null && intent.reason !== 'grant.invalid'
    ? 'answer.unconfirmed'
    : 'grant.invalid';
}

/** The block that was shown when this presentation was to test it. */
function blockBefore({ before, openedAt }: Attempt): PresentationIntent['afterBlock'] {
  const shown = before && troubleOf(before, 'other', openedAt);
  return shown?.state === 'BLOCKED' ? shown.reason : null;
}

/** A try that followed a refusal stays a refusal's try, even when its own answer is lost. */
function lostReason(attempt: Attempt): PresentationIntent['reason'] {
  return attempt.why === 'grant.invalid' ? 'grant.invalid' : 'answer.unconfirmed';
}
