/**
 * The names in Redis (README.md, "For the engineer"). The companions carry the whole main key as hash tag; the main key
 * has no braces, so its slot is computed from the same characters and a cluster keeps a mall's keys together.
 */

const PREFIX = 'cafe24:oauth:';
const CHANGED = ':changed';

export interface MallKeys {
  readonly main: string;
  readonly meta: string;
  readonly lease: string;
  readonly spent: string;
  readonly requests: string;
  readonly alerts: string;
  readonly channel: string;
}

export function keysOf(mall: string): MallKeys {
  const main = `${PREFIX}${mall}`;
  const companion = (name: string) => `{${main}}:${name}`;
  return {
    main,
    meta: companion('meta'),
    lease: companion('lease'),
    spent: companion('spent'),
    requests: companion('requests'),
    alerts: companion('alerts'),
    channel: `${main}${CHANGED}`,
  };
}

/** Where an unreadable main key goes. */
export function asideKeyOf(mall: string, at: number): string {
  return `{${PREFIX}${mall}}:aside:${at}`;
}

/** What `PSUBSCRIBE` takes to hear of every mall over one connection. */
export const CHANNEL_PATTERN = `${PREFIX}*${CHANGED}`;

/** The mall a channel speaks of; null for a channel that is none of ours. */
export function mallOfChannel(channel: string): string | null {
  const mall = channel.slice(PREFIX.length, -CHANGED.length);
  return mall !== '' && channel === `${PREFIX}${mall}${CHANGED}` ? mall : null;
}
