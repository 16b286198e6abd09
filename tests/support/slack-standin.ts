/**
 * Stands in for Slack's incoming webhooks, by their documented behaviour: a POST of JSON with a text to the webhook's
 * path answers 200 `ok`; errors are a word of plain text with a status; too many answer 429 with Retry-After.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, https://docs.slack.dev/apis/web-api/rate-limits
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './certificates.ts';

/** Slack's documented refusals. */
export const SLACK_REFUSALS = {
  invalid_payload: 400,
  no_text: 400,
  user_not_found: 400,
  too_many_attachments: 400,
  action_prohibited: 403,
  posting_to_general_channel_denied: 403,
  invalid_token: 403,
  channel_not_found: 404,
  no_service: 404,
  no_team: 404,
  channel_is_archived: 410,
  rollup_error: 500,
} as const;

export type SlackBehaviour =
  | { readonly kind: 'refuse'; readonly word: keyof typeof SLACK_REFUSALS }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Begins an answer and never ends it. */
  | { readonly kind: 'trickle' }
  | { readonly kind: 'reset' };

export interface SlackMessage {
  readonly text: string;
  /** By `now` of the options. */
  readonly at: number;
}

export interface SlackStandIn {
  /** The webhook's URL, with a path that is a canary. */
  readonly webhookUrl: string;
  /** Messages that were taken, in order. */
  readonly messages: readonly SlackMessage[];
  /** How many requests came, taken or not. */
  requests(): number;
  /** What the next requests meet, one each; afterwards all is well again. */
  plan(...behaviours: readonly SlackBehaviour[]): void;
  /** Behaves so for every request, until null. */
  always(behaviour: SlackBehaviour | null): void;
  /** Runs in the handler of the next message: it was taken, and the sender is not told before this is over. */
  onceTaken(hook: () => Promise<void> | void): void;
  stop(): Promise<void>;
}

export interface SlackStandInOptions {
  readonly certificates?: Pick<Certificates, 'cert' | 'key'>;
  readonly now?: () => number;
}

/** Of the form of a real one; whoever knows it may post. */
const PATH = '/services/T00CANARY0/B00CANARY0/canaryWebhookSecret00';

export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const { certificates, now = Date.now } = options;
  const messages: SlackMessage[] = [];
  const planned: SlackBehaviour[] = [];
  let standing: SlackBehaviour | null = null;
  let count = 0;
  let atNext: (() => Promise<void> | void) | null = null;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    count += 1;
    const body = await bodyOf(request);
    const behaviour = planned.shift() ?? standing;
    switch (behaviour?.kind) {
      case undefined: {
        const word = receive(request, body);
        const hook = word === 'ok' ? atNext : null;
        if (hook) atNext = null;
        await hook?.();
        answer(response, word === 'ok' ? 200 : SLACK_REFUSALS[word], word);
        break;
      }
      case 'refuse':
        answer(response, SLACK_REFUSALS[behaviour.word], behaviour.word);
        break;
      case 'answer':
        answer(response, behaviour.status, behaviour.body, behaviour.headers);
        break;
      case 'trickle':
        response.writeHead(200, { 'content-type': 'text/html' }).write('o');
        break;
      case 'reset':
        request.socket.resetAndDestroy();
        break;
      case 'hang':
        break;
    }
  }

  function receive(request: IncomingMessage, body: string): keyof typeof SLACK_REFUSALS | 'ok' {
    if (request.method !== 'POST' || request.url !== PATH) return 'no_service';
    const text = request.headers['content-type'] === 'application/json' ? textIn(body) : null;
    if (text === null) return 'invalid_payload';
    if (text === '') return 'no_text';
    messages.push({ text, at: now() });
    return 'ok';
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };
  const server = certificates
    ? createTlsServer({ cert: certificates.cert, key: certificates.key }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    webhookUrl: `${certificates ? 'https' : 'http'}://127.0.0.1:${port}${PATH}`,
    messages,
    requests: () => count,
    plan: (...behaviours) => void planned.push(...behaviours),
    always(behaviour) {
      standing = behaviour;
    },
    onceTaken(hook) {
      atNext = hook;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function textIn(body: string): string | null {
  try {
    const payload: unknown = JSON.parse(body);
    if (typeof payload !== 'object' || payload === null) return null;
    return 'text' in payload && typeof payload.text === 'string' ? payload.text : '';
  } catch {
    return null;
  }
}
