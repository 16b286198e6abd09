import { describe, expect, test } from 'vitest';
import {
  createNoticeDesk,
  type NoticeOrder,
  type OsNotice,
  type Phase,
  type PhaseEvent,
  phaseAfter,
  SHOWN_WITHIN_MS,
} from '../../../electron/core/os-notice.ts';
import type { NoticeCall } from '../../../shared/ipc.ts';
import type { Result } from '../../../shared/result.ts';
import { handTimers } from './fake-timers.ts';
import { quietLog } from './quiet-log.ts';

const EVENTS: readonly PhaseEvent[] = ['claim', 'ask', 'shown', 'failed', 'lost', 'late'];

describe('who shows a notice', () => {
  test.each<[Phase, readonly (Phase | null)[]]>([
    //              claim      ask            shown        failed     lost         late
    ['offered', ['claimed', null, null, null, 'offered', 'by_main']],
    ['claimed', [null, 'handed_over', 'by_window', 'by_main', 'offered', 'by_main']],
    ['handed_over', [null, null, 'by_window', 'by_main', 'by_window', 'by_window']],
    ['by_window', [null, null, null, null, null, null]],
    ['by_main', [null, null, null, null, null, null]],
  ])('%s', (phase, expected) => {
    expect(EVENTS.map((event) => phaseAfter(phase, event))).toEqual(expected);
  });
});

/** `nth`: it is the desk's own count that becomes the number. */
const noticeOf = (nth: number, differing: Partial<NoticeOrder> = {}): NoticeOrder => ({
  mall: 'myshop',
  words: { title: `title ${nth}`, body: 'body', lang: 'ko', isUrgent: true },
  click: 'reauthorize',
  ...differing,
});

/** A desk whose shell and system are the test's; `said` is all that reached them, in order. */
function atTheDesk() {
  const timers = handTimers();
  const log = quietLog();
  const said: string[] = [];
  const results = new Map<number, Result<void>>();
  const ofMain = new Map<
    number,
    { shown(): void; failed(why: string): void; clicked(): void; closed(): void }
  >();
  let isNeeded = false;
  let sent = 0;
  const desk = createNoticeDesk({
    timers,
    log,
    showByMain({ id }, on) {
      said.push(`main shows ${id}`);
      ofMain.set(id, on);
      return () => said.push(`main takes ${id} off`);
    },
  });
  const shell = {
    needWindow: (needed: boolean) => {
      isNeeded = needed;
    },
    tell: (call: NoticeCall) => said.push(`${call.do} ${call.id}`),
    endHungWindow: () => said.push('end the hung window'),
    clicked: ({ id, mall, click }: OsNotice) => said.push(`clicked ${id} of ${mall}: ${click}`),
  };
  return {
    desk,
    shell,
    timers,
    log,
    said,
    results,
    ofMain: (id: number) => ofMain.get(id)!,
    isNeeded: () => isNeeded,
    send(notice: NoticeOrder) {
      sent += 1;
      const id = sent;
      void desk.show(notice).then((result) => results.set(id, result));
    },
    /** The window claims it and reaches the system with it. */
    handOver(id: number) {
      expect(desk.handle('claim', id)).not.toBeNull();
      expect(desk.mayShow()).toBe(true);
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function serving() {
  const bench = atTheDesk();
  return { ...bench, stop: bench.desk.serve(bench.shell) };
}

describe('a notice', () => {
  test('waits for the shell, is offered, claimed with its words, and sent once it is shown', async () => {
    const { desk, shell, timers, said, results, send, isNeeded } = atTheDesk();
    send(noticeOf(1));
    timers.pass(60_000);
    expect(said).toEqual([]);
    desk.serve(shell);
    expect(said).toEqual(['show 1']);
    expect(isNeeded()).toBe(true);
    expect(desk.handle('claim', 1)).toEqual(noticeOf(1).words);
    expect(desk.mayShow()).toBe(true);
    await settled();
    expect(results.size).toBe(0);
    desk.handle('shown', 1);
    await settled();
    expect(results.get(1)).toEqual({ ok: true, value: undefined });
    timers.pass(60_000);
    expect(said).toEqual(['show 1']);
  });

  test('is claimed once, by its number, and one claim is good for one showing', () => {
    const { desk, send } = serving();
    expect(desk.mayShow()).toBe(false);
    send(noticeOf(1));
    expect(desk.mayShow()).toBe(false);
    expect(desk.handle('claim', 2)).toBeNull();
    expect(desk.handle('claim', 1)).not.toBeNull();
    expect(desk.handle('claim', 1)).toBeNull();
    expect(desk.mayShow()).toBe(true);
    expect(desk.mayShow()).toBe(false);
  });

  test('is offered again to a page that comes up later, or anew', () => {
    const { desk, send, said } = serving();
    send(noticeOf(1));
    desk.windowListens();
    desk.handle('claim', 1);
    desk.windowLost();
    desk.windowListens();
    expect(said).toEqual(['show 1', 'show 1', 'show 1']);
    expect(desk.handle('claim', 1)).not.toBeNull();
  });

  test.each<[string, (bench: ReturnType<typeof serving>) => void]>([
    ['no window comes up', () => {}],
    ['the window never asks', ({ desk }) => desk.windowListens()],
    ['the window hangs after its claim', ({ desk }) => desk.handle('claim', 1)],
    [
      'the window dies after its claim and hangs when it is back',
      ({ desk }) => {
        desk.handle('claim', 1);
        desk.windowLost();
        desk.windowListens();
      },
    ],
  ])('is shown by main after five seconds, not earlier, when %s', async (_what, happens) => {
    const bench = serving();
    const { desk, send, timers, said, ofMain, results, isNeeded } = bench;
    send(noticeOf(1));
    happens(bench);
    timers.pass(SHOWN_WITHIN_MS - 1);
    expect(said).not.toContain('main shows 1');
    timers.pass(1);
    expect(said.slice(-2)).toEqual(['main shows 1', 'end the hung window']);
    expect(isNeeded()).toBe(false);
    // The revoked claim: whatever the window says or does now, nothing of it reaches the screen.
    expect(desk.mayShow()).toBe(false);
    expect(desk.handle('claim', 1)).toBeNull();
    for (const event of ['shown', 'failed', 'closed', 'clicked'] as const) desk.handle(event, 1);
    ofMain(1).shown();
    await settled();
    expect(results.get(1)).toEqual({ ok: true, value: undefined });
    timers.pass(60_000);
    expect(said.filter((each) => each.startsWith('main'))).toEqual(['main shows 1']);
  });

  test('is shown by main at once when the window says that it cannot', () => {
    const { desk, send, said } = serving();
    send(noticeOf(1));
    desk.handle('claim', 1);
    desk.handle('failed', 1);
    expect(said).toEqual(['show 1', 'main shows 1']);
  });

  test.each<['lost' | 'late', (bench: ReturnType<typeof serving>) => void, boolean]>([
    ['lost', ({ desk }) => desk.windowLost(), false],
    ['late', ({ timers }) => timers.pass(SHOWN_WITHIN_MS), true],
  ])(
    'that the system has is never shown twice, though the window is %s',
    async (_what, happens, isNeeded) => {
      const bench = serving();
      bench.send(noticeOf(1));
      bench.handOver(1);
      happens(bench);
      bench.timers.pass(60_000);
      bench.desk.windowListens();
      await settled();
      expect(bench.results.get(1)).toEqual({ ok: true, value: undefined });
      expect(bench.said).toEqual(['show 1']);
      expect(bench.isNeeded()).toBe(isNeeded);
    },
  );

  test.each<[string, (bench: ReturnType<typeof serving>) => void, string]>([
    ['refuses', ({ ofMain }) => ofMain(1).failed('no daemon'), 'no daemon'],
    ['says nothing', ({ timers }) => timers.pass(SHOWN_WITHIN_MS), 'the system did not say that it shows it'],
  ])('has failed when main shows it and the system %s', async (_what, happens, detail) => {
    const bench = serving();
    bench.send(noticeOf(1));
    bench.timers.pass(SHOWN_WITHIN_MS);
    happens(bench);
    await settled();
    expect(bench.results.get(1)).toEqual({ ok: false, code: 'channel.os_unavailable', detail });
    bench.ofMain(1).shown();
    bench.send(noticeOf(2));
    expect(bench.said.at(-1)).toBe('show 2');
  });

  test('waits for the one before it', () => {
    const { desk, send, said, handOver } = serving();
    send(noticeOf(1));
    send(noticeOf(2, { mall: 'second' }));
    expect(said).toEqual(['show 1']);
    handOver(1);
    desk.handle('shown', 1);
    expect(said).toEqual(['show 1', 'show 2']);
  });

  test('has failed when the app quits before it was shown, unless the system has it', async () => {
    const { send, handOver, stop, results } = serving();
    send(noticeOf(1));
    send(noticeOf(2));
    handOver(1);
    stop();
    // Shops are looked at until after the shell is gone.
    send(noticeOf(3));
    await settled();
    expect(results.get(1)).toMatchObject({ ok: true });
    for (const id of [2, 3])
      expect(results.get(id)).toMatchObject({ ok: false, code: 'channel.os_unavailable' });
  });
});

describe('a notice on the screen', () => {
  const onScreen = (by: 'window' | 'main') => {
    const bench = serving();
    bench.send(noticeOf(1));
    if (by === 'window') {
      bench.handOver(1);
      bench.desk.handle('shown', 1);
    } else {
      bench.timers.pass(SHOWN_WITHIN_MS);
      bench.ofMain(1).shown();
    }
    bench.said.splice(0);
    return bench;
  };

  test('of the window keeps the window until it is closed', () => {
    const { desk, timers, isNeeded } = onScreen('window');
    timers.pass(14 * 24 * 3_600_000);
    expect(isNeeded()).toBe(true);
    desk.handle('closed', 1);
    expect(isNeeded()).toBe(false);
  });

  test('of main needs no window', () => {
    expect(onScreen('main').isNeeded()).toBe(false);
  });

  test.each(['window', 'main'] as const)('of %s is clicked once', (by) => {
    const { desk, ofMain, said, isNeeded } = onScreen(by);
    const click = by === 'window' ? () => desk.handle('clicked', 1) : () => ofMain(1).clicked();
    click();
    click();
    desk.handle('closed', 1);
    expect(said).toEqual(['clicked 1 of myshop: reauthorize']);
    expect(isNeeded()).toBe(false);
  });

  test('may be clicked before its showing is told', () => {
    const { desk, send, handOver, said } = serving();
    send(noticeOf(1, { click: 'status' }));
    handOver(1);
    desk.handle('clicked', 1);
    expect(said).toEqual(['show 1', 'clicked 1 of myshop: status']);
  });

  test.each([
    ['window', 'window', ['show 2', 'close 1']],
    ['window', 'main', ['show 2', 'main shows 2', 'end the hung window', 'close 1']],
    ['main', 'window', ['show 2', 'main takes 1 off']],
    ['main', 'main', ['show 2', 'main shows 2', 'end the hung window', 'main takes 1 off']],
  ] as const)('of %s goes when the next stage of its shop is there, by %s', (before, after, expected) => {
    const { desk, send, handOver, timers, ofMain, said, isNeeded } = onScreen(before);
    send(noticeOf(2));
    if (after === 'window') {
      handOver(2);
      desk.handle('shown', 2);
    } else {
      timers.pass(SHOWN_WITHIN_MS);
      ofMain(2).shown();
    }
    expect(said).toEqual(expected);
    desk.handle('closed', 1);
    expect(isNeeded()).toBe(after === 'window');
  });

  test("stays when another shop's is shown, and both can be clicked", () => {
    const { desk, send, handOver, said } = onScreen('window');
    send(noticeOf(2, { mall: 'second' }));
    handOver(2);
    desk.handle('shown', 2);
    desk.handle('clicked', 1);
    desk.handle('clicked', 2);
    expect(said).toEqual(['show 2', 'clicked 1 of myshop: reauthorize', 'clicked 2 of second: reauthorize']);
  });

  test('whose page died is written down, not shown again, and keeps no window', () => {
    const { desk, log, said, isNeeded } = onScreen('window');
    desk.windowLost();
    desk.windowListens();
    expect(isNeeded()).toBe(false);
    expect(said).toEqual([]);
    expect(log.lines).toContain('[window] the window is gone, and the click on its notice with it');
  });
});
