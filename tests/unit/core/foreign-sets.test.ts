/** Sets that this keeper did not fetch: of other keepers, of other programs, of a consent beside its own. */
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../electron/core/hash.ts';
import type { Keeper } from '../../../electron/core/keeper.ts';
import { place, presented, put, stored } from '../../support/keeper-acts.ts';
import { attemptsOf, createBench, HOUR, pass } from '../../support/keeper-bench.ts';

const MINUTE = 60_000;

describe("another keeper's sets", () => {
  it('are journaled too, so that a store that forgot is healed by whoever is left', async () => {
    const bench = createBench();
    put(bench);
    const writer = bench.keeper({ install: 'aaaa' });
    const reader = bench.keeper({ install: 'bbbb', host: 'server' });
    await pass(bench, 90 * MINUTE, [writer]);
    await reader.look();
    const good = stored(bench).refresh_token;
    Object.assign(place(bench), { text: null, meta: {}, spent: [], lease: null });
    await reader.look();
    expect(stored(bench).refresh_token).toBe(good);
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
    expect(seen).toEqual([theirs, stored(bench).refresh_token]);
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
    const stays = stored(bench).refresh_token;
    expect((await second.exchange(CONSENT)).code).toBe('consent.connected_elsewhere');
    for (let looks = 0; looks < 3; looks += 1) for (const each of [first, second]) await each.look();
    expect(stored(bench).refresh_token).toBe(stays);
    for (const each of [first, second]) expect(each.view().set?.refreshToken).toBe(stays);
    // The other one is good too, and is not thrown away.
    expect(attemptsOf(second.journal).some(({ answer }) => answer?.body.includes('refresh-2'))).toBe(true);
    await pass(bench, 3 * HOUR, [first, second]);
    expect(presented(bench)[0]).toBe(stays);
    expect(new Set(presented(bench)).size).toBe(presented(bench).length);
  });
});
