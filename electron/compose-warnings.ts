/** Builds what warns: the channels that are configured, and one alerter per shop over the shared and the local ledger. */
import path from 'node:path';
import type { Configuration } from '../shared/configuration.ts';
import type { Locale } from '../shared/locale.ts';
import { createAlertFile } from './adapters/alert-file.ts';
import type { KeptClock } from './adapters/clock.ts';
import { createHeartbeat } from './adapters/heartbeat.ts';
import type { Network } from './adapters/network/network.ts';
import { realTimers } from './adapters/timers.ts';
import { type Alerter, createAlerter } from './core/alerter.ts';
import type { Keeper } from './core/keeper.ts';
import type { AlertLedger, Identity, Log, Notifier } from './ports.ts';

export interface WarningParts {
  readonly configuration: Configuration;
  readonly folder: string;
  readonly clock: KeptClock;
  readonly shared: AlertLedger;
  readonly identity: Identity;
  readonly log: Log;
  readonly network: Network;
  readonly keepers: readonly Keeper[];
  /** Channels of this program alone: the desktop's own notices. */
  readonly own: readonly Notifier[];
  readonly locale: () => Locale;
}

export interface Warnings {
  readonly notifiers: readonly Notifier[];
  readonly alerters: ReadonlyMap<string, Alerter>;
}

export async function composeWarnings(parts: WarningParts): Promise<Warnings> {
  const { configuration, clock, identity, log, network } = parts;
  const { heartbeatUrl, simulator } = configuration;
  const notifiers = [...parts.own, ...(await outsideNotifiers(configuration, network, log))];
  const local = createAlertFile({ folder: path.join(parts.folder, 'history'), clock, identity, log });
  const heartbeat = heartbeatUrl === null ? null : createHeartbeat(heartbeatUrl, network);
  // A paused shop warns of nothing from here, and is no healthy check either; the picture of it stays true.
  const paused = new Set(configuration.malls.filter((mall) => mall.paused).map(({ mall }) => mall));
  const alerterOf = (keeper: Keeper) =>
    createAlerter({
      mall: keeper.mall,
      keeper,
      clock,
      isClockTrusted: () => clock.isTrusted(),
      catchUp: () => clock.catchUp(),
      timers: realTimers,
      shared: parts.shared,
      local,
      notifiers: paused.has(keeper.mall) ? [] : notifiers,
      identity,
      simulator,
      locale: parts.locale,
      heartbeat: paused.has(keeper.mall) ? null : heartbeat,
      log,
    });
  return { notifiers, alerters: new Map(parts.keepers.map((keeper) => [keeper.mall, alerterOf(keeper)])) };
}

/** Their libraries are loaded only where a channel is configured: most of what mail needs would lie idle for ever. */
async function outsideNotifiers(
  { channels }: Configuration,
  network: Network,
  log: Log,
): Promise<readonly Notifier[]> {
  const notifiers: Notifier[] = [];
  if (channels.slackWebhookUrl) {
    const { createSlackNotifier } = await import('./adapters/slack.ts');
    notifiers.push(createSlackNotifier({ webhookUrl: channels.slackWebhookUrl, network }));
  }
  if (channels.mail) {
    const { createMailNotifier } = await import('./adapters/mail/mail-notifier.ts');
    notifiers.push(createMailNotifier({ ...channels.mail, trust: network.secureContext, log }));
  }
  return notifiers;
}
