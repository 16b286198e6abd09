/** Rows of docs/guarantees.md about keepers that share a shop: ended leases, standing processes, consents in between. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_CLIENT, DEFAULT_CLIENT_SECRET, DEFAULT_REDIRECT_URI } from '../../simulator/registration.ts';
import { createCommandLine } from '../../support/command-line.ts';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import { KEYS, redisOfTheFile } from '../../support/failures/redis-fixture.ts';
import { exchangeOf, HOUR, MALL, MINUTE, refreshTokenIn, SECOND } from '../../support/failures/scene.ts';
import { connectedShop, DUE, isStoredLive, later, presented } from '../../support/failures/shop.ts';
import type { WorkerView } from '../../support/failures/worker-protocol.ts';
import { until } from '../../support/poll.ts';

const redis = redisOfTheFile();
const SOON = { timeoutMs: 20_000 };
const STORES = ['redis', 'local'] as const;

const connected = (store: (typeof STORES)[number] = 'redis') =>
  connectedShop(store === 'redis' ? redis.server().url : null);

/** Home of a second keeper: another machine on Redis, another process of the same folder on a local store. */
const secondHome = (store: (typeof STORES)[number]) => (store === 'redis' ? 'server' : 'home');

function grantOf(view: WorkerView | null): string | undefined {
  return view?.set?.refreshTokenHash;
}

describe('callers at once', () => {
  it('row 7: a thousand in one process at expiry: one request, one set', async () => {
    const { scene, keeper, first } = await connected();
    scene.simulator.advance(3 * HOUR);
    const views = await Promise.all(Array.from({ length: 1000 }, () => keeper.demand({ do: 'look' })));
    expect(new Set(views.map(grantOf)).size).toBe(1);
    expect(views.every((view) => view.set?.isAccessUsable)).toBe(true);
    expect(presented(scene)).toEqual([first]);
  });

  it.each(STORES)(
    'rows 8, 47: four long-lived keepers on one %s store, all due: one request, all adopt it',
    async (store) => {
      const { scene, keeper, first } = await connected(store);
      const keepers = [keeper];
      for (let more = 1; more <= 3; more += 1)
        keepers.push(await scene.keeper(store === 'redis' ? `machine-${more}` : 'home'));
      await Promise.all(keepers.map((each) => each.started));
      scene.simulator.advance(3 * HOUR);
      await Promise.all(keepers.map((each) => each.demand({ do: 'look' })));
      await until(
        async () => {
          const views = await Promise.all(keepers.map((each) => each.demand({ do: 'look' })));
          return views.every((view) => view.set?.isAccessUsable && view.generation === 2);
        },
        { ...SOON, what: 'the set at every keeper' },
      );
      expect(presented(scene)).toEqual([first]);
      expect((await expectNothingLost(scene)).neverJournaled).toEqual([]);
    },
  );

  it('row 47: the app and three command lines at once on one local store and one journal: one request, equal tokens', async () => {
    const { scene, keeper, first } = await connected('local');
    scene.simulator.advance(3 * HOUR);
    const line = await createCommandLine(
      { apiOrigin: scene.simulator.apiOrigin, redisUrl: null },
      scene.folder,
    );
    const [app, ...lines] = await Promise.all([
      keeper.demand({ do: 'refresh' }),
      ...Array.from({ length: 3 }, () => line.run(['token'])),
    ]);
    expect(lines.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(3).fill({ code: 0, stderr: '' }),
    );
    expect(new Set(lines.map(({ stdout }) => stdout)).size).toBe(1);
    expect(app.set?.isAccessUsable).toBe(true);
    expect(presented(scene)).toEqual([first]);
    await expectNothingLost(scene);
  });
});

describe('the lease', () => {
  it('row 9: is renewed while an answer is slow', async () => {
    const { scene, keeper } = await connected();
    await keeper.demand({ do: 'arm', armed: { point: 'before wire: refresh', deed: 'wait' } });
    scene.simulator.advance(DUE);
    const looking = keeper.demand({ do: 'look' });
    await keeper.arrived('before wire: refresh');
    await redis.admin().pexpire(KEYS.lease, 30_000);
    await until(async () => (await redis.admin().pttl(KEYS.lease)) > 35_000, {
      timeoutMs: 25_000,
      what: 'the renewal',
    });
    await keeper.demand({ do: 'go' });
    expect(await looking).toMatchObject({ state: 'HEALTHY', generation: 2 });
  });

  it.each(STORES)(
    'row 9: lost during a slow answer on the %s store: the late set wins as the child of what is stored',
    async (store) => {
      const { scene, keeper, first } = await connected(store);
      const other = await scene.keeper(secondHome(store));
      await other.started;
      scene.once('after-apply', async () => {
        await scene.endLease();
        await other.demand({ do: 'look' });
        const taking = await scene.openStoreOf();
        await taking.takeLease(MALL, 'deadbeefdeadbeef-pc-1', 60_000);
        await taking.close();
      });
      expect(await later({ scene, keeper }, DUE)).toMatchObject({ state: 'HEALTHY', generation: 2 });
      expect(await other.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY', generation: 2 });
      expect(presented(scene)).toEqual([first]);
      expect((await scene.store()).leaseOwner).toBe('deadbeefdeadbeef-pc-1');
      await expectNothingLost(scene);
    },
  );

  it('row 11: another owner’s lease survives a late release', async () => {
    const { scene, keeper } = await connected();
    await keeper.demand({ do: 'arm', armed: { point: 'before store: release the lease', deed: 'SIGSTOP' } });
    scene.simulator.advance(MINUTE);
    const exchanging = keeper.demand(exchangeOf(await scene.code()));
    await keeper.arrived('before store: release the lease');
    await redis.admin().set(KEYS.lease, 'deadbeefdeadbeef-pc-1', 'PX', 60_000);
    keeper.resume();
    expect(await exchanging).toMatchObject({ outcome: 'consent.connected' });
    expect(await redis.admin().get(KEYS.lease)).toBe('deadbeefdeadbeef-pc-1');
  });
});

describe('a process that stands still while it holds the lease', () => {
  it.each(STORES)(
    'row 10: and then writes the child of what is stored on the %s store: it wins, and the alarm ends',
    async (store) => {
      const { scene, keeper, first } = await connected(store);
      const other = await scene.keeper(secondHome(store));
      await other.started;
      await keeper.demand({ do: 'arm', armed: { point: 'before store: publish', deed: 'SIGSTOP' } });
      scene.simulator.advance(DUE);
      const looking = keeper.demand({ do: 'look' });
      await keeper.arrived('before store: publish');
      await scene.endLease();
      scene.simulator.advance(MINUTE);
      const meanwhile = await other.demand({ do: 'look' });
      // On a shared folder the answer lies in the one journal; elsewhere only the intent can be seen.
      expect(meanwhile.state).toBe(store === 'redis' ? 'UNCONFIRMED' : 'HEALTHY');
      keeper.resume();
      await looking;
      expect(await other.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY', generation: 2 });
      expect(presented(scene)).toEqual([first]);
      expect(await isStoredLive(scene)).toBe(true);
      await expectNothingLost(scene);
    },
  );

  it.each(STORES)(
    'row 10: and then writes over a consent that came between on the %s store: refused by the compare',
    async (store) => {
      const { scene, keeper } = await connected(store);
      const other = await scene.keeper(secondHome(store));
      await other.started;
      await keeper.demand({ do: 'arm', armed: { point: 'before store: publish', deed: 'SIGSTOP' } });
      scene.simulator.advance(DUE);
      const looking = keeper.demand({ do: 'look' });
      await keeper.arrived('before store: publish');
      await scene.endLease();
      scene.simulator.advance(MINUTE);
      expect(await other.demand(exchangeOf(await scene.code()))).toMatchObject({
        outcome: 'consent.connected',
      });
      const { text } = await scene.store();
      // Nobody is left who would heal what were written over.
      await other.kill();
      keeper.resume();
      expect(await looking).toMatchObject({ state: 'HEALTHY' });
      await keeper.demand({ do: 'look' });
      expect((await scene.store()).text).toBe(text);
      await expectNothingLost(scene);
    },
  );

  it('row 10: before its request, by the clock of a host that slept, while another presents for all: it does not present any more', async () => {
    const { scene, keeper, first } = await connected();
    const other = await scene.keeper('server');
    await other.started;
    await keeper.demand({ do: 'arm', armed: { point: 'after store: intent', deed: 'wait' } });
    scene.simulator.advance(DUE);
    const looking = keeper.demand({ do: 'look' });
    await keeper.arrived('after store: intent');
    await scene.endLease();
    const { now } = await keeper.demand({ do: 'view' });
    scene.simulator.advance(11 * MINUTE);
    expect(await other.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY', generation: 2 });
    const hasSeenTheTime = async () => (await keeper.demand({ do: 'view' })).now > now + 10 * MINUTE;
    await until(hasSeenTheTime, { ...SOON, what: 'the time at the keeper that waits' });
    await keeper.demand({ do: 'go' });
    await looking;
    expect(await keeper.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(presented(scene)).toEqual([first]);
    await expectNothingLost(scene);
  });
});

describe('a consent in between', () => {
  it.each(STORES)(
    'row 32: while this keeper’s refresh is in flight on the %s store: the consent’s set stays',
    async (store) => {
      const { scene, keeper, first } = await connected(store);
      let consenting: Promise<WorkerView> | null = null;
      scene.once('after-apply', async () => {
        consenting = keeper.demand(exchangeOf(await scene.code()));
        await until(
          async () =>
            (await scene.record()).filter(
              (line) => line.event === 'call' && line.name === 'journal: consent open',
            ).length === 2,
          { ...SOON, what: 'the consent' },
        );
      });
      await later({ scene, keeper }, DUE);
      const view = await consenting;
      expect(view).toMatchObject({ outcome: 'consent.connected' });
      await keeper.demand({ do: 'look' });
      expect((await keeper.demand({ do: 'look' })).set?.refreshTokenHash).toBe(grantOf(view));
      const consented = scene.simulator.requests.findLast(
        ({ grantType }) => grantType === 'authorization_code',
      );
      expect(refreshTokenIn(await scene.store())).toBe(consented?.issued?.refreshToken);
      expect(presented(scene)).toEqual([first]);
      await expectNothingLost(scene);
    },
  );

  it('row 32: while another keeper’s refresh is in flight: its late answer never overwrites the new grant', async () => {
    const { scene, keeper, first } = await connected();
    const other = await scene.keeper('server');
    await other.started;
    await keeper.demand({ do: 'arm', armed: { point: 'after wire: refresh', deed: 'wait' } });
    scene.simulator.advance(DUE - MINUTE);
    const looking = keeper.demand({ do: 'refresh' });
    await keeper.arrived('after wire: refresh');
    expect(await other.demand(exchangeOf(await scene.code()))).toMatchObject({
      outcome: 'consent.connected',
    });
    const { text } = await scene.store();
    await keeper.demand({ do: 'go' });
    await looking;
    await keeper.demand({ do: 'look' });
    expect((await scene.store()).text).toBe(text);
    expect(presented(scene)).toEqual([first]);
    await expectNothingLost(scene);
  });

  it('row 49: another program exchanges the code and writes Redis: adopted, and told as another’s connection', async () => {
    const { scene, keeper } = await connected();
    scene.simulator.advance(MINUTE);
    const code = await scene.code();
    const answer = await fetch(`${scene.simulator.origin}/${MALL}/api/v2/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${DEFAULT_CLIENT.clientId}:${DEFAULT_CLIENT_SECRET}`).toString('base64')}`,
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: DEFAULT_REDIRECT_URI,
      }),
    });
    const body = (await answer.json()) as Record<string, string>;
    const text = JSON.stringify({
      access_token: body.access_token,
      expires_at: Date.parse(`${body.expires_at}+09:00`),
      refresh_token: body.refresh_token,
      refresh_token_expires_at: Date.parse(`${body.refresh_token_expires_at}+09:00`),
    });
    await redis.admin().set(KEYS.main, text);
    const view = await keeper.demand({ do: 'look' });
    expect(view).toMatchObject({ state: 'HEALTHY', generation: 2, set: { isStored: true } });
    expect(keeper.said.map(({ kind }) => kind)).toContain('foreign-grant');
    expect((await keeper.demand(exchangeOf(code))).outcome).not.toBe('consent.connected');
    expect((await scene.store()).text).toBe(text);
  });
});

describe('what a consent brings', () => {
  it('row 30: another mall’s tokens are refused, named and wiped; nothing is overwritten', async () => {
    const { scene, keeper } = await connected();
    const { text } = await scene.store();
    scene.simulator.faults.add({ kind: 'other-mall', answeredMallId: 'othershop' });
    const view = await keeper.demand(exchangeOf(await scene.code()));
    expect(view).toMatchObject({ outcome: 'consent.other_mall', state: 'HEALTHY' });
    expect((await scene.store()).text).toBe(text);
    const issued = String(scene.simulator.requests.at(-1)?.issued?.refreshToken);
    expect(JSON.stringify(await scene.journal())).not.toContain(issued);
  });

  it('row 30: another account of the same mall is accepted and shown', async () => {
    const { scene, keeper } = await connected();
    scene.simulator.advance(MINUTE);
    const view = await keeper.demand(exchangeOf(await scene.code('other-account')));
    expect(view).toMatchObject({ outcome: 'consent.connected', state: 'HEALTHY' });
    expect(view.set?.userId).not.toBe('owner');
  });

  it('row 31: fewer scopes than asked are stored and shown, not an error', async () => {
    const { scene, keeper } = await connected();
    scene.simulator.advance(MINUTE);
    const view = await keeper.demand(exchangeOf(await scene.code('fewer-scopes')));
    expect(view).toMatchObject({ outcome: 'consent.connected', state: 'HEALTHY' });
    expect(view.set?.scopes).toEqual(['mall.read_product']);
    await later({ scene, keeper }, DUE);
    expect((await scene.store()).meta.scopes).toBe('mall.read_product');
  });
});

describe('time and place', () => {
  it('row 26: asleep past the due time, resumed: one refresh', async () => {
    const { scene, keeper, first } = await connected();
    keeper.pause();
    scene.simulator.advance(5 * HOUR);
    keeper.resume();
    await until(() => presented(scene).length > 0, { ...SOON, what: 'the refresh' });
    await until(async () => (await keeper.demand({ do: 'look' })).generation === 2, {
      ...SOON,
      what: 'the set',
    });
    await later({ scene, keeper }, 30 * SECOND);
    expect(presented(scene)).toEqual([first]);
  });

  it('row 25: ended during a refresh: it waits for the answer, which is in the store when it is gone', async () => {
    const { scene, keeper, first } = await connected();
    scene.simulator.faults.add({ kind: 'delay', ms: 2000, when: 'after' });
    scene.simulator.advance(DUE);
    const looking = keeper.ask({ do: 'look' });
    await until(() => presented(scene).length === 1, { ...SOON, what: 'the request' });
    await keeper.ask({ do: 'stop' });
    await Promise.all([looking, keeper.exited]);
    expect((await expectNothingLost(scene)).neverJournaled).toEqual([]);
    expect(await isStoredLive(scene)).toBe(true);
    const next = await scene.keeper();
    expect(await next.started).toMatchObject({ state: 'HEALTHY', generation: 2, set: { isStored: true } });
    expect(presented(scene)).toEqual([first]);
  });

  it('row 28: the time jumps back a day and forward again: no false alarm, no missed and no extra refresh', async () => {
    const { scene, keeper } = await connected();
    await later({ scene, keeper }, DUE);
    expect(presented(scene)).toHaveLength(1);
    expect(await later({ scene, keeper }, -24 * HOUR)).toMatchObject({ state: 'HEALTHY' });
    expect(await later({ scene, keeper }, MINUTE)).toMatchObject({ state: 'HEALTHY' });
    expect(presented(scene)).toHaveLength(1);
    expect(await later({ scene, keeper }, 24 * HOUR)).toMatchObject({ state: 'HEALTHY' });
    await later({ scene, keeper }, DUE);
    expect(presented(scene).length).toBeGreaterThanOrEqual(2);
    expect(new Set(presented(scene)).size).toBe(presented(scene).length);
    await expectNothingLost(scene);
  });

  it('row 48: --ephemeral and a folder that cannot be kept read and record, and redeem nothing', async () => {
    const { scene, keeper } = await connected();
    await keeper.kill();
    const careful = [
      await scene.keeper('ephemeral', { ephemeral: true }),
      // A folder below a file can be neither made nor written.
      await scene.keeper('nowhere', { env: { CAFE24_KEEPER_HOME: `${scene.homeOf()}/install-id/below` } }),
    ];
    for (const each of careful) expect(await each.started).toMatchObject({ state: 'HEALTHY' });
    scene.simulator.advance(3 * HOUR);
    for (const each of careful) {
      expect(await each.demand({ do: 'look' })).toMatchObject({ waitsFor: 'keeper.read_only' });
      expect(await each.demand({ do: 'refresh' })).toMatchObject({ outcome: 'keeper.read_only' });
    }
    expect(presented(scene)).toEqual([]);
    expect((await scene.store()).meta.checked_at).toBeDefined();
  });
});
