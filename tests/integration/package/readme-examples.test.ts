/**
 * What the README prints for the shop's own programs, run as it is printed: from an installed package, against a real
 * Redis and the simulator. No line of it stands here a second time.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { run, startProcess } from '../../../scripts/child-process.ts';
import { withoutProductNames } from '../../../scripts/product-environment.ts';
import { shopEnvironment } from '../../support/command-line.ts';
import { redisOfTheFile } from '../../support/failures/redis-fixture.ts';
import { exchangeOf, HOUR, MALL } from '../../support/failures/scene.ts';
import { connectedShop, DUE, later, type Shop } from '../../support/failures/shop.ts';
import { until } from '../../support/poll.ts';
import { programFolder } from './program-folder.ts';

const PROJECT = path.resolve(import.meta.dirname, '../../..');
const CHANGED = `cafe24:oauth:${MALL}:changed`;
const CRON_SECRET = 'a-secret-of-the-scheduler';

const redis = redisOfTheFile();

/** The one fenced block of the README in this language that holds the words. */
async function printed(language: string, words: string): Promise<string> {
  const readme = await readFile(path.join(PROJECT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(
    ([, named, code]) => named === language && code?.includes(words),
  );
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[2] ?? '';
}

/** Schedule and command of the one crontab line that is printed for this command of ours. */
async function crontabLine(ours: string): Promise<readonly [schedule: string, command: string]> {
  const line = (await printed('crontab', ours)).trim();
  const [, schedule = '', command = ''] = /^(\S+ \S+ \S+ \S+ \S+) (.+)$/.exec(line) ?? [];
  return [schedule, command];
}

/** The variables of the connected shop, for a program on a machine of its own. */
function environmentOf({ scene }: Shop, folder: string): Record<string, string> {
  return {
    ...shopEnvironment({ apiOrigin: scene.simulator.apiOrigin, redisUrl: redis.server().url }),
    CAFE24_KEEPER_HOME: path.join(folder, 'keeper'),
  };
}

describe("the README's examples, from an installed package", () => {
  it('the route checks its secret and reports; the crontab lines mean 09:00 in Seoul, and a refresh every hour', async () => {
    const shop = await connectedShop(redis.server().url);
    const folder = await programFolder();
    await writeFile(path.join(folder, 'route.mjs'), await printed('js', 'check-token-expiry/route.js'));
    await writeFile(
      path.join(folder, 'ask.mjs'),
      `import { close } from 'cafe24-token-keeper';
import { GET } from './route.mjs';
const ask = async (headers) => {
  const answer = await GET(new Request('https://shop.example/api/cron/check-token-expiry', { headers }));
  return [answer.status, await answer.text()];
};
const answers = [await ask({}), await ask({ authorization: 'Bearer wrong' })];
answers.push(await ask({ authorization: 'Bearer ${CRON_SECRET}' }));
delete process.env.CRON_SECRET;
answers.push(await ask({ authorization: 'Bearer undefined' }));
console.log(JSON.stringify(answers));
await close();
`,
    );
    const asked = await run(process.execPath, ['ask.mjs'], {
      cwd: folder,
      env: { ...withoutProductNames(process.env), ...environmentOf(shop, folder), CRON_SECRET },
      timeoutMs: 60_000,
    });
    expect(asked).toMatchObject({ code: 0 });
    const [none, wrong, right, unset] = JSON.parse(asked.stdout) as [number, string][];
    expect([none?.[0], wrong?.[0], right?.[0], unset?.[0]]).toEqual([401, 401, 200, 401]);
    expect(JSON.parse(right?.[1] ?? '')).toMatchObject({ mall: MALL, state: 'HEALTHY', failed: [] });
    expect(`${asked.stdout}${asked.stderr}`).not.toContain(shop.first);

    const { crons } = JSON.parse(await printed('json', '"crons"')) as { crons: { schedule: string }[] };
    const [schedule, command] = await crontabLine('check-expiry');
    expect(crons.map((each) => each.schedule)).toEqual([schedule]);
    const next = new Cron(schedule, { timezone: 'UTC' }).nextRun(new Date('2026-03-01T03:00:00+09:00'));
    expect(next?.toISOString()).toBe(new Date('2026-03-01T09:00:00+09:00').toISOString());
    const lines = Object.entries(environmentOf(shop, folder)).map(([name, value]) => `${name}=${value}`);
    await writeFile(path.join(folder, '.env'), lines.join('\n'));
    const cron = (line: string) =>
      run('/bin/sh', ['-c', line], {
        env: {
          PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
          HOME: path.dirname(folder),
          CAFE24_KEEPER_HOME: path.join(folder, 'keeper'),
        },
        timeoutMs: 60_000,
      });
    expect(await cron(command)).toMatchObject({ code: 0, timedOut: false });
    expect(shop.scene.simulator.requests).toHaveLength(1);

    const [hourly, refresh] = await crontabLine('refresh');
    const [first, second] = new Cron(hourly, { timezone: 'UTC' }).nextRuns(2);
    expect(Number(second) - Number(first)).toBe(HOUR);
    shop.scene.simulator.advance(HOUR);
    expect(await cron(refresh)).toMatchObject({ code: 0, stdout: 'refresh.done\n', timedOut: false });
    expect(shop.scene.simulator.requests).toHaveLength(2);
  });

  it('the sync starts once at a new consent, with its token, and not at a refresh', async () => {
    const shop = await connectedShop(redis.server().url);
    const folder = await programFolder();
    await writeFile(path.join(folder, 'sync-on-consent.mjs'), await printed('js', 'sync-on-consent.mjs'));
    await writeFile(
      path.join(folder, 'sync.mjs'),
      `import { appendFile } from 'node:fs/promises';
export const sync = (token) => appendFile('synced.txt', \`\${token}\\n\`);
`,
    );
    const logFile = path.join(folder, 'output.log');
    const program = await startProcess(process.execPath, ['sync-on-consent.mjs'], {
      cwd: folder,
      env: { ...withoutProductNames(process.env), ...environmentOf(shop, folder) },
      logFile,
    });
    const synced = async () =>
      (await readFile(path.join(folder, 'synced.txt'), 'utf8').catch(() => '')).split('\n');
    try {
      await until(async () => Number((await redis.admin().pubsub('NUMSUB', CHANGED))[1]) > 0, {
        timeoutMs: 20_000,
        what: 'the subscription of the program',
      });
      await later(shop, DUE);
      expect(shop.scene.simulator.requests).toHaveLength(2);
      const { outcome } = await shop.keeper.demand(exchangeOf(await shop.scene.code()));
      expect(outcome).toBe('consent.connected');
      const { text } = await shop.scene.store();
      const { access_token: token } = JSON.parse(text ?? '') as { access_token: string };
      await until(async () => (await synced()).length > 1, { timeoutMs: 20_000, what: 'the sync' });
      await later(shop, DUE);
      expect(shop.scene.simulator.requests).toHaveLength(4);
      expect(await synced()).toEqual([token, '']);
      expect(program.hasExited()).toBe(false);
      expect(await readFile(logFile, 'utf8')).toBe('');
    } finally {
      await program.stop();
    }
  });
});
