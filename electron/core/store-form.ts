import type { Configuration } from '../../shared/configuration.ts';
import { readRedisUrl } from '../../shared/configuration-values.ts';
import { isLoopbackHost } from '../../shared/loopback.ts';
import { redisUrlOf } from '../../shared/redis-url.ts';
import { done, failed, type Result } from '../../shared/result.ts';
import type { StoreForm } from '../../shared/settings-forms.ts';
import type { Settings } from '../../shared/settings-schema.ts';

/** The URL that a form means, for a try: a password that was not typed again is the kept one. */
export async function urlToTry(
  form: StoreForm,
  saved: Settings['store'],
  vault: { get(name: string): Promise<Result<string | null>> },
  configuration: Pick<Configuration, 'simulator'>,
): Promise<Result<string>> {
  if (form.kind === 'local') return failed('config.missing_value');
  const address = readRedisUrl(form.url.trim());
  if (!address.ok) return address;
  // Test credentials and a real store must never meet.
  if (configuration.simulator && !address.value.hosts.every(({ host }) => isLoopbackHost(host))) {
    return failed('store.not_loopback');
  }
  const typed = address.value.password ?? form.password;
  if (typed !== null) return done(redisUrlOf({ ...address.value, password: typed || null }));
  const reference = saved.kind === 'redis' ? saved.password : null;
  const kept = reference === null ? done(null) : await vault.get(reference.keyring);
  return kept.ok ? done(redisUrlOf({ ...address.value, password: kept.value })) : kept;
}
