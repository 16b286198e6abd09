/** Snapshots as main would push them, for every state a window can be in. */
import { type HistoryEntry, pastOf } from '../../../shared/history.ts';
import type { StoreTrial } from '../../../shared/settings-forms.ts';
import type {
  SettingsSnapshot,
  ShopSettings,
  ShownValue,
  StoreSettings,
} from '../../../shared/settings-snapshot.ts';
import type { MallSnapshot, Snapshot } from '../../../shared/snapshot.ts';

export const NOW = Date.parse('2026-11-22T11:43:52+09:00');
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const SCOPES = ['mall.read_product', 'mall.write_product'];

/** Refreshes every hour from `fromAt` to `toAt`, without those in the gap. */
function hourly(fromAt: number, toAt: number, gap?: readonly [number, number]): readonly number[] {
  const all: number[] = [];
  for (let at = fromAt; at <= toAt; at += HOUR) {
    if (gap === undefined || at < gap[0] || at > gap[1]) all.push(at);
  }
  return all;
}

/** A healthy shop with rolling deadlines; the rest is what differs. */
export function mallOf(differing: Partial<MallSnapshot> = {}): MallSnapshot {
  const lastRefreshAt = NOW - 12 * MINUTE;
  return {
    mall: 'myshop',
    paused: false,
    state: 'HEALTHY',
    reason: null,
    reasonParams: {},
    since: NOW - 6 * DAY,
    deadlineAt: lastRefreshAt + 14 * DAY,
    deadlineSource: 'server',
    deadlineKind: 'rolling',
    issuedAt: lastRefreshAt,
    accessExpiresAt: lastRefreshAt + 2 * HOUR,
    lastRefreshAt,
    nextRefreshAt: lastRefreshAt + HOUR,
    refreshes: hourly(NOW - 13 * DAY, lastRefreshAt),
    past: [],
    historyRevision: 1,
    store: {
      kind: 'redis',
      place: 'redis://127.0.0.1:6379/0',
      reachable: true,
      latencyMs: 2,
      checkedAt: NOW - 20 * SECOND,
    },
    scopes: SCOPES,
    scopesAsked: SCOPES,
    userId: 'owner',
    notices: [],
    flow: { phase: 'idle', last: null },
    busy: null,
    lastAction: null,
    cannotReauthorize: null,
    ...differing,
  };
}

/** A value typed into Settings, or none. */
export function typed(text: string | null): ShownValue {
  return { from: text === null ? 'default' : 'settings', text, isSet: text !== null };
}

/** A secret that is kept. */
export const KEPT_SECRET: ShownValue = { from: 'settings', text: null, isSet: true };

export function shopSettingsOf(mall: string, differing: Partial<ShopSettings> = {}): ShopSettings {
  return {
    mall,
    from: 'settings',
    clientId: typed('AbCdEfGh12345678'),
    clientSecret: KEPT_SECRET,
    redirectUri: typed('https://www.example.com/cafe24/'),
    scopes: typed('mall.read_product,mall.write_product'),
    pkce: typed('0'),
    isPaused: false,
    ...differing,
  };
}

export function settingsOf(
  malls: readonly string[] = ['myshop'],
  differing: Partial<SettingsSnapshot> = {},
): SettingsSnapshot {
  return {
    dataFolder: '/home/owner/.config/cafe24-token-keeper',
    areSecretsKept: true,
    locale: null,
    startsAtLogin: false,
    shops: malls.map((mall) => shopSettingsOf(mall)),
    store: { kind: 'redis', url: typed('redis://127.0.0.1:6379/0'), password: typed(null) },
    channels: {
      slackWebhookUrl: KEPT_SECRET,
      smtpUrl: typed(null),
      alertEmailFrom: typed(null),
      alertEmailTo: typed(null),
      heartbeatUrl: typed(null),
    },
    ...differing,
  };
}

export const LOCAL_STORE: StoreSettings = { kind: 'local', url: typed(null), password: typed(null) };

export const storeTrial: StoreTrial = {
  version: '7.0.15',
  persistence: 'none',
  evictionPolicy: 'allkeys-lru',
  tls: false,
  latencyMs: 1.4,
  tokens: 'set',
};

function fromEnvironment(text: string | null): ShownValue {
  return { from: 'data-folder-env', text, isSet: true };
}

export const settingsOfEnvironment: SettingsSnapshot = settingsOf(['myshop'], {
  shops: [
    shopSettingsOf('myshop', {
      from: 'data-folder-env',
      clientId: fromEnvironment('AbCdEfGh12345678'),
      clientSecret: fromEnvironment(null),
      redirectUri: fromEnvironment('https://www.example.com/cafe24/'),
    }),
  ],
  store: {
    kind: 'redis',
    url: { from: 'environment', text: 'rediss://redis.example.com:6379/0', isSet: true },
    password: { from: 'environment', text: null, isSet: true },
  },
});

export function snapshotOf(
  malls: readonly MallSnapshot[] = [mallOf()],
  differing: Partial<Snapshot> = {},
): Snapshot {
  return {
    revision: 7,
    at: NOW,
    clock: { verified: true, skewMs: 0 },
    simulator: false,
    locale: 'ko',
    version: '0.1.0',
    malls,
    notices: [],
    settings: settingsOf(malls.map(({ mall }) => mall)),
    ...differing,
  };
}

const fixedDeadline = NOW + 2 * DAY + 8 * HOUR + 5 * MINUTE + 44 * SECOND;
const withFixedDeadline = {
  deadlineKind: 'fixed',
  deadlineAt: fixedDeadline,
  refreshes: hourly(fixedDeadline - 14 * DAY, NOW, [NOW - 6 * DAY, NOW - 4 * DAY]),
} as const;

export const expiring = mallOf({ ...withFixedDeadline, state: 'EXPIRING', reason: 'grant.expiring' });

export const critical = mallOf({
  ...withFixedDeadline,
  state: 'CRITICAL',
  reason: 'grant.critical',
  deadlineAt: NOW + 19 * HOUR + 12 * MINUTE,
});

export const expired = mallOf({
  state: 'NEEDS_REAUTH',
  reason: 'grant.expired',
  since: NOW - 31 * MINUTE,
  deadlineKind: 'fixed',
  deadlineAt: NOW - 31 * MINUTE,
  refreshes: hourly(NOW - 14 * DAY, NOW - 2 * HOUR, [NOW - 9 * DAY, NOW - 8 * DAY]),
  accessExpiresAt: NOW + 38 * MINUTE,
  nextRefreshAt: null,
});

export const unconfirmed = mallOf({
  state: 'UNCONFIRMED',
  reason: 'answer.unconfirmed',
  reasonParams: { host: 'shop-pc', retryAt: NOW + 9 * MINUTE },
  nextRefreshAt: NOW + 9 * MINUTE,
});

export const blocked = mallOf({ state: 'BLOCKED', reason: 'client.secret_wrong', nextRefreshAt: NOW + DAY });

export const neverConnected = mallOf({
  state: 'NEEDS_REAUTH',
  reason: 'never_connected',
  since: null,
  deadlineAt: null,
  deadlineSource: null,
  deadlineKind: 'unknown',
  issuedAt: null,
  accessExpiresAt: null,
  lastRefreshAt: null,
  nextRefreshAt: null,
  refreshes: [],
  scopes: [],
  userId: null,
});

export const unseen = mallOf({
  ...neverConnected,
  store: {
    kind: 'redis',
    place: 'redis://127.0.0.1:6379/0',
    reachable: null,
    latencyMs: null,
    checkedAt: null,
  },
});

export const storeDown = mallOf({
  store: {
    kind: 'redis',
    place: 'redis://10.0.0.7:6379/0',
    reachable: false,
    latencyMs: null,
    checkedAt: NOW - 4 * SECOND,
  },
  notices: [{ code: 'store.unreachable', params: { place: 'redis://10.0.0.7:6379/0' }, tone: 'warn' }],
});

export const waiting = mallOf({
  ...expired,
  flow: {
    phase: 'waiting',
    startedAt: NOW - 21 * SECOND,
    endsAt: NOW + 279 * SECOND,
    pasteOnly: false,
    hint: null,
  },
});

export const waitingWithHint = mallOf({
  ...expired,
  flow: {
    phase: 'waiting',
    startedAt: NOW - 90 * SECOND,
    endsAt: NOW + 210 * SECOND,
    pasteOnly: true,
    hint: { code: 'consent.state_mismatch', params: {}, at: NOW - 10 * SECOND },
  },
});

export const exchanging = mallOf({ ...expired, flow: { phase: 'exchanging', startedAt: NOW - SECOND } });

export const denied = mallOf({
  ...expired,
  flow: { phase: 'idle', last: { code: 'consent.denied', params: {}, at: NOW - 5 * SECOND } },
});

export const connected = mallOf({
  flow: { phase: 'idle', last: { code: 'consent.connected', params: {}, at: NOW - 5 * SECOND } },
});

export const tested = mallOf({
  lastAction: { action: 'test', code: 'test.ok', params: {}, at: NOW - 3 * SECOND },
});

export const disconnected = mallOf({
  state: 'NEEDS_REAUTH',
  reason: 'disconnected',
  deadlineAt: null,
  deadlineSource: null,
  issuedAt: null,
  accessExpiresAt: null,
  lastRefreshAt: null,
  nextRefreshAt: null,
  refreshes: [],
  scopes: [],
  userId: null,
});

const here = { isHere: true, host: null };
const connectedAt = NOW - 12 * DAY - 2 * HOUR;
const offAt = [NOW - 6 * DAY - 3 * HOUR, NOW - 4 * DAY - 3 * HOUR] as const;

/** Two weeks of a shop, with all that may happen in them. */
export const history: readonly HistoryEntry[] = [
  { kind: 'state', at: connectedAt - HOUR, state: 'NEEDS_REAUTH', reason: 'never_connected' },
  { kind: 'connected', at: connectedAt, by: here, account: 'owner' },
  { kind: 'state', at: connectedAt, state: 'HEALTHY', reason: null },
  ...hourly(connectedAt + HOUR, NOW - 12 * MINUTE, offAt).map(
    (at): HistoryEntry => ({ kind: 'refreshed', at, by: here }),
  ),
  { kind: 'gap', at: offAt[0], until: offAt[1] },
  { kind: 'refreshed', at: NOW - 5 * DAY, by: { isHere: false, host: 'shop-server' } },
  { kind: 'failed', at: NOW - 2 * DAY, code: 'answer.unconfirmed', by: here },
  { kind: 'state', at: NOW - 2 * DAY, state: 'UNCONFIRMED', reason: 'answer.unconfirmed' },
  { kind: 'warned', at: NOW - 2 * DAY, stage: 'UNCONFIRMED', channel: 'os' },
  {
    kind: 'warning_failed',
    at: NOW - 2 * DAY + 30 * MINUTE,
    stage: 'UNCONFIRMED',
    channel: 'slack',
    code: 'channel.unreachable',
  },
  { kind: 'adopted', at: NOW - 2 * DAY + HOUR },
  { kind: 'state', at: NOW - 2 * DAY + HOUR, state: 'HEALTHY', reason: null },
  { kind: 'failed', at: NOW - 7 * HOUR, code: 'network.dns', by: here },
];

const { refreshes, marks } = pastOf(history, NOW - 14 * DAY);
export const withPast = mallOf({ refreshes, past: marks });

export const diagnostics = `== Cafe24 Token Keeper
version   0.1.0
target    Cafe24
at        2026-11-22T02:43:52.000Z
clock     verified, host ahead by 12 ms

== system
Electron  45.0.0 (Chrome 150.0.0.0, Node 24.1.0)
platform  win32 10.0.26100 x64
${'keyring   win32, available\n'.repeat(30)}`;
