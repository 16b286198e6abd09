import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRedisStore } from '../../../electron/adapters/redis/redis-store.ts';
import type { AlertLedger, TokenStore } from '../../../electron/ports.ts';
import type { Result } from '../../../shared/result.ts';
import { DEFAULT_MALL } from '../../simulator/registration.ts';
import { startSimulator } from '../../simulator/server.ts';
import { createCommandLine } from '../../support/command-line.ts';
import { documentedJson } from '../../support/documented-json.ts';
import { trusting } from '../../support/networks.ts';
import { until } from '../../support/poll.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';

const HOUR = 60 * 60_000;
const MALL = DEFAULT_MALL.mallId;
const KEY = `cafe24:oauth:${MALL}`;
const README = readFileSync(path.resolve(import.meta.dirname, '../../../README.md'), 'utf8');

/** The rules as the README gives them to an engineer. */
function rulesOf(user: string): readonly string[] {
  const line = new RegExp(`^user ${user} (.+)$`, 'm').exec(README)?.[1];
  if (!line) throw new Error(`README gives no ACL for ${user}`);
  return line.split(' ').filter((rule) => rule !== 'on' && !rule.startsWith('>'));
}

let server: RedisServer;
let admin: Redis;
/** Refusals end a store's own commands only, so one store serves all tests. */
let store: TokenStore & AlertLedger;
const logged: string[] = [];

const urlOf = (user: string) => `redis://${user}:pw@127.0.0.1:${server.port}`;
const setRights = (user: string, rules: readonly string[]) =>
  admin.acl('SETUSER', user, 'reset', 'on', '>pw', ...rules);

function open(user: string): TokenStore & AlertLedger {
  const write = (_: string, what: string) => void logged.push(what);
  return createRedisStore({
    url: urlOf(user),
    clock: { storeOffsetMs: () => 0 },
    log: { info: write, warn: write, error: write },
    trust: trusting(),
  });
}

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  await setRights('keeper', rulesOf('keeper'));
  await setRights('backend', rulesOf('backend'));
  store = open('keeper');
});
afterAll(async () => {
  await store?.close();
  admin?.disconnect();
  await server?.stop();
});

/** Everything that a keeper asks of a store, with what is planted for it; the codes of what was refused. */
async function everything(): Promise<readonly string[]> {
  await admin.flushall();
  const refused: string[] = [];
  const ask = async (asked: Promise<Result<unknown>>) => {
    const result = await asked;
    if (!result.ok) refused.push(result.code);
  };
  await ask(store.takeLease(MALL, 'me', 30_000));
  await ask(store.renewLease(MALL, 'me', 30_000));
  await ask(
    store.commit(MALL, {
      expect: { generation: 0 },
      text: '{}',
      meta: { generation: '1', reason: 'x' },
      spend: ['aa'],
      admit: { id: 'a', limit: 12 },
      announce: 1,
    }),
  );
  await ask(
    store.commit(MALL, {
      expect: { generation: 1 },
      meta: { reason: null },
      withdraw: 'a',
      releaseLease: 'me',
    }),
  );
  await ask(store.spentAmong(MALL, ['aa']));
  await ask(store.read(MALL));
  await ask(store.takeLease(MALL, 'me', 30_000));
  await ask(store.releaseLease(MALL, 'me'));
  await ask(store.setAside(MALL, '{}', 1_700_000_000_000));
  await ask(store.claimAlert(MALL, 'd:D-3:mail', 'me', 60_000));
  await ask(store.settleAlert(MALL, 'd:D-3:mail', 'me', 'given_up'));
  await ask(store.setAnchor(MALL, 1));
  await ask(store.readAlerts(MALL));
  return refused;
}

describe('a keeper with the rights that the README gives it', () => {
  test('is refused nothing of all that it asks of a store', async () => {
    expect(await everything()).toEqual([]);
    const facts = await store.facts();
    expect(facts.ok && facts.value.version).toMatch(/^\d+\./);
  });

  test('hears of what others publish', async () => {
    const heard: string[] = [];
    const stop = store.onChanged((mall) => heard.push(mall));
    await until(
      async () => {
        await admin.publish(`${KEY}:changed`, '2');
        return heard.includes(MALL);
      },
      { timeoutMs: 10_000, what: 'the event' },
    );
    stop();
    expect(logged.filter((line) => line.includes('no events'))).toEqual([]);
  });

  test('refreshes a whole shop by the command line, and the shop’s programs read it with fewer still', async () => {
    await admin.flushall();
    const simulator = await startSimulator();
    const line = await createCommandLine({ apiOrigin: simulator.apiOrigin, redisUrl: urlOf('keeper') });
    const backend = new Redis(urlOf('backend'));
    try {
      const issued = simulator.issue(MALL);
      await admin.set(KEY, documentedJson(issued));
      simulator.advance(3 * HOUR);
      const { code, stdout } = await line.run(['token']);
      expect(code).toBe(0);
      expect(simulator.requests).toHaveLength(1);
      expect(`${JSON.parse((await backend.get(KEY)) ?? '{}').access_token}\n`).toBe(stdout);
      await expect(backend.set(KEY, 'mine')).rejects.toThrow('NOPERM');
      await expect(backend.get(`{${KEY}}:spent`)).rejects.toThrow('NOPERM');
    } finally {
      backend.disconnect();
      await line.remove();
      await simulator.close();
    }
  });

  test('reaches nothing but its own keys and channels, and administers nothing', async () => {
    const other = new Redis(urlOf('keeper'));
    try {
      for (const forbidden of [
        ['GET', 'session:1'],
        ['SET', 'cafe24:other', 'x'],
        ['PUBLISH', 'news', 'x'],
        ['PSUBSCRIBE', '*'],
        ['KEYS', '*'],
        ['FLUSHALL'],
        ['CONFIG', 'GET', '*'],
        ['EVAL', "return redis.call('GET', 'session:1')", '0'],
      ] as const) {
        const [command, ...args] = forbidden;
        await expect(other.call(command, ...args), forbidden.join(' ')).rejects.toThrow(/NOPERM|can't/);
      }
    } finally {
      other.disconnect();
    }
  });
});

describe('a right that is missing', () => {
  /** What is asked outside of `everything`: by a new connection, for the diagnostics, to listen; an event that cannot be published costs others a look at most. */
  const ELSEWHERE = ['+info', '+psubscribe', '+ping', '+evalsha', '+eval', '+publish'];
  const commands = rulesOf('keeper').filter((rule) => rule.startsWith('+') && !ELSEWHERE.includes(rule));

  test.each(commands)('%s is needed, and its absence is told as store.denied', async (rule) => {
    await setRights(
      'keeper',
      rulesOf('keeper').filter((each) => each !== rule),
    );
    const refused = await everything();
    await setRights('keeper', rulesOf('keeper'));
    expect(new Set(refused)).toEqual(new Set(['store.denied']));
  });

  test('of the keys, or of all commands, is told as store.denied too', async () => {
    for (const lost of [(rule: string) => rule.startsWith('~'), (rule: string) => rule.startsWith('+')]) {
      await setRights(
        'keeper',
        rulesOf('keeper').filter((rule) => !lost(rule)),
      );
      expect(await store.read(MALL)).toMatchObject({ ok: false, code: 'store.denied' });
    }
    await setRights('keeper', rulesOf('keeper'));
    expect((await store.read(MALL)).ok).toBe(true);
  });
});
