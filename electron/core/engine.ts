/**
 * The program under one configuration: its keepers, their consent flows, and what a person does with a shop. Built anew
 * when the configuration changes (`live-engine.ts`); whatever outlives that is not in here.
 */
import type { Code } from '../../shared/codes.ts';
import type { Configuration } from '../../shared/configuration.ts';
import type { IntentReply, MallIntent } from '../../shared/ipc.ts';
import type { Locale } from '../../shared/locale.ts';
import { type Result, unreachable } from '../../shared/result.ts';
import type { StoreTrial } from '../../shared/settings-forms.ts';
import type { MallSnapshot } from '../../shared/snapshot.ts';
import { byUrgency } from '../../shared/urgency.ts';
import type { Channel } from '../../shared/warnings.ts';
import type {
  AdminApi,
  Clock,
  HistoryBook,
  Log,
  Notifier,
  StoreFacts,
  Timers,
  TokenStore,
} from '../ports.ts';
import type { Alerter } from './alerter.ts';
import { appNoticesOf } from './app-notices.ts';
import { testConnection } from './authorized-call.ts';
import { endAll } from './end-all.ts';
import { type Historian, startHistorian } from './historian.ts';
import type { Keeper } from './keeper.ts';
import type { Outcome } from './keeper-api.ts';
import { type LastAction, mallSnapshotOf } from './mall-snapshot.ts';
import type { Clipboard, Picture } from './presenter.ts';
import type { Reauthorizer } from './reauthorizer.ts';
import { refreshNow } from './refresh-now.ts';
import { whyNotRemove } from './removal.ts';
import { startScheduler } from './scheduler.ts';
import { sendTestWarning } from './test-warning.ts';

export interface EngineParts {
  readonly configuration: Configuration;
  /** Why the data folder keeps nothing; null when it keeps. */
  readonly dataFolder: { readonly folder: string; readonly keeps: boolean; readonly why: Code | null };
  readonly clock: Clock & {
    verify(): Promise<void>;
    onJump(listener: () => void): () => void;
    /** `now`; null where the host's clock was set, or the host slept, and nobody has asked the server since. */
    nowUnlessParted(): number | null;
  };
  readonly timers: Timers;
  readonly store: TokenStore;
  readonly keepers: readonly Keeper[];
  /** Warns of what a keeper's view says. */
  alerterOf(mall: string): Alerter;
  /** A mall's consent flow; `onChange` after every change of it. */
  readonly reauthorizer: (keeper: Keeper, onChange: () => void) => Reauthorizer;
  readonly api: AdminApi;
  readonly book: HistoryBook;
  /** The host's own clock, epoch ms. */
  hostNow(): number;
  readonly log: Log;
  /** The channels that are configured. */
  readonly notifiers: readonly Notifier[];
  /** The language of a test warning. */
  locale(): Locale;
  readonly trials: Trials;
  readonly clipboard: Clipboard;
  /** Something in the picture may have changed. */
  onChange(): void;
  /** Ends the core after the consent flows have ended. */
  stopCore(): Promise<void>;
}

/** What of the picture depends on the configuration. */
export type EnginePicture = Pick<Picture, 'at' | 'clock' | 'simulator' | 'malls' | 'notices'>;

/** What a person may try before it is kept, by this configuration's ways to the outside. */
export interface Trials {
  /** Connects to a Redis for a look; `mall` is the shop whose tokens are looked for. */
  store(url: string, mall: string | null): Promise<Result<StoreTrial>>;
  /** Fetches the page of a redirect URI. */
  page(uri: string): Promise<Outcome>;
}

export interface Engine {
  readonly configuration: Configuration;
  readonly trials: Trials;
  picture(): EnginePicture;
  /** What the store said of itself last; null before it answered. */
  storeFacts(): StoreFacts | null;
  handle(intent: MallIntent): Promise<IntentReply | null>;
  /** Why a shop must stay in the settings for now (`whyNotRemove`); lets a refresh under way end first. */
  whyNotRemove(mall: string): Promise<Outcome | null>;
  /** A person is in the middle of a consent, or its code is being exchanged. */
  isConsentRunning(): boolean;
  /** The machine woke or its clock changed: look now. */
  resume(): void;
  /** Lets what is in flight end or parks it (docs/guarantees.md, row 25); the picture stays readable. */
  stop(): Promise<void>;
}

/** A mall with its keeper, its consent flow, and what a person last did with it. */
interface Desk {
  readonly keeper: Keeper;
  readonly reauthorizer: Reauthorizer;
  readonly historian: Historian;
  doing: 'testing' | 'disconnecting' | null;
  lastAction: LastAction | null;
}

export function createEngine(parts: EngineParts): Engine {
  const { configuration, clock, timers, store, keepers, onChange } = parts;
  let storeFacts: StoreFacts | null = null;
  const desks = keepers.map(
    (keeper): Desk => ({
      keeper,
      reauthorizer: parts.reauthorizer(keeper, onChange),
      historian: startHistorian({
        ...parts,
        mall: keeper.mall,
        keeper,
        alerter: parts.alerterOf(keeper.mall),
      }),
      doing: null,
      lastAction: null,
    }),
  );

  const scheduler = startScheduler({ keepers: () => keepers, clock, timers });
  const forget = [
    ...keepers.map((keeper) =>
      keeper.onChange(() => {
        parts.alerterOf(keeper.mall).consider();
        onChange();
      }),
    ),
    clock.onJump(() => {
      for (const keeper of keepers) void keeper.wake();
      scheduler.tick();
      onChange();
    }),
    store.onReachable(() => void askFacts()),
  ];
  void askFacts();

  async function askFacts(): Promise<void> {
    const facts = await store.facts();
    if (facts.ok) storeFacts = facts.value;
    onChange();
  }

  function picture(): EnginePicture {
    return {
      at: clock.now(),
      clock: { verified: clock.verified(), skewMs: clock.skewMs() },
      simulator: configuration.simulator,
      malls: desks.map(snapshotOf).sort(byUrgency),
      notices: appNoticesOf(parts),
    };
  }

  function snapshotOf({ keeper, reauthorizer, historian, doing, lastAction }: Desk): MallSnapshot {
    const mall = configuration.malls.find((each) => each.mall === keeper.mall);
    if (!mall) throw new Error(`no configuration for ${keeper.mall}`);
    return mallSnapshotOf({
      configuration: mall,
      view: keeper.view(),
      store: {
        kind: configuration.store.kind === 'local' ? 'local' : 'redis',
        place: storeFacts?.place ?? '',
        warnings: storeFacts?.warnings ?? [],
      },
      flow: reauthorizer.flow(),
      cannotReauthorize:
        configuration.apiOrigin === null ? 'config.origin_refused' : reauthorizer.cannotStart(),
      doing,
      history: historian,
      lastAction,
      now: clock.now(),
    });
  }

  async function handle(intent: MallIntent): Promise<IntentReply | null> {
    const desk = desks.find(({ keeper }) => keeper.mall === intent.mall);
    return desk ? act(desk, intent) : { code: 'client.not_configured', params: {} };
  }

  function act(desk: Desk, intent: MallIntent): Promise<IntentReply | null> | IntentReply | null {
    const { reauthorizer } = desk;
    switch (intent.do) {
      case 'reauthorize':
        return reauthorizer.start();
      case 'cancel':
        reauthorizer.cancel();
        return null;
      case 'open-again':
        return reauthorizer.openAgain();
      case 'copy-link':
        return copyLink(reauthorizer);
      case 'paste':
        return reauthorizer.paste(intent.text);
      case 'paste-clipboard':
        return parts.clipboard.read().then((text) => reauthorizer.paste(text));
      case 'refresh':
        return remember(desk, 'refresh', () => refreshNow(desk.keeper, clock, timers));
      case 'test':
        return during(desk, 'testing', () =>
          remember(desk, 'test', () => testConnection({ keeper: desk.keeper, api: parts.api, clock })),
        );
      case 'disconnect':
        return disconnecting(desk, intent.anyway);
      case 'history':
        return { code: null, params: {}, history: desk.historian.entries() };
      case 'test-warning':
        return testWarning(desk, intent.channel);
      default:
        return unreachable(intent);
    }
  }

  async function copyLink(reauthorizer: Reauthorizer): Promise<Outcome | null> {
    const link = reauthorizer.link();
    if (link === null) return { code: 'consent.closed', params: {} };
    await parts.clipboard.write(link);
    return null;
  }

  async function disconnecting(desk: Desk, anyway: boolean): Promise<Outcome> {
    if (desk.reauthorizer.flow().phase !== 'idle') return { code: 'disconnect.busy', params: {} };
    return during(desk, 'disconnecting', () =>
      remember(desk, 'disconnect', () => desk.keeper.disconnect({ anyway })),
    );
  }

  /** It shows that something is being done, and whatever comes of it, that it is over. */
  async function during<T>(
    desk: Desk,
    doing: NonNullable<Desk['doing']>,
    work: () => Promise<T>,
  ): Promise<T> {
    desk.doing = doing;
    onChange();
    try {
      return await work();
    } finally {
      desk.doing = null;
      onChange();
    }
  }

  async function testWarning({ keeper }: Desk, channel: Channel): Promise<Outcome> {
    const { notifiers } = parts;
    const { simulator } = configuration;
    const sent = await sendTestWarning(
      { keeper, notifiers, clock, simulator, locale: parts.locale() },
      channel,
    );
    if (sent.ok) return { code: 'channel.sent', params: {} };
    return { code: sent.code, params: sent.detail ? { answer: sent.detail } : {} };
  }

  async function remember(
    desk: Desk,
    action: LastAction['action'],
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const outcome = await work();
    desk.lastAction = { action, ...outcome, at: clock.now() };
    onChange();
    return outcome;
  }

  return {
    configuration,
    trials: parts.trials,
    picture,
    storeFacts: () => storeFacts,
    handle,
    async whyNotRemove(mall) {
      const keeper = keepers.find((each) => each.mall === mall);
      const code = keeper ? whyNotRemove(await keeper.look()) : null;
      return code && { code, params: {} };
    },
    isConsentRunning: () =>
      desks.some(
        ({ reauthorizer, doing }) => reauthorizer.flow().phase !== 'idle' || doing === 'disconnecting',
      ),
    resume() {
      void clock.verify().then(() => {
        for (const keeper of keepers) void keeper.wake();
        onChange();
      });
    },
    async stop() {
      for (const remove of forget) remove();
      scheduler.stop();
      await endAll(
        () => desks.map(({ reauthorizer }) => reauthorizer.stop()),
        () => [parts.stopCore()],
        () => desks.map(({ historian }) => historian.stop()),
      );
    },
  };
}
