/** Rules of the keeper that single out one sentence of docs/keeper.md each; the ordinary life is in keeper.test.ts. */
import { describe, expect, it } from 'vitest';
import { intentOf } from '../../../shared/meta.ts';
import { failed } from '../../../shared/result.ts';
import { atExpiry, place, presented, put, REFUSED, stored } from '../../support/keeper-acts.ts';
import {
  answer,
  attemptsOf,
  createBench,
  DAY,
  HOUR,
  loseBefore,
  pass,
  unreachable,
} from '../../support/keeper-bench.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

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
      expect(bench.server.isLive(stored(bench).refresh_token)).toBe(true);
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
    expect(stored(bench).refresh_token).toBe(token);
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

  it('that are over are not waited for again: the next trouble is looked at in its own time', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    bench.server.next.push(unreachable);
    await keeper.look();
    bench.clock.advance(6 * SECOND);
    bench.store.breakWith('store.denied');
    await keeper.look();
    expect(keeper.nextLookAt() - bench.clock.now()).toBe(5 * SECOND);
    bench.store.breakWith(null);
    place(bench).lease = { owner: 'bbbb-server-9', until: bench.clock.now() + MINUTE };
    await keeper.look();
    expect(keeper.view()).toMatchObject({ waitsFor: null, isNeighbourAtWork: true });
    expect(keeper.nextLookAt() - bench.clock.now()).toBe(2 * SECOND);
  });

  it('a journal that cannot be read may hold the answer: nothing is presented until it can', async () => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    bench.server.next.push((truth) => {
      bench.store.breakWith('store.unreachable');
      return truth();
    });
    await keeper.look();
    const { journal } = keeper;
    const { read } = journal;
    journal.read = async () => failed('disk.readonly');
    bench.store.breakWith(null);
    bench.clock.advance(2 * MINUTE);
    const restarted = bench.keeper({ journal });
    await pass(bench, 20 * MINUTE, [restarted]);
    expect(presented(bench)).toHaveLength(1);
    expect(restarted.view().waitsFor).toBe('disk.readonly');
    journal.read = read;
    await pass(bench, MINUTE, [restarted]);
    expect(presented(bench)).toHaveLength(1);
    expect(restarted.view().state?.state).toBe('HEALTHY');
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

describe('a wish to refresh', () => {
  const BLOCKS = [
    ['client.secret_wrong', answer(401, { error: 'invalid_client' })],
    ['client.forbidden', answer(403, '<html>')],
    ['answer.unknown_error', answer(400, { error: 'something new' })],
  ] as const;

  it.each(BLOCKS)('of a person, while %s blocks, is one request and its answer', async (code, block) => {
    const bench = createBench();
    const { keeper, token } = await atExpiry(bench);
    bench.server.next.push(...Array.from({ length: 9 }, () => block));
    await keeper.look();
    for (let wishes = 1; wishes <= 2; wishes += 1) {
      bench.clock.advance(MINUTE);
      const { state, waitsFor } = await keeper.refresh();
      expect(presented(bench)).toHaveLength(1 + wishes);
      expect({ state, waitsFor }).toEqual({ state: { state: 'BLOCKED', reason: code }, waitsFor: code });
    }
    expect(new Set(presented(bench))).toEqual(new Set([token]));
  });

  it.each(BLOCKS)('of a program, which asks again and again, waits while %s blocks', async (code, block) => {
    const bench = createBench();
    const { keeper } = await atExpiry(bench);
    bench.server.next.push(block);
    await keeper.look();
    bench.clock.advance(MINUTE);
    expect((await keeper.refresh('program')).state).toEqual({ state: 'BLOCKED', reason: code });
    expect(presented(bench)).toHaveLength(1);
  });
});

it('a wish of a person is not lost where a program asks in the same moment', async () => {
  const bench = createBench();
  const { keeper } = await atExpiry(bench);
  bench.server.next.push(answer(403, { error: 'access_denied' }));
  await keeper.look();
  bench.clock.advance(MINUTE);
  await Promise.all([keeper.refresh('person'), keeper.refresh('program')]);
  expect(keeper.view().state?.state).toBe('HEALTHY');
});

it('who only looks presents nothing, and says that it is due', async () => {
  const bench = createBench();
  await atExpiry(bench);
  const view = await bench.keeper({ install: 'bbbb', onlyLooks: true }).look();
  expect(view).toMatchObject({ state: { state: 'HEALTHY' }, plannedAt: bench.clock.now(), waitsFor: null });
  expect(presented(bench)).toEqual([]);
});
