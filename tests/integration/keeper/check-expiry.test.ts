import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keysOf } from '../../../electron/adapters/redis/keys.ts';
import { DEFAULT_MALL } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type CommandLine, createCommandLine } from '../../support/command-line.ts';
import { documentedJson } from '../../support/documented-json.ts';
import { until } from '../../support/poll.ts';
import { readMail } from '../../support/read-mail.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { type SlackStandIn, startSlackStandIn } from '../../support/slack-standin.ts';
import { type SmtpTestServer, startSmtpServer } from '../../support/smtp-server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 2026-03-14 10:00 in Seoul: past nine on the day before the deadline. */
const MORNING = Date.UTC(2026, 2, 14, 1, 0);
const DAY = 24 * HOUR;
const DEADLINE = MORNING + 26 * HOUR;
const KEY = `cafe24:oauth:${DEFAULT_MALL.mallId}`;

let redis: RedisServer;
let simulator: Simulator;
let slack: SlackStandIn;
let mail: SmtpTestServer;
let client: Redis;
let tokens: readonly string[];
const lines: CommandLine[] = [];

beforeEach(async () => {
  redis = await startRedis();
  simulator = await startSimulator({ startAt: MORNING, deadline: 'fixed' });
  slack = await startSlackStandIn();
  mail = await startSmtpServer({ encryption: 'plain' });
  client = new Redis(redis.url);
  client.on('error', () => {});
  tokens = await write(DEADLINE);
});
afterEach(async () => {
  client.disconnect();
  for (const line of lines.splice(0)) await line.remove();
  await Promise.all([redis.stop(), simulator.close(), slack.stop(), mail.stop()]);
});

async function machine(): Promise<CommandLine> {
  const line = await createCommandLine({ apiOrigin: simulator.apiOrigin, redisUrl: redis.url });
  lines.push(line);
  const channels = {
    SLACK_WEBHOOK_URL: slack.webhookUrl,
    SMTP_URL: `smtp://${mail.host}:${mail.port}`,
    ALERT_EMAIL_FROM: 'keeper@shop.example',
    ALERT_EMAIL_TO: 'owner@shop.example',
    LANG: 'ko_KR.UTF-8',
  };
  return {
    ...line,
    run: (args, env = {}) => line.run(args, { ...channels, ...env }),
    start: (args, env = {}) => line.start(args, { ...channels, ...env }),
  };
}

/** A set at its place in Redis, as another program writes it: without companions. */
async function write(deadline: number): Promise<readonly string[]> {
  const issued = simulator.issue(DEFAULT_MALL.mallId, { refreshTokenExpiresAt: deadline });
  await client.set(KEY, documentedJson(issued));
  return [issued.accessToken, issued.refreshToken];
}

/** What the ledger in Redis says of each channel's D-1, as `slack: sent`. */
async function ledger(): Promise<readonly string[]> {
  const entries = Object.entries(await client.hgetall(keysOf(DEFAULT_MALL.mallId).alerts));
  return entries
    .flatMap(([field, value]) => {
      const channel = /:D-1:(\w+)$/.exec(field)?.[1];
      return channel ? [`${channel}: ${JSON.parse(value).status}`] : [];
    })
    .toSorted();
}

describe('check-expiry', () => {
  it('warns of D-1 by Slack and mail, once for two machines, and redeems nothing with --no-refresh', async () => {
    const [first, second] = [await machine(), await machine()];
    const checked = await first.run(['check-expiry', '--no-refresh']);
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.stdout).toContain('CRITICAL  grant.critical  D-1');
    expect((await second.run(['check-expiry', '--no-refresh'])).code).toBe(0);
    expect((await first.run(['check-expiry', '--no-refresh'])).code).toBe(0);

    expect(slack.messages).toHaveLength(1);
    expect(mail.mails).toHaveLength(1);
    const letter = readMail(mail.mails[0]?.raw ?? '');
    for (const text of [slack.messages[0]?.text ?? '', letter.part('text/plain')]) {
      expect(text).toContain(DEFAULT_MALL.mallId);
      expect(text).toContain('D-1');
      expect(text).toContain('3월 15일 (일) 12:00');
      for (const token of tokens) expect(text).not.toContain(token);
    }
    expect(letter.header('subject')).toContain('D-1');
    expect(simulator.requests).toEqual([]);
  });

  it('row 37: ends with 1 while a channel is down, and repeats only that one when it is back', async () => {
    const line = await machine();
    slack.always({ kind: 'answer', status: 500, body: 'oops' });
    const failed = await line.run(['check-expiry', '--no-refresh']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('channel.');
    expect(mail.mails).toHaveLength(1);
    slack.always(null);
    const repaired = await line.run(['check-expiry', '--no-refresh']);
    expect(repaired.code).toBe(0);
    expect(mail.mails).toHaveLength(1);
    expect(slack.messages).toHaveLength(1);
  });

  it('row 38: killed once both channels have the message and none is told to have it: after 2 minutes one repeat, by whoever checks then', async () => {
    const [first, second] = [await machine(), await machine()];
    const dying = await first.start(['check-expiry', '--no-refresh']);
    let taken = 0;
    const killInside = async () => {
      taken += 1;
      await until(() => taken === 2, { timeoutMs: 20_000, what: 'the message on the other channel' });
      dying.child.kill('SIGKILL');
      await dying.exited;
    };
    slack.onceTaken(killInside);
    mail.onceTaken(killInside);
    await until(() => dying.hasExited(), { timeoutMs: 30_000, what: 'the kill' });
    expect(dying.child.signalCode).toBe('SIGKILL');
    expect(await ledger()).toEqual(['mail: claimed', 'slack: claimed']);

    simulator.advance(MINUTE);
    expect(await second.run(['check-expiry', '--no-refresh'])).toMatchObject({ code: 0 });
    expect([slack.messages.length, mail.mails.length]).toEqual([1, 1]);
    simulator.advance(MINUTE + 1000);
    const after = await second.run(['check-expiry', '--no-refresh']);
    expect(after.stderr).toContain('sent D-1 by slack');
    expect(after.stderr).toContain('sent D-1 by mail');
    expect(await ledger()).toEqual(['mail: sent', 'slack: sent']);
    simulator.advance(5 * MINUTE);
    await first.run(['check-expiry', '--no-refresh']);
    expect([slack.messages.length, mail.mails.length]).toEqual([2, 2]);
  });

  it('row 40: the deadline moves while one message is on its way and one is claimed: "recovered" where it arrived, silence where it did not', async () => {
    const [first, second] = [await machine(), await machine()];
    mail.hang('connect');
    slack.onceTaken(async () => {
      await until(() => mail.connections() > 0, { timeoutMs: 20_000, what: 'the mail that hangs' });
      await write(MORNING + 14 * DAY);
    });
    const dying = await first.start(['check-expiry', '--no-refresh']);
    const isTold = async () => (await ledger()).includes('slack: sent');
    await until(isTold, { timeoutMs: 30_000, what: 'the message that was recorded' });
    dying.child.kill('SIGKILL');
    await dying.exited;
    expect(await ledger()).toEqual(['mail: claimed', 'slack: sent']);

    mail.behave();
    simulator.advance(3 * MINUTE);
    const after = await second.run(['check-expiry', '--no-refresh']);
    expect(after.stdout).toContain('HEALTHY');
    expect(after.stderr).toContain('sent recovered by slack');
    await first.run(['check-expiry', '--no-refresh']);
    expect(slack.messages.map(({ text }) => /D-1\b/.test(text))).toEqual([true, false]);
    expect(mail.mails).toEqual([]);
    expect(simulator.requests).toEqual([]);
  });

  it('row 50: with the store away it ends with 1, and the warning goes out once by the local ledger', async () => {
    const line = await machine();
    await line.run(['status']);
    await redis.kill();
    const away = await line.run(['check-expiry']);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('store.unreachable');
    expect(slack.messages).toHaveLength(1);
    await line.run(['check-expiry']);
    expect(slack.messages).toHaveLength(1);
    expect(mail.mails).toHaveLength(1);
    expect(simulator.requests).toEqual([]);
  });

  it('says NEEDS_REAUTH with 3 after the end, at any hour', async () => {
    simulator.setNow(DEADLINE + 12 * HOUR);
    const line = await machine();
    const ended = await line.run(['check-expiry']);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('NEEDS_REAUTH  grant.expired');
    expect(slack.messages.map(({ text }) => text).join()).toContain(DEFAULT_MALL.mallId);
    expect(mail.mails).toHaveLength(1);
  });
});

describe('test-warning', () => {
  it('sends one message by the channel that was named and tells the server’s answer', async () => {
    const line = await machine();
    expect(await line.run(['test-warning', 'slack'])).toMatchObject({ code: 0, stdout: 'sent by slack\n' });
    expect(slack.messages).toHaveLength(1);
    expect(mail.mails).toHaveLength(0);
    slack.always({ kind: 'refuse', word: 'no_service' });
    const refused = await line.run(['test-warning', 'slack']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('no_service');
    expect(refused.stderr).toContain('자세한 내용: ');
  });

  it('says what kept it from being answered, and calls that no answer', async () => {
    const line = await machine();
    const nowhere = { SMTP_URL: 'smtp://nowhere.invalid', LANG: 'en_US.UTF-8' };
    const { code, stderr } = await line.run(['test-warning', 'mail'], nowhere);
    expect(code).toBe(1);
    expect(stderr).toMatch(/channel\.unreachable: .*\nDetails: .*nowhere\.invalid/);
  });

  it('with words it does not know ends with 2 and names what it knows', async () => {
    const line = await machine();
    const wrong: readonly (readonly [words: readonly string[], said: string])[] = [
      [['pigeon'], 'unknown channel: pigeon, not one of: slack, mail\n'],
      [['os'], 'unknown channel: os, not one of: slack, mail\n'],
      [[], 'test-warning takes a channel, one of: slack, mail\n'],
      [['slack', 'mail'], 'too many words: mail\n'],
    ];
    const ends = wrong.map(async ([words, said]) => {
      const { code, stderr } = await line.run(['test-warning', ...words]);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
    });
    await Promise.all(ends);
  });

  it('by a channel that is known and not configured ends with 2 and says how to configure it', async () => {
    const { code, stderr } = await (await machine()).run(['test-warning', 'slack'], {
      SLACK_WEBHOOK_URL: '',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('channel.not_configured: ');
  });
});
