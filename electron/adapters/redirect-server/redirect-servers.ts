/**
 * The local server of a re-authorization (docs/keeper.md, 20): on loopback only, and only while somebody waits.
 * Whatever does not belong to the flow gets a bare status that says nothing about it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Locale } from '../../../shared/locale.ts';
import { done, failed } from '../../../shared/result.ts';
import type { Log, RedirectReply, RedirectRequest, RedirectServers } from '../../ports.ts';
import { bindLoopback } from './bind-loopback.ts';
import { LISTENER_LIMITS, type ListenerLimits, plainHeaders } from './loopback-listener.ts';
import { renderPage, SECURITY_HEADERS } from './page.ts';
import { checkRequest, type ListeningPlace } from './request-checks.ts';

/** The cookie lives as long as the wait. */
const COOKIE_MAX_AGE_S = 300;

export interface RedirectServerParts {
  readonly log: Log;
  /** The language of the pages, asked for at every page. */
  readonly locale: () => Locale;
  /** Default: `LISTENER_LIMITS`. */
  readonly limits?: ListenerLimits;
}

export function createRedirectServers({
  log,
  locale,
  limits = LISTENER_LIMITS,
}: RedirectServerParts): RedirectServers {
  return {
    async open({ ports, host, callbackPath }, handle) {
      const strays = countStrays();
      for (const port of ports) {
        const listeners = await bindLoopback(
          host,
          port,
          limits,
          (message, response) => {
            const place = { host, port: message.socket.localPort ?? port, callbackPath };
            void answer(message, response, place, strays, handle);
          },
          strays.add,
        );
        if (listeners === null) continue;
        return done({
          port: listeners[0].port,
          async close() {
            await Promise.all(listeners.map((listener) => listener.close()));
            const seen = strays.summary();
            if (seen !== '') log.info('consent', `local server closed; stray requests: ${seen}`);
          },
        });
      }
      return failed('server.ports_busy', `none of ${ports.join(', ')} on ${host}`);
    },
  };

  async function answer(
    message: IncomingMessage,
    response: ServerResponse,
    place: ListeningPlace,
    strays: Strays,
    handle: (request: RedirectRequest) => Promise<RedirectReply>,
  ): Promise<void> {
    const checked = checkRequest(message, place);
    if (checked.kind === 'refused') {
      strays.add(checked.status);
      response.writeHead(checked.status, {
        ...plainHeaders(),
        ...(checked.status === 405 ? { Allow: 'GET' } : {}),
        'Content-Length': '0',
      });
      response.end();
      return;
    }
    let reply: RedirectReply;
    try {
      reply = await handle(checked.request);
    } catch (bug) {
      log.error(
        'consent',
        `answering ${checked.request.kind} threw: ${bug instanceof Error ? bug.name : typeof bug}`,
      );
      reply = { kind: 'page', status: 500, code: 'internal.error', params: {} };
    }
    send(response, reply, place.callbackPath, locale());
  }
}

function send(response: ServerResponse, reply: RedirectReply, cookiePath: string, locale: Locale): void {
  if (reply.kind === 'redirect') {
    const { name, value } = reply.cookie;
    response.writeHead(302, {
      ...plainHeaders(),
      Location: reply.to,
      'Set-Cookie': cookie(name, value, cookiePath, COOKIE_MAX_AGE_S),
      'Content-Length': '0',
    });
    response.end();
    return;
  }
  const body = Buffer.from(renderPage(locale, reply.status, reply.code, reply.params), 'utf8');
  response.writeHead(reply.status, {
    ...SECURITY_HEADERS,
    ...(reply.clearCookie === undefined
      ? {}
      : { 'Set-Cookie': cookie(reply.clearCookie, '', cookiePath, 0) }),
    Connection: 'close',
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(body.length),
  });
  response.end(body);
}

/** Lax: Cafe24 and the relay page lead back by a top-level GET, and nothing else may carry it. */
function cookie(name: string, value: string, path: string, maxAgeS: number): string {
  // A path with a semicolon cannot be written into a cookie.
  const scope = path.includes(';') ? '/' : path;
  return `${name}=${value}; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}; Path=${scope}`;
}

interface Strays {
  add(status: number): void;
  /** `400 x2, 404 x17`: one line however many knocked, and never what they asked for. */
  summary(): string;
}

function countStrays(): Strays {
  const counts = new Map<number, number>();
  return {
    add(status) {
      counts.set(status, (counts.get(status) ?? 0) + 1);
    },
    summary: () =>
      [...counts]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${status} x${count}`)
        .join(', '),
  };
}
