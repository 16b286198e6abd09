/** One run through every path with values that must never turn up: what holds them is looked for afterwards. */
import path from 'node:path';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_CLIENT } from '../simulator/registration.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { createCommandLine } from '../support/command-line.ts';
import { type NotificationDaemon, startNotificationDaemon } from '../support/notification-daemon.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type SlackStandIn, startSlackStandIn } from '../support/slack-standin.ts';
import { type SmtpTestServer, startSmtpServer } from '../support/smtp-server.ts';
import { openWindow, part, shows, visibleWindow } from './support/app-window.ts';
import { argumentLists, createFindings, filesBelow, valuesIn } from './support/canaries.ts';
import { beginConsent, decide } from './support/consent.ts';
import { eventually } from './support/eventually.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { iconGone } from './support/tray-menu.ts';
import { dueAt, HOUR, MALL, MINUTE } from './support/world.ts';

const CANARIES = {
  clientSecret: 'canary-of-the-client-secret',
  redisPassword: 'canary-of-the-redis-password',
  smtpPassword: 'canary-of-the-smtp-password',
  slackWebhook: 'canaryWebhookSecret00',
  heartbeat: 'canary-of-the-heartbeat-address',
  tokenInEnv: 'canary-of-a-token-in-the-environment',
  errorText: 'canary-of-a-text-of-the-server',
  channelText: 'canary-of-a-text-of-a-channel',
  strayCode: 'canary-of-a-stray-code',
  strayState: 'canary-of-a-stray-state-canary-of-a-stray-s',
} as const;
const MAIN_KEY = `cafe24:oauth:${MALL}`;

describe('one run with canaries through every path', () => {
  const world = setUpWorld();
  const findings = createFindings();
  let redisServer: RedisServer;
  let redis: Redis;
  let slack: SlackStandIn;
  let smtp: SmtpTestServer;
  let notices: NotificationDaemon;
  let env: Record<string, string>;
  let folder: string;
  let app: AppUnderTest;
  let window: Page;

  beforeAll(async () => {
    const { desktop, simulator } = world();
    redisServer = await startRedis({ password: CANARIES.redisPassword });
    redis = new Redis(redisServer.url);
    slack = await startSlackStandIn();
    smtp = await startSmtpServer({
      encryption: 'plain',
      account: { user: 'keeper', password: CANARIES.smtpPassword },
    });
    notices = await startNotificationDaemon(desktop.busAddress);
    await simulator.changeSecret(DEFAULT_CLIENT.clientId, CANARIES.clientSecret);
    env = {
      CAFE24_CLIENT_SECRET: CANARIES.clientSecret,
      KV_REDIS_URL: redisServer.url,
      SLACK_WEBHOOK_URL: slack.webhookUrl,
      SMTP_URL: `smtp://keeper:${CANARIES.smtpPassword}@${smtp.host}:${smtp.port}`,
      ALERT_EMAIL_FROM: 'keeper@example.test',
      ALERT_EMAIL_TO: 'operator@example.test',
      HEARTBEAT_URL: `http://127.0.0.1:9/${CANARIES.heartbeat}`,
      CAFE24_REFRESH_TOKEN: CANARIES.tokenInEnv,
    };
    folder = await world().newFolder();
    await start();
  });
  afterAll(async () => {
    redis?.disconnect();
    await Promise.all([redisServer?.stop(), slack?.stop(), smtp?.stop(), notices?.stop()]);
  });

  const start = async () => {
    app = await world().launch({ folder, env });
    window = await openWindow(world(), app);
  };
  const stored = async () =>
    JSON.parse((await redis.get(MAIN_KEY))!) as { expires_at: number; refresh_token: string };

  /** What a person, a program of the window or another user of the machine could see right now. */
  const observe = async () => {
    findings.add('window', `${await window.content()}\n${await window.innerText('body')}`);
    findings.add(
      'snapshot over the bridge',
      (await window.evaluate(`window.keeper.send({ do: 'subscribe' }).then(JSON.stringify)`)) as string,
    );
    findings.add('argument lists', await argumentLists());
    const item = await world().tray.waitItem();
    findings.add('tray', `${await item.toolTip()}\n${JSON.stringify(await item.menu())}`);
  };
  const seePage = async (tab: Page) => {
    findings.add('local pages', await tab.content());
    await tab.close();
  };

  test('row 45: consents that are refused, given, strayed and pasted', async () => {
    const { shopEnv } = world();
    await observe();
    const refused = await beginConsent(world());
    await observe();
    expect(await decide(refused, 'refuse')).toBe('consent.denied');
    await seePage(refused);

    const given = await beginConsent(world());
    const { host } = new URL((await world().opener.opened()).at(-1)!);
    const stray = await world().chromium.open(
      `http://${host}/api/auth/cafe24/callback?code=${CANARIES.strayCode}&state=${CANARIES.strayState}` +
        `&error_description=${CANARIES.errorText}`,
    );
    await seePage(stray);
    expect(await decide(given, 'approve')).toBe('consent.connected');
    await seePage(given);
    await observe();

    const unused = await beginConsent(world());
    const paste = async (text: string) => {
      await window.locator('.paste input').fill(text);
      await window.locator('[data-do="paste"]').click();
    };
    await paste(
      `${shopEnv.CAFE24_REDIRECT_URI}?code=${CANARIES.strayCode}&state=17424.${CANARIES.strayState}`,
    );
    await shows(window, 'flow-hint', 'data-code', 'consent.state_mismatch');
    await observe();
    await paste(CANARIES.strayCode);
    await shows(window, 'flow', 'data-code', 'consent.code_expired');
    await observe();
    await seePage(unused);
  });

  test('row 45: refreshes that succeed and fail, a test, warnings whose channels fail first', async () => {
    const { simulator } = world();
    const first = await stored();
    await simulator.setNow(dueAt({ expiresAt: first.expires_at }));
    await eventually('the refresh', async () => (await stored()).refresh_token !== first.refresh_token);
    await simulator.plant({ kind: 'error', on: 'admin', description: CANARIES.errorText });
    await window.locator('[data-do="test"]').click();
    await part(window, 'last-action').waitFor();
    await observe();

    slack.plan({ kind: 'answer', status: 500, body: CANARIES.channelText });
    smtp.refuse('data', 451, CANARIES.channelText);
    await simulator.plant({ kind: 'error', description: CANARIES.errorText, times: 'always' });
    await simulator.setNow(dueAt({ expiresAt: (await stored()).expires_at }));
    await shows(window, 'state', 'data-state', 'BLOCKED');
    await notices.next();
    await observe();
    await simulator.advance(31 * MINUTE);
    await eventually(
      'both channels having failed',
      async () => slack.requests() > 0 && smtp.presented.length > 0,
    );
    smtp.behave();
    await eventually('both channels', async () => {
      await simulator.advance(MINUTE);
      return slack.messages.length > 0 && smtp.mails.length > 0;
    });
    await observe();
  });

  test('row 45: a window and an app that crash, and the command line', async () => {
    const { simulator } = world();
    const devtools = await window.context().newCDPSession(window);
    void devtools.send('Page.crash').catch(() => {});
    await eventually('the rebuilt window', async () => {
      window = await visibleWindow(app);
      return (await window.locator('[data-testid="state"]').count()) > 0;
    });
    await observe();
    const line = await createCommandLine(
      { apiOrigin: world().shopEnv.CAFE24_API_ORIGIN!, redisUrl: redisServer.url },
      app.folder,
    );
    for (const command of [
      'status',
      'status --json',
      'check-expiry',
      'refresh',
      'test-warning slack',
      'token',
    ]) {
      const { stdout, stderr } = await line.run(command.split(' '), {
        ...env,
        CAFE24_KEEPER_HOME: app.dataFolder,
        CAFE24_REDIRECT_URI: world().shopEnv.CAFE24_REDIRECT_URI!,
      });
      findings.add(`stderr of ${command}`, stderr);
      if (command !== 'token') findings.add(`stdout of ${command}`, stdout);
    }
    await simulator.clearFaults();
    await simulator.plant({ kind: 'drop', when: 'after' });
    await simulator.advance(HOUR + MINUTE);
    await shows(window, 'state', 'data-state', 'UNCONFIRMED');
    findings.add('output before the crash', await app.output());
    await app.crash();
    await iconGone(world());
    await start();
    await shows(window, 'state', 'data-state', 'UNCONFIRMED');
    await observe();
    await app.quit();
  });

  test('row 45: no log, notice, mail, page, snapshot, argument list, file or crash of them holds one', async () => {
    const { simulator, desktop } = world();
    findings.add('output', await app.output());
    findings.add('notices', inspect(notices.all(), { depth: null, maxStringLength: null }));
    findings.add('Slack', JSON.stringify(slack.messages));
    findings.add('mails', JSON.stringify(smtp.mails));
    for (const place of [folder, desktop.folder])
      for (const [file, text] of await filesBelow(place)) findings.add(file, text);
    for (const [key, value] of await valuesIn(redis)) findings.add(`redis ${key}`, value);

    const requests = await simulator.requests();
    const tokens = Object.fromEntries(
      requests.flatMap(({ number, issued }) =>
        issued
          ? [
              [`access token ${number}`, issued.accessToken],
              [`refresh token ${number}`, issued.refreshToken],
            ]
          : [],
      ),
    );
    const codes = Object.fromEntries(
      requests.flatMap(({ number, grantType, presented }) =>
        grantType === 'authorization_code' && presented !== null ? [[`code ${number}`, presented]] : [],
      ),
    );
    const nonces = Object.fromEntries(
      (await world().opener.opened()).map((url, index) => [
        `nonce ${index}`,
        new URL(url).searchParams.get('nonce')!,
      ]),
    );
    expect(Object.keys(tokens).length).toBeGreaterThanOrEqual(6);
    // The shop's programs read the tokens there: the one place that is for them.
    const isNoPlaceOfTokens = (where: string) => where !== `redis ${MAIN_KEY}`;
    expect(findings.of({ ...CANARIES, ...codes })).toEqual([]);
    // How an address is handed to the system's browser.
    expect(findings.of(nonces, (where) => where !== 'argument lists')).toEqual([]);
    expect(findings.of(tokens, isNoPlaceOfTokens)).toEqual([]);
    // The search finds what is there, and looked where it had to.
    expect(findings.of(tokens)).not.toEqual([]);
    const everywhere = [path.join('logs', 'keeper.log'), 'journal/', 'keys/', 'profile/', 'redis {', 'tray'];
    for (const part of everywhere) expect(findings.places().some((place) => place.includes(part))).toBe(true);
    expect(findings.of({ mall: MALL }).length).toBeGreaterThan(10);
  });
});
