/**
 * Warnings by a Slack incoming webhook. The documented answers are 200 with `ok`, or an error's name as plain text with a
 * status of its own (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks); 429 carries Retry-After.
 */
import {
  type FetchFunction,
  IncomingWebhook,
  IncomingWebhookHTTPError,
  IncomingWebhookRequestError,
} from '@slack/webhook';
import { Agent, fetch } from 'undici';
import type { Code } from '../../shared/codes.ts';
import { done, type Failure, failed } from '../../shared/result.ts';
import { type WarningMessage, wordsOf } from '../../shared/warning-message.ts';
import type { Notifier } from '../ports.ts';
import { textUpTo } from './http/text-up-to.ts';
import { createRedactor } from './log/redactor.ts';
import { barrierOf, detailOf } from './network/failure.ts';
import type { Network } from './network/network.ts';
import { retryAfterOf } from './token-endpoint.ts';

/** How long one message may take in all: the alerter's claim must still stand when the outcome is known. */
export const SLACK_TIMEOUT_MS = 15_000;

export interface SlackOptions {
  /** `SLACK_WEBHOOK_URL`, checked. Its path is a secret. */
  readonly webhookUrl: string;
  readonly timeoutMs?: number;
  /** A clock that never jumps, ms. */
  readonly monotonicMs?: () => number;
  readonly network: Pick<Network, 'connector'>;
}

/** What an error is quoted by at most. */
const LONGEST_QUOTE = 200;
/** An answer of Slack is a word; nothing longer is read. */
const LONGEST_ANSWER = 64 * 1024;
/** A longer Retry-After is not believed: silence would be worse than a further refusal. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** Sends once and says what came of it; repeating is the alerter's business. Nothing stays open afterwards. */
export function createSlackNotifier(options: SlackOptions): Notifier {
  const {
    webhookUrl,
    timeoutMs = SLACK_TIMEOUT_MS,
    monotonicMs = () => performance.now(),
    network,
  } = options;
  const redact = redactorOf(webhookUrl);
  /** Until when Slack asked to be left alone. */
  let pausedUntilMs = 0;

  return {
    channel: 'slack',
    async send(message) {
      const pauseMs = pausedUntilMs - monotonicMs();
      if (pauseMs > 0)
        return failed('channel.rate_limited', `Retry-After, ${Math.ceil(pauseMs / 1000)} s left`);
      const agent = new Agent({ connect: network.connector(timeoutMs) });
      let retryAfterMs: number | null = null;
      const fetchOnce: FetchFunction = async (url, { method, headers, body, signal } = {}) => {
        const response = await fetch(url, {
          method: method ?? 'POST',
          headers: headers ?? {},
          body: String(body),
          redirect: 'error',
          signal: signal ?? null,
          dispatcher: agent,
        });
        retryAfterMs = retryAfterOf(response.headers.get('retry-after'), response.headers.get('date'));
        return Object.assign(response, {
          text: async () => (await textUpTo(LONGEST_ANSWER, response.body)) ?? '',
        });
      };
      try {
        const webhook = new IncomingWebhook(webhookUrl, { fetch: fetchOnce, timeout: timeoutMs });
        const { text } = await webhook.send({ text: slackTextOf(message), unfurl_links: false });
        // A page that was mistaken for the webhook also answers 200.
        return text.trim() === 'ok' ? done(undefined) : quoted('channel.slack_refused', `200 ${text}`);
      } catch (error) {
        return failureOf(error, retryAfterMs);
      } finally {
        await agent.destroy();
      }
    },
  };

  function failureOf(error: unknown, retryAfterMs: number | null): Failure {
    if (error instanceof IncomingWebhookHTTPError) {
      const { statusCode, body } = error;
      if (statusCode !== 429) return quoted(codeOfAnswer(statusCode, body), `${statusCode} ${body}`);
      pausedUntilMs = monotonicMs() + Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS);
      const wait = retryAfterMs === null ? '' : ` (Retry-After ${Math.ceil(retryAfterMs / 1000)} s)`;
      return quoted('channel.rate_limited', `429${wait} ${body}`);
    }
    if (!(error instanceof IncomingWebhookRequestError)) throw error;
    const cause = error.original.cause instanceof Error ? error.original.cause.message : '';
    return cause === 'unexpected redirect'
      ? failed('channel.slack_refused', 'a redirect instead of an answer')
      : failed(barrierOf(error.original) ?? 'channel.unreachable', detailOf(error.original));
  }

  function quoted(code: Code, answer: string): Failure {
    // Redacted before it is cut, so that no half of a secret is left.
    return failed(code, redact(answer).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_QUOTE));
  }
}

/** The message in Slack's markup. */
export function slackTextOf(message: WarningMessage): string {
  const { title, paragraphs, facts, footer } = wordsOf(message);
  return [
    `*${escapeForSlack(title)}*`,
    ...paragraphs.map(escapeForSlack),
    '',
    ...facts.map(({ label, value }) => `• ${escapeForSlack(label)}: ${escapeForSlack(value)}`),
    '',
    `_${escapeForSlack(footer)}_`,
  ].join('\n');
}

/** The three characters that begin something in Slack's markup: links, mentions, entities. */
function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Words that mean that this webhook is of no use any more, whatever their status. */
const GONE = /^(no_active_hooks|no_service|no_service_id|no_team|team_disabled|invalid_token)\b/;

function codeOfAnswer(status: number, body: string): Code {
  if (status >= 500) return 'channel.busy';
  return status === 404 || status === 410 || GONE.test(body.trim())
    ? 'channel.slack_gone'
    : 'channel.slack_refused';
}

function redactorOf(webhookUrl: string): (text: string) => string {
  const { pathname, search } = new URL(webhookUrl);
  const redactor = createRedactor();
  for (const secret of [webhookUrl, `${pathname}${search}`, pathname.split('/').at(-1) ?? ''])
    redactor.learn(secret);
  return redactor.redact;
}
