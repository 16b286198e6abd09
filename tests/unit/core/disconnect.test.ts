/** A disconnect from the click to the last keeper that learns of it, and how its mark is read. */
import { describe, expect, it } from 'vitest';
import { anAttempt, aSet } from '../../support/heart-examples.ts';
import { place, presented, put } from '../../support/keeper-acts.ts';
import {
  attemptsOf,
  type Bench,
  createBench,
  DAY,
  HOUR,
  lose,
  pass,
  unreachable,
} from '../../support/keeper-bench.ts';
import { createMemoryJournal } from '../../support/memory-store.ts';

const MINUTE = 60_000;
const CONSENT = { code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null };

async function connected(bench = createBench()) {
  const issued = bench.server.issue();
  place(bench).text = issued.text;
  const keeper = bench.keeper();
  await keeper.look();
  return { bench, issued, keeper };
}

const withTokens = (journal: Parameters<typeof attemptsOf>[0]) =>
  attemptsOf(journal).filter(({ parent, answer }) => parent ?? answer);

describe('a disconnect', () => {
  it('revokes at Cafe24, deletes the main key and leaves a mark of a higher generation', async () => {
    const { bench, issued, keeper } = await connected();
    const before = Number(place(bench).meta.generation);
    bench.clock.advance(MINUTE);
    expect(await keeper.disconnect({ anyway: false })).toEqual({ code: 'disconnect.done', params: {} });
    expect(bench.server.revoked).toEqual([{ value: issued.accessToken, kind: 'access_token' }]);
    expect(bench.server.isLive(issued.refreshToken)).toBe(false);
    expect(place(bench)).toMatchObject({ text: null, lease: null });
    const { meta } = place(bench);
    expect(Number(meta.generation)).toBe(before + 1);
    expect(meta).toMatchObject({ state: 'NEEDS_REAUTH', reason: 'disconnected' });
    expect(JSON.parse(meta.grant ?? '')).toEqual({ id: 'disconnected', at: bench.clock.now() });
    expect(meta.refresh_token_hash ?? meta.issued_at ?? meta.parent ?? meta.user_id ?? null).toBeNull();
    expect(keeper.view()).toMatchObject({ set: null, state: { reason: 'disconnected' } });
    expect(withTokens(keeper.journal)).toEqual([]);
    await pass(bench, 20 * DAY, [keeper], HOUR);
    expect(bench.server.presented).toEqual([]);
    expect(place(bench).text).toBeNull();
    expect(attemptsOf(keeper.journal)).toEqual([]);
  });

  it('sends the refresh token where the access token is over', async () => {
    const { bench, issued, keeper } = await connected();
    bench.server.next.push(lose);
    bench.clock.advance(3 * HOUR);
    await keeper.look();
    await keeper.disconnect({ anyway: true });
    expect(bench.server.revoked).toEqual([{ value: issued.refreshToken, kind: 'refresh_token' }]);
  });

  it.each([
    ['could not be reached', { kind: 'not_sent', code: 'network.dns', detail: 'ENOTFOUND' }],
    ['lost its answer', { kind: 'lost', detail: 'ECONNRESET' }],
    ['refused', { kind: 'answered', answer: { status: 401, date: null, retryAfterMs: null, body: '{}' } }],
  ] as const)('forgets nothing where Cafe24 %s, unless it is told to', async (_, wire) => {
    const { bench, issued, keeper } = await connected();
    bench.server.nextRevoke.push(wire, wire);
    expect(await keeper.disconnect({ anyway: false })).toMatchObject({ code: 'disconnect.not_revoked' });
    expect(place(bench)).toMatchObject({ text: issued.text, lease: null });
    expect(keeper.view().state?.state).toBe('HEALTHY');
    expect(await keeper.disconnect({ anyway: true })).toMatchObject({ code: 'disconnect.forgotten' });
    expect(place(bench).text).toBeNull();
    expect(withTokens(keeper.journal)).toEqual([]);
  });

  it('revokes nothing while the store is away, or while another keeper is at work', async () => {
    const { bench, issued, keeper } = await connected();
    bench.store.breakWith('store.unreachable');
    expect(await keeper.disconnect({ anyway: true })).toMatchObject({ code: 'store.unreachable' });
    bench.store.breakWith(null);
    await bench.store.takeLease('myshop', 'bbbb-server-1', MINUTE);
    expect(await keeper.disconnect({ anyway: true })).toMatchObject({ code: 'disconnect.busy' });
    expect(bench.server.revoked).toEqual([]);
    expect(place(bench).text).toBe(issued.text);
  });

  it('says that there is nothing to give up where nothing is', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    await keeper.look();
    expect(await keeper.disconnect({ anyway: false })).toMatchObject({ code: 'disconnect.nothing' });
  });

  it('reaches a store that went away behind the revocation as soon as it is back, also after a crash', async () => {
    const bench = createBench();
    put(bench);
    const journal = createMemoryJournal();
    const keeper = bench.keeper({ journal });
    await keeper.look();
    const commits = bench.store.commit;
    bench.store.commit = async (mall, change) => {
      if (change.text === null) bench.store.breakWith('store.unreachable');
      return commits.call(bench.store, mall, change);
    };
    expect(await keeper.disconnect({ anyway: false })).toMatchObject({ code: 'disconnect.not_shared' });
    expect(place(bench).text).not.toBeNull();
    // What is known here counts at once: nobody refreshes with revoked tokens.
    expect(keeper.view().state).toMatchObject({ reason: 'disconnected' });
    bench.store.commit = commits;
    bench.store.breakWith(null);
    bench.clock.advance(MINUTE);
    await bench.keeper({ journal }).look();
    expect(place(bench).text).toBeNull();
    expect(place(bench).meta.reason).toBe('disconnected');
  });

  it('beats a clock that is behind the consent', async () => {
    const { bench, keeper } = await connected();
    bench.clock.advance(-DAY);
    expect(await keeper.disconnect({ anyway: false })).toMatchObject({ code: 'disconnect.done' });
    expect(keeper.view().state).toMatchObject({ reason: 'disconnected' });
  });

  it('is waited for by whoever is to stop: what Cafe24 has revoked is dead, and the others hear of it', async () => {
    const { bench, issued, keeper } = await connected();
    const { revoke } = bench.server;
    let stopping: Promise<void> | undefined;
    bench.server.revoke = async (client, token) => {
      const answered = await revoke(client, token);
      stopping = keeper.stop();
      return answered;
    };
    const outcome = keeper.disconnect({ anyway: false });
    while (!stopping) await new Promise((resolve) => setImmediate(resolve));
    await stopping;
    expect(bench.server.isLive(issued.refreshToken)).toBe(false);
    expect(place(bench).text).toBeNull();
    expect(await outcome).toMatchObject({ code: 'disconnect.done' });
  });

  it('noted by a clock that was ahead leaves the next consent what it brought, and the one after it', async () => {
    const { bench, keeper } = await connected();
    bench.moveHosts(2 * HOUR);
    bench.server.nextRevoke.push({ kind: 'not_sent', code: 'network.dns', detail: 'ENOTFOUND' });
    expect(await keeper.disconnect({ anyway: true })).toMatchObject({ code: 'disconnect.forgotten' });
    bench.moveHosts(-2 * HOUR);
    for (let consents = 1; consents <= 2; consents += 1) {
      bench.clock.advance(MINUTE);
      expect(await keeper.exchange(CONSENT)).toMatchObject({ code: 'consent.connected' });
      await pass(bench, 5 * MINUTE, [keeper]);
      expect(keeper.view().state?.state).toBe('HEALTHY');
      expect(keeper.view().set?.issuedAt).toBeLessThan(bench.clock.now());
    }
  });

  it('leaves no mark of the future where the clock was ahead before: the next consent counts', async () => {
    const { bench, keeper } = await connected();
    bench.server.next.push(unreachable);
    bench.clock.advance(9 * HOUR);
    await keeper.look();
    bench.clock.advance(-9 * HOUR + MINUTE);
    await keeper.disconnect({ anyway: false });
    bench.clock.advance(MINUTE);
    const consent = { code: 'code', redirectUri: 'https://x.example/', codeVerifier: null };
    expect(await keeper.exchange(consent)).toMatchObject({ code: 'consent.connected' });
    expect((await keeper.look()).state?.state).toBe('HEALTHY');
  });
});

describe('another keeper on the same store', () => {
  it('sees it, destroys its own copies and presents nothing any more', async () => {
    const { bench, keeper } = await connected();
    const server = bench.keeper({ install: 'bbbb', host: 'server' });
    await pass(bench, 3 * HOUR, [server, keeper]);
    expect(withTokens(server.journal)).not.toEqual([]);
    const presented = bench.server.presented.length;
    await keeper.disconnect({ anyway: false });
    await pass(bench, 5 * HOUR, [server, keeper]);
    expect(server.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'disconnected' });
    expect(withTokens(server.journal)).toEqual([]);
    expect(bench.server.presented).toHaveLength(presented);
    expect(place(bench).text).toBeNull();
  });

  it('that slept with the old set in its journal does not heal over it, nor with an answer the store never saw', async () => {
    const { bench, keeper } = await connected();
    const journal = createMemoryJournal();
    const laptop = bench.keeper({ install: 'bbbb', host: 'laptop', journal });
    await laptop.look();
    expect(withTokens(journal)).not.toEqual([]);
    // Its last refresh was answered, and then it was shut down before the store knew of it.
    bench.clock.advance(2 * HOUR);
    const commits = bench.store.commit;
    bench.store.commit = async (mall, change) => {
      if (typeof change.text === 'string') bench.store.breakWith('store.unreachable');
      return commits.call(bench.store, mall, change);
    };
    await laptop.refresh();
    bench.store.commit = commits;
    bench.store.breakWith(null);
    place(bench).lease = null;
    bench.clock.advance(MINUTE);
    expect(attemptsOf(journal).some(({ answer }) => answer !== null)).toBe(true);

    expect(await keeper.disconnect({ anyway: false })).toMatchObject({ code: 'disconnect.done' });
    const presented = bench.server.presented.length;
    bench.clock.advance(5 * DAY);
    const woken = bench.keeper({ install: 'bbbb', host: 'laptop', journal });
    await pass(bench, 3 * HOUR, [woken, keeper]);
    expect(place(bench).text).toBeNull();
    expect(woken.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'disconnected' });
    expect(withTokens(journal)).toEqual([]);
    expect(bench.server.presented).toHaveLength(presented);
  });

  it('brings it back to a store that was restored from a backup of before', async () => {
    const { bench, keeper } = await connected();
    const backup = structuredClone({ ...place(bench) });
    await keeper.disconnect({ anyway: false });
    Object.assign(place(bench), backup);
    bench.clock.advance(MINUTE);
    await keeper.look();
    expect(place(bench).text).toBeNull();
    expect(place(bench).meta.reason).toBe('disconnected');
  });

  it('connects the shop again: a later consent ends the disconnect for everybody', async () => {
    const { bench, keeper } = await connected();
    const server = bench.keeper({ install: 'bbbb', host: 'server' });
    await server.look();
    await keeper.disconnect({ anyway: false });
    bench.clock.advance(MINUTE);
    const consent = { code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null };
    expect(await server.exchange(consent)).toMatchObject({ code: 'consent.connected' });
    await pass(bench, 4 * HOUR, [keeper, server]);
    expect(keeper.view().state).toEqual({ state: 'HEALTHY', reason: null });
    expect(place(bench).text).not.toBeNull();
    expect(attemptsOf(keeper.journal).filter(({ kind }) => kind === 'disconnect')).toEqual([]);
  });
});

describe('the mark of a disconnect', () => {
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

  it('gives way to a later foreign set, never to one issued before it', async () => {
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
