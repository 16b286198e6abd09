/** A process died or stood still in the middle of something, and others went on: whose word counts when it is found. */
import { describe, expect, it } from 'vitest';
import { failed } from '../../../shared/result.ts';
import { anAttempt } from '../../support/heart-examples.ts';
import { place, presented, put, stored } from '../../support/keeper-acts.ts';
import {
  answer,
  attemptsOf,
  createBench,
  DAY,
  HOUR,
  lose,
  type Misbehaviour,
  pass,
} from '../../support/keeper-bench.ts';
import { createMemoryJournal } from '../../support/memory-store.ts';

const MINUTE = 60_000;
const CONSENT = { code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null };

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

/** The request takes effect, and nobody is left to hear of it. */
const diesInIt: Misbehaviour = (truth) => {
  truth();
  return new Promise(() => {});
};

/** An attempt of a process of this folder that runs no more. */
const leftBy = (at: number, change: Parameters<typeof anAttempt>[0] = {}) =>
  anAttempt({ owner: 'aaaa-pc-77', openedAt: at, outcome: 'proving', ...change });

describe('an open attempt whose process id another program has', () => {
  it.each([
    ['refused', (truth) => truth()],
    ['blocked', answer(403, { error: 'access_denied' })],
    ['lost', lose],
  ] as [string, Misbehaviour][])(
    'counts no more where the store tells that another keeper’s later presentation was %s',
    async (_, outcome) => {
      const bench = createBench();
      put(bench);
      const died = bench.keeper({ pid: 4711 });
      const other = bench.keeper({ install: 'bbbb', host: 'server' });
      for (const keeper of [died, other]) await keeper.look();
      bench.clock.advance(3 * HOUR);
      bench.server.next.push(diesInIt, outcome);
      void died.look();
      await turnOfTheLoop();
      place(bench).lease = null;
      await pass(bench, 12 * MINUTE, [other]);
      const { length } = presented(bench);
      const { intent_outcome, intent_tries } = place(bench).meta;
      const restarted = bench.keeper({ journal: died.journal });
      await restarted.look();
      await other.look();
      expect(presented(bench)).toHaveLength(length);
      expect(place(bench).meta).toMatchObject({ intent_outcome, intent_tries });
      expect(restarted.view().state).toEqual(other.view().state);
    },
  );

  it('is not "no end of steps" beside the answer that kept the stored refresh token', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(2 * HOUR);
    bench.server.next.push(answer(200, { access_token: 'another', expires_in: 7200, mall_id: 'myshop' }));
    await keeper.look();
    expect(stored(bench).access_token).toBe('another');
    const answered = attemptsOf(keeper.journal).find(({ kind }) => kind === 'refresh');
    bench.clock.advance(2 * HOUR);
    bench.alive.add(77);
    const open = { outcome: 'open', parent: answered?.parent ?? null } as const;
    const { presentedHash = null } = answered ?? {};
    await keeper.journal.write(leftBy(bench.clock.now(), { ...open, presentedHash }));
    expect((await keeper.look()).waitsFor).not.toBe('internal.error');
    await pass(bench, 12 * MINUTE, [keeper], MINUTE);
    expect(keeper.view().state?.state).toBe('HEALTHY');
    expect(presented(bench)).toHaveLength(2);
  });
});

it('an answer that came while another process was about to call its request lost is not written over', async () => {
  const bench = createBench();
  put(bench);
  const journal = createMemoryJournal();
  const asleep = bench.keeper({ journal, pid: 4711 });
  await asleep.look();
  bench.clock.advance(3 * HOUR);
  let answered = (): void => {};
  bench.server.next.push(async (truth) => {
    const came = truth();
    await new Promise<void>((resolve) => {
      answered = resolve;
    });
    return came;
  });
  const refreshing = asleep.look();
  await turnOfTheLoop();
  bench.clock.advance(3 * DAY);
  place(bench).lease = null;
  const awake = bench.keeper({ journal });
  const { read } = bench.store;
  // Between this look at the journal and what comes of it the other one writes its answer.
  bench.store.read = async (mall) => {
    bench.store.read = read;
    bench.store.breakWith('store.unreachable');
    answered();
    while (!attemptsOf(journal).some(({ outcome }) => outcome === 'answered')) await turnOfTheLoop();
    return read(mall);
  };
  await Promise.all([awake.look(), refreshing]);
  bench.store.breakWith(null);
  await pass(bench, HOUR, [asleep, awake], MINUTE);
  expect(awake.view().state?.state).toBe('HEALTHY');
  expect(bench.server.isLive(stored(bench).refresh_token)).toBe(true);
});

it('a place for an answer that cannot be removed is waited for, as any other trouble with the disk', async () => {
  const bench = createBench();
  put(bench);
  const keeper = bench.keeper();
  await keeper.look();
  await keeper.journal.write(leftBy(bench.clock.now()));
  keeper.journal.remove = async () => failed('disk.readonly');
  const view = await keeper.look();
  expect(view).toMatchObject({ waitsFor: 'disk.readonly' });
  expect(view.nextLookAt - bench.clock.now()).toBe(5000);
});

describe('a stop', () => {
  it('in the middle of a disconnect is no less one where a dead process has left its place behind', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    const { revoke } = bench.server;
    bench.server.revoke = async (client, token) => {
      await keeper.journal.write(leftBy(bench.clock.now()));
      void keeper.stop();
      return revoke(client, token);
    };
    expect(await keeper.disconnect({ anyway: false })).toMatchObject({ code: 'disconnect.done' });
    expect(place(bench).text).toBeNull();
  });

  it('in the middle of a request publishes its answer, also over what is no set', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push((truth) => {
      const came = truth();
      place(bench).text = 'rubbish';
      void keeper.stop();
      return came;
    });
    await keeper.look();
    expect(bench.server.isLive(stored(bench).refresh_token)).toBe(true);
  });
});

describe('a mark of the future that another machine left a moment ago', () => {
  async function marked() {
    const bench = createBench();
    put(bench);
    const [pc, other] = [bench.keeper(), bench.keeper({ install: 'bbbb', host: 'mac' })];
    for (const keeper of [pc, other]) await keeper.look();
    bench.moveHosts(2 * DAY);
    await other.look();
    await other.disconnect({ anyway: true });
    bench.moveHosts(-2 * DAY);
    return { bench, pc };
  }

  it('is seen under the lease of a consent, which comes after it', async () => {
    const { bench, pc } = await marked();
    expect(await pc.exchange(CONSENT)).toMatchObject({ code: 'consent.connected' });
    await pass(bench, HOUR, [pc], MINUTE);
    expect(pc.view().state?.state).toBe('HEALTHY');
  });

  it('is not hidden by an access token that some program writes without a refresh token', async () => {
    const { bench, pc } = await marked();
    place(bench).text = JSON.stringify({ access_token: 'theirs', expires_at: bench.clock.now() + HOUR });
    expect((await pc.look()).state).toEqual({ state: 'NEEDS_REAUTH', reason: 'disconnected' });
    expect(await pc.exchange(CONSENT)).toMatchObject({ code: 'consent.connected' });
  });
});
