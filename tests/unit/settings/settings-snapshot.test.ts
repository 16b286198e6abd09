import { describe, expect, it } from 'vitest';
import { settingsSnapshotOf } from '../../../electron/core/settings-snapshot.ts';
import { layerOf } from '../../../shared/configuration-layers.ts';
import { readConfiguration } from '../../../shared/read-configuration.ts';
import { done } from '../../../shared/result.ts';
import { parseSettings } from '../../../shared/settings-schema.ts';

const CANARY = 'canary-4711-secret';

describe('the settings as the window sees them', () => {
  const { settings } = parseSettings(
    JSON.stringify({
      malls: [
        {
          mall: 'second',
          clientId: 'typed',
          clientSecret: { keyring: 'client-secret/second' },
          // Not right, and yet what the person must see to mend it.
          redirectUri: 'http://www.example.com/',
        },
      ],
      channels: { slackWebhookUrl: { keyring: 'slack-webhook-url' } },
    }),
  );
  const environment = layerOf('environment', {
    CAFE24_MALL_ID: 'myshop',
    CAFE24_CLIENT_ID: 'given',
    CAFE24_CLIENT_SECRET: CANARY,
    KV_REDIS_URL: `redis://user:${CANARY}@127.0.0.1:6379/2`,
    SMTP_URL: `smtps://owner:${CANARY}@mail.example.com`,
    ALERT_EMAIL_FROM: 'owner@example.com',
    ALERT_EMAIL_TO: 'owner@example.com',
  });
  const snapshot = settingsSnapshotOf({
    settings,
    configuration: readConfiguration({
      layers: [environment],
      settings,
      secrets: new Map([
        ['client-secret/second', done(CANARY)],
        ['slack-webhook-url', done(`https://hooks.slack.com/${CANARY}`)],
      ]),
      formerSecrets: { second: [`former-${CANARY}`] },
      problems: [],
    }),
    areSecretsKept: true,
    startsAtLogin: false,
    dataFolder: '/home/owner/data',
  });

  it('hold no secret, wherever it came from', () => {
    expect(JSON.stringify(snapshot)).not.toContain(CANARY);
    expect(snapshot.shops.map(({ clientSecret }) => clientSecret.isSet)).toEqual([true, true]);
    expect([snapshot.channels.slackWebhookUrl.isSet, snapshot.channels.smtpUrl.isSet]).toEqual([true, true]);
    expect(snapshot.store.password.isSet).toBe(true);
  });

  it('say where each value came from', () => {
    const [first, second] = snapshot.shops;
    expect([first?.clientId, first?.redirectUri]).toEqual([
      { from: 'environment', text: 'given', isSet: true },
      { from: 'default', text: null, isSet: false },
    ]);
    expect([second?.from, second?.clientId.from]).toEqual(['settings', 'settings']);
    expect(snapshot.store.url).toEqual({
      from: 'environment',
      text: 'redis://127.0.0.1:6379/2',
      isSet: true,
    });
    expect(snapshot.channels.alertEmailTo).toEqual({
      from: 'environment',
      text: 'owner@example.com',
      isSet: true,
    });
  });

  it('show what was typed although it is wrong', () => {
    expect(snapshot.shops[1]?.redirectUri.text).toBe('http://www.example.com/');
  });
});
