/**
 * The one OS notice of a warning (docs/keeper.md, 19): the window shows it, and where the window does not within five
 * seconds, main does. Either may be slow, hang or die at any moment, and still exactly one notice appears: the window
 * must claim it first, and main, which hands every notice of the window to the system, does so only while that claim
 * stands. Nothing of Electron is in here; times are real.
 */
import type { NoticeCall, NoticeEvent, NoticeWords } from '../../shared/ipc.ts';
import { done, failed, type Result, unreachable } from '../../shared/result.ts';
import type { Log, Timers } from '../ports.ts';

/** How long the window has for a notice, its own start included; then main has as long for its own. */
export const SHOWN_WITHIN_MS = 5_000;

/** What a warning asks for. */
export interface NoticeOrder {
  readonly mall: string;
  readonly words: NoticeWords;
  /** What a click on it does. */
  readonly click: 'reauthorize' | 'status';
}

/** The desk numbers them: by its `id` a click finds its shop, whatever engine sent the warning. */
export interface OsNotice extends NoticeOrder {
  readonly id: number;
}

/** How far the window is with a notice; `by_window` and `by_main` say whose it is from then on. */
export type Phase =
  | 'offered' // the window may ask for it
  | 'claimed' // it asked, was told yes, and has not reached the system yet
  | 'handed_over' // the system was given it: it is on the screen or will be in a moment
  | 'by_window'
  | 'by_main';

/** `ask`: main is about to hand it to the system. `lost`: the page is gone. `late`: the time is over. */
export type PhaseEvent = 'claim' | 'ask' | 'shown' | 'failed' | 'lost' | 'late';

/** What is not listed changes nothing. Once a notice is the window's or main's, nothing changes that any more. */
const NEXT: Readonly<Record<Phase, Readonly<Partial<Record<PhaseEvent, Phase>>>>> = {
  offered: { claim: 'claimed', lost: 'offered', late: 'by_main' },
  // A claim dies with its page; the page that is built next may claim it anew.
  claimed: { ask: 'handed_over', shown: 'by_window', failed: 'by_main', lost: 'offered', late: 'by_main' },
  // Nobody can take it back now: a second notice would be one too many, whether the page can still say so or not.
  handed_over: { shown: 'by_window', failed: 'by_main', lost: 'by_window', late: 'by_window' },
  by_window: {},
  by_main: {},
};

/** Pure: the phase after an event; null where the event changes nothing. */
export function phaseAfter(phase: Phase, event: PhaseEvent): Phase | null {
  return NEXT[phase][event] ?? null;
}

/** Main's own notice. Returns what takes it off the screen; a notice that was closed so calls back no more. */
export type ShowByMain = (
  notice: OsNotice,
  on: { shown(): void; failed(why: string): void; clicked(): void; closed(): void },
) => () => void;

/** What the notices need of the shell. */
export interface NoticeShell {
  /** While needed there is a window, hidden if nobody opened it, and it is not given up. */
  needWindow(needed: boolean): void;
  /** Reaches the page only if it listens; one that comes up says so by `windowListens`. */
  tell(call: NoticeCall): void;
  /** Ends a page that listens but does not answer; one that is still loading is only slow, and stays. */
  endHungWindow(): void;
  clicked(notice: OsNotice): void;
}

export interface NoticeDesk {
  /** Resolves when it is on the screen, by whoever it was; fails with `channel.os_unavailable`. One after the other. */
  show(order: NoticeOrder): Promise<Result<void>>;
  /** Begins to work for this shell; what was asked before has waited. Returns what ends it, and with it the desk. */
  serve(shell: NoticeShell): () => void;
  /** The words, as the answer to a claim that was accepted; else null. */
  handle(event: NoticeEvent, id: number): NoticeWords | null;
  /** Whether a notice of the window may go to the system now; a claim is good for one. */
  mayShow(): boolean;
  windowListens(): void;
  /** The page is gone, and with it every click on what it showed. */
  windowLost(): void;
}

interface Pending {
  readonly notice: OsNotice;
  readonly settle: (result: Result<void>) => void;
  phase: Phase;
  cancelTimer: () => void;
}

interface OnScreen {
  readonly notice: OsNotice;
  readonly by: 'window' | 'main';
  takeOff(): void;
}

const UNAVAILABLE = 'channel.os_unavailable';
const QUITTING = failed(UNAVAILABLE, 'the app quits');

export function createNoticeDesk(options: {
  readonly timers: Timers;
  readonly showByMain: ShowByMain;
  readonly log: Log;
}): NoticeDesk {
  const { timers, showByMain, log } = options;
  /** By mall: its next stage takes the former off. */
  const onScreen = new Map<string, OnScreen>();
  let waiting: readonly Pending[] = [];
  let lastId = 0;
  let current: Pending | null = null;
  let shell: NoticeShell | null = null;
  let isOver = false;

  const advance = (): void => {
    if (shell && !current) {
      const [next, ...rest] = waiting;
      waiting = rest;
      current = next ?? null;
      if (current) {
        current.cancelTimer = timers.after(SHOWN_WITHIN_MS, () => move('late'));
        shell.tell({ do: 'show', id: current.notice.id });
      }
    }
    reviewNeed();
  };

  /** A notice of the window lives in its page, so the page lives until click, close or the next stage. */
  const reviewNeed = (): void => {
    const isExpected = current !== null && current.phase !== 'by_main';
    shell?.needWindow(isExpected || [...onScreen.values()].some(({ by }) => by === 'window'));
  };

  /** True when the event changed something. */
  const move = (event: PhaseEvent): boolean => {
    const pending = current;
    const next = pending && phaseAfter(pending.phase, event);
    if (!pending || next === null) return false;
    pending.phase = next;
    switch (next) {
      case 'offered':
      case 'claimed':
      case 'handed_over':
        return true;
      case 'by_window':
        isByWindow(pending, event);
        return true;
      case 'by_main':
        log.warn('window', `the window showed no notice (${event}); main does`, pending.notice.mall);
        takeOver(pending);
        if (event === 'late') shell?.endHungWindow();
        return true;
      default:
        return unreachable(next);
    }
  };

  const isByWindow = (pending: Pending, event: PhaseEvent): void => {
    const { notice } = pending;
    if (event !== 'shown') log.warn('window', `a notice is out, and the window is ${event}`, notice.mall);
    const takeOff = (): void => shell?.tell({ do: 'close', id: notice.id });
    arrived(pending, event === 'lost' ? null : { notice, by: 'window', takeOff });
  };

  const takeOver = (pending: Pending): void => {
    const { notice } = pending;
    let takeOff = (): void => {};
    pending.cancelTimer();
    pending.cancelTimer = timers.after(SHOWN_WITHIN_MS, () => {
      takeOff();
      gaveUp('the system did not say that it shows it');
    });
    const gaveUp = (why: string): void => {
      if (current === pending) end(pending, failed(UNAVAILABLE, why));
    };
    reviewNeed();
    takeOff = showByMain(notice, {
      shown() {
        if (current === pending) arrived(pending, { notice, by: 'main', takeOff: () => takeOff() });
      },
      failed: gaveUp,
      clicked: () => clicked(notice.id),
      closed: () => forget(notice.id),
    });
  };

  /** It is on the screen; `entry` is null when its click is lost already. */
  const arrived = (pending: Pending, entry: OnScreen | null): void => {
    const { mall } = pending.notice;
    const former = onScreen.get(mall);
    onScreen.delete(mall);
    if (entry) onScreen.set(mall, entry);
    former?.takeOff();
    end(pending, done(undefined));
  };

  const end = (pending: Pending, result: Result<void>): void => {
    pending.cancelTimer();
    current = null;
    pending.settle(result);
    advance();
  };

  const forget = (id: number): OsNotice | null => {
    const entry = [...onScreen.values()].find(({ notice }) => notice.id === id);
    if (!entry) return null;
    onScreen.delete(entry.notice.mall);
    reviewNeed();
    return entry.notice;
  };

  const clicked = (id: number): void => {
    const notice = forget(id);
    if (!notice) return;
    log.info('window', 'a notice was clicked', notice.mall);
    shell?.clicked(notice);
  };

  return {
    show: (order) =>
      new Promise((settle) => {
        if (isOver) return settle(QUITTING);
        lastId += 1;
        const notice = { ...order, id: lastId };
        waiting = [...waiting, { notice, settle, phase: 'offered', cancelTimer: () => {} }];
        advance();
      }),
    serve(newShell) {
      shell = newShell;
      advance();
      return () => {
        shell = null;
        isOver = true;
        const unfinished = current ? [current, ...waiting] : waiting;
        current = null;
        waiting = [];
        onScreen.clear();
        for (const { cancelTimer, settle, phase } of unfinished) {
          cancelTimer();
          settle(phase === 'handed_over' ? done(undefined) : QUITTING);
        }
      };
    },
    handle(event, id) {
      const isCurrent = current?.notice.id === id;
      const words = current?.notice.words ?? null;
      switch (event) {
        case 'claim':
          return isCurrent && move('claim') ? words : null;
        case 'failed':
          if (isCurrent) move('failed');
          return null;
        case 'shown':
        case 'clicked':
        case 'closed':
          // A click may be told before the showing.
          if (isCurrent) move('shown');
          if (event === 'clicked') clicked(id);
          if (event === 'closed') forget(id);
          return null;
        default:
          return unreachable(event);
      }
    },
    mayShow: () => move('ask'),
    windowListens() {
      if (current?.phase === 'offered') shell?.tell({ do: 'show', id: current.notice.id });
    },
    windowLost() {
      for (const [mall, { by }] of onScreen) {
        if (by !== 'window') continue;
        onScreen.delete(mall);
        log.warn('window', 'the window is gone, and the click on its notice with it', mall);
      }
      move('lost');
      reviewNeed();
    },
  };
}
