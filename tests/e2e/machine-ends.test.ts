/** The real app on a machine that sleeps, wakes and shuts down, each in the middle of a refresh. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppUnderTest } from '../support/app-under-test.ts';
import { documentedJson } from '../support/documented-json.ts';
import { type Logind, startLogind } from '../support/logind.ts';
import { eventually } from './support/eventually.ts';
import { KOREAN } from './support/labels.ts';
import { setUpWorld } from './support/set-up-world.ts';
import { clickInTray, iconGone } from './support/tray-menu.ts';
import { dueAt, HOUR, MALL } from './support/world.ts';

/** How long the server holds back the answer: what happens to the machine happens meanwhile. */
const HELD_BACK_MS = 1_500;

describe('a machine', () => {
  const world = setUpWorld();
  let logind: Logind;
  let app: AppUnderTest;
  let folder: string;

  beforeAll(async () => {
    const { desktop, simulator, store } = world();
    logind = await startLogind(desktop.folder, desktop.env);
    await store.put(documentedJson(await simulator.issue(MALL)));
    folder = await world().newFolder();
    app = await start();
  });
  afterAll(() => logind?.stop());

  const start = async () => {
    const started = await world().launch({ folder, env: { DBUS_SYSTEM_BUS_ADDRESS: logind.busAddress } });
    await (await world().tray.waitItem()).toolTip();
    return started;
  };
  const log = () => readFile(path.join(app.dataFolder, 'logs/keeper.log'), 'utf8');
  const stored = async () =>
    JSON.parse((await world().store.text())!) as { refresh_token: string; expires_at: number };
  /** Lets the refresh come due and returns when its request has reached the server, which answers later. */
  const inTheMiddleOfARefresh = async () => {
    const { simulator } = world();
    const before = (await simulator.requests()).length;
    await simulator.plant({ kind: 'delay', ms: HELD_BACK_MS, when: 'after' });
    const { expires_at: expiresAt } = await stored();
    await simulator.setNow(dueAt({ expiresAt }));
    await eventually('the request', async () => (await simulator.requests()).length > before);
  };
  /** That the answer to the newest request is in Redis, and that nothing else was asked. */
  const answerIsStored = async (requests: number) => {
    const { simulator, store } = world();
    const answers = await simulator.requests();
    expect(answers.map(({ presented }) => presented)).toHaveLength(requests);
    expect(new Set(answers.map(({ presented }) => presented)).size).toBe(requests);
    expect(await store.text()).toBe(documentedJson(answers.at(-1)!.issued!));
    expect(await store.meta('state')).toBe('HEALTHY');
  };
  const whileAsleep = async (meanwhile: () => Promise<void>) => {
    logind.sleep();
    await eventually('the sleep', async () => (await log()).includes('going to sleep'));
    process.kill(app.pid, 'SIGSTOP');
    await meanwhile();
    process.kill(app.pid, 'SIGCONT');
    // Linux tells it twice.
    logind.wake();
    logind.wake();
  };

  test('row 25: that sleeps in the middle of a refresh finds the answer when it wakes', async () => {
    const { simulator } = world();
    await inTheMiddleOfARefresh();
    await whileAsleep(async () => {
      await eventually(
        'the answer',
        async () => (await simulator.requests()).at(-1)!.outcome.delivery !== 'pending',
      );
    });
    const { issued } = (await simulator.requests()).at(-1)!;
    await eventually('the set', async () => (await stored()).refresh_token === issued!.refreshToken);
    await answerIsStored(1);
  });

  test('row 26: that sleeps past the due time makes one refresh when it wakes', async () => {
    const { simulator } = world();
    const old = await stored();
    await whileAsleep(() => simulator.advance(5 * HOUR));
    await eventually('the refresh', async () => (await stored()).refresh_token !== old.refresh_token);
    await eventually('having woken', async () => (await log()).includes('woke'));
    await answerIsStored(2);
  });

  test('row 25: that shuts down in the middle of a refresh waits for its answer', async () => {
    await inTheMiddleOfARefresh();
    logind.shutdown();
    await eventually('the end', () => app.hasExited());
    expect(await log()).toContain('the system shuts down');
    await answerIsStored(3);
  });

  test('row 25: whose app is quit in the middle of a refresh, by its menu and by the system at once, waits as well', async () => {
    await iconGone(world());
    app = await start();
    await inTheMiddleOfARefresh();
    await clickInTray(world(), KOREAN.quit);
    process.kill(app.pid, 'SIGTERM');
    await eventually('the end', () => app.hasExited());
    await answerIsStored(4);
  });
});
