/** A refresh token that was redeemed: how every keeper knows it, and that none presents it (docs/keeper.md). */
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import { intentOf, metaOfIntent } from '../../../shared/meta.ts';
import { done, failed } from '../../../shared/result.ts';
import { anAttempt, anIntent, aSet } from '../../support/heart-examples.ts';
import { place, presented, put, REFUSED, stored } from '../../support/keeper-acts.ts';
import { createBench, HOUR, pass } from '../../support/keeper-bench.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

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
    const consented = stored(bench).refresh_token;
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(REFUSED);
    await keeper.look();
    await pass(bench, MINUTE, [keeper]);
    expect(keeper.view().state?.state).toBe('NEEDS_REAUTH');
    place(bench).text = 'rubbish';
    await sleeper.look();
    expect(stored(bench).refresh_token).not.toBe(consented);
    expect(place(bench).spent).toEqual([]);
    await pass(bench, 2 * HOUR, [keeper], MINUTE);
    expect(presented(bench)).toEqual([consented, consented]);
    expect(keeper.view().state?.state).toBe('HEALTHY');
  });

  it('a superseded one is written back over a damaged main key, but not presented while its successor may come', async () => {
    const { bench, token, keeper, sleeper } = await withSleeper();
    await keeper.exchange({ code: 'code', redirectUri: 'https://x.example/', codeVerifier: null });
    await keeper.look();
    const consented = stored(bench).refresh_token;
    place(bench).text = 'rubbish';
    await pass(bench, 9 * MINUTE, [sleeper]);
    expect(stored(bench).refresh_token).toBe(token);
    await pass(bench, MINUTE - 1, [keeper, sleeper]);
    expect(stored(bench).refresh_token).toBe(consented);
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

function definedOnly(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
