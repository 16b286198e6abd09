/** What left the product, as it arrived outside: at the notification daemon, the webhook and the mail server. */
import { type NotificationDaemon, startNotificationDaemon } from '../../support/notification-daemon.ts';
import { readMail } from '../../support/read-mail.ts';
import { type SlackStandIn, startSlackStandIn } from '../../support/slack-standin.ts';
import { type SmtpTestServer, startSmtpServer } from '../../support/smtp-server.ts';
import { MALL, MINUTE } from './world.ts';

export const CHANNELS = ['OS notice', 'Slack', 'mail'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One message: when it arrived by the simulator's clock, and what it said. */
export interface Left {
  readonly at: number;
  readonly stage: string;
  readonly channel: Channel;
}

/** The headings a person reads, in Korean: what the product promises to say, written down once more. */
const STAGES: readonly (readonly [heading: RegExp, stage: string])[] = [
  [/인증이 만료되었습니다/, 'NEEDS_REAUTH'],
  [/다시 정상입니다/, 'recovered'],
  [/Cafe24가 요청을 거절했습니다/, 'BLOCKED'],
];

function stageOf(heading: string): string {
  if (!heading.includes(MALL)) throw new Error(`a message that does not say which shop: ${heading}`);
  const [, days] = /D-(\d) · 인증이 .* 만료됩니다/.exec(heading) ?? [];
  const known = STAGES.find(([words]) => words.test(heading));
  return days === undefined ? (known?.[1] ?? heading) : `D-${days}`;
}

export interface Outside {
  readonly slack: SlackStandIn;
  readonly mail: SmtpTestServer;
  /** The variables that name both to the app. */
  readonly env: Readonly<Record<string, string>>;
  /** Plays the notification daemon of one more desktop. */
  watchDesktop(busAddress: string): Promise<NotificationDaemon>;
  /** Everything so far, in the order of time, stage by stage in the table's order of channels. */
  left(): readonly Left[];
  /** As `left`, from the next message on. */
  forget(): void;
  stop(): Promise<void>;
}

export async function startOutside(now: () => number): Promise<Outside> {
  const slack = await startSlackStandIn({ now });
  const mail = await startSmtpServer({ encryption: 'plain', now });
  const daemons: NotificationDaemon[] = [];
  let forgotten = 0;
  const all = (): readonly Left[] => [
    ...daemons.flatMap((daemon) =>
      daemon.all().map(({ at, summary }) => ({ at, stage: stageOf(summary), channel: 'OS notice' as const })),
    ),
    ...slack.messages.map(({ at, text }) => ({
      at,
      stage: stageOf(text.split('\n')[0] ?? ''),
      channel: 'Slack' as const,
    })),
    ...mail.mails.map(({ at, raw }) => ({
      at,
      stage: stageOf(readMail(raw).header('subject')),
      channel: 'mail' as const,
    })),
  ];
  return {
    slack,
    mail,
    env: {
      LANG: 'ko_KR.UTF-8',
      SLACK_WEBHOOK_URL: slack.webhookUrl,
      SMTP_URL: `smtp://${mail.host}:${mail.port}`,
      ALERT_EMAIL_FROM: 'keeper@shop.example',
      ALERT_EMAIL_TO: 'owner@shop.example',
    },
    async watchDesktop(busAddress) {
      const daemon = await startNotificationDaemon(busAddress, { now });
      daemons.push(daemon);
      return daemon;
    },
    left: () => inOrder(all().filter(({ at }) => at >= forgotten)),
    forget() {
      forgotten = now();
    },
    async stop() {
      for (const daemon of daemons) await daemon.stop();
      await Promise.all([slack.stop(), mail.stop()]);
    },
  };
}

/** To the minute: within it the channels answer in any order. */
function inOrder(left: readonly Left[]): readonly Left[] {
  const minuteOf = ({ at }: Left) => Math.floor(at / MINUTE);
  return left.toSorted(
    (a, b) => minuteOf(a) - minuteOf(b) || CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel),
  );
}

/** `2026-03-13 09:00  D-3  Slack`: one line of a transcript, in Korean time. */
export function lineOf({ at, stage, channel }: Left): string {
  const seoul = new Date(at + 9 * 60 * MINUTE).toISOString().slice(0, 16).replace('T', ' ');
  return `${seoul}  ${stage.padEnd(12)}  ${channel}`;
}
