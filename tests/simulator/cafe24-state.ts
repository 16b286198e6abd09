import { randomBytes } from 'node:crypto';
import type { SimulatorClient, SimulatorMall } from './registration.ts';

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** Lifetimes and limits (docs/cafe24.md, 4 and 5). */
export const ACCESS_TOKEN_LIFE_MS = 2 * 60 * 60 * SECOND_MS;
export const REFRESH_TOKEN_LIFE_MS = 14 * DAY_MS;
export const CODE_LIFE_MS = 60 * SECOND_MS;
export const MAX_LIVE_ACCESS_TOKENS = 15;

/** `rolling`: each refresh starts 14 days anew. `fixed`: the deadline stays at consent + 14 days. */
export type DeadlineKind = 'rolling' | 'fixed';

/** One consent: everything a refresh inherits. */
export interface Grant {
  readonly mallId: string;
  readonly clientId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  /** Where the deadline stays under `fixed`: the consent + 14 days. */
  readonly consentDeadlineAt: number;
}

export interface AuthorizationCode {
  readonly code: string;
  /** The mall whose consent page was opened; with `other-mall` it differs from the grant's. */
  readonly askedMallId: string;
  readonly grant: Grant;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly issuedAt: number;
  used: boolean;
}

/** Why a token is dead although its time has not come. */
export type Death = 'rotated' | 'revoked' | 'secret_changed' | 'evicted';

export interface AccessToken {
  readonly value: string;
  readonly grant: Grant;
  readonly pairedRefreshToken: string;
  readonly expiresAt: number;
  death: Death | null;
}

export interface RefreshToken {
  readonly value: string;
  readonly grant: Grant;
  /** The deadline the answers state. */
  readonly statedDeadlineAt: number;
  /** When it really stops working; later than stated only where a test wants it so. */
  readonly diesAt: number;
  death: Death | null;
}

/** A validated request that waits on the consent page. */
export interface PendingConsent {
  readonly mallId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly scopes: readonly string[];
  readonly codeChallenge: string | null;
}

export interface Revocation {
  readonly at: number;
  readonly mallId: string;
  readonly clientId: string;
  readonly token: string;
  readonly hint: 'access_token' | 'refresh_token';
  /** Whether it took a living token away; an unknown or a dead one gets the same answer. */
  readonly applied: boolean;
}

/** Everything Cafe24 remembers. The functions that change it take `now`; nothing here reads a clock. */
export interface Cafe24State {
  readonly clients: Map<string, SimulatorClient>;
  readonly malls: Map<string, SimulatorMall>;
  readonly uninstalledMalls: Set<string>;
  readonly pendingConsents: Map<string, PendingConsent>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly refreshTokens: Map<string, RefreshToken>;
  /** Times of the counted token requests, by app and mall. */
  readonly tokenRequestTimes: Map<string, readonly number[]>;
  /** What was asked to be revoked by somebody with the right secret, oldest first. */
  readonly revocations: Revocation[];
  /** Fill of the Admin API's leaky bucket, by app and mall. */
  readonly adminBuckets: Map<string, { readonly fill: number; readonly at: number }>;
  deadlineKind: DeadlineKind;
}

/** A token set as it was issued. All times are epoch ms, on whole seconds as in every measured answer. */
export interface IssuedSet {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly refreshTokenExpiresAt: number;
  readonly mallId: string;
  readonly clientId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
}

export interface MintOverrides {
  readonly expiresAt?: number | undefined;
  readonly refreshTokenExpiresAt?: number | undefined;
  /** When the refresh token really dies, where that is not at its stated deadline. */
  readonly diesAt?: number | undefined;
}

export function createCafe24State(options: {
  readonly clients: readonly SimulatorClient[];
  readonly malls: readonly SimulatorMall[];
  readonly deadlineKind: DeadlineKind;
}): Cafe24State {
  return {
    clients: new Map(options.clients.map((client) => [client.clientId, client])),
    malls: new Map(options.malls.map((mall) => [mall.mallId, mall])),
    uninstalledMalls: new Set(),
    pendingConsents: new Map(),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    tokenRequestTimes: new Map(),
    revocations: [],
    adminBuckets: new Map(),
    deadlineKind: options.deadlineKind,
  };
}

/** 22 opaque characters, the form of every token and code that was measured. */
export function opaqueToken(): string {
  return randomBytes(16).toString('base64url');
}

/** Issues a new pair for a grant. A 16th live access token of the mall evicts the oldest. */
export function mintSet(
  state: Cafe24State,
  grant: Grant,
  now: number,
  overrides: MintOverrides = {},
): IssuedSet {
  const issuedAt = wholeSecond(now);
  const policyDeadlineAt =
    state.deadlineKind === 'rolling' ? issuedAt + REFRESH_TOKEN_LIFE_MS : grant.consentDeadlineAt;
  const statedDeadlineAt = overrides.refreshTokenExpiresAt ?? policyDeadlineAt;
  const refreshToken: RefreshToken = {
    value: opaqueToken(),
    grant,
    statedDeadlineAt,
    diesAt: overrides.diesAt ?? statedDeadlineAt,
    death: null,
  };
  state.refreshTokens.set(refreshToken.value, refreshToken);
  return mintAccessToken(state, refreshToken, now, overrides.expiresAt);
}

/** Issues an access token beside a refresh token that stays as it is. */
export function mintAccessToken(
  state: Cafe24State,
  refreshToken: RefreshToken,
  now: number,
  expiresAt?: number,
): IssuedSet {
  const { grant } = refreshToken;
  const issuedAt = wholeSecond(now);
  const accessToken: AccessToken = {
    value: opaqueToken(),
    grant,
    pairedRefreshToken: refreshToken.value,
    expiresAt: expiresAt ?? issuedAt + ACCESS_TOKEN_LIFE_MS,
    death: null,
  };
  state.accessTokens.set(accessToken.value, accessToken);
  evictOldest(state, grant.mallId, now);
  return {
    accessToken: accessToken.value,
    refreshToken: refreshToken.value,
    issuedAt,
    expiresAt: accessToken.expiresAt,
    refreshTokenExpiresAt: refreshToken.statedDeadlineAt,
    mallId: grant.mallId,
    clientId: grant.clientId,
    userId: grant.userId,
    scopes: grant.scopes,
  };
}

/** Re-issues the client secret, which kills every token of the app at once. */
export function changeSecret(state: Cafe24State, clientId: string, newSecret: string): void {
  const client = state.clients.get(clientId);
  if (client === undefined) throw new Error(`no client ${clientId}`);
  state.clients.set(clientId, { ...client, clientSecret: newSecret });
  for (const token of [...state.accessTokens.values(), ...state.refreshTokens.values()]) {
    if (token.grant.clientId === clientId) token.death ??= 'secret_changed';
  }
}

export function isLive(token: AccessToken | RefreshToken, now: number): boolean {
  return token.death === null && now < ('diesAt' in token ? token.diesAt : token.expiresAt);
}

function evictOldest(state: Cafe24State, mallId: string, now: number): void {
  const live = [...state.accessTokens.values()].filter((t) => t.grant.mallId === mallId && isLive(t, now));
  for (const token of live.slice(0, Math.max(0, live.length - MAX_LIVE_ACCESS_TOKENS)))
    token.death = 'evicted';
}

/** The deadline a consent at `now` starts with, whatever refreshes make of it later. */
export function consentDeadline(now: number): number {
  return wholeSecond(now) + REFRESH_TOKEN_LIFE_MS;
}

/** Every measured time ends in `.000`: the platform counts in whole seconds. */
function wholeSecond(at: number): number {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}
