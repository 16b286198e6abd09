/** Keepers that share one data folder: processes of one install, and the cores of one process. */
import { describe, expect, it } from 'vitest';
import type { Keeper } from '../../../electron/core/keeper.ts';
import type { Timers } from '../../../electron/ports.ts';
import { intentOf } from '../../../shared/meta.ts';
import { attemptsOf, type Bench, createBench, DAY, HOUR, pass } from '../../support/keeper-bench.ts';
import { createMemoryJournal, type MemoryJournal } from '../../support/memory-store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));
const intentIn = ({ store }: Bench) => intentOf(store.place('myshop').meta);
const openIn = (journal: MemoryJournal) =>
  attemptsOf(journal).filter(({ kind, outcome }) => kind === 'refresh' && outcome === 'open');

/** Time stands still while a request is in the air, but for a pause of less than a second. */
const standing: Timers = {
  after(delayMs, callback) {
    if (delayMs >= SECOND) return () => {};
    const handle = setImmediate(callback);
    return () => clearImmediate(handle);
  },
};

/** The server keeps its next answer back until it is let go; only then it counts as presented. */
function keepAnswerBack({ server }: Bench) {
  let isInTheAir = false;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  server.next.push(async (truth) => {
    const answer = truth();
    isInTheAir = true;
    await held;
    return answer;
  });
  return { letGo, isInTheAir: () => isInTheAir };
}

async function begin(keeper: Keeper, hasCome: () => boolean): Promise<{ readonly look: Promise<unknown> }> {
  const look = keeper.look();
  for (let turns = 0; !hasCome() && turns < 1000; turns += 1) await turnOfTheLoop();
  expect(hasCome()).toBe(true);
  return { look };
}

describe('two processes while the store is away', () => {
  /** Of one install, the last writer of a set that lives nine hours more and is due; neither reaches the store. */
  async function nearTheDeadline() {
    const bench = createBench();
    bench.server.kind = 'fixed';
    const of = { journal: createMemoryJournal(), timers: standing };
    bench.store.place('myshop').text = bench.server.issue(bench.clock.now() - 13.5 * DAY).text;
    const [app, cron] = [bench.keeper(of), bench.keeper(of)];
    for (const keeper of [app, cron]) await keeper.look();
    const before = bench.server.presented.length;
    bench.store.breakWith('store.unreachable');
    bench.clock.advance(3 * HOUR);
    return { bench, journal: of.journal, app, cron, since: () => bench.server.presented.slice(before) };
  }

  it('make one request: the second sees in the journal that the first is at it', async () => {
    const { bench, journal, app, cron, since } = await nearTheDeadline();
    const answer = keepAnswerBack(bench);
    const { look } = await begin(app, answer.isInTheAir);
    await cron.look();
    expect(since()).toEqual([]);
    expect(openIn(journal)).toHaveLength(1);
    answer.letGo();
    await look;
    expect(app.view().set?.refreshToken).toBe((await cron.look()).set?.refreshToken);
    expect(since()).toHaveLength(1);
  });

  it('make one request where both begin in the same moment', async () => {
    const { bench, journal, app, cron, since } = await nearTheDeadline();
    await Promise.all([app.look(), cron.look()]);
    await pass(bench, MINUTE, [app, cron], 2 * SECOND);
    expect(since()).toHaveLength(1);
    expect(openIn(journal)).toEqual([]);
    expect(bench.server.isLive(app.view().set?.refreshToken ?? '')).toBe(true);
  });

  it('make one request where the store is back before the answer', async () => {
    const { bench, app, cron, since } = await nearTheDeadline();
    const answer = keepAnswerBack(bench);
    const { look } = await begin(app, answer.isInTheAir);
    bench.store.breakWith(null);
    await pass(bench, 20 * SECOND, [cron], SECOND);
    expect(since()).toEqual([]);
    answer.letGo();
    await look;
    await pass(bench, MINUTE, [app, cron], SECOND);
    expect(since()).toHaveLength(1);
    expect(cron.view().state?.state).not.toBe('NEEDS_REAUTH');
    expect(bench.server.isLive(cron.view().set?.refreshToken ?? '')).toBe(true);
  });
});

describe('two cores of one process', () => {
  async function due(mayNotRedeem?: 'keeper.read_only') {
    const bench = createBench();
    const of = { journal: createMemoryJournal(), pid: 4711, atWork: new Set<string>(), timers: standing };
    bench.store.place('myshop').text = bench.server.issue().text;
    const first = bench.keeper(of);
    const second = bench.keeper({ ...of, ...(mayNotRedeem ? { mayNotRedeem } : {}) });
    await first.look();
    await second.look();
    bench.clock.advance(3 * HOUR);
    return { bench, journal: of.journal, first, second };
  }

  it.each([
    ['that only reads', 'keeper.read_only'],
    ['that refreshes as well', undefined],
  ] as const)('a second one %s takes the request of the first for no lost one', async (_, mayNotRedeem) => {
    const { bench, journal, first, second } = await due(mayNotRedeem);
    const answer = keepAnswerBack(bench);
    const { look } = await begin(first, answer.isInTheAir);
    await pass(bench, 20 * SECOND, [second], 5 * SECOND);
    expect(openIn(journal)).toHaveLength(1);
    expect(intentIn(bench)).toMatchObject({ outcome: 'open' });
    expect(second.view().state?.state).not.toBe('UNCONFIRMED');
    answer.letGo();
    await look;
    expect((await second.look()).set?.refreshToken).toBe('refresh-2');
    expect(bench.server.presented).toHaveLength(1);
  });

  it('a second one takes an announced request that the first gives up for no lost one before the journal tells', async () => {
    const { bench, journal, first, second } = await due();
    const { commit } = bench.store;
    const { write } = journal;
    let stopped: Promise<void> | null = null;
    bench.store.commit = async (mall, change) => {
      const outcome = await commit(mall, change);
      if (intentIn(bench)?.outcome === 'open') stopped ??= first.stop();
      return outcome;
    };
    const seen: unknown[] = [];
    journal.write = async (attempt) => {
      if (attempt.outcome === 'not_sent') {
        await second.look();
        seen.push(intentIn(bench)?.outcome);
      }
      return await write.call(journal, attempt);
    };
    await first.look();
    await stopped;
    expect(seen).toEqual(['open']);
    expect(intentIn(bench)).toBeNull();
  });

  it('who only reads leaves what a process that is gone began to those who go on', async () => {
    const bench = createBench();
    const journal = createMemoryJournal();
    bench.store.place('myshop').text = bench.server.issue().text;
    const gone = bench.keeper({ journal, pid: 4711, timers: standing });
    await gone.look();
    bench.clock.advance(3 * HOUR);
    const answer = keepAnswerBack(bench);
    await begin(gone, answer.isInTheAir);
    bench.alive.delete(4711);
    const reader = bench.keeper({ journal, mayNotRedeem: 'keeper.read_only' });
    expect((await reader.look()).state).toEqual({ state: 'UNCONFIRMED', reason: 'answer.unconfirmed' });
    expect(openIn(journal)).toHaveLength(1);
    await bench.keeper({ journal }).look();
    expect(openIn(journal)).toEqual([]);
  });
});

describe('a process that died or stands still in the middle of its request, whose process id runs', () => {
  /** Its request took effect; what runs under its number may be another program, or itself, stopped from a terminal. */
  async function silenced() {
    const bench = createBench();
    const journal = createMemoryJournal();
    const { text, refreshToken } = bench.server.issue();
    bench.store.place('myshop').text = text;
    const silent = bench.keeper({ journal, pid: 4711, timers: standing });
    await silent.look();
    bench.clock.advance(3 * HOUR);
    const answer = keepAnswerBack(bench);
    const { look } = await begin(silent, answer.isInTheAir);
    // The held request itself is not counted before its answer.
    const presentedAgain = () => bench.server.presented.filter((each) => each.refreshToken === refreshToken);
    return { bench, journal, next: bench.keeper({ journal }), answer, look, presentedAgain };
  }

  it('is waited for as long as any other presenter, then its token is presented once more and given up', async () => {
    const { bench, journal, next, presentedAgain } = await silenced();
    await pass(bench, 9 * MINUTE, [next], 10 * SECOND);
    expect(presentedAgain()).toHaveLength(0);
    await pass(bench, 4 * DAY, [next], 4 * MINUTE);
    expect(presentedAgain()).toHaveLength(1);
    expect(next.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' });
    expect(openIn(journal)).toEqual([]);
  });

  it('is so too where its silence ends between two looks: its own open attempt counts no more then', async () => {
    const { bench, next, presentedAgain } = await silenced();
    await pass(bench, 10 * MINUTE, [next], 10 * SECOND);
    await pass(bench, DAY, [next], HOUR);
    expect(presentedAgain()).toHaveLength(1);
    expect(next.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' });
  });

  it('heals all where it goes on after all', async () => {
    const { bench, next, answer, look } = await silenced();
    await pass(bench, HOUR, [next], MINUTE);
    expect(next.view().state?.state).toBe('NEEDS_REAUTH');
    answer.letGo();
    await look;
    expect((await next.look()).state?.state).toBe('HEALTHY');
    expect(bench.server.isLive(next.view().set?.refreshToken ?? '')).toBe(true);
  });
});

async function aloneAndDue() {
  const bench = createBench();
  bench.store.place('myshop').text = bench.server.issue().text;
  const keeper = bench.keeper();
  await keeper.look();
  bench.clock.advance(3 * HOUR);
  return { bench, keeper };
}

it('a keeper that is stopped between its announcement and its request tells that nothing was sent', async () => {
  const { bench, keeper } = await aloneAndDue();
  const { commit } = bench.store;
  let stopped: Promise<void> | null = null;
  bench.store.commit = async (mall, change) => {
    const outcome = await commit(mall, change);
    if (intentIn(bench)?.outcome === 'open') stopped ??= keeper.stop();
    return outcome;
  };
  await keeper.look();
  await stopped;
  expect(stopped).not.toBeNull();
  expect(bench.server.presented).toEqual([]);
  expect(intentIn(bench)).toBeNull();
  expect(bench.store.place('myshop').requests.size).toBe(0);
  // So the next one need not wait for it.
  await bench.keeper({ install: 'bbbb' }).look();
  expect(bench.server.presented).toHaveLength(1);
});

it('a used-up budget is waited for by how long the store says, whatever its clock', async () => {
  const { bench, keeper } = await aloneAndDue();
  const { commit } = bench.store;
  bench.store.commit = async (mall, change) => {
    const read = await bench.store.read(mall);
    if (!change.admit || !read.ok) return await commit(mall, change);
    const at = bench.clock.now() - DAY;
    return { ok: true, value: { kind: 'limited', freeAt: at + 30 * SECOND, view: { ...read.value, at } } };
  };
  const view = await keeper.look();
  expect(view.waitsFor).toBe('budget.used_up');
  expect(view.nextLookAt - bench.clock.now()).toBe(30 * SECOND);
  expect(bench.server.presented).toEqual([]);
});
