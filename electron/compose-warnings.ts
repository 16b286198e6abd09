/** Builds what warns: the channels that are configured, and one alerter per shop over the shared and the local ledger. */
import path from 'node:path';
import type { Configuration } from '../shared/configuration.ts';
import type { Locale } from '../shared/locale.ts';
import { createAlertFile } from './adapters/alert-file.ts';
import type { KeptClock } from './adapters/clock.ts';
import { createHeartbeat } from './adapters/heartbeat.ts';
import { createMailNotifier } from './adapters/mail/mail-notifier.ts';
import { createSlackNotifier } from './adapters/slack.ts';
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
  readonly keepers: readonly Keeper[];
  /** Channels of this program alone: the desktop's own notices. */
  readonly own: readonly Notifier[];
  readonly locale: () => Locale;
}

export interface Warnings {
  readonly notifiers: readonly Notifier[];
  readonly alerters: ReadonlyMap<string, Alerter>;
}

export function composeWarnings(parts: WarningParts): Warnings {
  const { configuration, clock, identity, log } = parts;
  const { channels, heartbeatUrl, simulator } = configuration;
  const notifiers: readonly Notifier[] = [
    ...parts.own,
    ...(channels.slackWebhookUrl ? [createSlackNotifier({ webhookUrl: channels.slackWebhookUrl })] : []),
    ...(channels.mail ? [createMailNotifier({ ...channels.mail, log })] : []),
  ];
  const local = createAlertFile({ folder: path.join(parts.folder, 'history'), clock, identity, log });
  const heartbeat = heartbeatUrl === null ? null : createHeartbeat(heartbeatUrl);
  const alerterOf = (keeper: Keeper) =>
    createAlerter({
      mall: keeper.mall,
      keeper,
      clock,
      isClockTrusted: () => clock.isTrusted(),
      shared: parts.shared,
      local,
      notifiers,
      identity,
      simulator,
      locale: parts.locale,
      heartbeat,
      log,
    });
  return { notifiers, alerters: new Map(parts.keepers.map((keeper) => [keeper.mall, alerterOf(keeper)])) };
}
