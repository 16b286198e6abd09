import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desktop, startDesktop } from '../../scripts/desktop.ts';
import { renderersOf } from '../integration/shell/support/renderers.ts';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { type CommandLine, createCommandLine } from '../support/command-line.ts';
import { documentedJson } from '../support/documented-json.ts';
import type { NotificationDaemon } from '../support/notification-daemon.ts';
import { startTrayHost, type TrayHost } from '../support/tray-host.ts';
import { decide } from './support/consent.ts';
import { eventually } from './support/eventually.ts';
import { readWarningTable, type WarningTable } from './support/readme-warnings.ts';
import {
  CHANNELS,
  type Channel,
  type Left,
  lineOf,
  type Outside,
  startOutside,
} from './support/sent-warnings.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { DAY, MALL, MINUTE, NOON } from './support/world.ts';

const TRANSCRIPT = path.resolve(import.meta.dirname, '../../out/e2e/warnings.txt');
const HOUR = 60 * MINUTE;
/** As an instant: the day of March 2026 and the time in Seoul. */
const march = (day: number, time: string) => Date.parse(`2026-03-01T${time}:00+09:00`) + (day - 1) * DAY;

/** One shop over two months; each test begins where the one before it ended. */
describe('what leaves, by a clock that is moved from day to day', () => {
  const world = setUpWorld({ deadline: 'fixed' });
  let outside: Outside;
  let table: WarningTable;
  let app: AppUnderTest;
  let daemon: NotificationDaemon;
  const transcript: string[] = [];
  const teardowns: (() => Promise<unknown> | unknown)[] = [];

  beforeAll(async () => {
    table = await readWarningTable();
    outside = await startOutside(world().now);
    teardowns.push(outside.stop);
    daemon = await outside.watchDesktop(world().desktop.busAddress);
    await consentElsewhere();
    app = await world().launch({ env: outside.env, args: ['--hidden'] });
    await eventually('the first look', async () => (await world().store.meta('state')) === 'HEALTHY');
  });
  afterAll(async () => {
    for (const teardown of teardowns.toReversed()) await teardown();
    await mkdir(path.dirname(TRANSCRIPT), { recursive: true });
    await writeFile(TRANSCRIPT, `${transcript.join('\n')}\n`);
  });

  /** Another program of the shop gets a consent and stores it; resolves with its deadline. */
  async function consentElsewhere(): Promise<number> {
    const { simulator, store } = world();
    const issued = await simulator.issue(MALL);
    await store.put(documentedJson(issued));
    return issued.refreshTokenExpiresAt;
  }

  /** Moves the clock and waits until the app has looked, and until as many messages came as should have. */
  async function goTo(at: number, expected: readonly Left[] = []): Promise<void> {
    await world().simulator.setNow(at);
    // What is recorded is written anew at the latest five minutes after the last time.
    await eventually('a look', async () => Number(await world().store.meta('checked_at')) > at - 5 * MINUTE);
    const due = expected.filter((each) => each.at <= at).length;
    await eventually(`${due} messages`, () => outside.left().length >= due);
  }

  /** Every morning at nine until a day, and around each moment at which something is to leave. */
  function daysUntil(end: number, expected: readonly Left[]): readonly number[] {
    const from = world().now();
    const mornings = Array.from({ length: 20 }, (_, day) => march(3 + day, '09:00'));
    const moments = expected.flatMap(({ at }) => [at - MINUTE, at]);
    return [...new Set([...mornings, ...moments])]
      .filter((at) => at > from && at <= end)
      .toSorted((a, b) => a - b);
  }

  /** Exactly these left, and nothing else; then it is as if nothing had been. */
  function conclude(story: string, expected: readonly Left[]): void {
    const left = outside.left().map(lineOf);
    transcript.push(story, ...(left.length > 0 ? left : ['nothing']).map((line) => `  ${line}`), '');
    expect(left).toEqual(expected.map(lineOf));
    outside.forget();
  }

  const at = (when: number, stage: string, channels: readonly Channel[]): readonly Left[] =>
    channels.map((channel) => ({ at: when, stage, channel }));
  const onMachines = (expected: readonly Left[], machines: number): readonly Left[] =>
    expected.flatMap((left) => Array(left.channel === 'OS notice' ? machines : 1).fill(left));

  /** All is well again: whoever was warned is told. */
  async function recover(story: string, expected: (when: number) => readonly Left[]): Promise<void> {
    const before = world().now();
    await eventually('the recovery', async () => (await world().store.meta('state')) === 'HEALTHY');
    const due = expected(before);
    await eventually('all messages', () => outside.left().length >= due.length);
    conclude(story, due);
  }

  test('row 43: a deadline of 14 days: what the README says, and nothing else; one notice also when its window is killed', async () => {
    const deadline = NOON + 14 * DAY;
    const expected = table.beforeAndAt(deadline);
    expect(expected).toHaveLength(10);
    for (const moment of daysUntil(deadline + DAY, expected)) {
      await goTo(moment, expected);
      // The notice of D-3 lives in a hidden window; D-1 finds that window dead.
      if (moment === march(14, '09:00'))
        for (const pid of await renderersOf(app.pid)) process.kill(pid, 'SIGKILL');
    }
    await goTo(march(17, '09:00'), expected);
    expect(await world().store.meta('reason')).toBe('grant.expired');
    conclude('A deadline of 14 days, on 16 March at 12:00', expected);
  });

  test('the notice carries summary, body and a default action; its click, at a window that was never opened, begins the one consent', async () => {
    const { opener, chromium, store } = world();
    const notice = daemon.all().at(-1)!;
    expect(notice).toMatchObject({
      summary: expect.stringMatching(`${MALL} · 인증이 만료되었습니다$`),
      body: expect.stringContaining('만료: 3월 16일 (월) 12:00 (한국 시간)'),
      actions: ['default', expect.any(String)],
    });
    const stored = await store.dump();
    for (const secret of [...stored.matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)].map(
      ([, each]) => each!,
    ))
      expect(
        daemon
          .all()
          .map(({ summary, body }) => summary + body)
          .join(),
      ).not.toContain(secret);
    expect(await opener.opened()).toEqual([]);
    daemon.click(notice.id);
    const tab = await chromium.open(await opener.waitForUrl());
    expect(await decide(tab, 'approve')).toBe('consent.connected');
    await tab.close();
    expect(await opener.opened()).toHaveLength(1);
    await recover('The click on the notice, and the consent', (when) => at(when, 'recovered', CHANNELS));
  });

  test('row 39: asleep from D-5 to D-1: on waking the most urgent stage alone', async () => {
    const deadline = march(31, '09:00');
    await goTo(deadline - 5 * DAY);
    process.kill(app.pid, 'SIGSTOP');
    for (let days = 4; days > 1; days -= 1) await world().simulator.setNow(deadline - days * DAY);
    const woke = deadline - DAY + 30 * MINUTE;
    await world().simulator.setNow(woke);
    process.kill(app.pid, 'SIGCONT');
    const expected = at(woke, 'D-1', CHANNELS);
    await goTo(woke, expected);
    await goTo(woke + HOUR, expected);
    conclude('Asleep from D-5 to D-1', expected);

    await consentElsewhere();
    await world().simulator.advance(2 * MINUTE);
    await recover('A consent by another program', (when) => at(when, 'recovered', CHANNELS));
  });

  describe('two machines and a server with the command line', () => {
    let secondDesktop: Desktop;
    let second: AppUnderTest;
    let secondTray: TrayHost;
    let server: CommandLine;

    beforeAll(async () => {
      secondDesktop = await startDesktop({ kind: 'bare' });
      teardowns.push(secondDesktop.stop);
      secondTray = await startTrayHost(secondDesktop.busAddress);
      teardowns.push(secondTray.stop);
      await outside.watchDesktop(secondDesktop.busAddress);
      second = await world().launch({ env: outside.env, args: ['--hidden'], desktop: secondDesktop });
      const { CAFE24_API_ORIGIN: apiOrigin = '', KV_REDIS_URL: redisUrl = '' } = world().shopEnv;
      server = await createCommandLine({ apiOrigin, redisUrl, mall: MALL });
      teardowns.push(server.remove, () => second.stop());
    });

    const dailyCheck = async (options: readonly string[] = []) => {
      const { code, stderr } = await server.run(['check-expiry', ...options], outside.env);
      // A channel that failed would be 1.
      expect({ code, stderr: code === 1 ? stderr : '' }).not.toMatchObject({ code: 1 });
    };

    test('each stage once in all, the OS notice once on each machine; then one "recovered" for each that was warned', async () => {
      const deadline = Math.ceil(world().now() / MINUTE) * MINUTE + 13 * DAY + 2 * HOUR;
      await world().store.put(
        documentedJson(await world().simulator.issue(MALL, { refreshTokenExpiresAt: deadline })),
      );
      const expected = onMachines(table.beforeAndAt(deadline), 2);
      const moments = [...new Set(expected.map(({ at: when }) => when))];
      for (const moment of moments) {
        await world().simulator.setNow(moment);
        // Whoever comes first.
        await Promise.all([dailyCheck(), goTo(moment, expected)]);
      }
      await goTo(deadline + DAY, expected);
      conclude('Two apps and the command line on one Redis', expected);

      await consentElsewhere();
      await world().simulator.advance(2 * MINUTE);
      await recover('A consent', (when) => onMachines(at(when, 'recovered', CHANNELS), 2));
    });

    test('trouble is shown at once, and sent when it goes on for half an hour', async () => {
      await world().simulator.forbidRefreshes(true);
      const since = world().now() + 3 * HOUR;
      const expected = onMachines(table.inTrouble('BLOCKED', since), 2);
      expect(expected).toHaveLength(4);
      await goTo(since, expected);
      await goTo(since + 29 * MINUTE, expected);
      await goTo(since + 30 * MINUTE, expected);
      conclude('Cafe24 answers 403', expected);
      await world().simulator.forbidRefreshes(false);
      // Such an answer is tried again every hour.
      await world().simulator.advance(40 * MINUTE);
      await recover('Cafe24 answers again', (when) => onMachines(at(when, 'recovered', CHANNELS), 2));
    });

    test('a rolling deadline and a dark PC: one refresh on waking and no alarm; the server warned meanwhile', async () => {
      const { simulator, store } = world();
      await simulator.setDeadline('rolling');
      await consentElsewhere();
      await simulator.advance(2 * HOUR);
      await eventually('the first refresh', async () => (await store.meta('deadline_kind')) !== 'fixed');
      outside.forget();
      for (const each of [app, second]) process.kill(each.pid, 'SIGSTOP');
      const wake = async () => {
        const before = (await simulator.requests()).length;
        for (const each of [app, second]) process.kill(each.pid, 'SIGCONT');
        await eventually('the refresh', async () => (await simulator.requests()).length > before);
        await eventually('its end', async () => JSON.parse((await store.text())!).expires_at > world().now());
        return (await simulator.requests()).length - before;
      };

      await simulator.advance(12 * DAY);
      expect(await wake()).toBe(1);
      await simulator.advance(20 * MINUTE);
      await goTo(world().now() + 6 * MINUTE);
      conclude('Dark for 12 days', []);

      const deadline = JSON.parse((await store.text())!).refresh_token_expires_at;
      for (const each of [app, second]) process.kill(each.pid, 'SIGSTOP');
      const expected = table
        .beforeAndAt(deadline)
        .filter(({ channel, stage }) => channel !== 'OS notice' && ['D-3', 'D-2'].includes(stage));
      for (const moment of new Set(expected.map((each) => each.at))) {
        await simulator.setNow(moment);
        await dailyCheck(['--no-refresh']);
      }
      conclude('Dark for 12 days, with the daily check on a server', expected);
      expect(await wake()).toBe(1);
      await recover('The PC wakes', (when) => at(when, 'recovered', ['Slack', 'mail']));
    });
  });
});
