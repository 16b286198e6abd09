import { feedAddressOf } from '../../shared/release.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import type { ReleaseFeed } from '../ports.ts';
import { request } from './http/undici-parts.ts';
import { codeOf, detailOf } from './network/failure.ts';
import type { Network } from './network/network.ts';

const TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 3;
const LONGEST_BYTES = 64 * 1024;

/** Reads a feed of releases; redirects lead only to addresses that a feed may have. Says nothing about this machine. */
export function createReleaseFeed(network: () => Pick<Network, 'dispatcher'> | null): ReleaseFeed {
  return async (address) => {
    const way = network();
    return way ? ask(way, address) : failed('network.unreachable', 'not connected yet');
  };
}

async function ask({ dispatcher }: Pick<Network, 'dispatcher'>, address: string): Promise<Result<string>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    let next: string | null = address;
    for (let hop = 0; next !== null && hop <= MOST_REDIRECTS; hop += 1) {
      const { statusCode, headers, body } = await request(dispatcher, next, { reset: true, signal });
      if (statusCode === 200) {
        let text = '';
        for await (const chunk of body.setEncoding('utf8')) {
          text += String(chunk);
          if (text.length > LONGEST_BYTES) return failed('network.unreachable', 'too long');
        }
        return done(text);
      }
      await body.dump();
      const { location } = headers;
      const leads = statusCode >= 300 && statusCode < 400 && typeof location === 'string';
      if (!leads) return failed('network.unreachable', `status ${statusCode}`);
      next = URL.canParse(location, next) ? feedAddressOf(new URL(location, next).href) : null;
    }
    return failed('network.unreachable', 'redirected too often, or to nowhere');
  } catch (error) {
    return failed(codeOf(error), detailOf(error));
  }
}
