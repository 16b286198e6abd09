import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 1024 * 1024;

/** A request, read completely. */
export interface SimRequest {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an answer leaves: whole, cut off in its body, or not at all (connection reset, or closed). */
export type Delivery = 'complete' | 'cut' | 'reset' | 'close';

/** What became of it; `abandoned` means that the client had hung up before the answer was out. */
export type Delivered = 'complete' | 'cut' | 'dropped' | 'abandoned';

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** An error of the OAuth endpoints. */
export function oauthError(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description });
}

/** The error form of the Admin API, which gateway answers share. */
export function errorEnvelope(code: number, message: string): unknown {
  return { error: { code, message } };
}

export function htmlAnswer(status: number, body: string): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
    body,
  };
}

export function redirectAnswer(location: string): Answer {
  return { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' }, body: '' };
}

export async function readRequest(message: IncomingMessage): Promise<SimRequest> {
  const url = new URL(message.url ?? '/', 'http://simulator.invalid');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('request body over 1 MB');
    chunks.push(chunk);
  }
  return {
    method: message.method ?? 'GET',
    pathname: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Sends an answer dated by the simulated clock and resolves with what became of it. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  delivery: Delivery,
  now: number,
): Promise<Delivered> {
  const { socket } = response;
  if (socket === null || socket.destroyed) return 'abandoned';
  if (delivery === 'reset' || delivery === 'close') {
    // resetAndDestroy works on plain TCP only; over TLS an unannounced close is as abrupt as it gets.
    if (delivery === 'reset' && !('encrypted' in socket)) socket.resetAndDestroy();
    else socket.destroy();
    return 'dropped';
  }
  const body = Buffer.from(answer.body, 'utf8');
  response.sendDate = false;
  response.writeHead(answer.status, {
    ...answer.headers,
    Date: new Date(now).toUTCString(),
    'Content-Length': String(body.length),
  });
  if (delivery === 'cut') {
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket.destroy());
    });
    return 'cut';
  }
  return new Promise((resolve) => {
    response.once('finish', () => resolve('complete'));
    response.once('close', () => resolve(response.writableFinished ? 'complete' : 'abandoned'));
    response.end(body);
  });
}
