/**
 * Warns of one mall: sees the keeper's view and the ledgers, lets the policy (`shared/warnings.ts`) decide, and sends what
 * is due, channel by channel. The ledger in the store makes sure that each warning leaves once for all machines; while
 * the store is out of reach the local one decides, for a repetition is better than silence.
 */

import type { Locale } from '../../shared/locale.ts';
import { codesIn, type Failure, failed, type Result } from '../../shared/result.ts';
import { DAY_MS } from '../../shared/seoul-time.ts';
import type { WarningMessage } from '../../shared/warning-message.ts';
import { nextWarningAt, type Warning, warningsDue } from '../../shared/warnings.ts';
import type { AlertLedger, Clock, Identity, Log, Notifier, Timers } from '../ports.ts';
import { atMost } from './at-most.ts';
import { nextDailyCheckAt } from './daily.ts';
import type { Keeper, KeeperView } from './keeper.ts';
import { STOP_WAIT_MS } from './timing.ts';
import { createWarningLedgers } from './warning-ledgers.ts';
import { createWarningRetries } from './warning-retries.ts';
import { createWarningSituations } from './warning-situation.ts';

export interface AlerterDeps {
  readonly mall: string;
  readonly keeper: Pick<Keeper, 'view'>;
  readonly clock: Pick<Clock, 'now'>;
  isClockTrusted(): boolean;
  /** Where the clock can be moved by hand: hears of it, should that have been just now. */
  catchUp(): Promise<void>;
  readonly timers: Timers;
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
  /**
   * The same for a program that asks once a day and then ends: what a due refresh came to in the look before is all the
   * chance it gets.
   */
  checkOnce(): Promise<CheckReport>;
  /** The same, only where something changed since the last check or its time has come. Cheap to call often. */
  consider(): void;
  /** Calls back when a warning left (null), and when it first could not; returns its remover. */
  onOutcome(listener: (warning: Warning, failure: Failure | null) => void): () => void;
  /** Begins no check any more; what is being sent has 20 s, for a mail server may say nothing for long. */
  stop(): Promise<void>;
}

/** While a refresh has its chance, and when nothing is known, the next look is this soon. */
const SOON_MS = 30_000;

/** What came of one warning that was due. */
type Ended = { readonly warning: Warning } & (
  | { readonly kind: 'sent' | 'left' }
  | { readonly kind: 'failed'; readonly failure: Failure }
);

export function createAlerter(deps: AlerterDeps): Alerter {
  const { mall, clock, identity, log } = deps;
  const ledgers = createWarningLedgers({ ...deps, owner: identity.owner });
  const situations = createWarningSituations({
    ledgers,
    isClockTrusted: deps.isClockTrusted,
    channels: deps.notifiers.map(({ channel }) => channel),
    machine: identity.install,
  });
  const retries = createWarningRetries();
  const listeners = new Set<(warning: Warning, failure: Failure | null) => void>();
  let running: Promise<CheckReport> | null = null;
  let nextCheckAt = 0;
  let daily = 0;
  let lastMark = '';
  let isStopped = false;

  async function checkNow(isOnce: boolean): Promise<CheckReport> {
    const view = deps.keeper.view();
    const now = clock.now();
    if (now >= daily || daily - now > DAY_MS) daily = nextDailyCheckAt(now);
    lastMark = markOf(view);
    if (!view.state) {
      nextCheckAt = now + SOON_MS;
      return { sent: [], failures: [], isStoreRead: false };
    }
    const ledger = await ledgers.read(view.sight?.store.kind === 'up');
    const situation = await situations.of(view, ledger, now, isOnce);
    if (situation.deadlineAt !== null) await ledgers.keepAnchor(situation.deadlineAt);
    const due = warningsDue(situation, ledger.entries, now, ledger.at);
    if (situation.isSettled) retries.keepOnly(due);
    const ended = await Promise.all(
      due.filter(({ field }) => retries.mayTry(field, now)).map((warning) => send(warning, view)),
    );
    const isLeft = ended.some(({ kind }) => kind === 'left');
    nextCheckAt = Math.min(
      daily,
      nextWarningAt(situation, ledger.entries, now, ledger.at) ?? daily,
      retries.nextAt() ?? daily,
      // Whoever has a claim that we were refused may die with it.
      ...(situation.isSettled && !isLeft ? [] : [now + SOON_MS]),
    );
    const failures = ended.flatMap((end) => (end.kind === 'failed' ? [end] : []));
    if (situation.state === 'HEALTHY' && situation.isSettled && ledger.isShared && failures.length === 0)
      await beat();
    return {
      sent: ended.flatMap(({ kind, warning }) => (kind === 'sent' ? [warning] : [])),
      failures: failures.map(({ warning, failure }) => ({ warning, failure })),
      isStoreRead: ledger.isShared,
    };
  }

  async function send(warning: Warning, view: KeeperView): Promise<Ended> {
    const { field, channel, stage } = warning;
    if (!(await ledgers.claim(field))) return { kind: 'left', warning };
    // The deadline moved while it was pending: judged anew, not sent.
    if (subjectOf(deps.keeper.view()) !== subjectOf(view)) {
      await ledgers.settle(field, 'given_up');
      return { kind: 'left', warning };
    }
    const notifier = deps.notifiers.find((each) => each.channel === channel);
    const result = notifier ? await notifier.send(messageOf(stage, view)) : failed('internal.error', channel);
    if (!result.ok) {
      await ledgers.settle(field, 'given_up');
      if (retries.failed(field, clock.now()) === 1) tell(warning, result);
      log.warn(
        'alerts',
        `${stage} by ${channel} failed: ${result.code} ${codesIn(result.detail ?? '')}`.trimEnd(),
        mall,
      );
      return { kind: 'failed', warning, failure: result };
    }
    log.info('alerts', `${stage} sent by ${channel}`, mall);
    tell(warning, null);
    await ledgers.settle(field, 'sent');
    return { kind: 'sent', warning };
  }

  function tell(warning: Warning, failure: Failure | null): void {
    for (const listener of listeners) listener(warning, failure);
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

  function check(isOnce: boolean): Promise<CheckReport> {
    running ??= checkNow(isOnce).finally(() => {
      running = null;
    });
    return running;
  }

  function consider(): void {
    const isDue = clock.now() >= nextCheckAt || markOf(deps.keeper.view()) !== lastMark;
    if (!isDue || isStopped || running) return;
    check(false)
      // What changed meanwhile was not seen by it.
      .then(() => markOf(deps.keeper.view()) !== lastMark && consider())
      .catch((error: unknown) => {
        nextCheckAt = clock.now() + SOON_MS;
        log.error('alerts', `internal.error: ${error instanceof Error ? error.stack : String(error)}`, mall);
      });
  }

  return {
    check: () => check(false),
    checkOnce: () => check(true),
    consider,
    onOutcome(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      isStopped = true;
      return atMost(STOP_WAIT_MS, running ?? Promise.resolve(), deps.timers);
    },
  };
}

/** What a check depends on besides the time: when it changes, a check is due. */
function markOf(view: KeeperView): string {
  const { sight, isRefreshing } = view;
  const { store, dueAt, intent } = sight ?? {};
  const recorded = store?.kind === 'up' ? store.view.meta.state : null;
  return [subjectOf(view), store?.kind, recorded, dueAt, intent?.outcome, isRefreshing].join(' ');
}

/** What a warning speaks of. */
function subjectOf({ state, set }: KeeperView): string {
  return [state?.state, state?.reason, set?.refreshTokenExpiresAt].join(' ');
}
