/** Rows of docs/guarantees.md about what the server answers, or does not: each planted in a simulator that misbehaves. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../simulator/faults.ts';
import { DEFAULT_CLIENT, DEFAULT_MALL } from '../../simulator/registration.ts';
import { expectNothingLost } from '../../support/failures/invariants.ts';
import { redisOfTheFile } from '../../support/failures/redis-fixture.ts';
import {
  DAY,
  exchangeOf,
  HOUR,
  MINUTE,
  refreshTokenIn,
  type Scene,
  SECOND,
} from '../../support/failures/scene.ts';
import { awake, connectedShop, DUE, later, presented } from '../../support/failures/shop.ts';
import type { WorkerView } from '../../support/failures/worker-protocol.ts';

const redis = redisOfTheFile();

const connected = () => connectedShop(redis.server().url);

describe('an answer that is lost after the rotation', () => {
  const lost: readonly [string, Fault][] = [
    ['row 3: a reset connection', { kind: 'drop', when: 'after' }],
    ['row 3: a closed connection', { kind: 'drop', when: 'after', how: 'close' }],
    ['row 4: a 502', { kind: 'status', when: 'after', status: 502 }],
    ['row 4: an HTML page', { kind: 'html', when: 'after' }],
    ['row 4: a body cut off', { kind: 'cut' }],
  ];
  it.each(lost)('%s is UNCONFIRMED, presented once more after 30 s, then honest', async (_, fault) => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.simulator.faults.add(fault);
    const shown = await later(shop, DUE);
    expect(shown).toMatchObject({ state: 'UNCONFIRMED', reason: 'answer.unconfirmed' });
    expect(shown.set?.isAccessUsable).toBe(true);
    expect(presented(scene)).toEqual([first]);
    await later(shop, 28 * SECOND);
    expect(presented(scene)).toEqual([first]);
    const ended = await later(shop, 3 * SECOND);
    expect(ended).toMatchObject({ state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' });
    expect(ended.set?.isAccessUsable).toBe(true);
    await later(shop, 2 * HOUR);
    await later(shop, 2 * DAY);
    expect(presented(scene)).toEqual([first, first]);
    expect((await expectNothingLost(scene)).neverJournaled).toHaveLength(1);
    expect(await shop.keeper.demand(exchangeOf(await scene.code()))).toMatchObject({ state: 'HEALTHY' });
  });

  const untaken: readonly [string, Fault][] = [
    ['row 3: a reset connection', { kind: 'drop', when: 'before' }],
    ['row 4: a 503', { kind: 'status', when: 'before' }],
    ['row 4: an HTML page with 500', { kind: 'html', when: 'before', status: 500 }],
  ];
  it.each(untaken)('%s before the rotation is healed by the one second presentation', async (_, fault) => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.simulator.faults.add(fault);
    expect(await later(shop, DUE)).toMatchObject({ state: 'UNCONFIRMED' });
    expect(await later(shop, 31 * SECOND)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(presented(scene)).toEqual([first, first]);
    expect((await expectNothingLost(scene)).neverJournaled).toEqual([]);
  });

  it('row 2: another keeper finds the dead one’s intent, shows it, waits 10 minutes and presents once for all', async () => {
    const { scene, keeper, first } = await connected();
    const others = [await scene.keeper('server'), await scene.keeper('laptop')];
    for (const other of others) expect(await other.started).toMatchObject({ state: 'HEALTHY' });
    scene.simulator.faults.add({ kind: 'drop', when: 'before' });
    scene.once('before', () => keeper.kill());
    scene.simulator.advance(DUE - 5 * MINUTE);
    await keeper.demand({ do: 'refresh' }).catch(() => {});
    await scene.endLease();
    scene.simulator.advance(MINUTE);
    for (const other of others) {
      const view = await other.demand({ do: 'look' });
      expect(view).toMatchObject({ state: 'UNCONFIRMED', set: { isAccessUsable: true } });
    }
    scene.simulator.advance(8 * MINUTE);
    for (const other of others) await other.demand({ do: 'look' });
    expect(presented(scene)).toEqual([first]);
    scene.simulator.advance(2 * MINUTE);
    await Promise.all(others.map((other) => other.demand({ do: 'look' })));
    expect(presented(scene)).toEqual([first, first]);
    for (const other of others)
      expect(await other.demand({ do: 'look' })).toMatchObject({ state: 'HEALTHY' });
    await expectNothingLost(scene);
  });
});

describe('an answer that is not as documented', () => {
  const changed: readonly [string, Fault, Partial<NonNullable<WorkerView['set']>>][] = [
    [
      'without refresh_token_expires_at',
      { kind: 'fields', remove: ['refresh_token_expires_at'] },
      { deadlineSource: 'kept' },
    ],
    ['without expires_at', { kind: 'fields', remove: ['expires_at'] }, { isAccessUsable: true }],
    [
      'without issued_at and scopes',
      { kind: 'fields', remove: ['issued_at', 'scopes'] },
      { isAccessUsable: true },
    ],
    [
      'with access_token renamed',
      { kind: 'fields', rename: { access_token: 'accessToken' } },
      { isAccessUsable: true },
    ],
    [
      'with rubbish in its times',
      { kind: 'fields', set: { expires_at: 'soon', issued_at: 7 } },
      { isAccessUsable: true },
    ],
  ];
  it.each(changed)(
    'row 5: %s: what is usable is used, and the raw answer is kept',
    async (_, fault, expected) => {
      const shop = await connected();
      const { scene, first } = shop;
      scene.simulator.faults.add(fault);
      const view = await later(shop, DUE);
      expect(view).toMatchObject({ state: 'HEALTHY', generation: 2, set: { isStored: true, ...expected } });
      expect(scene.simulator.isLive(String(refreshTokenIn(await scene.store())))).toBe(true);
      const raw = (await scene.journal()).find(({ answer }) => answer !== null);
      expect(raw?.answer?.body).toContain(String(refreshTokenIn(await scene.store())));
      await later(shop, 2 * HOUR);
      expect(presented(scene).filter((token) => token === first)).toHaveLength(1);
      await expectNothingLost(scene);
    },
  );

  it('row 5: a 200 that is JSON without any token is journaled as it came, and UNCONFIRMED', async () => {
    const shop = await connected();
    shop.scene.simulator.faults.add({ kind: 'fields', rename: { access_token: 'a', refresh_token: 'r' } });
    expect(await later(shop, DUE)).toMatchObject({ state: 'UNCONFIRMED' });
    const bodies = (await shop.scene.journal()).map(({ answer }) => answer?.body ?? '');
    const issued = shop.scene.simulator.requests.at(-1)?.issued?.refreshToken;
    expect(bodies.some((body) => body.includes(String(issued)))).toBe(true);
  });

  it.each(['absent', 'same'] as const)(
    'row 6: without a new refresh token (%s) the old one is kept, shown as not rotated, its deadline not extended',
    async (answer) => {
      const shop = await connected();
      const { scene, first } = shop;
      const before = await shop.keeper.demand({ do: 'look' });
      scene.simulator.faults.add({ kind: 'no-rotation', answer });
      const view = await later(shop, DUE);
      expect(view).toMatchObject({
        state: 'HEALTHY',
        generation: 2,
        set: {
          deadlineSource: 'kept',
          refreshTokenExpiresAt: before.set?.refreshTokenExpiresAt,
          isAccessUsable: true,
        },
      });
      expect(view.set?.expiresAt).toBeGreaterThan(before.set?.expiresAt ?? 0);
      expect(refreshTokenIn(await scene.store())).toBe(first);
      expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY', generation: 3 });
      expect(presented(scene)).toEqual([first, first]);
    },
  );
});

describe('a refusal', () => {
  it('row 12: invalid_grant because another program had rotated: its set is adopted, without an alarm', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.once('before', async () => {
      const { accessToken, expiresAt, refreshToken, refreshTokenExpiresAt } = scene.simulator.rotateElsewhere(
        DEFAULT_MALL.mallId,
        first,
      );
      const text = JSON.stringify({
        access_token: accessToken,
        expires_at: expiresAt,
        refresh_token: refreshToken,
        refresh_token_expires_at: refreshTokenExpiresAt,
      });
      await redis.admin().set(`cafe24:oauth:${DEFAULT_MALL.mallId}`, text);
    });
    expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
    expect(await later(shop, 2 * HOUR)).toMatchObject({ state: 'HEALTHY' });
    expect(presented(scene).filter((token) => token === first)).toHaveLength(1);
    await expectNothingLost(scene);
  });

  it('row 12: the same when its write comes 20 s after the refusal', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.once('before', () => void scene.simulator.rotateElsewhere(DEFAULT_MALL.mallId, first));
    const between = await later(shop, DUE);
    expect(between.state).toBe('HEALTHY');
    scene.simulator.advance(20 * SECOND);
    await scene.plant();
    expect(await later(shop, SECOND)).toMatchObject({ state: 'HEALTHY', set: { isStored: true } });
    expect(await later(shop, HOUR / 2)).toMatchObject({ state: 'HEALTHY' });
  });

  it('row 13: invalid_grant while the access token is valid: 30 s of reading, then NEEDS_REAUTH; tried after 1 h and 24 h, nothing deleted', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    const text = (await scene.store()).text;
    scene.simulator.faults.add({
      kind: 'error',
      error: 'invalid_grant',
      description: 'Invalid refresh_token',
      times: 'always',
    });
    expect((await later(shop, DUE)).state).toBe('HEALTHY');
    const shown = await later(shop, 31 * SECOND);
    expect(shown).toMatchObject({
      state: 'NEEDS_REAUTH',
      reason: 'grant.invalid',
      set: { isAccessUsable: true },
    });
    for (let hours = 0; hours < 30; hours += 1) await later(shop, HOUR);
    expect(presented(scene)).toEqual([first, first, first]);
    const at = scene.simulator.requests.slice(1).map((request) => request.at);
    expect(at.map((time) => Math.round((time - (at[0] ?? 0)) / HOUR))).toEqual([0, 1, 24]);
    expect((await scene.store()).text).toBe(text);
    expect(scene.simulator.isLive(first)).toBe(true);
    await expectNothingLost(scene);
    const reasons = (await scene.record()).flatMap((line) => (line.event === 'intent' ? [line.why] : []));
    expect(reasons).toEqual([null, 'grant.invalid', 'grant.invalid']);
  });

  const secretFaults: readonly [string, (scene: Scene) => void][] = [
    [
      'invalid_client',
      ({ simulator }) =>
        simulator.faults.add({ kind: 'error', status: 401, error: 'invalid_client', times: 'always' }),
    ],
    [
      'invalid_grant with that text',
      ({ simulator }) => simulator.faults.add({ kind: 'wrong-secret-as-invalid-grant', times: 'always' }),
    ],
  ];
  it.each(secretFaults)(
    'row 14: %s is BLOCKED, tried daily, tokens untouched; a new secret is tried at once',
    async (_, plant) => {
      const shop = await connected();
      const { scene, first } = shop;
      plant(scene);
      expect(await later(shop, DUE)).toMatchObject({ state: 'BLOCKED', reason: 'client.secret_wrong' });
      await later(shop, 23 * HOUR);
      expect(presented(scene)).toEqual([first]);
      expect(await later(shop, 2 * HOUR)).toMatchObject({ state: 'BLOCKED' });
      expect(presented(scene)).toEqual([first, first]);
      expect(refreshTokenIn(await scene.store())).toBe(first);
      scene.simulator.faults.clear();
      await shop.keeper.kill();
      const corrected = await scene.keeper('other-home', { env: { CAFE24_CLIENT_SECRET: 'another-secret' } });
      await corrected.started;
      expect(presented(scene)).toHaveLength(3);
    },
  );

  it('row 14: a secret re-issued in Cafe24 kills the grant: BLOCKED with the old one, a consent with the new one heals', async () => {
    const shop = await connected();
    const { scene } = shop;
    scene.simulator.revokeSecret(DEFAULT_CLIENT.clientId, 'a-new-secret');
    expect(await later(shop, DUE)).toMatchObject({ state: 'BLOCKED', reason: 'client.secret_wrong' });
    await shop.keeper.kill();
    const renewed = await scene.keeper('home', { env: { CAFE24_CLIENT_SECRET: 'a-new-secret' } });
    await renewed.started;
    const shown = await later({ scene, keeper: renewed }, 31 * SECOND);
    expect(shown).toMatchObject({ state: 'NEEDS_REAUTH', reason: 'grant.invalid' });
    const view = await renewed.demand(exchangeOf(await scene.code()));
    expect(view).toMatchObject({ outcome: 'consent.connected', state: 'HEALTHY' });
  });
});

describe('the platform', () => {
  it('row 15: "Uninstalled app" for a day: BLOCKED, tokens kept, hourly re-tests, a success clears it', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.simulator.faults.add({ kind: 'uninstalled-app', times: 'always' });
    expect(await later(shop, DUE)).toMatchObject({ state: 'BLOCKED', reason: 'client.app_removed' });
    for (let hours = 0; hours < 24; hours += 1) {
      expect(await later(shop, HOUR + MINUTE)).toMatchObject({ state: 'BLOCKED' });
      expect(refreshTokenIn(await scene.store())).toBe(first);
    }
    expect(presented(scene).length).toBeLessThanOrEqual(25);
    expect(presented(scene).length).toBeGreaterThanOrEqual(20);
    scene.simulator.faults.clear();
    expect(await later(shop, HOUR + MINUTE)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    await expectNothingLost(scene);
  });

  it.each([
    ['seconds', 7 * MINUTE],
    ['date', 25 * MINUTE],
  ] as const)(
    'row 16: a 429 with Retry-After as %s is waited for, and no state changes',
    async (form, asked) => {
      const shop = await connected();
      const { scene, first } = shop;
      scene.simulator.faults.add({ kind: 'rate-limited', retryAfterSeconds: asked / SECOND, form });
      expect(await later(shop, DUE)).toMatchObject({ state: 'HEALTHY', reason: null });
      expect(await awake(shop, asked - 5 * SECOND)).toMatchObject({
        state: 'HEALTHY',
        waitsFor: 'rate.limited',
      });
      expect(presented(scene)).toEqual([first]);
      expect(await later(shop, 10 * SECOND)).toMatchObject({ state: 'HEALTHY', generation: 2 });
      expect(presented(scene)).toEqual([first, first]);
      await expectNothingLost(scene);
    },
  );

  it('row 16: a 403 with Retry-After is BLOCKED for exactly so long, also for a person, and heals', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.simulator.faults.add({ kind: 'forbidden', retryAfterSeconds: (3 * HOUR) / SECOND });
    expect(await later(shop, DUE)).toMatchObject({ state: 'BLOCKED', reason: 'client.forbidden' });
    expect(await later(shop, 3 * HOUR - MINUTE)).toMatchObject({ state: 'BLOCKED' });
    await shop.keeper.demand({ do: 'refresh' });
    expect(presented(scene)).toEqual([first]);
    expect(refreshTokenIn(await scene.store())).toBe(first);
    expect(await later(shop, 2 * MINUTE)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(presented(scene)).toEqual([first, first]);
    await expectNothingLost(scene);
  });

  it('row 16: one that asks for longer than the token lives does not kill it: it is presented in its last hour', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.simulator.faults.add({ kind: 'rate-limited', retryAfterSeconds: (400 * DAY) / SECOND });
    await later(shop, DUE);
    await later(shop, 13 * DAY);
    expect(presented(scene)).toEqual([first]);
    expect(await later(shop, DAY - DUE - 30 * MINUTE)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    expect(presented(scene)).toEqual([first, first]);
    await expectNothingLost(scene);
  });

  it('row 16: a 403 is BLOCKED and tried hourly; nothing is thrown away', async () => {
    const shop = await connected();
    const { scene, first } = shop;
    scene.simulator.faults.add({ kind: 'forbidden' });
    expect(await later(shop, DUE)).toMatchObject({ state: 'BLOCKED', reason: 'client.forbidden' });
    await later(shop, 55 * MINUTE);
    expect(presented(scene)).toEqual([first]);
    expect(await later(shop, 6 * MINUTE)).toMatchObject({ state: 'HEALTHY', generation: 2 });
    await expectNothingLost(scene);
  });
});
