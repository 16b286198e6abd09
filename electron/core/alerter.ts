/**
 * Warns of one mall: sees the keeper's view and the ledger, lets the policy (`shared/warnings.ts`) decide, and sends what
 * is due, channel by channel. The ledger in the store makes sure that each warning leaves once for all machines; while
 * the store is out of reach the local one decides, for a repetition is better than silence.
 */

import type { Locale } from '../../shared/locale.ts';
import { recordedStateOf } from '../../shared/meta.ts';
import { codesIn, type Failure, failed, type Result } from '../../shared/result.ts';
import { DAY_MS } from '../../shared/seoul-time.ts';
import type { WarningMessage } from '../../shared/warning-message.ts';
import {
  anchorOf,
  CLAIM_MS,
  type Ledger,
  nextWarningAt,
  type Situation,
  type Warning,
  warningsDue,
} from '../../shared/warnings.ts';
import type { AlertLedger, Clock, Identity, Log, Notifier } from '../ports.ts';
import { nextDailyCheckAt } from './daily.ts';
import type { Keeper, KeeperView } from './keeper.ts';

export interface AlerterDeps {
  readonly mall: string;
  readonly keeper: Pick<Keeper, 'view'>;
  readonly clock: Pick<Clock, 'now'>;
  isClockTrusted(): boolean;
  /** The store's ledger, shared by all machines. */
  readonly shared: AlertLedger;
  /** This machine's own: decides while the store is out of reach. */
  readonly local: AlertLedger;
  readonly notifiers: readonly Notifier[];
  readonly identity: Identity;
  readonly simulator: boolean;
  locale(): Locale;
  /** Tells an outside dead-man monitor that a check was made and all is well; null where none is configured. */
  readonly heartbeat: (() => Promise<Result<void>>) | null;
  readonly log: Log;
}

export interface CheckReport {
  readonly sent: readonly Warning[];
  readonly failures: readonly { readonly warning: Warning; readonly failure: Failure }[];
  /** False where the store could not be read: then the exit code of `check-expiry` is 1. */
  readonly isStoreRead: boolean;
}

export interface Alerter {
  /** Judges and sends what is due now; calls while one runs share it. */
  check(): Promise<CheckReport>;
  /** The same, only where something changed since the last check or its time has come. Cheap to call often. */
  consider(): void;
  /** Calls back when a warning left (null), and when it first could not; returns its remover. */
  onOutcome(listener: (warning: Warning, failure: Failure | null) => void): () => void;
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** A due refresh is waited for this long before anybody is alarmed (design, section 4). */
const CHANCE_MS = 10 * MINUTE_MS;
/** While it has its chance, and when nothing is known, the next look is this soon. */
const SOON_MS = 30_000;
/** Waits after failures of one warning on one channel. */
const RETRY_MS = [1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE_MS);

export function createAlerter(deps: AlerterDeps): Alerter {
  const { mall, clock, identity, log } = deps;
  const retries = new Map<string, { readonly failures: number; readonly at: number }>();
  const listeners = new Set<(warning: Warning, failure: Failure | null) => void>();
  let running: Promise<CheckReport> | null = null;
  let nextCheckAt = 0;
  let daily = 0;
  let lastMark = '';
  let dueSince: number | null = null;
  let episode: { readonly state: string; readonly since: number } | null = null;
  /** The local ledger may know of warnings that the store does not: at the start, and after the store was away. */
  let isBehind = true;
  let isStopped = false;

  async function checkNow(): Promise<CheckReport> {
    const view = deps.keeper.view();
    const now = clock.now();
    if (now >= daily || daily - now > DAY_MS) daily = nextDailyCheckAt(now);
    lastMark = markOf(view);
    if (!view.state) {
      nextCheckAt = now + SOON_MS;
      return { sent: [], failures: [], isStoreRead: false };
    }
    const { ledger, reading } = await openLedger(view);
    const situation = situationOf(view, reading.anchorAt, now);
    if (situation.deadlineAt !== null && situation.deadlineAt !== reading.anchorAt)
      await ledger.setAnchor(mall, situation.deadlineAt);
    const due = warningsDue(situation, reading.entries, now, reading.at).filter(
      ({ field }) => (retries.get(field)?.at ?? 0) <= now,
    );
    const ended = await Promise.all(due.map((warning) => send(warning, view, ledger)));
    const isStoreRead = ledger === deps.shared;
    if (!isStoreRead) isBehind = true;
    const upcoming = nextWarningAt(situation, reading.entries, now);
    const again = [...retries.values()].map(({ at }) => at);
    nextCheckAt = Math.min(
      daily,
      ...(upcoming === null ? [] : [upcoming]),
      ...again,
      ...(situation.isSettled ? [] : [now + SOON_MS]),
    );
    const failures = ended.flatMap((end) =>
      end.failure ? [{ warning: end.warning, failure: end.failure }] : [],
    );
    if (view.state.state === 'HEALTHY' && isStoreRead && failures.length === 0) await beat();
    return {
      sent: ended.filter(({ isSent }) => isSent).map(({ warning }) => warning),
      failures,
      isStoreRead,
    };
  }

  /** The store's ledger, told first what only the local one knows; the local one where the store is out of reach. */
  async function openLedger(
    view: KeeperView,
  ): Promise<{ ledger: AlertLedger; reading: { entries: Ledger; anchorAt: number | null; at: number } }> {
    const local = await deps.local.readAlerts(mall);
    const mine = local.ok ? local.value : { entries: new Map(), anchorAt: null, at: clock.now() };
    if (view.sight?.store.kind === 'up') {
      if (isBehind) {
        const sent = new Map([...mine.entries].filter(([, { status }]) => status === 'sent'));
        const told = sent.size > 0 ? await deps.shared.importAlerts(mall, sent) : ({ ok: true } as const);
        isBehind = !told.ok;
      }
      const shared = await deps.shared.readAlerts(mall);
      if (shared.ok) return { ledger: deps.shared, reading: shared.value };
    }
    return { ledger: deps.local, reading: mine };
  }

  function situationOf(view: KeeperView, anchorAt: number | null, now: number): Situation {
    const { sight, set, state } = view;
    const deadlineAt = set ? anchorOf(anchorAt, set.refreshTokenExpiresAt) : null;
    const recorded = sight?.store.kind === 'up' ? recordedStateOf(sight.store.view.meta) : null;
    const known = state?.state ?? 'HEALTHY';
    if (recorded?.state === known) episode = { state: known, since: recorded.since };
    if (episode?.state !== known) episode = { state: known, since: now };
    return {
      state: known,
      reason: state?.reason ?? null,
      since: episode.since,
      deadlineAt,
      isSettled: deps.isClockTrusted() && hadItsChance(view, now),
      channels: deps.notifiers.map(({ channel }) => channel),
      machine: identity.install,
    };
  }

  /** A due refresh succeeded, failed definitely, cannot be made here, or was tried for ten minutes. */
  function hadItsChance({ sight, isRefreshing }: KeeperView, now: number): boolean {
    const isDue = isRefreshing || (sight?.dueAt ?? Number.POSITIVE_INFINITY) <= now;
    if (!isDue) {
      dueSince = null;
      return true;
    }
    dueSince ??= now;
    const isDefinite =
      sight?.mayNotRedeem !== null || (sight.intent !== null && sight.intent.outcome !== 'open');
    return isDefinite || now - dueSince >= CHANCE_MS;
  }

  async function send(
    warning: Warning,
    view: KeeperView,
    ledger: AlertLedger,
  ): Promise<{ warning: Warning; isSent: boolean; failure: Failure | null }> {
    const { field, channel, stage } = warning;
    const claimed = await ledger.claimAlert(mall, field, identity.owner, CLAIM_MS);
    if (claimed.ok && !claimed.value) return { warning, isSent: false, failure: null };
    const notifier = deps.notifiers.find((each) => each.channel === channel);
    const result = notifier ? await notifier.send(messageOf(stage, view)) : failed('internal.error', channel);
    if (!result.ok) {
      await ledger.settleAlert(mall, field, identity.owner, 'given_up');
      const failures = (retries.get(field)?.failures ?? 0) + 1;
      retries.set(field, {
        failures,
        at: clock.now() + (RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? CHANCE_MS),
      });
      if (failures === 1) tell(warning, result);
      log.warn(
        'alerts',
        `${stage} by ${channel} failed: ${result.code} ${codesIn(result.detail ?? '')}`.trimEnd(),
        mall,
      );
      return { warning, isSent: false, failure: result };
    }
    retries.delete(field);
    log.info('alerts', `${stage} sent by ${channel}`, mall);
    tell(warning, null);
    const settled = await ledger.settleAlert(mall, field, identity.owner, 'sent');
    if (!settled.ok) isBehind = true;
    await remember(field);
    return { warning, isSent: true, failure: null };
  }

  function tell(warning: Warning, failure: Failure | null): void {
    for (const listener of listeners) listener(warning, failure);
  }

  /** What left is always noted here too: the store may be away the next time. */
  async function remember(field: string): Promise<void> {
    await deps.local.importAlerts(
      mall,
      new Map([[field, { status: 'sent', owner: identity.owner, until: clock.now() }]]),
    );
  }

  function messageOf(stage: WarningMessage['stage'], { state, set }: KeeperView): WarningMessage {
    return {
      stage,
      mall,
      reason: state?.reason ?? null,
      deadlineAt: set?.refreshTokenExpiresAt ?? null,
      at: clock.now(),
      simulator: deps.simulator,
      locale: deps.locale(),
    };
  }

  async function beat(): Promise<void> {
    const beaten = await deps.heartbeat?.();
    if (beaten && !beaten.ok) log.warn('alerts', `heartbeat failed: ${beaten.code}`, mall);
  }

  function check(): Promise<CheckReport> {
    running ??= checkNow().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    check,
    consider() {
      const isDue = clock.now() >= nextCheckAt || markOf(deps.keeper.view()) !== lastMark;
      if (!isDue || isStopped || running) return;
      check().catch((error: unknown) => {
        nextCheckAt = clock.now() + SOON_MS;
        log.error('alerts', `internal.error: ${error instanceof Error ? error.stack : String(error)}`, mall);
      });
    },
    onOutcome(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      isStopped = true;
      await running?.catch(() => {});
    },
  };
}

/** What a check depends on besides the time: when it changes, a check is due. */
function markOf({ state, set, sight }: KeeperView): string {
  return [state?.state, state?.reason, set?.refreshTokenExpiresAt, sight?.store.kind].join(' ');
}
