/** Where the tokens are to be kept, out of `KV_REDIS_URL` and Settings. */
import type { StoreChoice } from './configuration.ts';
import { readRedisUrl } from './configuration-values.ts';
import { isLoopbackHost } from './loopback.ts';
import { redisUrlOf } from './redis-url.ts';
import { done, type Failure, failed, type Result, unreachable } from './result.ts';
import type { Settings } from './settings-schema.ts';
import { type OpenedSecrets, savedSecret, type Taker } from './take-value.ts';

/**
 * Never another store than the one that was named: two stores would be two parties on one refresh token.
 * `origin` is what CAFE24_API_ORIGIN came to, null without it.
 */
export function readStore(
  taker: Taker,
  saved: Settings['store'],
  secrets: OpenedSecrets,
  origin: Result<string> | null,
): StoreChoice {
  const address = taker.take('KV_REDIS_URL', savedRedisUrl(saved, secrets), readRedisUrl);
  // A simulator was meant, so test credentials may be at work: nothing of a real shop's store is touched.
  if (origin && !origin.ok) return refused(origin);
  if (address === null) return { kind: 'local' };
  if (!address.ok) return refused(address);
  const outside = address.value.hosts.some(({ host }) => !isLoopbackHost(host));
  if (origin !== null && outside) {
    taker.report('store.not_loopback', 'KV_REDIS_URL', taker.sourceOf('KV_REDIS_URL'));
    return refused(failed('store.not_loopback'));
  }
  return { kind: 'redis', url: redisUrlOf(address.value) };
}

/** Settings keep address and password apart; null: the local store. */
function savedRedisUrl(saved: Settings['store'], secrets: OpenedSecrets): Result<string> | null {
  switch (saved.kind) {
    case 'local':
      return null;
    case 'unknown':
      return failed('config.settings_corrupt');
    case 'redis': {
      const password = savedSecret(saved.password, secrets);
      if (password === null) return done(saved.url.trim());
      const address = readRedisUrl(saved.url.trim());
      if (!password.ok) return password;
      if (!address.ok) return address;
      return done(redisUrlOf({ ...address.value, password: password.value }));
    }
    default:
      return unreachable(saved);
  }
}

function refused({ code }: Failure): StoreChoice {
  return { kind: 'refused', code };
}
