/** Plain values of the core's types; a test names only what it is about. */
import { hashOf } from '../../electron/core/hash.ts';
import { judgeJournal } from '../../electron/core/knowledge.ts';
import type { Sight } from '../../electron/core/sight.ts';
import type { Attempt, RawAnswer, StoreView } from '../../electron/ports.ts';
import type { PresentationIntent } from '../../shared/meta.ts';
import type { KnownSet } from '../../shared/token-set.ts';

export const HOUR = 60 * 60_000;
export const DAY = 24 * HOUR;
/** 2026-03-01 12:00 in Seoul. */
export const NOW = Date.UTC(2026, 2, 1, 3, 0, 0);

export function aSet(change: Partial<KnownSet> = {}): KnownSet {
  const issuedAt = change.issuedAt ?? NOW;
  const refreshToken = change.refreshToken ?? 'refresh';
  return {
    accessToken: `access of ${refreshToken}`,
    expiresAt: issuedAt + 2 * HOUR,
    refreshToken,
    refreshTokenExpiresAt: issuedAt + 14 * DAY,
    refreshTokenHash: hashOf(refreshToken),
    issuedAt,
    grant: { id: 'grant', at: issuedAt },
    parent: null,
    deadlineSource: 'server',
    deadlineKind: 'unknown',
    scopes: ['mall.read_product'],
    userId: 'owner',
    ...change,
  };
}

export function anIntent(change: Partial<PresentationIntent> = {}): PresentationIntent {
  return {
    hash: hashOf('refresh'),
    at: NOW,
    owner: 'aaaa-pc-1',
    tries: 0,
    triedAt: NOW,
    outcome: 'open',
    reason: null,
    retryAt: null,
    client: 'client',
    lostHost: null,
    afterBlock: null,
    ...change,
  };
}

export function anAttempt(change: Partial<Attempt> = {}): Attempt {
  const openedAt = change.openedAt ?? NOW;
  const owner = change.owner ?? 'aaaa-pc-1';
  const kind = change.kind ?? 'refresh';
  const parent = change.parent === undefined && kind === 'refresh' ? aSet() : (change.parent ?? null);
  return {
    id: `${openedAt}-${owner}`,
    mall: 'myshop',
    owner,
    kind,
    openedAt,
    outcome: 'open',
    parent,
    tries: 0,
    why: null,
    before: null,
    follows: null,
    answer: null,
    offline: false,
    settledAt: null,
    wiped: false,
    presentedHash: kind === 'refresh' ? (parent?.refreshTokenHash ?? null) : null,
    ...change,
  };
}

export function anAnswer(body: object | string, change: Partial<RawAnswer> = {}): RawAnswer {
  return {
    status: 200,
    date: NOW,
    retryAfterMs: null,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    receivedAt: NOW,
    ...change,
  };
}

/** The body of an ordinary answer that carries `refreshToken`, issued at `issuedAt`. */
export function tokenBody(refreshToken: string, issuedAt = NOW): Record<string, unknown> {
  const text = (at: number) => new Date(at + 9 * HOUR).toISOString().slice(0, 23);
  return {
    access_token: `access of ${refreshToken}`,
    expires_at: text(issuedAt + 2 * HOUR),
    refresh_token: refreshToken,
    refresh_token_expires_at: text(issuedAt + 14 * DAY),
    client_id: 'client',
    mall_id: 'myshop',
    user_id: 'owner',
    scopes: ['mall.read_product'],
    issued_at: text(issuedAt),
    shop_no: '1',
    token_type: 'Bearer',
  };
}

export function aView(change: Partial<StoreView> = {}): StoreView {
  return { text: null, wrongType: false, meta: {}, leaseOwner: null, at: NOW, ...change };
}

/** A sight of a healthy set that is stored and not due. */
export function aSight(change: Partial<Sight> & { readonly attempts?: readonly Attempt[] } = {}): Sight {
  const { attempts = [], ...rest } = change;
  const set = aSet();
  return {
    now: NOW,
    clockTrusted: true,
    store: {
      kind: 'up',
      view: aView({ text: '{}' }),
      content: {
        kind: 'set',
        set,
        isKnown: true,
        disconnectedAt: null,
        stored: { tokens: set, extras: [] },
      },
    },
    journal: judgeJournal(attempts),
    journalTrouble: null,
    journalLocked: false,
    contenders: [],
    newest: { kind: 'set', set, spent: false, fromStore: true },
    intent: null,
    observer: 'other',
    orphans: [],
    turn: null,
    isConsenting: false,
    mayNotRedeem: null,
    client: 'client',
    hold: null,
    askedBy: null,
    dueAt: NOW + HOUR,
    install: 'aaaa',
    ...rest,
  };
}
