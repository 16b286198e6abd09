/** Slack as a channel, against a stand-in with Slack's documented answers (docs/guarantees.md, rows 37 and 45). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSlackNotifier, type SlackOptions } from '../../../electron/adapters/slack.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { networkOf } from '../../support/networks.ts';
import { SLACK_REFUSALS, type SlackStandIn, startSlackStandIn } from '../../support/slack-standin.ts';
import { messageOf } from './message.ts';

let slack: SlackStandIn;
beforeAll(async () => {
  slack = await startSlackStandIn();
});
afterAll(() => slack?.stop());
afterEach(() => slack.always(null));

const notifier = (options: Partial<SlackOptions> = {}) =>
  createSlackNotifier({ webhookUrl: slack.webhookUrl, network: networkOf(), ...options });
const send = async (options: Partial<SlackOptions> = {}) => await notifier(options).send(messageOf());

describe('a message', () => {
  test('arrives with shop, D-day, deadline in Korean time and what to do', async () => {
    expect(await send()).toEqual({ ok: true, value: undefined });
    expect(slack.messages.at(-1)?.text).toBe(
      [
        '*myshop · D-3 · 인증이 3일 뒤 만료됩니다*',
        '만료 전에 다시 인증해 주십시오. 1분이면 됩니다.',
        '트레이 아이콘이나 앱 창의 다시 인증을 누르면 브라우저가 열립니다.',
        '',
        '• 쇼핑몰: myshop',
        '• 만료: 11월 25일 (수) 17:26 (한국 시간) · D-3',
        '• 보낸 시각: 11월 22일 (일) 09:00 (한국 시간)',
        '',
        '_Cafe24 Token Keeper가 자동으로 보낸 알림입니다._',
      ].join('\n'),
    );
  });

  test('cannot mention, link or call anybody: the three special characters are escaped', async () => {
    await notifier().send(messageOf({ mall: 'a&b<!channel><http://x|y>' }));
    const text = slack.messages.at(-1)?.text ?? '';
    expect(text).toContain('a&amp;b&lt;!channel&gt;&lt;http://x|y&gt;');
    expect(text).not.toMatch(/[<>]/);
  });

  test('is sent once, whatever comes of it', async () => {
    const before = slack.requests();
    slack.plan({ kind: 'refuse', word: 'rollup_error' });
    await send();
    expect(slack.requests() - before).toBe(1);
  });
});

describe('a refusal is told by its code, with the true answer', () => {
  test.each([
    ['invalid_payload', 'channel.slack_refused'],
    ['user_not_found', 'channel.slack_refused'],
    ['too_many_attachments', 'channel.slack_refused'],
    ['action_prohibited', 'channel.slack_refused'],
    ['posting_to_general_channel_denied', 'channel.slack_refused'],
    ['invalid_token', 'channel.slack_gone'],
    ['channel_not_found', 'channel.slack_gone'],
    ['no_service', 'channel.slack_gone'],
    ['no_team', 'channel.slack_gone'],
    ['channel_is_archived', 'channel.slack_gone'],
    ['rollup_error', 'channel.busy'],
  ] as const)('%s: %s', async (word, code) => {
    slack.plan({ kind: 'refuse', word });
    expect(await send()).toEqual({ ok: false, code, detail: `${SLACK_REFUSALS[word]} ${word}` });
  });

  test('a path that is not the webhook’s is a webhook that is gone', async () => {
    const webhookUrl = slack.webhookUrl.replace('canaryWebhookSecret00', 'anotherSecret000000');
    expect(await send({ webhookUrl })).toMatchObject({
      code: 'channel.slack_gone',
      detail: '404 no_service',
    });
  });

  test('a page that is no webhook says 200, and is not believed', async () => {
    slack.plan({ kind: 'answer', status: 200, body: '<html>\n  Sign in to Slack</html>' });
    expect(await send()).toMatchObject({
      code: 'channel.slack_refused',
      detail: '200 <html> Sign in to Slack</html>',
    });
  });

  test('a redirect is not followed', async () => {
    slack.plan({ kind: 'answer', status: 302, body: '', headers: { location: slack.webhookUrl } });
    const before = slack.requests();
    expect(await send()).toMatchObject({ code: 'channel.slack_refused' });
    expect(slack.requests() - before).toBe(1);
  });
});

describe('a rate limit', () => {
  const limit = (retryAfter?: string) =>
    slack.plan({
      kind: 'answer',
      status: 429,
      body: 'rate_limited',
      ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    });

  test('is told, and kept to without asking again until its time is over', async () => {
    let nowMs = 1000;
    const channel = notifier({ monotonicMs: () => nowMs });
    limit('30');
    expect(await channel.send(messageOf())).toEqual({
      ok: false,
      code: 'channel.rate_limited',
      detail: '429 (Retry-After 30 s) rate_limited',
    });
    const before = slack.requests();
    nowMs += 29_500;
    expect(await channel.send(messageOf())).toMatchObject({
      code: 'channel.rate_limited',
      detail: 'Retry-After, 1 s left',
    });
    expect(slack.requests()).toBe(before);
    nowMs += 500;
    expect(await channel.send(messageOf())).toMatchObject({ ok: true });
  });

  test('of more than an hour is not believed: silence would be worse', async () => {
    let nowMs = 0;
    const channel = notifier({ monotonicMs: () => nowMs });
    limit('86400');
    expect(await channel.send(messageOf())).toMatchObject({ code: 'channel.rate_limited' });
    nowMs += 60 * 60_000;
    expect(await channel.send(messageOf())).toMatchObject({ ok: true });
  });

  test('without a time leaves the next try to the alerter', async () => {
    const channel = notifier();
    limit();
    expect(await channel.send(messageOf())).toMatchObject({ detail: '429 rate_limited' });
    expect(await channel.send(messageOf())).toMatchObject({ ok: true });
  });
});

describe('no answer', () => {
  test.each(['hang', 'trickle'] as const)('%s: given up in bounded time', async (kind) => {
    slack.plan({ kind });
    const startedAt = performance.now();
    expect(await send({ timeoutMs: 300 })).toMatchObject({ ok: false, code: 'channel.unreachable' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('a connection that breaks', async () => {
    slack.plan({ kind: 'reset' });
    expect(await send()).toMatchObject({ ok: false, code: 'channel.unreachable' });
  });

  test('nobody listens', async () => {
    const gone = await startSlackStandIn();
    await gone.stop();
    expect(await send({ webhookUrl: gone.webhookUrl })).toMatchObject({
      code: 'channel.unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('over TLS', () => {
  test('the certificate is checked', async () => {
    const certificates = await makeCertificates(['127.0.0.1']);
    const safe = await startSlackStandIn({ certificates });
    try {
      expect(await send({ webhookUrl: safe.webhookUrl })).toMatchObject({
        code: 'network.tls_untrusted',
        detail: expect.stringMatching(/CERT|SIGNATURE/),
      });
      expect(safe.requests()).toBe(0);
      expect(
        await send({ webhookUrl: safe.webhookUrl, network: networkOf({ ca: [certificates.ca] }) }),
      ).toMatchObject({
        ok: true,
      });
    } finally {
      await safe.stop();
      await certificates.remove();
    }
  });
});

test('no failure shows the webhook’s path, not even when the server repeats it', async () => {
  const { pathname } = new URL(slack.webhookUrl);
  const echoes = [
    slack.webhookUrl,
    pathname,
    `token canaryWebhookSecret00`,
    'x'.repeat(150) + slack.webhookUrl,
  ];
  for (const status of [200, 400, 403, 404, 410, 429, 500]) {
    for (const body of echoes) {
      slack.plan({ kind: 'answer', status, body });
      const result = await send();
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toMatch(/canary/i);
    }
  }
});
