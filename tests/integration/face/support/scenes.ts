/** Every state a window can be in, by name: for the accessibility check and for pictures. */
import * as fixture from '../../../unit/face/fixtures.ts';
import type { Scene } from './stage.ts';

const { mallOf, snapshotOf } = fixture;

const tokenInEnvironment = {
  code: 'config.token_in_env',
  params: { name: 'CAFE24_ACCESS_TOKEN' },
  tone: 'warn',
} as const;

export const scenes: Readonly<Record<string, Scene>> = {
  healthy: { snapshot: snapshotOf() },
  'healthy-simulator': { snapshot: snapshotOf([fixture.tested], { simulator: true }) },
  expiring: { snapshot: snapshotOf([fixture.expiring]) },
  critical: { snapshot: snapshotOf([fixture.critical]) },
  'needs-reauth': { snapshot: snapshotOf([fixture.expired]) },
  unconfirmed: { snapshot: snapshotOf([fixture.unconfirmed]) },
  blocked: { snapshot: snapshotOf([fixture.blocked]) },
  'store-down': { snapshot: snapshotOf([fixture.storeDown], { notices: [tokenInEnvironment] }) },
  waiting: { snapshot: snapshotOf([fixture.waiting]) },
  'waiting-hint': { snapshot: snapshotOf([fixture.waitingWithHint]) },
  exchanging: { snapshot: snapshotOf([fixture.exchanging]) },
  denied: { snapshot: snapshotOf([fixture.denied]) },
  connected: { snapshot: snapshotOf([fixture.connected]) },
  'never-connected': { snapshot: snapshotOf([fixture.neverConnected], { simulator: true }) },
  'cannot-start': {
    snapshot: snapshotOf([mallOf({ ...fixture.neverConnected, cannotReauthorize: 'client.not_configured' })]),
  },
  unseen: { snapshot: snapshotOf([fixture.unseen]) },
  'not-configured': { snapshot: snapshotOf([], { notices: [tokenInEnvironment] }) },
  'three-shops': {
    snapshot: snapshotOf([
      { ...fixture.expired, mall: 'woori-mall' },
      { ...fixture.expiring, mall: 'hanbok' },
      mallOf(),
    ]),
  },
  narrow: { snapshot: snapshotOf([fixture.expired]), width: 360 },
  past: { snapshot: snapshotOf([fixture.withPast]) },
  disconnected: { snapshot: snapshotOf([fixture.disconnected]) },
  history: {
    snapshot: snapshotOf([fixture.withPast]),
    hash: '#history',
    replies: { history: { code: null, params: {}, history: fixture.history } },
  },
  'history-empty': { snapshot: snapshotOf(), hash: '#history' },
  settings: { snapshot: snapshotOf(), hash: '#settings' },
  diagnostics: {
    snapshot: snapshotOf(),
    hash: '#diagnostics',
    replies: { diagnostics: { code: null, params: {}, text: fixture.diagnostics } },
  },
};
