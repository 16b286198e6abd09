import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ClockOptions, createClock, type KeptClock } from '../../../electron/adapters/clock.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import { NOON, openSimulator } from '../../simulator/test-helpers.ts';
import { networkOf } from '../../support/networks.ts';
import { until } from '../../support/poll.ts';
import { recordLog } from '../../support/recorded-log.ts';
import { handTimers } from '../../unit/shell/fake-timers.ts';
import { answering, httpAnswer, openRawServer, type RawServer } from './raw-server.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

afterEach(() => {
  vi.restoreAllMocks();
});

function clockAt(origin: string, change: Partial<ClockOptions> = {}): KeptClock {
  return createClock({
    apiOrigin: `${origin}/{mall_id}`,
    network: networkOf(),
    mall: () => 'myshop',
    simulator: false,
    storeTime: () => Promise.resolve(null),
    timers: realTimers,
    log: recordLog(),
    ...change,
  });
}

async function started(clock: KeptClock): Promise<KeptClock> {
  onTestFinished(await clock.start());
  return clock;
}

/** A server whose clock is `aheadMs` ahead of ours, by its Date alone; `/__clock` is unknown to it. */
function datedServer(aheadMs: () => number): Promise<RawServer & { origin: string }> {
  return openRawServer((socket, received) => {
    socket.on('data', () => {
      const Date_ = new Date(Date.now() + aheadMs()).toUTCString();
      const isHead = received().startsWith('HEAD ');
      socket.write(httpAnswer(isHead ? '200 OK' : '404 Not Found', { Date: Date_ }));
    });
  }).then((server) => ({ ...server, origin: `http://127.0.0.1:${server.port}` }));
}

const near = (at: number, expected: number, within: number) =>
  expect(Math.abs(at - expected)).toBeLessThanOrEqual(within);

/** A clock that asks every second may have been told late once; not for ever. */
const soonNear = (look: () => readonly [at: number, expected: number], within: number) =>
  until(
    () => {
      const [at, expected] = look();
      return Math.abs(at - expected) <= within;
    },
    { timeoutMs: 30_000, what: `a clock within ${within} ms` },
  );

describe("the server's time", () => {
  it('is learned by one HEAD that carries no credentials', async () => {
    const server = await datedServer(() => HOUR);
    const clock = await started(clockAt(server.origin));
    expect(clock.verified()).toBe(true);
    expect(server.connections).toHaveLength(1);
    const sent = server.connections[0]?.received ?? '';
    expect(sent).toMatch(/^HEAD \/myshop\/ HTTP\/1\.1\r\n/);
    expect(sent).not.toMatch(/authorization|cookie/i);
  });

  it.each([HOUR, -HOUR, 10 * SECOND, -30 * 24 * HOUR])(
    '%d ms away is told to a second, and the skew with its sign',
    async (aheadMs) => {
      const server = await datedServer(() => aheadMs);
      const clock = await started(clockAt(server.origin));
      near(clock.now(), Date.now() + aheadMs, 4000);
      // Host minus server: a host that is behind has a negative skew.
      near(clock.skewMs(), -aheadMs, 4000);
      expect(clock.storeOffsetMs()).toBe(0);
    },
  );

  it('less than a Date can tell is no skew: the host goes on to the millisecond', async () => {
    const server = await datedServer(() => 1500);
    const clock = await started(clockAt(server.origin));
    expect(clock.skewMs()).toBe(-0);
    near(clock.now(), Date.now(), 250);
  });

  it.each([
    ['no mall is configured', async () => ({ mall: () => null }), 'http://127.0.0.1:1'],
    ['nobody answers', async () => ({}), 'http://127.0.0.1:1'],
  ])('is unverified when %s: the host counts', async (_, change, origin) => {
    const log = recordLog();
    const clock = await started(clockAt(origin, { ...(await change()), log }));
    expect(clock.verified()).toBe(false);
    expect(clock.isTrusted()).toBe(false);
    near(clock.now(), Date.now(), 500);
    expect(log.lines).toContainEqual(expect.stringContaining('[clock]'));
  });

  it('an answer without a Date verifies nothing', async () => {
    const server = await openRawServer(answering(httpAnswer('200 OK', {})));
    const clock = await started(clockAt(`http://127.0.0.1:${server.port}`));
    expect(clock.verified()).toBe(false);
  });

  it("falls back to the store's time, still unverified", async () => {
    const clock = await started(
      clockAt('http://127.0.0.1:1', { storeTime: () => Promise.resolve(Date.now() - 2 * HOUR) }),
    );
    expect(clock.verified()).toBe(false);
    near(clock.now(), Date.now() - 2 * HOUR, 500);
  });

  it('is unverified, and nothing else, where the store answers what nobody understands', async () => {
    const log = recordLog();
    const storeTime = async () => {
      throw new TypeError('a script answered in an unknown form');
    };
    const clock = await started(clockAt('http://127.0.0.1:1', { storeTime, log }));
    expect(clock.verified()).toBe(false);
    near(clock.now(), Date.now(), 500);
    expect(log.lines).toContain('error [clock] the store told no time: TypeError');
  });

  it("is the store's for a process that cannot wait ten minutes, shown as unverified; the host's is not", async () => {
    const store = async () => Date.now() - 2 * HOUR;
    const oneShot = await started(clockAt('http://127.0.0.1:1', { storeTime: store }));
    const ends = [oneShot.trustStoreTime(), oneShot.trustStoreTime()];
    expect({ verified: oneShot.verified(), trusted: oneShot.isTrusted() }).toEqual({
      verified: false,
      trusted: true,
    });
    ends[0]?.();
    expect(oneShot.isTrusted()).toBe(true);
    ends[1]?.();
    expect(oneShot.isTrusted()).toBe(false);
    const staying = await started(clockAt('http://127.0.0.1:1', { storeTime: store }));
    expect(staying.isTrusted()).toBe(false);
    const storeless = await started(clockAt('http://127.0.0.1:1'));
    storeless.trustStoreTime();
    expect(storeless.isTrusted()).toBe(false);
  });

  it('keeps the last offset that was verified when nothing better can be had', async () => {
    let isSilent = false;
    const server = await openRawServer((socket) => {
      socket.on('data', () => {
        if (isSilent) socket.destroy();
        else socket.write(httpAnswer('200 OK', { Date: new Date(Date.now() + HOUR).toUTCString() }));
      });
    });
    const clock = await started(clockAt(`http://127.0.0.1:${server.port}`));
    isSilent = true;
    await clock.verify();
    expect(clock.verified()).toBe(false);
    near(clock.now(), Date.now() + HOUR, 4000);
  });

  it.each([true, false])(
    'that came with an answer stands, though an older question then comes to nothing (verified before: %s)',
    async (isBefore) => {
      let giveUp = (): void => {};
      const server = await openRawServer((socket) => {
        socket.on('data', () => {
          const isFirst = server.connections.length === 1;
          if (!isFirst) giveUp = () => socket.destroy();
          else if (isBefore) socket.write(httpAnswer('200 OK', { Date: new Date().toUTCString() }));
          else socket.destroy();
        });
      });
      const storeTime = async () => Date.now() + 5 * HOUR;
      const clock = await started(clockAt(`http://127.0.0.1:${server.port}`, { storeTime }));
      expect(clock.verified()).toBe(isBefore);
      const asking = clock.verify();
      const isAsked = () => (server.connections[1]?.received ?? '') !== '';
      await until(isAsked, { timeoutMs: 30_000, what: 'the question' });
      clock.heard(Date.now());
      giveUp();
      await asking;
      expect(clock.verified()).toBe(true);
      near(clock.now(), Date.now(), 4000);
    },
  );

  it('is distrusted for ten minutes without a Date, and believed after', async () => {
    const clock = await started(clockAt('http://127.0.0.1:1'));
    const now = performance.now();
    const monotonic = vi.spyOn(performance, 'now');
    monotonic.mockReturnValue(now + 10 * MINUTE - SECOND);
    expect(clock.isTrusted()).toBe(false);
    monotonic.mockReturnValue(now + 10 * MINUTE + SECOND);
    expect(clock.isTrusted()).toBe(true);
    expect(clock.verified()).toBe(false);
  });
});

describe('a host whose clock is set', () => {
  it.each([
    ['forward', 15 * 24 * HOUR],
    ['back', -24 * HOUR],
  ])('%s is noticed: the Date is asked for anew, then everybody is told', async (_, moveMs) => {
    const trueNow = Date.now;
    const server = await openRawServer((socket) => {
      socket.on('data', () =>
        socket.write(httpAnswer('200 OK', { Date: new Date(trueNow()).toUTCString() })),
      );
    });
    const timers = handTimers();
    const clock = await started(clockAt(`http://127.0.0.1:${server.port}`, { timers }));
    let jumps = 0;
    const remove = clock.onJump(() => {
      jumps += 1;
    });
    vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + moveMs);
    // Until the watch has asked, nothing is concluded from the clock that was set.
    near(clock.now(), trueNow(), 4000);
    near(clock.hostMs(), trueNow() + moveMs, 4000);
    timers.pass(15 * SECOND);
    await until(() => jumps === 1, { timeoutMs: 30_000, what: 'the call after the jump' });
    expect(clock.verified()).toBe(true);
    near(clock.now(), trueNow(), 4000);
    near(clock.skewMs(), moveMs, 4000);
    remove();
  });

  it.each([
    ['set right', -10 * HOUR, 10 * HOUR, 0],
    ['slept through, and the Date is of before', 2 * HOUR, 0, 2 * HOUR],
  ])(
    'while the server is asked (%s), leaves no wrong time behind: it is asked again',
    async (_, moveMs, aheadMs, sleptMs) => {
      const start = Date.now;
      let isMoved = false;
      const trueNow = () => start() + (isMoved ? sleptMs : 0);
      vi.spyOn(Date, 'now').mockImplementation(() => start() + aheadMs + (isMoved ? moveMs : 0));
      const server = await openRawServer((socket) => {
        socket.on('data', () => {
          socket.write(httpAnswer('200 OK', { Date: new Date(trueNow()).toUTCString() }));
          isMoved = true;
        });
      });
      const clock = await started(clockAt(`http://127.0.0.1:${server.port}`));
      expect(clock.verified()).toBe(true);
      near(clock.now(), trueNow(), 4000);
      expect(server.connections).toHaveLength(2);
    },
  );

  it('is watched on, though somebody who is told of it throws', async () => {
    const trueNow = Date.now;
    const server = await datedServer(() => 0);
    const timers = handTimers();
    const log = recordLog();
    const clock = await started(clockAt(server.origin, { timers, log }));
    let jumps = 0;
    clock.onJump(() => {
      jumps += 1;
      throw new RangeError('a bug');
    });
    const host = vi.spyOn(Date, 'now');
    for (const days of [1, 2]) {
      host.mockImplementation(() => trueNow() + days * 24 * HOUR);
      timers.pass(15 * SECOND);
      await until(
        () => log.lines.filter((line) => line.endsWith('the watch threw: RangeError')).length === days,
        {
          timeoutMs: 30_000,
          what: `look ${days} of the watch`,
        },
      );
    }
    expect(jumps).toBe(2);
  });

  it('by less than a minute is left alone', async () => {
    const server = await datedServer(() => 0);
    const timers = handTimers();
    const clock = await started(clockAt(server.origin, { timers }));
    let jumps = 0;
    clock.onJump(() => {
      jumps += 1;
    });
    const trueNow = Date.now;
    const host = vi.spyOn(Date, 'now');
    host.mockImplementation(() => trueNow() + 50 * SECOND);
    timers.pass(15 * SECOND);
    // The watch goes on after its look; the next one is for a move that is told, and was the first to ask.
    await Promise.resolve();
    host.mockImplementation(() => trueNow() + 200 * SECOND);
    timers.pass(15 * SECOND);
    await until(() => jumps === 1, { timeoutMs: 30_000, what: 'the call after the jump' });
    expect(server.connections).toHaveLength(2);
  });
});

describe("a simulator's clock", () => {
  const simulated = async (change: Partial<ClockOptions> = {}) => {
    const simulator = await openSimulator();
    const clock = clockAt(simulator.origin, { simulator: true, ...change });
    return { simulator, clock: await started(clock) };
  };

  it("is followed to the tenth of a second, and its offset handed to the store's scripts", async () => {
    const { simulator, clock } = await simulated();
    expect(clock.verified()).toBe(true);
    await soonNear(() => [clock.now(), simulator.now()], 100);
    near(clock.now(), NOON, 10_000);
    await soonNear(() => [Date.now() + clock.storeOffsetMs(), simulator.now()], 100);
  });

  it.each([3 * HOUR, -HOUR])(
    'moved by %d ms is followed within about a second, and everybody is told',
    async (moveMs) => {
      const { simulator, clock } = await simulated();
      let jumps = 0;
      clock.onJump(() => {
        jumps += 1;
      });
      simulator.advance(moveMs);
      const movedMs = performance.now();
      await until(() => jumps > 0, { timeoutMs: 30_000, what: 'the call after the jump' });
      expect(performance.now() - movedMs).toBeLessThan(10_000);
      await soonNear(() => [clock.now(), simulator.now()], 200);
    },
  );

  it('that was moved a moment ago is heard of by who asks, without waiting for the next second', async () => {
    const { simulator, clock } = await simulated({ timers: handTimers() });
    simulator.advance(3 * HOUR);
    await clock.catchUp();
    near(Date.now() + clock.storeOffsetMs(), simulator.now(), 1000);
  });

  it('is dead where nobody said that this is a simulator', async () => {
    const simulator = await openSimulator();
    const clock = await started(clockAt(simulator.origin, { simulator: false }));
    // Its Date is believed as any server's, whole seconds and all; its clock is not asked, and no script is shifted.
    expect(clock.storeOffsetMs()).toBe(0);
    near(clock.now(), simulator.now(), 4000);
  });

  it('that answers 404 is none: the Date counts and no script is shifted', async () => {
    const server = await datedServer(() => HOUR);
    const clock = await started(clockAt(server.origin, { simulator: true }));
    expect(server.connections.map(({ received }) => received.split(' HTTP')[0])).toEqual([
      'GET /__clock',
      'HEAD /myshop/',
    ]);
    expect(clock.storeOffsetMs()).toBe(0);
    near(clock.now(), Date.now() + HOUR, 4000);
  });

  it('that falls silent for a moment goes on from where it was', async () => {
    const timers = handTimers();
    const { simulator, clock } = await simulated({ timers });
    clock.onJump(() => expect.unreachable());
    const offset = clock.storeOffsetMs();
    await simulator.close();
    timers.pass(SECOND);
    await clock.verify();
    expect(clock.storeOffsetMs()).toBe(offset);
    near(clock.now(), simulator.now(), 1000);
  });

  it('that is gone for good, and answers 404 from now on, gives way to the real one', async () => {
    let isGone = false;
    const server = await openRawServer((socket, received) => {
      socket.on('data', () => {
        const isAsked = received().startsWith('GET /__clock') && !isGone;
        const body = isAsked ? JSON.stringify({ now: NOON }) : '';
        socket.write(
          httpAnswer(
            isAsked ? '200 OK' : '404 Not Found',
            { Date: new Date().toUTCString() },
            received().startsWith('HEAD') ? '' : body,
          ),
        );
      });
    });
    const timers = handTimers();
    const clock = await started(clockAt(`http://127.0.0.1:${server.port}`, { simulator: true, timers }));
    near(clock.now(), NOON, 1000);
    isGone = true;
    let jumps = 0;
    clock.onJump(() => {
      jumps += 1;
    });
    timers.pass(SECOND);
    await until(() => jumps === 1, { timeoutMs: 30_000, what: 'the call after the jump' });
    near(clock.now(), Date.now(), 4000);
    expect(clock.storeOffsetMs()).toBe(0);
  });
});

it('a clock that was stopped asks nobody any more', async () => {
  const server = await datedServer(() => 0);
  const timers = handTimers();
  const stop = await clockAt(server.origin, { simulator: true, timers }).start();
  const asked = server.connections.length;
  stop();
  timers.pass(HOUR);
  expect(server.connections).toHaveLength(asked);
});
