import { describe, expect, it } from 'vitest';
import { parseIntent } from '../../../shared/intent-schema.ts';

const shop = { mall: 'a', clientId: '', clientSecret: null, redirectUri: '', scopes: '', pkce: false };
const redis = { kind: 'redis', url: 'redis://h', password: null };
const channels = {
  slackWebhookUrl: null,
  smtpUrl: '',
  alertEmailFrom: '',
  alertEmailTo: '',
  heartbeatUrl: null,
};

describe('intents about settings', () => {
  it.each([
    [{ do: 'save-shop', shop }],
    [{ do: 'rename-shop', mall: 'mystop', shop }],
    [{ do: 'set-paused', mall: 'a', on: true }],
    [{ do: 'remove-shop', mall: 'a' }],
    [{ do: 'save-store', store: redis }],
    [{ do: 'save-store', store: { kind: 'local' } }],
    [{ do: 'save-channels', channels }],
    [{ do: 'import-env', text: 'A=1' }],
    [{ do: 'try-store', store: redis, mall: null }],
    [{ do: 'try-redirect', uri: 'https://example.com' }],
    [{ do: 'test-warning', mall: 'a', channel: 'os' }],
    [{ do: 'save-relay-page' }],
    [{ do: 'set-locale', locale: null }],
    [{ do: 'set-start-at-login', on: true }],
  ])('are read as they are: %o', (intent) => {
    expect(parseIntent(intent)).toEqual(intent);
  });

  it.each([
    ['a mall that is a path', { do: 'save-shop', shop: { ...shop, mall: '../keys' } }],
    ['a mall of the prototype', { do: 'save-shop', shop: { ...shop, mall: '__proto__' } }],
    ['a removal of a path', { do: 'remove-shop', mall: '../store' }],
    ['a pause that is neither on nor off', { do: 'set-paused', mall: 'a' }],
    ['a field more', { do: 'save-shop', shop: { ...shop, paused: true } }],
    ['a field less', { do: 'save-shop', shop: { mall: 'a' } }],
    ['a store of another kind', { do: 'save-store', store: { kind: 'unknown' } }],
    ['a local store with an address', { do: 'save-store', store: { ...redis, kind: 'local' } }],
    ['a text without end', { do: 'try-redirect', uri: 'x'.repeat(5000) }],
    ['a file without end', { do: 'import-env', text: 'x'.repeat(70_000) }],
    ['a path instead of a text', { do: 'import-env', path: '/etc/passwd' }],
    ['a channel that is none', { do: 'test-warning', mall: 'a', channel: 'constructor' }],
    ['a switch that is a text', { do: 'set-start-at-login', on: 'yes' }],
    ['a page to a place of the window’s choice', { do: 'save-relay-page', path: '/etc' }],
    ['a secret that is an object', { do: 'save-channels', channels: { ...channels, smtpUrl: {} } }],
    ['a locale that is none', { do: 'set-locale', locale: 'de' }],
  ])('are refused: %s', (_what, junk) => {
    expect(parseIntent(junk)).toBeNull();
  });
});
