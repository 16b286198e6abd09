/** Every state a window can be in, by name: for the accessibility check and for pictures. */
import * as fixture from '../../../unit/face/fixtures.ts';
import { goTo, openSection } from './set-up-steps.ts';
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
  'setup-shop-wrong': {
    snapshot: snapshotOf([]),
    act: async (page) => {
      await page.locator('[name="mall"]').fill('https://myshop.cafe24.com/');
      await page.locator('[name="clientSecret"]').fill('Bearer abc');
    },
  },
  'setup-return': {
    snapshot: snapshotOf([]),
    replies: { 'try-redirect': { code: 'relay.missing', params: { status: 404 } } },
    act: async (page) => {
      await goTo(page, 'return');
      await page.locator('[name="redirectUri"]').fill('https://www.example.com/cafe24/');
      await page.locator('[data-do="try-redirect"]').click();
    },
  },
  'setup-scopes': { snapshot: snapshotOf([]), act: (page) => goTo(page, 'scopes') },
  'setup-store': {
    snapshot: snapshotOf([], { settings: fixture.settingsOf([], { store: fixture.LOCAL_STORE }) }),
    replies: { 'try-store': { code: null, params: {}, storeTrial: fixture.storeTrial } },
    act: async (page) => {
      await goTo(page, 'store');
      await page.locator('[value="redis"]').check();
      await page.locator('[name="redisUrl"]').fill('redis://127.0.0.1:6379/0');
      await page.locator('[data-do="try-store"]').click();
      await page.locator('.trial').waitFor();
    },
  },
  'setup-warnings': {
    snapshot: snapshotOf([]),
    replies: {
      'test-warning': { code: 'channel.slack_refused', params: { answer: '403 invalid_token' } },
    },
    act: async (page) => {
      await goTo(page, 'warnings');
      await page.locator('[data-do="test-warning"][data-channel="slack"]').click();
      await page.locator('[data-testid="test-slack"][data-code]').waitFor();
    },
  },
  'setup-connect': { snapshot: snapshotOf([]), act: (page) => goTo(page, 'connect') },
  'not-configured': { snapshot: snapshotOf([], { notices: [tokenInEnvironment] }) },
  'three-shops': {
    snapshot: snapshotOf([
      { ...fixture.expired, mall: 'woori-mall' },
      { ...fixture.expiring, mall: 'hanbok' },
      mallOf(),
    ]),
  },
  'paused-care': {
    snapshot: snapshotOf([mallOf({ paused: true, nextRefreshAt: null })]),
    act: async (page) => {
      await page.locator('[data-testid="care"] summary').click();
      await page.locator('[data-do="remove"]').click();
    },
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
  'settings-shop': {
    snapshot: snapshotOf(),
    hash: '#settings',
    act: (page) => openSection(page, 'shop-myshop'),
  },
  'settings-from-environment': {
    snapshot: snapshotOf([mallOf()], { settings: fixture.settingsOfEnvironment }),
    hash: '#settings',
    act: async (page) => {
      await openSection(page, 'shop-myshop');
      await openSection(page, 'store');
    },
  },
  'settings-channels': {
    snapshot: snapshotOf([mallOf()], {
      settings: fixture.settingsOf(['myshop'], { areSecretsKept: false }),
    }),
    hash: '#settings',
    act: (page) => openSection(page, 'channels'),
  },
  diagnostics: {
    snapshot: snapshotOf(),
    hash: '#diagnostics',
    replies: { diagnostics: { code: null, params: {}, text: fixture.diagnostics } },
  },
};
