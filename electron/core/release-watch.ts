/** Asks a configured feed for a newer version, once a day, and never while tokens are on their way. */
import { feedAddressOf, isNewerVersion, parseRelease, type Release } from '../../shared/release.ts';
import type { Log, ReleaseFeed, Timers } from '../ports.ts';

/** After the start there is more important work. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 24 * 60 * 60_000;
const AGAIN_WHEN_BUSY_MS = 60_000;

export interface ReleaseWatch {
  /** The newer version that is known of, or null. */
  newer(): Release | null;
  stop(): void;
}

export function watchReleases(parts: {
  /** The feed as it is configured now; null asks nobody. */
  readonly feed: () => string | null;
  readonly ask: ReleaseFeed;
  readonly version: string;
  /** A refresh or a consent is under way. */
  readonly isBusy: () => boolean;
  readonly timers: Timers;
  readonly log: Log;
  readonly onChange: () => void;
}): ReleaseWatch {
  const { ask, version, timers, log } = parts;
  let known: Release | null = null;
  let over = false;
  let cancel = timers.after(FIRST_AFTER_MS, look);

  function look(): void {
    if (parts.isBusy()) {
      cancel = timers.after(AGAIN_WHEN_BUSY_MS, look);
      return;
    }
    cancel = timers.after(EVERY_MS, look);
    const address = feedAddressOf(parts.feed());
    if (address === null) return;
    void ask(address).then((answer) => {
      if (over) return;
      const release = answer.ok ? parseRelease(answer.value, address) : null;
      if (release === null) {
        log.warn(
          'app',
          answer.ok ? 'the feed of releases says nothing that fits' : `no releases: ${answer.code}`,
        );
        return;
      }
      const next = isNewerVersion(release.version, version) ? release : null;
      if (next?.version === known?.version) return;
      known = next;
      parts.onChange();
    });
  }

  return {
    newer: () => known,
    stop() {
      over = true;
      cancel();
    },
  };
}
