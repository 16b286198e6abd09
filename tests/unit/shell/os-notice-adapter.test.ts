import { EventEmitter } from 'node:events';
import type { ActivationArguments, Notification } from 'electron';
import { describe, expect, test } from 'vitest';
import {
  mainNoticesOf,
  osNoticeOf,
  osNotifierOf,
  registerLateClicks,
} from '../../../electron/adapters/os-notice.ts';
import {
  createNoticeDesk,
  type NoticeOrder,
  type OsNotice,
  SHOWN_WITHIN_MS,
} from '../../../electron/core/os-notice.ts';
import { done } from '../../../shared/result.ts';
import type { WarningMessage } from '../../../shared/warning-message.ts';
import { handTimers } from './fake-timers.ts';
import { quietLog } from './quiet-log.ts';

const AT = Date.parse('2026-11-24T09:00:00+09:00');
const warningOf = (stage: WarningMessage['stage']): WarningMessage => ({
  stage,
  mall: 'myshop',
  reason: null,
  deadlineAt: AT,
  at: AT,
  simulator: false,
  locale: 'ko',
});

describe('a warning as an OS notice', () => {
  test.each<[WarningMessage['stage'], boolean, OsNotice['click']]>([
    ['D-3', false, 'reauthorize'],
    ['D-1', true, 'reauthorize'],
    ['NEEDS_REAUTH', true, 'reauthorize'],
    ['UNCONFIRMED', false, 'reauthorize'],
    ['BLOCKED', false, 'reauthorize'],
    ['recovered', false, 'status'],
    ['test', false, 'reauthorize'],
  ])('%s: urgent %s, a click leads to %s', (stage, isUrgent, click) => {
    const notice = osNoticeOf(warningOf(stage));
    expect(notice).toMatchObject({ mall: 'myshop', click, words: { isUrgent, lang: 'ko' } });
    expect(notice.words.title).toContain('myshop');
    expect(notice.words.body).not.toBe('');
  });

  test('goes to the desk, which answers for it', async () => {
    const orders: NoticeOrder[] = [];
    const notifier = osNotifierOf({
      show: async (order) => {
        orders.push(order);
        return done(undefined);
      },
    });
    expect(notifier.channel).toBe('os');
    expect(await notifier.send(warningOf('D-3'))).toEqual(done(undefined));
    expect(orders).toEqual([osNoticeOf(warningOf('D-3'))]);
  });
});

test("a click finds its shop, also where the configuration's change made a notifier of its own", async () => {
  const timers = handTimers();
  const clicked: string[] = [];
  const ids: number[] = [];
  const desk = createNoticeDesk({
    timers,
    log: quietLog(),
    showByMain({ id }, on) {
      ids.push(id);
      on.shown();
      return () => {};
    },
  });
  desk.serve({
    needWindow() {},
    tell() {},
    endHungWindow() {},
    clicked: ({ mall }) => clicked.push(mall),
  });
  for (const mall of ['first', 'second']) {
    const sent = osNotifierOf(desk).send({ ...warningOf('D-1'), mall });
    timers.pass(SHOWN_WITHIN_MS);
    expect(await sent).toEqual(done(undefined));
  }
  for (const id of ids.toReversed()) desk.handle('clicked', id);
  expect(clicked).toEqual(['second', 'first']);
});

const noticeOf = (stage: WarningMessage['stage']): OsNotice => ({ ...osNoticeOf(warningOf(stage)), id: 1 });

/** Electron's class as far as it is used: what was made, and its events, by hand. */
function notificationsOfMain(isSupported = true) {
  const made: (EventEmitter & { options: unknown; done: string[] })[] = [];
  class Handmade extends EventEmitter {
    readonly done: string[] = [];
    readonly options: unknown;
    static isSupported = () => isSupported;
    constructor(options: unknown) {
      super();
      this.options = options;
      made.push(this);
    }
    show = () => this.done.push('show');
    close = () => this.done.push('close');
  }
  return { made, NotificationOfMain: Handmade as unknown as typeof Notification };
}

function recorder() {
  const said: string[] = [];
  return {
    said,
    on: {
      shown: () => said.push('shown'),
      failed: (why: string) => said.push(`failed: ${why}`),
      clicked: () => said.push('clicked'),
      closed: () => said.push('closed'),
    },
  };
}

describe("main's own notice", () => {
  test.each([
    ['D-3', {}],
    ['NEEDS_REAUTH', { urgency: 'critical', timeoutType: 'never' }],
  ] as const)('of %s carries its words and %j', (stage, expected) => {
    const { made, NotificationOfMain } = notificationsOfMain();
    const notice = noticeOf(stage);
    mainNoticesOf(NotificationOfMain)(notice, recorder().on);
    const { title, body } = notice.words;
    expect(made.map(({ options, done }) => [options, done])).toEqual([
      [{ title, body, ...expected }, ['show']],
    ]);
  });

  test.each([
    ['shown, then clicked', ['show', 'click', 'close'], ['shown', 'clicked']],
    ['shown, then closed', ['show', 'close'], ['shown', 'closed']],
    ['refused', ['failed', 'show'], ['failed: why']],
  ])('%s, is told so once', (_what, events, expected) => {
    const { made, NotificationOfMain } = notificationsOfMain();
    const { said, on } = recorder();
    mainNoticesOf(NotificationOfMain)(noticeOf('D-1'), on);
    for (const event of events) made[0]!.emit(event, {}, 'why');
    expect(said).toEqual(expected);
  });

  test('taken off the screen says no more', () => {
    const { made, NotificationOfMain } = notificationsOfMain();
    const { said, on } = recorder();
    const takeOff = mainNoticesOf(NotificationOfMain)(noticeOf('D-1'), on);
    takeOff();
    made[0]!.emit('close', {});
    expect(made[0]!.done).toEqual(['show', 'close']);
    expect(said).toEqual([]);
  });

  test('has failed where the system shows none', () => {
    const { made, NotificationOfMain } = notificationsOfMain(false);
    const { said, on } = recorder();
    mainNoticesOf(NotificationOfMain)(noticeOf('D-1'), on);
    expect(made).toEqual([]);
    expect(said).toEqual(['failed: this system shows no notifications']);
  });
});

describe('late clicks on Windows', () => {
  const activations = () => {
    const handlers: ((details: ActivationArguments) => void)[] = [];
    const NotificationOfMain = {
      handleActivation: (handler: (details: ActivationArguments) => void) => handlers.push(handler),
    } as unknown as typeof Notification;
    return { handlers, NotificationOfMain };
  };
  const click = { type: 'click', arguments: '' };

  test.each<[string, number | null, number | null, number]>([
    // [what, the ordinary click's time, the activation's time, late clicks]
    ['a notice that nobody here remembers', null, 100, 1],
    ['an ordinary click, told before', 50, 100, 0],
    ['an ordinary click, told after', 150, 100, 0],
    ['an ordinary click long before', 0, 5_000, 1],
  ])('%s', (_what, clickAt, activationAt, expected) => {
    const timers = handTimers();
    const { handlers, NotificationOfMain } = activations();
    let late = 0;
    const lateClicks = registerLateClicks({
      platform: 'win32',
      NotificationOfMain,
      timers,
      onLateClick: () => {
        late += 1;
      },
    });
    if (clickAt !== null) timers.after(clickAt, lateClicks.noteClick);
    if (activationAt !== null) timers.after(activationAt, () => handlers[0]!(click));
    timers.pass(60_000);
    expect(late).toBe(expected);
  });

  test.each<[string, NodeJS.Platform, boolean]>([
    ['elsewhere', 'linux', true],
    ['in a runtime without them', 'win32', false],
  ])('are not asked for %s', (_what, platform, isThere) => {
    const { handlers, NotificationOfMain } = activations();
    const runtime = isThere ? NotificationOfMain : ({} as typeof Notification);
    registerLateClicks({
      platform,
      NotificationOfMain: runtime,
      timers: handTimers(),
      onLateClick: () => {},
    });
    expect(handlers).toEqual([]);
  });

  test('do nothing once the app stops', () => {
    const timers = handTimers();
    const { handlers, NotificationOfMain } = activations();
    let late = 0;
    const onLateClick = () => {
      late += 1;
    };
    const { stop } = registerLateClicks({ platform: 'win32', NotificationOfMain, timers, onLateClick });
    handlers[0]!(click);
    stop();
    timers.pass(60_000);
    expect(late).toBe(0);
  });
});
