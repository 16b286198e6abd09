import { describe, expect, it } from 'vitest';
import { changeOfEnv } from '../../../electron/core/env-import.ts';
import { changeOfChannels, changeOfShop, changeOfStore } from '../../../electron/core/settings-change.ts';
import { layerOf } from '../../../shared/configuration-layers.ts';
import type { ChannelsForm, ShopForm } from '../../../shared/settings-forms.ts';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from '../../../shared/settings-schema.ts';

const NOWHERE = { sources: {}, mallSources: {} };
const SECRET = 'AbCdEfGh12345678';

const shopForm = (change: Partial<ShopForm> = {}): ShopForm => ({
  mall: 'myshop',
  clientId: 'client',
  clientSecret: SECRET,
  redirectUri: 'https://www.example.com/cafe24/',
  scopes: 'mall.read_product',
  pkce: false,
  ...change,
});
const channelsForm = (change: Partial<ChannelsForm> = {}): ChannelsForm => ({
  slackWebhookUrl: null,
  smtpUrl: null,
  alertEmailFrom: '',
  alertEmailTo: '',
  heartbeatUrl: null,
  ...change,
});
const after = (now: Settings, { sections }: { sections: Partial<Settings> }): Settings => ({
  ...now,
  ...sections,
});
const withShop = after(DEFAULT_SETTINGS, changeOfShop(DEFAULT_SETTINGS, shopForm(), NOWHERE));

describe('a shop that is saved', () => {
  it('keeps its secret in the vault, and in settings.json the name of it alone', () => {
    const change = changeOfShop(DEFAULT_SETTINGS, shopForm(), NOWHERE);
    expect(change.secrets).toEqual([['client-secret/myshop', SECRET]]);
    expect(JSON.stringify(change.sections)).not.toContain(SECRET);
    expect(change.sections.malls).toMatchObject([
      { mall: 'myshop', clientId: 'client', clientSecret: { keyring: 'client-secret/myshop' } },
    ]);
    expect(parseSettings(JSON.stringify(withShop)).damaged).toBe(false);
  });

  it('keeps the secret it had when none was typed, and loses it when it was emptied', () => {
    const kept = changeOfShop(withShop, shopForm({ clientSecret: null }), NOWHERE);
    expect([kept.secrets, kept.sections.malls?.[0]?.clientSecret]).toEqual([
      [],
      { keyring: 'client-secret/myshop' },
    ]);
    const emptied = changeOfShop(withShop, shopForm({ clientSecret: '' }), NOWHERE);
    expect([emptied.secrets, emptied.sections.malls?.[0]?.clientSecret]).toEqual([
      [['client-secret/myshop', '']],
      null,
    ]);
  });

  it('stays in its place among others, and keeps what the form does not know', () => {
    const paused: Settings = {
      ...withShop,
      malls: withShop.malls.map((mall) => ({ ...mall, paused: true })),
    };
    const two = after(paused, changeOfShop(paused, shopForm({ mall: 'second' }), NOWHERE));
    const again = changeOfShop(two, shopForm({ clientId: 'other' }), NOWHERE);
    expect(again.sections.malls).toMatchObject([
      { mall: 'myshop', clientId: 'other', paused: true },
      { mall: 'second', paused: false },
    ]);
  });

  it('leaves alone what comes from the environment', () => {
    const sources = {
      sources: {},
      mallSources: { myshop: { CAFE24_CLIENT_ID: 'environment', CAFE24_CLIENT_SECRET: 'environment' } },
    } as const;
    const change = changeOfShop(DEFAULT_SETTINGS, shopForm(), sources);
    expect(change.secrets).toEqual([]);
    expect(change.sections.malls).toMatchObject([
      { clientId: null, clientSecret: null, redirectUri: 'https://www.example.com/cafe24/' },
    ]);
  });

  it.each([
    [{ redirectUri: 'http://www.example.com/' }, 'config.redirect_uri_http', 'CAFE24_REDIRECT_URI'],
    [{ redirectUri: 'http://localhost:17424/cb' }, 'config.redirect_uri_http', 'CAFE24_REDIRECT_URI'],
    [{ clientId: 'a b' }, 'config.invalid_value', 'CAFE24_CLIENT_ID'],
    [{ clientSecret: 'a b' }, 'config.invalid_value', 'CAFE24_CLIENT_SECRET'],
    [{ scopes: 'everything' }, 'config.invalid_value', 'CAFE24_SCOPES'],
  ])('is refused whole where a value is wrong: %o', (wrong, code, name) => {
    const change = changeOfShop(DEFAULT_SETTINGS, shopForm(wrong), NOWHERE);
    expect(change).toEqual({ refused: { code, params: { name } }, sections: {}, secrets: [] });
  });
});

it('takes a redirect URI of this machine where CAFE24_API_ORIGIN names a simulator', () => {
  const redirectUri = 'http://localhost:17424/cb';
  const atSimulator = { sources: { CAFE24_API_ORIGIN: 'environment' }, mallSources: {} } as const;
  const change = changeOfShop(DEFAULT_SETTINGS, shopForm({ redirectUri }), atSimulator);
  expect(change.sections.malls).toMatchObject([{ redirectUri }]);
});

describe('the store that is saved', () => {
  it('keeps the password of its URL apart from it', () => {
    const form = { kind: 'redis', url: 'rediss://user:p%40ss@redis.example.com', password: null } as const;
    const change = changeOfStore(DEFAULT_SETTINGS, form, NOWHERE);
    expect(change.secrets).toEqual([['redis-password', 'p@ss']]);
    expect(change.sections.store).toEqual({
      kind: 'redis',
      url: 'rediss://user@redis.example.com:6379/0',
      password: { keyring: 'redis-password' },
    });
  });

  it('forgets the password when tokens move to this PC', () => {
    const redis = after(
      DEFAULT_SETTINGS,
      changeOfStore(DEFAULT_SETTINGS, { kind: 'redis', url: 'redis://h', password: 'secret' }, NOWHERE),
    );
    const change = changeOfStore(redis, { kind: 'local' }, NOWHERE);
    expect(change).toMatchObject({
      secrets: [['redis-password', '']],
      sections: { store: { kind: 'local' } },
    });
  });

  it('is not changed while the environment names one', () => {
    const sources = { sources: { KV_REDIS_URL: 'environment' }, mallSources: {} } as const;
    expect(changeOfStore(DEFAULT_SETTINGS, { kind: 'local' }, sources).sections).toEqual({});
  });

  it('is refused where it is no address', () => {
    const form = { kind: 'redis', url: 'https://redis.example.com', password: null } as const;
    expect(changeOfStore(DEFAULT_SETTINGS, form, NOWHERE).refused?.code).toBe('config.invalid_value');
  });
});

describe('channels that are saved', () => {
  it('keep webhook and mail server as the secrets they are', () => {
    const change = changeOfChannels(
      DEFAULT_SETTINGS,
      channelsForm({
        slackWebhookUrl: 'https://hooks.slack.com/services/x',
        smtpUrl: 'smtps://owner:pass@mail.example.com',
        alertEmailTo: 'owner@example.com',
      }),
      NOWHERE,
    );
    expect(change.secrets.map(([name]) => name)).toEqual(['slack-webhook-url', 'smtp-url']);
    expect(JSON.stringify(change.sections)).not.toMatch(/hooks\.slack|pass/);
    expect(change.sections.channels?.alertEmailTo).toBe('owner@example.com');
  });
});

describe('a .env that is dropped', () => {
  const importOf = (
    variables: Record<string, string>,
    now: Settings = DEFAULT_SETTINGS,
    sources: Parameters<typeof changeOfEnv>[1] = NOWHERE,
  ) => {
    const { changeOf, imported } = changeOfEnv(layerOf('data-folder-env', variables), sources);
    const change = changeOf(now);
    return { imported, change, settings: after(now, change) };
  };

  it('is taken over value by value, secrets to the vault', () => {
    const { imported, change, settings } = importOf({
      CAFE24_MALL_ID: 'myshop',
      CAFE24_CLIENT_ID: 'client',
      CAFE24_CLIENT_SECRET: SECRET,
      CAFE24_REDIRECT_URI: 'https://www.example.com/cafe24/',
      KV_REDIS_URL: 'redis://:pass@127.0.0.1:6379/1',
      ALERT_EMAIL_TO: 'owner@example.com',
      PATH: '/bin',
    });
    expect(imported).toEqual({
      mall: 'myshop',
      names: [
        'CAFE24_MALL_ID',
        'CAFE24_CLIENT_ID',
        'CAFE24_CLIENT_SECRET',
        'CAFE24_REDIRECT_URI',
        'KV_REDIS_URL',
        'ALERT_EMAIL_TO',
      ],
      refused: [],
    });
    expect(settings.malls).toMatchObject([
      { mall: 'myshop', clientId: 'client', redirectUri: 'https://www.example.com/cafe24/' },
    ]);
    expect(settings.store).toMatchObject({ kind: 'redis', url: 'redis://127.0.0.1:6379/1' });
    expect(settings.channels.alertEmailTo).toBe('owner@example.com');
    expect(change.secrets).toEqual([
      ['client-secret/myshop', SECRET],
      ['redis-password', 'pass'],
    ]);
    expect(JSON.stringify([imported, settings])).not.toContain(SECRET);
  });

  it('names what is wrong and takes the rest', () => {
    const { imported, settings } = importOf({
      CAFE24_MALL_ID: 'myshop',
      CAFE24_CLIENT_ID: 'client',
      CAFE24_REDIRECT_URI: 'http://www.example.com/',
      CAFE24_PKCE: 'yes',
      CAFE24_REFRESH_TOKEN: 'AbCd',
    });
    expect(imported.names).toEqual(['CAFE24_MALL_ID', 'CAFE24_CLIENT_ID']);
    expect(imported.refused).toEqual([
      { name: 'CAFE24_REFRESH_TOKEN', code: 'config.token_in_env' },
      { name: 'CAFE24_REDIRECT_URI', code: 'config.redirect_uri_http' },
      { name: 'CAFE24_PKCE', code: 'config.invalid_value' },
    ]);
    expect(settings.malls).toMatchObject([{ clientId: 'client', redirectUri: null }]);
  });

  it.each([
    ['1', true],
    ['0', false],
  ])('takes CAFE24_PKCE=%s', (text, pkce) => {
    const { settings } = importOf({ CAFE24_MALL_ID: 'myshop', CAFE24_PKCE: text });
    expect(settings.malls).toMatchObject([{ pkce }]);
  });

  it('says of what the environment sets that it was not taken', () => {
    const { imported, settings } = importOf(
      {
        CAFE24_MALL_ID: 'myshop',
        CAFE24_CLIENT_ID: 'other',
        CAFE24_SCOPES: 'mall.read_order',
        KV_REDIS_URL: 'redis://127.0.0.1:6379/1',
        ALERT_EMAIL_TO: 'owner@example.com',
      },
      DEFAULT_SETTINGS,
      {
        sources: { KV_REDIS_URL: 'environment', ALERT_EMAIL_TO: 'settings' },
        mallSources: { myshop: { CAFE24_MALL_ID: 'environment', CAFE24_CLIENT_ID: 'environment' } },
      },
    );
    expect(imported.names).toEqual(['CAFE24_SCOPES', 'ALERT_EMAIL_TO']);
    expect(imported.refused).toEqual(
      ['CAFE24_MALL_ID', 'CAFE24_CLIENT_ID', 'KV_REDIS_URL'].map((name) => ({
        name,
        code: 'config.set_elsewhere',
      })),
    );
    expect(settings.malls).toMatchObject([{ mall: 'myshop', clientId: null, scopes: 'mall.read_order' }]);
    expect(settings.store).toEqual(DEFAULT_SETTINGS.store);
  });

  it('changes nothing of what it does not name', () => {
    const { settings } = importOf({ CAFE24_MALL_ID: 'myshop', CAFE24_CLIENT_ID: 'other' }, withShop);
    expect(settings.malls[0]).toEqual({ ...withShop.malls[0], clientId: 'other' });
    expect(settings.store).toEqual(withShop.store);
  });

  it('without a shop’s id gives no shop its values', () => {
    const { imported } = importOf({ CAFE24_CLIENT_ID: 'client' });
    expect(imported).toEqual({ mall: null, names: [], refused: [] });
  });
});
