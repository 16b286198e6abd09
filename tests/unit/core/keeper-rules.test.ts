/** Rules of the keeper that single out one sentence of docs/keeper.md each; the ordinary life is in keeper.test.ts. */
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import type { Keeper } from '../../../electron/core/keeper.ts';
import { intentOf, metaOfIntent } from '../../../shared/meta.ts';
import { done, failed } from '../../../shared/result.ts';
import { anAttempt, anIntent, aSet } from '../../support/heart-examples.ts';
import {
  answer,
  attemptsOf,
  type Bench,
  createBench,
  DAY,
  HOUR,
  lose,
  loseBefore,
  pass,
  unreachable,
} from '../../support/keeper-bench.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const REFUSED = answer(400, { error: 'invalid_grant', error_description: 'Invalid refresh_token' });

function place(bench: Bench) {
  return bench.store.place('myshop');
}

function put(bench: Bench, at?: number): string {
  const issued = bench.server.issue(at);
  place(bench).text = issued.text;
  return issued.refreshToken;
}

function storedToken(bench: Bench): string {
  return JSON.parse(place(bench).text ?? '{}').refresh_token;
}

function presented(bench: Bench): readonly string[] {
  return bench.server.presented.map(({ refreshToken }) => refreshToken);
}

/** A keeper that looked once at a set which is due at once. */
async function atExpiry(bench: Bench): Promise<{ keeper: ReturnType<Bench['keeper']>; token: string }> {
  const token = put(bench);
  const keeper = bench.keeper();
  await keeper.look();
  bench.clock.advance(3 * HOUR);
  return { keeper, token };
}

describe('an answer that keeps the refresh token', () => {
  const unrotated = (token: string, named: boolean) =>
    answer(200, {
      access_token: 'access-new',
      ...(named ? { refresh_token: token } : {}),
      issued_at: '2026-03-01T15:00:00.000',
      expires_at: '2026-03-01T17:00:00.000',
      mall_id: 'myshop',
    });

  it.each([true, false])(
    'closes the intent, stores the access token, spends nothing (token named: %s)',
    async (named) => {
      const bench = createBench();
      const { keeper, token } = await atExpiry(bench);
      bench.server.next.push(unrotated(token, named));
      await keeper.look();
      expect(JSON.parse(place(bench).text ?? '')).toMatchObject({
        access_token: 'access-new',
        refresh_token: token,
      });
      expect(intentOf(place(bench).meta)).toBeNull();
      expect(place(bench).spent).toEqual([]);
      expect(keeper.view().state).toEqual({ state: 'HEALTHY', reason: null });
      await pass(bench, HOUR + 10 * MINUTE, [keeper]);
      expect(presented(bench)).toEqual([token, token]);
      expect(bench.server.isLive(storedToken(bench))).toBe(true);
    },
  );
});

describe('an answer to a refresh that is for another mall', () => {
  const otherMall = answer(200, { access_token: 'a', refresh_token: 'theirs', mall_id: 'othershop' });

  it('is BLOCKED with its name, kept sealed, never published, and the token never presented again', async () => {
    const bench = createBench();
    const { keeper, token } = await atExpiry(bench);
    bench.server.next.push(otherMall);
    await keeper.look();
    expect(keeper.view().state).toEqual({ state: 'BLOCKED', reason: 'answer.other_mall' });
    expect(storedToken(bench)).toBe(token);
    await pass(bench, 3 * DAY, [keeper], 10 * MINUTE);
    expect(presented(bench)).toEqual([token]);
    expect(keeper.view().state).toEqual({ state: 'BLOCKED', reason: 'answer.other_mall' });
    expect(attemptsOf(keeper.journal).map((attempt) => attempt.answer?.body)).toContainEqual(
      expect.stringContaining('theirs'),
    );
  });

  it('is the same for a keeper that learns of it from the store alone', async () => {
    const bench = createBench();
    const { keeper, token } = await atExpiry(bench);
    bench.server.next.push(otherMall);
    await keeper.look();
    const other = bench.keeper({ install: 'bbbb', host: 'server' });
    await pass(bench, DAY, [other], 10 * MINUTE);
    expect(other.view().state).toEqual({ state: 'BLOCKED', reason: 'answer.other_mall' });
    expect(presented(bench)).toEqual([token]);
  });
});

describe('a verdict while the store is away', () => {
  /** The server answers while the store goes down. */
  const thenStoreFails = (bench: Bench, misbehave: typeof REFUSED) => {
    bench.server.next.push((truth) => {
      bench.store.breakWith('store.unreachable');
      return misbehave(truth);
    });
  };

  it('invalid_grant is NEEDS_REAUTH after 30 s, though the store cannot be read again', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    thenStoreFails(bench, REFUSED);
    await keeper.look();
    await pass(bench, 40 * SECOND, [keeper], SECOND);
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.invalid' });
  });

  it('a lost answer stays UNCONFIRMED for days and the token is not presented', async () => {
    const bench = createBench();
    const { keeper, token } = await atExpiry(bench);
    thenStoreFails(bench, lose);
    await keeper.look();
    await pass(bench, 13 * DAY + 20 * HOUR, [keeper], 10 * MINUTE);
    expect(keeper.view().state).toEqual({ state: 'UNCONFIRMED', reason: 'answer.unconfirmed' });
    expect(presented(bench)).toEqual([token]);
    bench.store.breakWith(null);
    await keeper.wake();
    expect(intentOf(place(bench).meta)).toMatchObject({ outcome: 'lost', lostHost: 'pc' });
    await pass(bench, 2 * MINUTE, [keeper], SECOND);
    expect(presented(bench)).toEqual([token, token]);
    expect(keeper.view().state?.state).toBe('NEEDS_REAUTH');
  });

  it.each([
    ['a lost answer', lose, 'UNCONFIRMED', 'answer.unconfirmed'],
    ['invalid_grant', REFUSED, 'NEEDS_REAUTH', 'grant.invalid'],
    ['a wrong secret', answer(401, { error: 'invalid_client' }), 'BLOCKED', 'client.secret_wrong'],
  ] as const)(
    '%s that the store was told of is still shown, and not presented, once the store is gone',
    async (_, misbehave, state, reason) => {
      const bench = createBench();
      put(bench, bench.clock.now() - 13 * DAY - 2 * HOUR);
      bench.server.kind = 'fixed';
      const keeper = bench.keeper();
      await keeper.look();
      bench.clock.advance(3 * HOUR);
      const before = presented(bench).length;
      bench.server.next.push(misbehave);
      await keeper.look();
      bench.store.breakWith('store.unreachable');
      await pass(bench, 45 * SECOND, [keeper], SECOND);
      expect(keeper.view().state).toEqual({ state, reason });
      expect(presented(bench)).toHaveLength(before + 1);
      const restarted = bench.keeper({ journal: keeper.journal });
      await pass(bench, 20 * MINUTE, [restarted], MINUTE);
      expect(restarted.view().state).toEqual({ state, reason });
      expect(presented(bench)).toHaveLength(before + 1);
    },
  );
});

describe('with the store unreachable and the deadline near', () => {
  it('a keeper that wrote once, but not last, presents nothing', async () => {
    const bench = createBench();
    put(bench, bench.clock.now() - 13 * DAY - HOUR);
    bench.server.kind = 'fixed';
    const first = bench.keeper({ install: 'aaaa' });
    const second = bench.keeper({ install: 'bbbb', host: 'server' });
    await first.look();
    await pass(bench, 2 * HOUR, [second], MINUTE);
    expect(presented(bench)).toHaveLength(2);
    await first.look();
    const before = presented(bench).length;
    bench.store.breakWith('store.unreachable');
    await pass(bench, 6 * HOUR, [first], MINUTE);
    expect(presented(bench)).toHaveLength(before);
    const restarted = bench.keeper({ install: 'aaaa', journal: first.journal });
    await pass(bench, 6 * HOUR, [restarted], MINUTE);
    expect(presented(bench)).toHaveLength(before);
    expect(restarted.view().set?.refreshToken).toBe(storedToken(bench));
  });

  it('nothing is presented while the clock is not trusted', async () => {
    const bench = createBench();
    put(bench);
    let isTrusted = true;
    const keeper = bench.keeper({ isClockTrusted: () => isTrusted });
    await pass(bench, 2 * HOUR, [keeper]);
    const before = presented(bench).length;
    bench.store.breakWith('store.unreachable');
    isTrusted = false;
    bench.clock.advance(13 * DAY + 12 * HOUR);
    await keeper.look();
    expect(presented(bench)).toHaveLength(before);
    isTrusted = true;
    await keeper.look();
    expect(presented(bench)).toHaveLength(before + 1);
  });
});

describe('how an old attempt ended', () => {
  it("never overwrites another keeper's intent on the token that stands now", async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    const current = put(bench);
    await bench.keeper({ install: 'cccc' }).look();
    const standing = anIntent({
      hash: hashOf(current),
      owner: 'bbbb-server-9',
      at: bench.clock.now(),
      triedAt: bench.clock.now(),
    });
    Object.assign(place(bench).meta, definedOnly(metaOfIntent(standing)));
    const old = anAttempt({
      owner: 'aaaa-pc-7',
      openedAt: bench.clock.now() + SECOND,
      outcome: 'lost',
      parent: aSet({ refreshToken: 'older', grant: { id: 'old', at: 1 }, issuedAt: 1 }),
    });
    await keeper.journal.write(old);
    place(bench).spent.push(hashOf('older'));
    await keeper.look();
    expect(intentOf(place(bench).meta)).toEqual(standing);
    expect(keeper.journal.files.get(old.id)?.settledAt ?? 0).not.toBeNull();
  });
});

/** Two keepers that looked at one set, three hours ago: the second slept since. */
async function withSleeper() {
  const bench = createBench();
  const token = put(bench);
  const keeper = bench.keeper();
  const sleeper = bench.keeper({ install: 'bbbb' });
  await keeper.look();
  await sleeper.look();
  bench.clock.advance(3 * HOUR);
  return { bench, token, keeper, sleeper };
}

describe('redeemed refresh tokens', () => {
  it('a foreign set with one is not adopted, never presented, also not after a restart', async () => {
    const bench = createBench();
    const issued = bench.server.issue();
    place(bench).text = issued.text;
    place(bench).spent.push(hashOf(issued.refreshToken));
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    await keeper.look();
    expect(place(bench).meta.refresh_token_hash).toBeUndefined();
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.invalid' });
    await bench.keeper({ journal: keeper.journal }).look();
    await bench.keeper({ install: 'bbbb' }).look();
    expect(presented(bench)).toEqual([]);
  });

  it('a restored backup, companions and all, is known by the list that outlived it', async () => {
    const bench = createBench();
    const token = put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    place(bench).spent.push(hashOf(token));
    const stranger = bench.keeper({ install: 'bbbb' });
    bench.clock.advance(3 * HOUR);
    await stranger.look();
    expect(presented(bench)).toEqual([]);
    expect(stranger.view().state?.state).toBe('NEEDS_REAUTH');
  });

  it('one that was refused counts as such after a consent, also for a keeper that slept while the main key was damaged', async () => {
    const { bench, token, keeper, sleeper } = await withSleeper();
    bench.server.next.push(REFUSED);
    await keeper.look();
    await pass(bench, MINUTE, [keeper]);
    expect(keeper.view().state?.state).toBe('NEEDS_REAUTH');
    expect(presented(bench)).toEqual([token]);

    await keeper.exchange({ code: 'code', redirectUri: 'https://x.example/', codeVerifier: null });
    await keeper.look();
    place(bench).text = 'rubbish';
    await sleeper.look();
    expect(presented(bench)).toEqual([token]);
    await keeper.look();
    await sleeper.look();
    expect(sleeper.view().state?.state).toBe('HEALTHY');
  });

  it('a refused one is not among them because an older one was written back: its holder tries it after an hour', async () => {
    const { bench, keeper, sleeper } = await withSleeper();
    await keeper.exchange({ code: 'code', redirectUri: 'https://x.example/', codeVerifier: null });
    await keeper.look();
    const consented = storedToken(bench);
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(REFUSED);
    await keeper.look();
    await pass(bench, MINUTE, [keeper]);
    expect(keeper.view().state?.state).toBe('NEEDS_REAUTH');
    place(bench).text = 'rubbish';
    await sleeper.look();
    expect(storedToken(bench)).not.toBe(consented);
    expect(place(bench).spent).toEqual([]);
    await pass(bench, 2 * HOUR, [keeper], MINUTE);
    expect(presented(bench)).toEqual([consented, consented]);
    expect(keeper.view().state?.state).toBe('HEALTHY');
  });

  it('a superseded one is written back over a damaged main key, but not presented while its successor may come', async () => {
    const { bench, token, keeper, sleeper } = await withSleeper();
    await keeper.exchange({ code: 'code', redirectUri: 'https://x.example/', codeVerifier: null });
    await keeper.look();
    const consented = storedToken(bench);
    place(bench).text = 'rubbish';
    await pass(bench, 9 * MINUTE, [sleeper]);
    expect(storedToken(bench)).toBe(token);
    await pass(bench, MINUTE - 1, [keeper, sleeper]);
    expect(storedToken(bench)).toBe(consented);
    expect(presented(bench)).toEqual([]);
  });

  it('nothing is adopted or presented while the store does not say which are redeemed', async () => {
    const bench = createBench();
    const issued = bench.server.issue(bench.clock.now() - 3 * HOUR);
    place(bench).text = issued.text;
    place(bench).spent.push(hashOf(issued.refreshToken));
    const keeper = bench.keeper();
    const { spentAmong } = bench.store;
    bench.store.spentAmong = () => Promise.resolve(failed('store.unreachable'));
    await pass(bench, 10 * MINUTE, [keeper]);
    expect(presented(bench)).toEqual([]);
    expect(place(bench).meta.refresh_token_hash).toBeUndefined();
    bench.store.spentAmong = spentAmong;
    await keeper.wake();
    expect(keeper.view().state?.state).toBe('NEEDS_REAUTH');
  });

  it('are asked for once per generation, not at every look', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.journal.write(
      anAttempt({
        outcome: 'adopted',
        kind: 'adopted',
        parent: aSet({ refreshToken: 'loser', issuedAt: 1, grant: { id: 'l', at: 1 } }),
        settledAt: 1,
        openedAt: bench.clock.now(),
      }),
    );
    let asked = 0;
    bench.store.spentAmong = () => {
      asked += 1;
      return Promise.resolve(done(new Set()));
    };
    await pass(bench, 50 * MINUTE, [keeper]);
    // Before and after the adoption, which is a new generation.
    expect(asked).toBe(2);
  });

  it('only sets whose refresh token is dead are left: none is published for others to trip over', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    await keeper.journal.write(
      anAttempt({
        outcome: 'adopted',
        kind: 'adopted',
        parent: aSet({ refreshToken: 'dead', issuedAt: bench.clock.now() }),
        settledAt: 1,
        openedAt: bench.clock.now(),
      }),
    );
    place(bench).spent.push(hashOf('dead'));
    await keeper.look();
    expect(place(bench).text).toBeNull();
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.invalid' });
  });
});

describe("another keeper's sets", () => {
  it('are journaled too, so that a store that forgot is healed by whoever is left', async () => {
    const bench = createBench();
    put(bench);
    const writer = bench.keeper({ install: 'aaaa' });
    const reader = bench.keeper({ install: 'bbbb', host: 'server' });
    await pass(bench, 90 * MINUTE, [writer]);
    await reader.look();
    const good = storedToken(bench);
    Object.assign(place(bench), { text: null, meta: {}, spent: [], lease: null });
    await reader.look();
    expect(storedToken(bench)).toBe(good);
    expect(bench.server.isLive(good)).toBe(true);
  });

  it('leave one file in the journal of a keeper that never writes, however many come', async () => {
    const bench = createBench();
    put(bench);
    const writer = bench.keeper({ install: 'aaaa' });
    const reader = bench.keeper({ install: 'bbbb', host: 'server' });
    for (let hour = 0; hour < 24; hour += 1) {
      await pass(bench, HOUR, [writer], 4 * MINUTE);
      await reader.look();
    }
    expect(presented(bench).length).toBeGreaterThan(20);
    expect(attemptsOf(reader.journal)).toHaveLength(1);
  });
});

describe('a disconnect', () => {
  const disconnect = (bench: Bench) => {
    place(bench).text = null;
    place(bench).meta = {
      generation: '9',
      state: 'NEEDS_REAUTH',
      reason: 'disconnected',
      since: String(bench.clock.now()),
      grant: JSON.stringify({ id: 'disconnected', at: bench.clock.now() }),
    };
  };

  it('is not healed over, and local copies older than it are destroyed, lost attempts included', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await pass(bench, 3 * HOUR, [keeper]);
    await keeper.journal.write(
      anAttempt({
        owner: 'aaaa-pc-7',
        outcome: 'lost',
        settledAt: 1,
        openedAt: bench.clock.now(),
        parent: aSet({ issuedAt: 1, grant: { id: 'g', at: 1 } }),
      }),
    );
    disconnect(bench);
    await pass(bench, HOUR, [keeper]);
    expect(place(bench).text).toBeNull();
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'disconnected' });
    expect(attemptsOf(keeper.journal).filter(({ parent, answer: raw }) => parent ?? raw)).toEqual([]);
  });

  it('is replaced by a later foreign set, never by one issued before it', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    const old = bench.server.issue(bench.clock.now() - HOUR);
    disconnect(bench);
    await keeper.look();
    place(bench).text = old.text;
    await pass(bench, 2 * HOUR, [keeper]);
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'disconnected' });
    expect(presented(bench)).toEqual([]);
    place(bench).text = bench.server.issue().text;
    await keeper.look();
    expect(keeper.view().state?.state).toBe('HEALTHY');
  });
});

describe('the clock', () => {
  it('that was set back a day makes no refresh of a set this keeper got itself', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await pass(bench, 70 * MINUTE, [keeper]);
    expect(presented(bench)).toHaveLength(1);
    bench.clock.advance(-DAY);
    await keeper.wake();
    await keeper.look();
    expect(presented(bench)).toHaveLength(1);
  });

  it('a foreign access token that claims a longer life than any has counts as expired: refreshed at once', async () => {
    const bench = createBench();
    const issued = bench.server.issue();
    place(bench).text = issued.text.replace(
      /"expires_at":\d+/,
      `"expires_at":${bench.clock.now() + 2 * HOUR + 6 * MINUTE}`,
    );
    const keeper = bench.keeper();
    await keeper.look();
    expect(presented(bench)).toEqual([issued.refreshToken]);
    expect(keeper.view().state?.state).toBe('HEALTHY');
  });
});

describe('a foreign set that lacks', () => {
  it.each([
    ['its access token', /"access_token":"[^"]*",/, 0],
    ["the access token's end", /"expires_at":\d+,/, 0],
    ['its deadline', /,"refresh_token_expires_at":\d+/, HOUR],
  ])('%s is adopted and refreshed in its time: its refresh token is what counts', async (_, part, dueMs) => {
    const bench = createBench();
    const issued = bench.server.issue();
    place(bench).text = issued.text.replace(part, '');
    const keeper = bench.keeper();
    await keeper.look();
    if (dueMs > 0) expect(presented(bench)).toEqual([]);
    await pass(bench, dueMs + 6 * MINUTE, [keeper]);
    expect(place(bench).aside).toEqual([]);
    expect(presented(bench)).toEqual([issued.refreshToken]);
    expect(JSON.parse(place(bench).text ?? '')).toMatchObject({
      access_token: 'access-2',
      refresh_token: 'refresh-2',
      expires_at: expect.any(Number),
      refresh_token_expires_at: expect.any(Number),
    });
  });
});

describe('429', () => {
  it('is told as the reason while it lasts', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    bench.server.next.push(answer(429, '', 7 * MINUTE));
    await keeper.look();
    expect(keeper.view().waitsFor).toBe('rate.limited');
    expect(keeper.view().plannedAt).toBe(bench.clock.now() + 7 * MINUTE);
    expect(keeper.view().state?.state).toBe('HEALTHY');
  });

  it.each([
    ['a lost answer', loseBefore, 'UNCONFIRMED', 'answer.unconfirmed', 0],
    ['a refusal', REFUSED, 'NEEDS_REAUTH', 'grant.invalid', HOUR],
  ] as const)('after %s changes neither state nor count', async (_, fault, state, reason, wait) => {
    const bench = createBench();
    const { keeper, token } = await atExpiry(bench);
    bench.server.next.push(fault, answer(429, '', 5 * MINUTE), REFUSED);
    await keeper.look();
    await pass(bench, wait + 2 * MINUTE, [keeper], SECOND);
    expect(presented(bench)).toHaveLength(2);
    expect(keeper.view().state).toEqual({ state, reason });
    expect(intentOf(place(bench).meta)).toMatchObject({ tries: 1, reason });
    await pass(bench, 5 * MINUTE, [keeper], SECOND);
    expect(presented(bench)).toEqual([token, token, token]);
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason });
  });
});

describe('a refusal', () => {
  it('whose later try is lost gets the one other try after 24 h, then none', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    bench.server.next.push(REFUSED, loseBefore, REFUSED, REFUSED, REFUSED);
    await pass(bench, 4 * DAY, [keeper], MINUTE);
    const hours = bench.server.presented.map(({ at }) =>
      Math.round((at - (bench.server.presented[0]?.at ?? 0)) / HOUR),
    );
    expect(hours).toEqual([0, 1, 24]);
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.invalid' });
  });
});

describe('a passed deadline', () => {
  it('is NEEDS_REAUTH at once; one try is made, and when it is refused there is none after it', async () => {
    const bench = createBench();
    put(bench);
    bench.server.next.push(...Array.from({ length: 9 }, () => REFUSED));
    const keeper = bench.keeper();
    bench.clock.advance(15 * DAY);
    await keeper.look();
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.expired' });
    await pass(bench, 5 * DAY, [keeper], 10 * MINUTE);
    expect(presented(bench)).toHaveLength(1);
  });

  it('is lifted by a try that succeeds, also where the answer names no deadline', async () => {
    const bench = createBench();
    const issued = bench.server.issue();
    place(bench).text = issued.text;
    bench.clock.advance(15 * DAY);
    bench.server.next.push(
      answer(200, { access_token: 'late', refresh_token: 'late-too', mall_id: 'myshop', expires_in: '7200' }),
    );
    const keeper = bench.keeper();
    await keeper.look();
    expect(keeper.view().state).toEqual({ state: 'HEALTHY', reason: null });
    expect(keeper.view().set).toMatchObject({ refreshToken: 'late-too', deadlineSource: 'estimated' });
  });
});

describe('failures before anything was sent', () => {
  it('that follow a long quiet time begin anew: 5 s, and no alarm for 10 minutes', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    bench.server.next.push(unreachable, unreachable, unreachable, unreachable);
    await keeper.look();
    await pass(bench, 2 * MINUTE, [keeper], SECOND);
    expect(keeper.view().sight?.hold?.failures).toBe(4);
    // The host sleeps; when it wakes, the network is not there yet.
    bench.clock.advance(8 * HOUR);
    bench.server.next.push(unreachable);
    await keeper.look();
    expect(keeper.view().sight?.hold).toEqual({
      code: 'network.dns',
      since: bench.clock.now(),
      until: bench.clock.now() + 5 * SECOND,
      failures: 1,
    });
  });

  it('a full store is tried again after 5 s, 15 s, 60 s: one failure per try', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    bench.store.breakWith('store.full', 'writes');
    const tries: number[] = [];
    const { takeLease } = bench.store;
    bench.store.takeLease = (...args) => {
      tries.push(bench.clock.now());
      return takeLease(...args);
    };
    await pass(bench, 4 * MINUTE, [keeper], SECOND);
    const waits = tries.slice(1).map((at, i) => Math.round((at - (tries[i] ?? 0)) / SECOND));
    expect(waits).toEqual([5, 15, 60, 120]);
  });
});

describe('a foreign grant', () => {
  async function watched(keeper: Keeper): Promise<string[]> {
    const seen: string[] = [];
    keeper.onForeignGrant((set) => seen.push(set.refreshToken));
    await keeper.look();
    return seen;
  }

  it("is told when another program writes a set or another keeper's consent is stored", async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    const seen = await watched(keeper);
    const theirs = put(bench);
    await keeper.look();
    expect(seen).toEqual([theirs]);
    const other = bench.keeper({ install: 'bbbb' });
    await other.look();
    bench.clock.advance(MINUTE);
    await other.exchange({ code: 'c', redirectUri: 'https://shop.example/cb', codeVerifier: null });
    await keeper.look();
    expect(seen).toEqual([theirs, storedToken(bench)]);
  });

  it('is not a refresh by any keeper, our own consent, a healed store or a set that is known as redeemed', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    const other = bench.keeper({ install: 'bbbb' });
    await keeper.look();
    const seen = await watched(keeper);
    await pass(bench, 3 * HOUR, [other]);
    await keeper.look();
    await pass(bench, 3 * HOUR, [keeper]);
    await keeper.exchange({ code: 'c', redirectUri: 'https://shop.example/cb', codeVerifier: null });
    Object.assign(place(bench), { text: null, meta: {}, spent: [], lease: null });
    await keeper.look();
    const dead = bench.server.issue();
    place(bench).spent.push(hashOf(dead.refreshToken));
    place(bench).text = dead.text;
    await keeper.look();
    expect(seen).toEqual([]);
  });
});

describe('two consents in the same second of the server', () => {
  const CONSENT = { code: 'c', redirectUri: 'https://shop.example/cb', codeVerifier: null };

  it('leave the first that was stored, told as what it is to the second, and no keeper ever swaps them', async () => {
    const bench = createBench();
    const [first, second] = [bench.keeper(), bench.keeper({ install: 'bbbb' })];
    await first.look();
    await second.look();
    expect((await first.exchange(CONSENT)).code).toBe('consent.connected');
    const stays = storedToken(bench);
    expect((await second.exchange(CONSENT)).code).toBe('consent.connected_elsewhere');
    for (let looks = 0; looks < 3; looks += 1) for (const each of [first, second]) await each.look();
    expect(storedToken(bench)).toBe(stays);
    for (const each of [first, second]) expect(each.view().set?.refreshToken).toBe(stays);
    // The other one is good too, and is not thrown away.
    expect(attemptsOf(second.journal).some(({ answer }) => answer?.body.includes('refresh-2'))).toBe(true);
    await pass(bench, 3 * HOUR, [first, second]);
    expect(presented(bench)[0]).toBe(stays);
    expect(new Set(presented(bench)).size).toBe(presented(bench).length);
  });
});

function definedOnly(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
