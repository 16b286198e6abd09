/** Mail as a channel, against a real SMTP server (docs/guarantees.md, rows 37 and 45). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createMailNotifier,
  MAIL_TIMEOUT_MS,
  type MailOptions,
} from '../../../electron/adapters/mail/mail-notifier.ts';
import { SLACK_TIMEOUT_MS } from '../../../electron/adapters/slack.ts';
import { CLAIM_MS } from '../../../shared/warnings.ts';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';
import { trusting } from '../../support/networks.ts';
import { readMail } from '../../support/read-mail.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { type SmtpServerOptions, type SmtpTestServer, startSmtpServer } from '../../support/smtp-server.ts';
import { messageOf } from './message.ts';

/** An address of this machine that is not one of the names for it: as strange as any other host. */
const ELSEWHERE = '127.0.0.2';
const ACCOUNT = { user: 'ops@example.com', password: 'canary pässword/한글:@' };
const LOGIN = `${encodeURIComponent(ACCOUNT.user)}:${encodeURIComponent(ACCOUNT.password)}`;

let certificates: Certificates;
let others: Certificates;
const servers: SmtpTestServer[] = [];
beforeAll(async () => {
  certificates = await makeCertificates(['127.0.0.1', ELSEWHERE, 'localhost']);
  others = await makeCertificates(['mail.example.com']);
});
afterAll(async () => {
  await certificates?.remove();
  await others?.remove();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(options: SmtpServerOptions): Promise<SmtpTestServer> {
  const server = await startSmtpServer({ certificates, ...options });
  servers.push(server);
  return server;
}

function notifier(server: SmtpTestServer, scheme: string, options: Partial<MailOptions> = {}, login = '') {
  return createMailNotifier({
    smtpUrl: `${scheme}://${login === '' ? '' : `${login}@`}${server.host}:${server.port}`,
    from: 'Token Keeper <keeper@example.com>',
    to: ['ops@example.com'],
    trust: trusting(certificates.ca),
    ...options,
  });
}

describe('a mail', () => {
  test('arrives with a Korean subject, text and HTML, readable by any program', async () => {
    const server = await serve({ encryption: 'plain' });
    const to = ['운영자 <ops@example.com>', 'second@example.com'];
    const sent = await notifier(server, 'smtp', { from: '카페24 알림 <keeper@example.com>', to }).send(
      messageOf(),
    );
    expect(sent).toEqual({ ok: true, value: undefined });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'keeper@example.com', to: ['ops@example.com', 'second@example.com'] });
    // Whatever the path, nothing on it needs to understand more than ASCII.
    expect(mail!.raw).toMatch(/^[\x20-\x7e\r\n\t]*$/);
    expect(Math.max(...mail!.raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(mail!.raw).toMatch(/^Subject: .*=\?UTF-8\?[BQ]\?/im);

    const read = readMail(mail!.raw);
    expect(read.header('Subject')).toBe('myshop · D-3 · 인증이 3일 뒤 만료됩니다');
    expect(read.header('From')).toBe('카페24 알림 <keeper@example.com>');
    expect(read.header('To')).toBe('운영자 <ops@example.com>, second@example.com');
    expect(read.header('Message-ID')).toMatch(/^<[\w.-]+@example\.com>$/);
    expect(Number.isNaN(Date.parse(read.header('Date')))).toBe(false);
    expect(read.header('Auto-Submitted')).toBe('auto-generated');
    expect(read.header('X-Auto-Response-Suppress')).toBe('All');
    expect(read.header('Content-Type')).toContain('multipart/alternative');
    expect(read.part('text/plain')).toBe(
      [
        'myshop · D-3 · 인증이 3일 뒤 만료됩니다',
        '',
        '만료 전에 다시 인증해 주십시오. 1분이면 됩니다.',
        '트레이 아이콘이나 앱 창의 다시 인증을 누르면 브라우저가 열립니다.',
        '',
        '쇼핑몰: myshop',
        '만료: 11월 25일 (수) 17:26 (한국 시간) · D-3',
        '보낸 시각: 11월 22일 (일) 09:00 (한국 시간)',
        '',
        'Cafe24 Token Keeper가 자동으로 보낸 알림입니다.',
        '',
      ].join('\n'),
    );
    const html = read.part('text/html');
    expect(html).toContain('<html lang="ko">');
    expect(html).toMatch(/<h1[^>]*>myshop · D-3 · 인증이 3일 뒤 만료됩니다<\/h1>/);
    expect(html).toContain('11월 25일 (수) 17:26 (한국 시간) · D-3');
    expect(html).not.toMatch(/https?:|src=|href=/);
  });

  test('has an id of its own each time', async () => {
    const server = await serve({ encryption: 'plain' });
    const channel = notifier(server, 'smtp');
    await channel.send(messageOf());
    await channel.send(messageOf());
    expect(new Set(server.mails.map(({ raw }) => readMail(raw).header('Message-ID'))).size).toBe(2);
  });

  test('carries nothing into its markup', async () => {
    const server = await serve({ encryption: 'plain' });
    await notifier(server, 'smtp').send(messageOf({ mall: '<img src="x">&' }));
    const read = readMail(server.mails[0]!.raw);
    expect(read.part('text/html')).toContain('&lt;img src=&quot;x&quot;&gt;&amp;');
    expect(read.part('text/html')).not.toContain('<img');
    expect(read.part('text/plain')).toContain('<img src="x">&');
  });

  test('cannot have headers of its own put into it', async () => {
    const server = await serve({ encryption: 'plain' });
    await notifier(server, 'smtp').send(messageOf({ mall: 'x\r\nBcc: thief@example.com' }));
    expect(server.mails[0]?.to).toEqual(['ops@example.com']);
    expect(readMail(server.mails[0]!.raw).header('Bcc')).toBe('');
  });
});

describe('encryption', () => {
  test.each([
    ['smtps', 'tls', ELSEWHERE],
    ['smtps', 'tls', '127.0.0.1'],
    ['smtp', 'starttls', ELSEWHERE],
    ['smtp', 'starttls', '127.0.0.1'],
  ] as const)('%s speaks %s with %s, and signs in only there', async (scheme, encryption, host) => {
    const server = await serve({ encryption, host, account: ACCOUNT });
    expect(await notifier(server, scheme, {}, LOGIN).send(messageOf())).toMatchObject({ ok: true });
    expect(server.mails).toMatchObject([{ isEncrypted: true, user: ACCOUNT.user }]);
    expect(server.presented).toEqual([{ user: ACCOUNT.user, isEncrypted: true }]);
  });

  test.each([
    ['smtps', 'tls'],
    ['smtp', 'starttls'],
  ] as const)('%s by %s takes no certificate that nobody signed', async (scheme, encryption) => {
    const server = await serve({ encryption, host: ELSEWHERE, account: ACCOUNT, certificates: others });
    expect(await notifier(server, scheme, {}, LOGIN).send(messageOf())).toMatchObject({
      ok: false,
      code: 'channel.mail_tls',
      detail: expect.stringMatching(/certificate|signature/i),
    });
    expect([server.presented, server.mails]).toEqual([[], []]);
  });

  test('a certificate of another host is not taken', async () => {
    const server = await serve({ encryption: 'tls', host: ELSEWHERE, certificates: others });
    expect(await notifier(server, 'smtps', { trust: trusting(others.ca) }).send(messageOf())).toMatchObject({
      code: 'channel.mail_tls',
      detail: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
    expect(server.mails).toEqual([]);
  });

  test('an environment variable does not switch the check off', async () => {
    const server = await serve({ encryption: 'tls', host: ELSEWHERE, certificates: others });
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await notifier(server, 'smtps').send(messageOf())).toMatchObject({ code: 'channel.mail_tls' });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  test('without STARTTLS nothing is sent elsewhere: no password, no mail', async () => {
    const server = await serve({ encryption: 'plain', host: ELSEWHERE, account: ACCOUNT });
    expect(await notifier(server, 'smtp', {}, LOGIN).send(messageOf())).toMatchObject({
      code: 'channel.mail_tls',
    });
    expect([server.presented, server.mails]).toEqual([[], []]);
  });

  test.each([
    ['offers no STARTTLS', 'plain'],
    ['offers STARTTLS with a certificate that nobody signed', 'starttls'],
  ] as const)('on this machine a server may do without: one that %s', async (_, encryption) => {
    const server = await serve({ encryption, account: ACCOUNT, certificates: others });
    expect(await notifier(server, 'smtp', {}, LOGIN).send(messageOf())).toMatchObject({ ok: true });
    expect(server.mails).toMatchObject([{ isEncrypted: false, user: ACCOUNT.user }]);
  });

  test('smtps to a server that does not speak it is told as such', async () => {
    const server = await serve({ encryption: 'plain' });
    expect(await notifier(server, 'smtps', { connectMs: 2000 }).send(messageOf())).toMatchObject({
      code: 'channel.mail_tls',
    });
  });
});

describe('a refusal is told by its code, with the true answer', () => {
  test('a wrong password', async () => {
    const server = await serve({ encryption: 'tls', account: ACCOUNT });
    const login = `${encodeURIComponent(ACCOUNT.user)}:wrong-canary`;
    expect(await notifier(server, 'smtps', {}, login).send(messageOf())).toEqual({
      ok: false,
      code: 'channel.mail_auth',
      detail: '535 5.7.8 Username or password wrong',
    });
  });

  test('no account where one is needed', async () => {
    const server = await serve({ encryption: 'tls', account: ACCOUNT });
    expect(await notifier(server, 'smtps').send(messageOf())).toMatchObject({
      code: 'channel.mail_auth',
      detail: expect.stringMatching(/^530 /),
    });
  });

  test.each([
    ['connect', 421, '4.3.2 Service not available', 'channel.busy'],
    ['connect', 554, '5.7.1 Your address is listed', 'channel.mail_refused'],
    ['auth', 454, '4.7.0 Temporary authentication failure', 'channel.busy'],
    ['mail', 550, '5.7.1 Sender not allowed', 'channel.mail_refused'],
    ['mail', 451, '4.7.1 Greylisted, try again', 'channel.busy'],
    ['rcpt', 550, '5.1.1 No such user', 'channel.mail_refused'],
    ['rcpt', 452, '4.2.2 Mailbox full', 'channel.busy'],
    ['data', 554, '5.7.0 Looks like spam', 'channel.mail_refused'],
    ['data', 421, '4.7.0 Too many mails', 'channel.busy'],
  ] as const)('%s: %i %s', async (step, code, text, expected) => {
    const server = await serve({ encryption: 'tls', account: ACCOUNT });
    server.refuse(step, code, text);
    const channel = notifier(server, 'smtps', {}, LOGIN);
    expect(await channel.send(messageOf())).toEqual({
      ok: false,
      code: expected,
      detail: expect.stringContaining(`${code} ${text}`),
    });
    expect([server.mails.length, server.connections()]).toEqual([0, 1]);
    server.behave();
    expect(await channel.send(messageOf())).toMatchObject({ ok: true });
  });

  test('one of two recipients: the mail counts as sent, and the other is named in the log', async () => {
    const server = await serve({ encryption: 'plain' });
    const log = recordLog();
    server.refuse('rcpt', 550, '5.1.1 No such user', 'gone@');
    const to = ['ops@example.com', 'gone@example.com'];
    expect(await notifier(server, 'smtp', { to, log }).send(messageOf())).toMatchObject({ ok: true });
    expect(server.mails.map((mail) => mail.to)).toEqual([['ops@example.com']]);
    expect(log.lines).toEqual(['warn [alerts] 1 of 2 recipients refused: 550 5.1.1 No such user myshop']);
  });
});

describe('no answer', () => {
  test.each(['connect', 'auth', 'mail', 'rcpt', 'data'] as const)(
    'a server that falls silent at %s is given up in bounded time',
    async (step) => {
      const server = await serve({ encryption: 'starttls', account: ACCOUNT });
      server.hang(step);
      const startedAt = performance.now();
      const limits = { connectMs: 500, replyMs: 500, timeoutMs: 60_000 };
      expect(await notifier(server, 'smtp', limits, LOGIN).send(messageOf())).toMatchObject({
        ok: false,
        code: 'channel.unreachable',
      });
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    },
  );

  test('the longest mail and message end while their claim stands', () => {
    expect(MAIL_TIMEOUT_MS).toBeLessThanOrEqual(CLAIM_MS - 30_000);
    expect(SLACK_TIMEOUT_MS).toBeLessThanOrEqual(CLAIM_MS - 30_000);
  });

  test('the whole is bounded too, however slow each step is', async () => {
    const server = await serve({ encryption: 'plain' });
    server.hang('data');
    const startedAt = performance.now();
    expect(await notifier(server, 'smtp', { timeoutMs: 400 }).send(messageOf())).toMatchObject({
      code: 'channel.unreachable',
    });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  test('nobody listens', async () => {
    const server = await startSmtpServer({ encryption: 'plain' });
    await server.stop();
    expect(await notifier(server, 'smtp').send(messageOf())).toMatchObject({
      code: 'channel.unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a name that nobody knows', async () => {
    const smtpUrl = 'smtps://mail.invalid:465';
    const server = await serve({ encryption: 'plain' });
    expect(await notifier(server, 'smtps', { smtpUrl }).send(messageOf())).toMatchObject({
      ok: false,
      code: 'channel.unreachable',
    });
  });
});

test('no failure and no log line shows the password, not even when the server repeats it', async () => {
  const server = await serve({ encryption: 'tls', account: ACCOUNT });
  const log = recordLog();
  const plain = Buffer.from(`\0${ACCOUNT.user}\0${ACCOUNT.password}`).toString('base64');
  const forms = [
    ACCOUNT.password,
    encodeURIComponent(ACCOUNT.password),
    Buffer.from(ACCOUNT.password).toString('base64'),
    plain,
    `${'x'.repeat(185)} ${plain}`,
  ];
  const seen: unknown[] = [];
  for (const form of forms) {
    for (const step of ['auth', 'mail', 'rcpt', 'data'] as const) {
      server.behave();
      server.refuse(step, 550, `refused: ${form}`);
      seen.push(await notifier(server, 'smtps', { log }, LOGIN).send(messageOf()));
    }
  }
  server.behave();
  server.refuse('rcpt', 550, `refused: ${ACCOUNT.password}`, 'gone@');
  const to = ['ops@example.com', 'gone@example.com'];
  seen.push(await notifier(server, 'smtps', { log, to }, LOGIN).send(messageOf()));
  const written = JSON.stringify([seen, log.lines]);
  expect(log.lines).toHaveLength(1);
  for (const secret of ['canary', ...forms.slice(1, 4).map((form) => form.slice(0, 16))])
    expect(written).not.toContain(secret);
  expect(server.mails.map(({ raw }) => raw).join()).not.toContain('canary');
});
