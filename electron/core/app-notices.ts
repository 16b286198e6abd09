/** Notices that belong to no shop: what is wrong with the configuration, the data folder, the clock. */
import type { Notice } from '../../shared/snapshot.ts';
import type { EngineParts } from './engine.ts';

/** Skew that is worth telling: below it a countdown is right to the minute. */
const SKEW_TOLD_MS = 2 * 60_000;

type Parts = Pick<EngineParts, 'configuration' | 'dataFolder' | 'clock'>;

export function appNoticesOf(parts: Parts): readonly Notice[] {
  const problems = parts.configuration.problems.map(
    ({ code, name }): Notice => ({ code, params: { name }, tone: 'warn' }),
  );
  return [...problems, ...folderNotices(parts), ...clockNotices(parts)];
}

function folderNotices({ dataFolder }: Parts): readonly Notice[] {
  const { keeps, why, folder } = dataFolder;
  return keeps ? [] : [{ code: why ?? 'keeper.read_only', params: { path: folder }, tone: 'bad' }];
}

function clockNotices({ configuration, clock }: Parts): readonly Notice[] {
  if (configuration.simulator) return [];
  if (!clock.verified()) return [{ code: 'clock.unverified', params: {}, tone: 'info' }];
  const skewMs = Math.abs(clock.skewMs());
  return skewMs > SKEW_TOLD_MS
    ? [{ code: 'clock.skewed', params: { minutes: Math.round(skewMs / 60_000) }, tone: 'warn' }]
    : [];
}
