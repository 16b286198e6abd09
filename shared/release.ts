/** New versions: what a feed says, and which of two versions is newer. */
import { z } from 'zod';
import { isLoopbackHost } from './loopback.ts';

/** A version that can be downloaded. */
export interface Release {
  readonly version: string;
  /** What is new, as its makers say it; shown as plain text. */
  readonly notes: string;
  /** The release's page, on the feed's own host. */
  readonly url: string;
}

const VERSION = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/;

const feed = z.object({
  version: z.string().regex(VERSION),
  notes: z.string().max(4000).default(''),
  url: z.string().max(2000),
});

/** Whether `candidate` comes after `current`. A pre-release or a malformed version is never newer. */
export function isNewerVersion(candidate: string, current: string): boolean {
  const a = VERSION.exec(candidate)?.slice(1).map(Number);
  const b = /^(\d+)\.(\d+)\.(\d+)/.exec(current)?.slice(1).map(Number);
  if (!a || !b) return false;
  const differing = a.findIndex((part, index) => part !== b[index]);
  return differing >= 0 && (a[differing] ?? 0) > (b[differing] ?? 0);
}

/** The address of a feed as it may be asked: https, or http on this machine; null for any other. */
export function feedAddressOf(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { protocol, hostname, username, password, href } = new URL(text);
  if (username !== '' || password !== '') return null;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname)) ? href : null;
}

/**
 * What the feed at `address` says: `{"version": "1.2.3", "notes": "...", "url": "https://..."}`. Null for anything else,
 * and for a link that leads to another host than the feed that was configured.
 */
export function parseRelease(body: string, address: string): Release | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = feed.safeParse(value);
  if (!parsed.success || !URL.canParse(parsed.data.url)) return null;
  const { origin, username, password, href } = new URL(parsed.data.url);
  const isOfFeed = origin === new URL(address).origin && username === '' && password === '';
  return isOfFeed ? { ...parsed.data, url: href } : null;
}
