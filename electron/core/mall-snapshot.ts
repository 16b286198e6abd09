/** What the window and the command line may know of a mall: the keeper's view without any token, secret or hash. */
import type { Code } from '../../shared/codes.ts';
import type { MallConfiguration } from '../../shared/configuration.ts';
import { accessUsableUntil } from '../../shared/due.ts';
import { pastOf } from '../../shared/history.ts';
import { recordedStateOf } from '../../shared/meta.ts';
import { nextPresentation } from '../../shared/presentation.ts';
import type { ActionResult, FlowSnapshot, MallSnapshot, Notice, Params } from '../../shared/snapshot.ts';
import { REFRESH_TOKEN_LIFE_MS } from '../../shared/token-set.ts';
import type { Historian } from './historian.ts';
import type { KeeperView } from './keeper.ts';
import type { JudgedAttempt } from './knowledge.ts';
import type { Sight } from './sight.ts';

export interface MallSources {
  readonly configuration: MallConfiguration;
  readonly view: KeeperView;
  readonly store: {
    readonly kind: 'redis' | 'local';
    readonly place: string;
    readonly warnings: readonly Code[];
  };
  readonly flow: FlowSnapshot;
  readonly cannotReauthorize: Code | null;
  /** What a person has set going here, beside a refresh. */
  readonly doing: 'testing' | 'disconnecting' | null;
  readonly history: Pick<Historian, 'entries' | 'revision'>;
  readonly lastAction: MallSnapshot['lastAction'];
  readonly now: number;
}

export type LastAction = ActionResult & { readonly action: 'refresh' | 'test' | 'disconnect' };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Failures before anything was sent are no alarm for this long (docs/keeper.md, 12): they pass by
 * themselves. A proxy that refuses, or TLS that is broken, does not; that is shown at once.
 */
const QUIET_MS = 10 * MINUTE_MS;

export function mallSnapshotOf(sources: MallSources): MallSnapshot {
  const { configuration, view, store, now } = sources;
  const { sight, state, set } = view;
  const past = pastOf(sources.history.entries(), now - REFRESH_TOKEN_LIFE_MS);
  return {
    mall: configuration.mall,
    paused: configuration.paused,
    // Until something was seen the face says "unknown", whatever stands here (shared/mall-face.ts).
    state: state?.state ?? 'NEEDS_REAUTH',
    reason: state?.reason ?? null,
    reasonParams: reasonParamsOf(sight),
    since: sight?.store.kind === 'up' ? (recordedStateOf(sight.store.view.meta)?.since ?? null) : null,
    deadlineAt: set?.refreshTokenExpiresAt ?? null,
    deadlineSource: set?.deadlineSource ?? null,
    deadlineKind: set?.deadlineKind ?? 'unknown',
    issuedAt: set?.issuedAt ?? null,
    // 0 is a time that is missing, or that no token can have.
    accessExpiresAt: (set && set.accessToken !== '' && accessUsableUntil(set, now)) || null,
    lastRefreshAt: set?.parent ? set.issuedAt : null,
    nextRefreshAt: set && state?.state !== 'NEEDS_REAUTH' ? view.plannedAt : null,
    refreshes: joined(past.refreshes, sight ? refreshesOf(sight.journal.attempts, now) : []),
    past: past.marks,
    historyRevision: sources.history.revision(),
    store: {
      kind: store.kind,
      place: store.place,
      reachable: sight && state ? sight.store.kind === 'up' : null,
      latencyMs: view.storeLatencyMs,
      checkedAt: state ? (sight?.now ?? null) : null,
    },
    scopes: set?.scopes ?? [],
    scopesAsked: configuration.scopes,
    userId: set?.userId ?? null,
    notices: noticesOf(sources),
    flow: sources.flow,
    busy: sources.doing ?? (view.isRefreshing ? 'refreshing' : null),
    lastAction: sources.lastAction,
    cannotReauthorize: sources.cannotReauthorize,
  };
}

/** What is known of the case for the sentences of the state's reason. */
export function reasonParamsOf(sight: Sight | null): Params {
  if (sight === null) return {};
  const { intent, newest } = sight;
  if (!intent || newest?.kind !== 'set') return {};
  const next = nextPresentation(intent, sight.observer, sight.client, newest.set.refreshTokenExpiresAt);
  return {
    ...(intent.lostHost === null ? {} : { host: intent.lostHost }),
    ...(next ? { retryAt: next.at } : {}),
  };
}

/** The same refresh is told twice: by when it was begun in the journal, by when it was issued in the history. */
const SAME_REFRESH_MS = MINUTE_MS;

function joined(told: readonly number[], journaled: readonly number[]): readonly number[] {
  const untold = journaled.filter((at) => !told.some((each) => Math.abs(each - at) < SAME_REFRESH_MS));
  return [...told, ...untold].sort((a, b) => a - b);
}

/** When this install's refreshes of the last 14 days were made. */
function refreshesOf(attempts: readonly JudgedAttempt[], now: number): readonly number[] {
  return attempts
    .filter(
      ({ attempt, verdict }) => attempt.kind === 'refresh' && (attempt.wiped || verdict?.kind === 'granted'),
    )
    .map(({ attempt }) => attempt.openedAt)
    .filter((at) => now - at < REFRESH_TOKEN_LIFE_MS);
}

function noticesOf(sources: MallSources): readonly Notice[] {
  const { view, store, now } = sources;
  const { sight } = view;
  const { paused } = sources.configuration;
  return [
    ...(paused ? [{ code: 'keeper.paused', params: {}, tone: 'info' } as const] : []),
    ...(sight ? storeNotices(sight) : []),
    ...(sight ? waitNotices(sight, view.waitsFor, now) : []),
    ...store.warnings.map((code): Notice => ({ code, params: {}, tone: 'warn' })),
    ...happenedNotices(view.happened, now),
    ...(sight ? setNotices(sight, sources.configuration) : []),
  ];
}

function storeNotices({ store, newest, journal }: Sight): readonly Notice[] {
  const notices: Notice[] = [];
  if (store.kind === 'down' && store.code !== 'store.locked')
    notices.push({ code: store.code, params: {}, tone: 'bad' });
  if (newest?.kind === 'disconnected' && !newest.fromStore)
    notices.push({ code: 'disconnect.not_shared', params: {}, tone: 'warn' });
  // Only what the store was never seen to hold is "not shared": the rest is remembered while it is away.
  const source = journal.attempts.findLast(
    ({ set }) => newest?.kind === 'set' && set?.refreshTokenHash === newest.set.refreshTokenHash,
  );
  if (newest && !newest.fromStore && source?.attempt.settledAt === null) {
    notices.push({ code: 'store.not_shared', params: {}, tone: 'warn' });
  }
  return notices;
}

function waitNotices({ hold, intent, store }: Sight, waitsFor: Code | null, now: number): readonly Notice[] {
  // That it is paused is told whatever else is waited for.
  if (waitsFor === null || waitsFor === 'keeper.paused' || (store.kind === 'down' && waitsFor === store.code))
    return [];
  const params: Params =
    hold?.code === waitsFor ? { retryAt: hold.until } : intent?.retryAt ? { retryAt: intent.retryAt } : {};
  if (waitsFor.startsWith('network.')) {
    const isLasting = /^network\.(tls|proxy)/.test(waitsFor);
    return hold && (isLasting || now - hold.since > QUIET_MS)
      ? [{ code: waitsFor, params, tone: 'warn' }]
      : [];
  }
  // Reasons that are a state are told by the state.
  const isState = intent?.reason === waitsFor && intent.outcome !== 'limited';
  return isState ? [] : [{ code: waitsFor, params, tone: 'warn' }];
}

/** Things that happened are told for a day; what lasts (infinity) until it is gone. */
function happenedNotices(happened: ReadonlyMap<Code, number>, now: number): readonly Notice[] {
  return [...happened]
    .filter(([, at]) => now - at < DAY_MS)
    .map(([code]): Notice => ({ code, params: {}, tone: code === 'store.healed' ? 'info' : 'warn' }));
}

function setNotices({ newest, journal }: Sight, configuration: MallConfiguration): readonly Notice[] {
  if (newest?.kind !== 'set') return [];
  const { set } = newest;
  const missing = configuration.scopes.filter(
    (scope) => set.scopes.length > 0 && !set.scopes.includes(scope),
  );
  const last = journal.attempts.findLast(({ verdict }) => verdict?.kind === 'granted');
  const isNotRotated =
    last?.verdict?.kind === 'granted' &&
    !last.verdict.rotated &&
    last.set?.refreshTokenHash === set.refreshTokenHash;
  return [
    ...(missing.length > 0
      ? [{ code: 'grant.fewer_scopes', params: { missing: missing.join(', ') }, tone: 'warn' } as const]
      : []),
    ...(isNotRotated ? [{ code: 'answer.not_rotated', params: {}, tone: 'warn' } as const] : []),
  ];
}
