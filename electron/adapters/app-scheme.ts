/**
 * The window's own scheme, `app://keeper/`: it serves the built window and nothing else. An own origin is what makes
 * the sender check, the permissions and the content security policy mean something; `file://` has none.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import type { Log } from '../ports.ts';

const SCHEME = 'app';
const HOST = 'keeper';

export const APP_ORIGIN = `${SCHEME}://${HOST}`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** To be registered before Electron is ready, once. */
export const APP_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, codeCache: true },
};

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * What a request may become. A path is believed only when every part of it is plain (no leading dot, no escape, no
 * backslash), so that there is nothing to traverse with, and only for types the window is made of.
 */
export type Resolution =
  | { readonly status: 200; readonly file: string; readonly type: string }
  | { readonly status: 404 | 405 };

const PLAIN_PATH = /^(?:\/[\w-][\w.-]*)+$/;

/** Pure: decides by method and URL alone; `file` is relative, with forward slashes. */
export function resolveRequest(method: string, address: string): Resolution {
  if (!address.startsWith(`${APP_ORIGIN}/`)) return { status: 404 };
  if (method !== 'GET') return { status: 405 };
  const pathname = (address.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0] ?? '').replace(
    /^\/$/,
    '/index.html',
  );
  const type = TYPES[path.posix.extname(pathname)];
  if (!PLAIN_PATH.test(pathname) || type === undefined) return { status: 404 };
  return { status: 200, file: pathname.slice(1), type };
}

/** Serves `folder` under `app://keeper/`; returns its remover. */
export function registerAppScheme(options: {
  readonly protocol: Protocol;
  readonly folder: string;
  readonly log: Log;
}): () => void {
  const { protocol, folder, log } = options;
  protocol.handle(SCHEME, async ({ method, url }) => {
    const resolved = resolveRequest(method, url);
    if (resolved.status !== 200) {
      log.warn('window', `refused ${method} with ${resolved.status}`);
      return answer(null, resolved.status, 'text/plain');
    }
    try {
      return answer(await readFile(path.join(folder, resolved.file)), 200, resolved.type);
    } catch (error) {
      log.error('window', `${resolved.file} could not be served: ${(error as NodeJS.ErrnoException).code}`);
      return answer(null, 404, 'text/plain');
    }
  });
  return () => protocol.unhandle(SCHEME);
}

function answer(body: Buffer<ArrayBuffer> | null, status: number, type: string): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  });
}
