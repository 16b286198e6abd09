/** What a keeper concludes and does while the store does not answer; the order of its steps is in keeper-order.test.ts. */
import { describe, expect, it } from 'vitest';
import { intentOf } from '../../../shared/meta.ts';
import { atExpiry, place, presented, put, REFUSED, stored } from '../../support/keeper-acts.ts';
import { answer, type Bench, createBench, DAY, HOUR, lose, pass } from '../../support/keeper-bench.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

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
    expect(restarted.view().set?.refreshToken).toBe(stored(bench).refresh_token);
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
