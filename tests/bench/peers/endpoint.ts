/**
 * Cafe24's token endpoint as strict as it is, and fast: the refresh token is replaced on arrival and the old one is dead
 * at once; the answer is Cafe24's documented one (no `expires_in`, times at +09:00 without an offset). Any way to send
 * the client's credentials is taken, so that no library fails for that. No budget: what a library wastes is counted.
 */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatKoreanTime } from '../../simulator/korean-time.ts';

export interface Endpoint {
  readonly origin: string;
  now(): number;
  jump(ms: number): void;
  /** Token requests so far. */
  requests(): number;
  /** A set as an earlier consent left it, `ageMs` old. */
  issue(mall?: string, ageMs?: number): Answer;
  isLive(accessToken: string): boolean;
  /** The newest access token that was issued. */
  newest(): string;
  /** The next token request is applied, and its connection cut before the answer. */
  loseNextAnswer(): void;
  /** Called at each token request's arrival. */
  onRequest(listener: (mall: string) => void): void;
  close(): Promise<void>;
}

/** Cafe24's documented answer. */
export interface Answer {
  readonly access_token: string;
  readonly expires_at: string;
  readonly refresh_token: string;
  readonly refresh_token_expires_at: string;
  readonly issued_at: string;
}

export const CLIENT_ID = 'benchClient';
export const CLIENT_SECRET = 'bench-secret-not-real';
const ACCESS_LIFE_MS = 2 * 60 * 60_000;
const REFRESH_LIFE_MS = 14 * 24 * 60 * 60_000;

const token = () => randomBytes(16).toString('base64url');

export async function startEndpoint(options: {
  /** From the request's arrival to its answer. */
  readonly delayMs: number;
  /** The server's clock; the host's, which `jump` moves, where absent. */
  readonly now?: () => number;
}): Promise<Endpoint> {
  let offset = 0;
  let requests = 0;
  let losing = false;
  let newest = '';
  const listeners: ((mall: string) => void)[] = [];
  const accessUntil = new Map<string, number>();
  const current = new Map<string, string>();
  const now = options.now ?? (() => Date.now() + offset);
  const isLive = (access: string) => (accessUntil.get(access) ?? 0) > now();

  function issue(mall = 'myshop', ageMs = 0): Answer {
    const issuedAt = Math.floor((now() - ageMs) / 1000) * 1000;
    const [access, refresh] = [token(), token()];
    accessUntil.set(access, issuedAt + ACCESS_LIFE_MS);
    current.set(mall, refresh);
    newest = access;
    return {
      access_token: access,
      expires_at: formatKoreanTime(issuedAt + ACCESS_LIFE_MS),
      refresh_token: refresh,
      refresh_token_expires_at: formatKoreanTime(issuedAt + REFRESH_LIFE_MS),
      issued_at: formatKoreanTime(issuedAt),
      ...{ client_id: CLIENT_ID, mall_id: mall, user_id: 'owner', shop_no: '1' },
      ...{ scopes: ['mall.read_product', 'mall.write_product'] },
    };
  }

  function answerToken(mall: string, body: string): readonly [status: number, body: unknown] {
    requests += 1;
    for (const listener of listeners) listener(mall);
    if (current.get(mall) === new URLSearchParams(body).get('refresh_token')) return [200, issue(mall)];
    return [400, { error: 'invalid_grant', error_description: 'Invalid refresh_token' }];
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const send = ([status, body]: readonly [status: number, body: unknown]) => {
        const date = new Date(now()).toUTCString();
        response.writeHead(status, { 'content-type': 'application/json', date });
        response.end(JSON.stringify(body));
      };
      if (pathname === '/__clock') return send([200, { now: now() }]);
      if (!pathname.endsWith('/oauth/token')) {
        const asked = request.headers.authorization?.replace('Bearer ', '') ?? '';
        return send(isLive(asked) ? [200, { count: 1 }] : [401, { error: { code: 401 } }]);
      }
      const answer = answerToken(pathname.split('/')[1] ?? '', Buffer.concat(chunks).toString());
      const isLost = losing;
      losing = false;
      setTimeout(() => (isLost ? request.socket.resetAndDestroy() : send(answer)), options.delayMs);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    now,
    jump(ms) {
      offset += ms;
    },
    requests: () => requests,
    issue,
    isLive,
    newest: () => newest,
    loseNextAnswer() {
      losing = true;
    },
    onRequest: (listener) => void listeners.push(listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
