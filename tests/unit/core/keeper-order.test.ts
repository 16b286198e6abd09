/** The order of a refresh (docs/keeper.md, 4 to 10): what each of its steps keeps from happening. */
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import type { Keeper } from '../../../electron/core/keeper.ts';
import { intentOf } from '../../../shared/meta.ts';
import { place, presented } from '../../support/keeper-acts.ts';
import { answer, attemptsOf, type Bench, createBench, DAY, HOUR, pass } from '../../support/keeper-bench.ts';
import { createMemoryJournal } from '../../support/memory-store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A call that is never answered: what its caller did until now is all that it did. */
const never = () => new Promise<never>(() => {});
const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

/** Keepers of machines of their own that have looked at a set, which is due now. */
async function dueAt<const T extends readonly string[]>(bench: Bench, ...installs: T) {
  const { text, refreshToken } = bench.server.issue();
  place(bench).text = text;
  const keepers = installs.map((install) => bench.keeper({ install, host: `host-${install}` }));
  for (const keeper of keepers) await keeper.look();
  bench.clock.advance(3 * HOUR);
  return { keepers: keepers as { [K in keyof T]: (typeof keepers)[number] }, token: refreshToken };
}

/** Begins a look that will not end; resolves when `hasCome` says so. */
async function lookUntil(keeper: Keeper, hasCome: () => boolean): Promise<void> {
  void keeper.look();
  for (let turns = 0; !hasCome() && turns < 1000; turns += 1) await turnOfTheLoop();
  expect(hasCome()).toBe(true);
}

it('a keeper that gets the lease after another one refreshed looks again, and does not present the token that is spent', async () => {
  const bench = createBench();
  const { keepers, token } = await dueAt(bench, 'aaaa', 'bbbb');
  const [late, early] = keepers;
  const { takeLease } = bench.store;
  bench.store.takeLease = async (...args) => {
    bench.store.takeLease = takeLease;
    await early.look();
    return await takeLease(...args);
  };
  const { set } = await late.look();
  expect(presented(bench)).toEqual([token]);
  expect(set?.refreshToken).toBe('refresh-2');
});

it('a keeper that was asked to refresh a set, and finds it refreshed by another one, takes that for what was asked', async () => {
  const bench = createBench();
  const { keepers, token } = await dueAt(bench, 'aaaa', 'bbbb');
  const [asked, early] = keepers;
  await early.look();
  const { set } = await asked.refresh();
  expect(presented(bench)).toEqual([token]);
  expect(set?.refreshToken).toBe('refresh-2');
});

it('a keeper that dies with its request in the air leaves word of it in the store: nobody presents the token for 10 minutes', async () => {
  const bench = createBench();
  const { keepers, token } = await dueAt(bench, 'aaaa', 'bbbb');
  const [dying, other] = keepers;
  let isInTheAir = false;
  bench.server.next.push((truth) => {
    truth();
    isInTheAir = true;
    return never();
  });
  await lookUntil(dying, () => isInTheAir);
  expect(intentOf(place(bench).meta)).toMatchObject({
    outcome: 'open',
    owner: expect.stringMatching(/^aaaa/),
  });
  await pass(bench, 9 * MINUTE, [other], 10 * SECOND);
  expect(other.view().state?.state).toBe('UNCONFIRMED');
  expect(presented(bench)).toEqual([]);
  await pass(bench, 2 * MINUTE, [other], 10 * SECOND);
  expect(presented(bench)).toEqual([token]);
});

it('the lease is renewed while an answer is slow: it stands until the answer is stored', async () => {
  const bench = createBench();
  const { keepers } = await dueAt(bench, 'aaaa');
  const [keeper] = keepers;
  const owners = new Set<string | null>();
  bench.server.next.push(async (truth) => {
    for (let turns = 0; turns < 15; turns += 1) {
      await turnOfTheLoop();
      bench.clock.advance(10 * SECOND);
      const read = await bench.store.read('myshop');
      owners.add(read.ok ? read.value.leaseOwner : null);
    }
    return truth();
  });
  await keeper.look();
  expect([...owners]).toEqual([expect.stringMatching(/^aaaa/)]);
  expect(place(bench).lease).toBeNull();
});

it('an answer is in the journal before the store has it: a keeper that dies between the two loses nothing', async () => {
  const bench = createBench();
  const { keepers, token } = await dueAt(bench, 'aaaa');
  const [dying] = keepers;
  const { commit } = bench.store;
  let isPublishing = false;
  bench.store.commit = (mall, change) => {
    if (typeof change.text !== 'string') return commit(mall, change);
    isPublishing = true;
    return never();
  };
  await lookUntil(dying, () => isPublishing);
  bench.store.commit = commit;
  bench.alive.clear();
  const next = bench.keeper({ install: 'aaaa', host: 'host-aaaa', journal: dying.journal });
  await pass(bench, 5 * MINUTE, [next], 10 * SECOND);
  expect(next.view().state).toEqual({ state: 'HEALTHY', reason: null });
  expect(next.view().set?.refreshToken).toBe('refresh-2');
  expect(presented(bench)).toEqual([token]);
});

describe('a keeper that stood still between its intent and its request begins anew, under a lease that will last', () => {
  it.each([
    ['by both clocks', { wall: 40 * SECOND, monotonic: 40 * SECOND }],
    ['by the wall clock alone: the host was suspended', { wall: 40 * SECOND, monotonic: 0 }],
    ['by the monotonic clock alone: the wall clock was set', { wall: 0, monotonic: 40 * SECOND }],
  ])('%s', async (_, stood) => {
    const bench = createBench();
    const { keepers, token } = await dueAt(bench, 'aaaa');
    const [keeper] = keepers;
    let apart = 0;
    bench.clock.monotonicMs = () => bench.clock.at + apart;
    const { commit } = bench.store;
    bench.store.commit = async (mall, change) => {
      const done = await commit(mall, change);
      if (change.admit) {
        bench.store.commit = commit;
        bench.clock.advance(stood.wall);
        apart += stood.monotonic - stood.wall;
      }
      return done;
    };
    await keeper.look();
    expect(bench.store.commits.filter(({ admit }) => admit)).toHaveLength(2);
    expect(presented(bench)).toEqual([token]);
    expect(place(bench).requests.size).toBe(1);
  });
});

it.each(['applied', 'not applied'])(
  'a request that ends in a bug of our own counts as sent: UNCONFIRMED, and the token is presented once more for that reason alone (%s)',
  async (how) => {
    const bench = createBench();
    const { keepers, token } = await dueAt(bench, 'aaaa');
    const [keeper] = keepers;
    bench.server.next.push((truth) => {
      if (how === 'applied') truth();
      throw new TypeError('a bug');
    });
    await keeper.look();
    expect(attemptsOf(keeper.journal)).toContainEqual(
      expect.objectContaining({ presentedHash: hashOf(token), outcome: 'lost' }),
    );
    expect(intentOf(place(bench).meta)).toMatchObject({ outcome: 'lost', reason: 'answer.unconfirmed' });
    expect(keeper.view()).toMatchObject({ state: { state: 'UNCONFIRMED' }, isRefreshing: false });
    await pass(bench, 29 * SECOND, [keeper], SECOND);
    expect(presented(bench)).toEqual([]);
    await pass(bench, 2 * HOUR, [keeper], 10 * SECOND);
    expect(presented(bench).filter((each) => each === token)).toEqual([token]);
    expect(keeper.view().state).toMatchObject(
      how === 'applied' ? { state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' } : { state: 'HEALTHY' },
    );
  },
);

it('an exchange of a code that ends in a bug of our own is told as failed, and leaves nobody waiting for its lease', async () => {
  const bench = createBench();
  const keeper = bench.keeper();
  bench.server.exchange = () => Promise.reject(new TypeError('a bug'));
  const consent = { code: 'code', redirectUri: 'https://shop.example/', codeVerifier: null };
  expect(await keeper.exchange(consent)).toMatchObject({ code: 'consent.failed' });
  expect(place(bench).lease).toBeNull();
});

describe('a set that came is published without asking anything again', () => {
  it('between its answer and its publication the store is asked nothing', async () => {
    const bench = createBench();
    const { keepers } = await dueAt(bench, 'aaaa');
    const [keeper] = keepers;
    const asked: string[] = [];
    for (const name of ['read', 'spentAmong', 'takeLease', 'commit'] as const) {
      const call = bench.store[name] as (...args: unknown[]) => Promise<never>;
      bench.store[name] = (...args: unknown[]) => {
        asked.push(typeof (args[1] as { text?: unknown })?.text === 'string' ? 'publish' : name);
        return call(...args);
      };
    }
    await keeper.look();
    expect(asked.slice(0, asked.indexOf('publish') + 1)).toEqual(['read', 'takeLease', 'commit', 'publish']);
  });

  it('a consent that was stored while the request was out stays', async () => {
    const bench = createBench();
    const { keepers } = await dueAt(bench, 'aaaa', 'bbbb');
    const [slow, other] = keepers;
    const consented = bench.server.issue();
    bench.server.next.push(async (truth) => {
      const answer = await truth();
      place(bench).text = consented.text;
      await other.look();
      return answer;
    });
    const { set, state } = await slow.look();
    expect(set?.refreshToken).toBe(consented.refreshToken);
    expect(state).toEqual({ state: 'HEALTHY', reason: null });
    expect(place(bench).text).toContain(consented.refreshToken);
  });

  it('a token that became known as redeemed while the request was out is not', async () => {
    const bench = createBench();
    const { keepers, token } = await dueAt(bench, 'aaaa');
    const [keeper] = keepers;
    const before = place(bench).text;
    bench.server.next.push(async (truth) => {
      const answer = await truth();
      place(bench).spent.unshift(hashOf('refresh-2'));
      return answer;
    });
    await keeper.look();
    expect(presented(bench)).toEqual([token]);
    expect(place(bench).text).toBe(before);
  });
});

it('what the journal knows of a token counts where the store forgot it, also when the clock was set back since it was adopted', async () => {
  const bench = createBench();
  place(bench).text = bench.server.issue().text;
  const journal = createMemoryJournal();
  await bench.keeper({ journal }).look();
  bench.moveHosts(-DAY);
  bench.server.next.push(answer(429, ''));
  await bench.keeper({ journal }).look();
  expect(presented(bench)).toHaveLength(1);
  Object.assign(place(bench), { meta: {}, spent: [] });
  await pass(bench, 9 * MINUTE, [bench.keeper({ journal })], MINUTE);
  expect(presented(bench)).toHaveLength(1);
});
