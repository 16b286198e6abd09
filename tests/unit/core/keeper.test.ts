import { describe, expect, it } from 'vitest';
import { put, stored } from '../../support/keeper-acts.ts';
import {
  answer,
  attemptsOf,
  createBench,
  DAY,
  HOUR,
  lose,
  loseBefore,
  type Misbehaviour,
  pass,
  unreachable,
} from '../../support/keeper-bench.ts';

const MINUTE = 60_000;

/** The server rotates, then answers something else. */
function afterRotation(misbehaviour: Misbehaviour): Misbehaviour {
  return (truth) => {
    truth();
    return misbehaviour(truth);
  };
}

describe('the ordinary life of a token set', () => {
  it('adopts a set that lay in the store and refreshes it once at half of its life', async () => {
    const bench = createBench();
    const first = put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    expect(keeper.view().state).toEqual({ state: 'HEALTHY', reason: null });
    expect(bench.store.place('myshop').meta).toMatchObject({ generation: '1', state: 'HEALTHY' });
    expect(bench.server.presented).toEqual([]);

    await pass(bench, HOUR + 6 * MINUTE, [keeper]);
    expect(bench.server.presented.map(({ refreshToken }) => refreshToken)).toEqual([first]);
    expect(stored(bench).refresh_token).toBe('refresh-2');
    expect(bench.store.place('myshop').spent).toHaveLength(1);
    expect(bench.store.place('myshop').meta).toMatchObject({ generation: '2', deadline_kind: 'rolling' });
    expect(bench.store.place('myshop').meta.intent_hash).toBeUndefined();
    expect(bench.store.place('myshop').lease).toBeNull();
  });

  it('presents every refresh token once through 14 days, whoever of three keepers is first', {
    timeout: 60_000,
  }, async () => {
    const bench = createBench();
    put(bench);
    const keepers = ['aaaa', 'bbbb', 'cccc'].map((install) => bench.keeper({ install }));
    await pass(bench, 14 * DAY, keepers, 7 * MINUTE);
    const presented = bench.server.presented.map(({ refreshToken }) => refreshToken);
    expect(new Set(presented).size).toBe(presented.length);
    expect(presented.length).toBeGreaterThan(280);
    expect(bench.server.isLive(stored(bench).refresh_token)).toBe(true);
    expect(keepers.map((keeper) => keeper.view().state?.state)).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  });

  it('keeps the journal small', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await pass(bench, 20 * DAY, [keeper], 20 * MINUTE);
    const attempts = attemptsOf(keeper.journal);
    expect(attempts.filter(({ answer: raw }) => raw !== null)).toHaveLength(1);
    expect(attempts.length).toBeLessThan(17 * 24);
  });

  it('gives a thousand askers at expiry one request and one set', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    const views = await Promise.all(Array.from({ length: 1000 }, () => keeper.look()));
    expect(new Set(views.map((view) => view.set?.accessToken))).toEqual(new Set(['access-2']));
    expect(bench.server.presented).toHaveLength(1);
  });

  it('keeps fields of other programs byte for byte', async () => {
    const bench = createBench();
    const { text } = bench.server.issue();
    bench.store.place('myshop').text =
      `${text.slice(0, -1)},"big": 12345678901234567,"none":[],"name":"\\uD55C"}`;
    const keeper = bench.keeper();
    await pass(bench, HOUR + 6 * MINUTE, [keeper]);
    expect(bench.store.place('myshop').text).toContain('"big":12345678901234567,"none":[],"name":"\\uD55C"}');
    expect(stored(bench).access_token).toBe('access-2');
  });
});

describe('before anything was sent', () => {
  it('waits 5 s, 15 s, 60 s, 2, 5, 10 and again 10 minutes, then succeeds without a second presentation', async () => {
    const bench = createBench();
    const first = put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(...Array.from({ length: 7 }, () => unreachable));
    const waits: number[] = [];
    await keeper.look();
    for (let i = 0; i < 7; i += 1) {
      const left = bench.server.next.length;
      const from = bench.clock.now();
      const isWaiting = () => bench.server.next.length === left && bench.server.presented.length === 0;
      while (isWaiting() && bench.clock.now() - from < HOUR) await pass(bench, 1000, [keeper], 1000);
      waits.push(Math.round((bench.clock.now() - from) / 1000));
    }
    expect(waits).toEqual([5, 15, 60, 120, 300, 600, 600]);
    expect(bench.server.presented.map(({ refreshToken }) => refreshToken)).toEqual([first]);
    expect(keeper.view().state?.state).toBe('HEALTHY');
    expect(bench.store.place('myshop').requests.size).toBe(1);
  });
});

describe('after something was sent', () => {
  const lost: readonly [string, Misbehaviour][] = [
    ['a reset connection', lose],
    ['a 500', afterRotation(answer(500, 'oops'))],
    ['an HTML page', afterRotation(answer(200, '<html>'))],
  ];
  it.each(lost)(
    '%s after the rotation is UNCONFIRMED at once, presented once more after 30 s, then NEEDS_REAUTH naming the host',
    async (_, fault) => {
      const bench = createBench();
      const first = put(bench);
      const keeper = bench.keeper();
      await keeper.look();
      bench.server.next.push(fault);
      await pass(bench, HOUR + 5 * MINUTE, [keeper], 10_000);
      const shownAt = bench.server.presented[0]?.at ?? 0;
      if (bench.server.presented.length === 1) expect(keeper.view().state?.state).toBe('UNCONFIRMED');
      await pass(bench, 2 * MINUTE, [keeper], 10_000);
      expect(bench.server.presented.map(({ refreshToken }) => refreshToken)).toEqual([first, first]);
      expect((bench.server.presented[1]?.at ?? 0) - shownAt).toBeGreaterThanOrEqual(30_000);
      expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' });
      expect(bench.store.place('myshop').meta.intent_host).toBe('pc');
      await pass(bench, 10 * DAY, [keeper], 10 * MINUTE);
      expect(bench.server.presented).toHaveLength(2);
    },
  );

  it('a request that never took effect is healed by its second presentation', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.server.next.push(loseBefore);
    await pass(bench, HOUR + 7 * MINUTE, [keeper], 10_000);
    expect(bench.server.presented).toHaveLength(2);
    expect(keeper.view().state?.state).toBe('HEALTHY');
    expect(stored(bench).refresh_token).toBe('refresh-2');
  });

  it('without any verdict it is tried after 10 min, 1 h and 24 h more, then given up', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(loseBefore, loseBefore, loseBefore, loseBefore, loseBefore);
    await pass(bench, 3 * DAY, [keeper], 15_000);
    const waits = bench.server.presented
      .slice(1)
      .map(({ at }, i) => Math.round((at - (bench.server.presented[i]?.at ?? 0)) / MINUTE));
    expect(waits).toEqual([1, 10, 60, 24 * 60].map((minutes) => expect.closeTo(minutes, -0.5)));
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' });
  });

  it('another keeper leaves an intent alone for 10 minutes, then presents once', async () => {
    const bench = createBench();
    put(bench);
    const dying = bench.keeper({ install: 'aaaa' });
    const other = bench.keeper({ install: 'bbbb', host: 'server' });
    await dying.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(loseBefore);
    await dying.look();
    await pass(bench, 9 * MINUTE, [other], 10_000);
    expect(other.view().state?.state).toBe('UNCONFIRMED');
    expect(bench.server.presented).toHaveLength(1);
    await pass(bench, 2 * MINUTE, [other], 10_000);
    expect(bench.server.presented).toHaveLength(2);
    expect(other.view().state?.state).toBe('HEALTHY');
  });
});

describe('answers that are errors', () => {
  it.each([
    ['invalid_client', 401, { error: 'invalid_client' }, 'client.secret_wrong', 24 * HOUR],
    [
      'a wrong secret sent as invalid_grant',
      400,
      { error: 'invalid_grant', error_description: 'Invalid client_secret' },
      'client.secret_wrong',
      24 * HOUR,
    ],
    [
      'Uninstalled app',
      400,
      { error: 'invalid_request', error_description: 'Uninstalled app' },
      'client.app_removed',
      HOUR,
    ],
    ['403', 403, '', 'client.forbidden', HOUR],
    ['an unknown code', 400, { error: 'weird' }, 'answer.unknown_error', HOUR],
  ] as const)(
    '%s is BLOCKED, keeps every token and is tried again in its time',
    async (_, status, error, code, wait) => {
      const bench = createBench();
      const first = put(bench);
      const keeper = bench.keeper();
      await keeper.look();
      bench.clock.advance(3 * HOUR);
      bench.server.next.push(answer(status, error));
      await keeper.look();
      expect(keeper.view().state).toEqual({ state: 'BLOCKED', reason: code });
      expect(stored(bench).refresh_token).toBe(first);
      await pass(bench, wait - 2 * MINUTE, [keeper], MINUTE);
      expect(bench.server.presented).toHaveLength(1);
      await pass(bench, 4 * MINUTE, [keeper], MINUTE);
      expect(bench.server.presented).toHaveLength(2);
      expect(keeper.view().state?.state).toBe('HEALTHY');
    },
  );

  it('a changed client secret is tried at once', async () => {
    const bench = createBench();
    put(bench);
    const before = bench.keeper({ secret: 'old' });
    await before.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(answer(401, { error: 'invalid_client' }));
    await before.look();
    const after = bench.keeper({ secret: 'new', journal: before.journal });
    await after.look();
    expect(after.view().state?.state).toBe('HEALTHY');
  });

  it('a changed client secret under which the token is refused goes from BLOCKED to NEEDS_REAUTH, and is never well between', async () => {
    const bench = createBench();
    put(bench);
    const before = bench.keeper({ secret: 'old' });
    await before.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(
      answer(401, { error: 'invalid_client' }),
      answer(400, { error: 'invalid_grant', error_description: 'Invalid refresh_token' }),
    );
    await before.look();
    const after = bench.keeper({ secret: 'new', journal: before.journal });
    const other = bench.keeper({ install: 'bbbb', host: 'server', secret: 'new' });
    const shown = new Set<string>();
    for (const keeper of [after, other])
      keeper.onChange(() => {
        const seen = keeper.view().state;
        shown.add(`${seen?.state} ${seen?.reason}`);
      });
    await after.look();
    await pass(bench, MINUTE, [after, other], 1000);
    expect([...shown]).toEqual(['BLOCKED client.secret_wrong', 'NEEDS_REAUTH grant.invalid']);
  });

  it('429 takes nothing: Retry-After is kept and no state changes', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(HOUR + 10 * MINUTE);
    bench.server.next.push(answer(429, '', 7 * MINUTE));
    await pass(bench, 6 * MINUTE, [keeper], 10_000);
    const [limited] = bench.server.presented;
    expect(keeper.view().state?.state).toBe('HEALTHY');
    await pass(bench, 8 * MINUTE, [keeper], 10_000);
    expect(bench.server.presented).toHaveLength(2);
    expect((bench.server.presented[1]?.at ?? 0) - (limited?.at ?? 0)).toBeGreaterThanOrEqual(7 * MINUTE);
  });

  it('invalid_grant reads the store for 30 s, then NEEDS_REAUTH; tried after 1 h and after 24 h, then never', async () => {
    const bench = createBench();
    const first = put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    const refused = answer(400, { error: 'invalid_grant', error_description: 'Invalid refresh_token' });
    bench.server.next.push(refused, refused, refused, refused);
    await keeper.look();
    expect(keeper.view().state?.state).not.toBe('NEEDS_REAUTH');
    await pass(bench, 31_000, [keeper], 1000);
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'grant.invalid' });
    await pass(bench, 4 * DAY, [keeper], MINUTE);
    const hours = bench.server.presented.map(({ at }) =>
      Math.round((at - (bench.server.presented[0]?.at ?? 0)) / HOUR),
    );
    expect(hours).toEqual([0, 1, 24]);
    expect(stored(bench).refresh_token).toBe(first);
  });

  it('invalid_grant because another program rotated: its set is adopted without an alarm', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push((truth) => {
      truth();
      return answer(400, { error: 'invalid_grant' })(truth);
    });
    await keeper.look();
    bench.store.place('myshop').text = bench.server.issue().text;
    await pass(bench, 30_000, [keeper], 1000);
    expect(keeper.view().state?.state).toBe('HEALTHY');
  });
});

describe('a consent', () => {
  it('replaces what was there and ends NEEDS_REAUTH', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    await keeper.look();
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'never_connected' });
    const ended = await keeper.exchange({
      code: 'code',
      redirectUri: 'https://shop.example/cb',
      codeVerifier: null,
    });
    expect(ended.code).toBe('consent.connected');
    expect(keeper.view().state?.state).toBe('HEALTHY');
    expect(stored(bench).access_token).toBe('access-1');
  });

  it('is saved in the journal while the store is down and published when it answers', async () => {
    const bench = createBench();
    const keeper = bench.keeper();
    await keeper.look();
    bench.store.breakWith('store.unreachable');
    const ended = await keeper.exchange({
      code: 'code',
      redirectUri: 'https://shop.example/cb',
      codeVerifier: null,
    });
    expect(ended.code).toBe('consent.saved_not_shared');
    expect(bench.store.place('myshop').text).toBeNull();
    bench.store.breakWith(null);
    await keeper.wake();
    expect(stored(bench).access_token).toBe('access-1');
  });
});

describe('the store misbehaves', () => {
  it('no request is sent while it is down, except once near the deadline by the last writer, published later', async () => {
    const bench = createBench();
    put(bench);
    bench.server.kind = 'fixed';
    const keeper = bench.keeper();
    await pass(bench, 2 * HOUR, [keeper]);
    const before = bench.server.presented.length;
    bench.store.breakWith('store.unreachable');
    await pass(bench, 12 * DAY, [keeper], 10 * MINUTE);
    expect(bench.server.presented).toHaveLength(before);
    await pass(bench, 23 * HOUR, [keeper], 10 * MINUTE);
    expect(bench.server.presented).toHaveLength(before + 1);
    bench.store.breakWith(null);
    await keeper.wake();
    expect(bench.server.isLive(stored(bench).refresh_token)).toBe(true);
  });

  it('a lost last write is healed forward from the journal; a spent token is never presented', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await pass(bench, 30 * MINUTE, [keeper]);
    const backup = structuredClone(bench.store.place('myshop'));
    await pass(bench, 3 * HOUR, [keeper]);
    const good = stored(bench).refresh_token;
    Object.assign(bench.store.place('myshop'), structuredClone(backup));
    await keeper.look();
    expect(stored(bench).refresh_token).toBe(good);
    await pass(bench, 2 * DAY, [keeper], MINUTE);
    const presented = bench.server.presented.map(({ refreshToken }) => refreshToken);
    expect(new Set(presented).size).toBe(presented.length);
  });

  it('a flushed store is healed from the journal', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await pass(bench, 3 * HOUR, [keeper]);
    const good = stored(bench);
    Object.assign(bench.store.place('myshop'), { text: null, meta: {}, spent: [], lease: null });
    await keeper.look();
    expect(stored(bench)).toEqual(good);
  });

  it('that forgot that an answer was lost is told again by whoever knows: the second presentation stays the last', async () => {
    const bench = createBench();
    const first = put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    bench.clock.advance(3 * HOUR);
    bench.server.next.push(lose);
    await keeper.look();
    expect(keeper.view().state?.state).toBe('UNCONFIRMED');
    Object.assign(bench.store.place('myshop'), { text: null, meta: {}, spent: [], lease: null });
    await keeper.look();
    expect(keeper.view().state?.state).toBe('UNCONFIRMED');
    expect(bench.store.place('myshop').meta).toMatchObject({ intent_outcome: 'lost', intent_tries: '0' });
    await pass(bench, 2 * DAY, [keeper], MINUTE);
    expect(bench.server.presented.map(({ refreshToken }) => refreshToken)).toEqual([first, first]);
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'answer.unconfirmed' });
  });

  it('without a refresh token, whose access token works, serves on until that ends or a set takes its place', async () => {
    const bench = createBench();
    const place = bench.store.place('myshop');
    const half = (hours: number) =>
      JSON.stringify({
        access_token: 'theirs',
        expires_at: bench.clock.now() + hours * HOUR,
        refresh_token: '',
      });
    place.text = half(1);
    const keeper = bench.keeper();
    await pass(bench, 59 * MINUTE, [keeper]);
    expect(stored(bench).access_token).toBe('theirs');
    expect(keeper.view().state).toEqual({ state: 'NEEDS_REAUTH', reason: 'never_connected' });
    await pass(bench, 2 * MINUTE, [keeper]);
    expect(place.text).toBeNull();
    expect(keeper.view().happened.has('store.rubbish_set_aside')).toBe(true);
    place.text = half(1);
    await keeper.look();
    await keeper.exchange({ code: 'code', redirectUri: 'https://shop.example/cb', codeVerifier: null });
    expect(stored(bench).access_token).toBe(keeper.view().set?.accessToken);
    place.text = half(3);
    await keeper.look();
    expect(stored(bench).access_token).toBe(keeper.view().set?.accessToken);
  });

  it.each(['rubbish', '{"access_token":1}', '[]'])(
    '%s is set aside and healed from the journal',
    async (rubbish) => {
      const bench = createBench();
      put(bench);
      const keeper = bench.keeper();
      await keeper.look();
      const good = stored(bench);
      bench.store.place('myshop').text = rubbish;
      await keeper.look();
      expect(bench.store.place('myshop').aside).toEqual([rubbish]);
      expect(stored(bench)).toEqual(good);
    },
  );

  it('a full disk sends no request', async () => {
    const bench = createBench();
    put(bench);
    const keeper = bench.keeper();
    await keeper.look();
    keeper.journal.breakWith('disk.full');
    await pass(bench, 3 * HOUR, [keeper]);
    expect(bench.server.presented).toEqual([]);
    expect(keeper.view().waitsFor).toBe('disk.full');
  });
});
