import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type RunningProcess, run, startProcess } from '../../scripts/child-process.ts';
import { beginConsent, decide } from '../e2e/support/consent.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { KOREAN } from '../e2e/support/labels.ts';
import { clickInTray, iconGone } from '../e2e/support/tray-menu.ts';
import type { World } from '../e2e/support/world.ts';
import { asUser, type OtherUser } from '../support/other-user.ts';
import type { Packages } from '../support/packaged-app.ts';

/** One way to have the app on a machine, as its operator knows it. */
export interface Installation {
  readonly world: () => World;
  readonly packages: () => Packages;
  /** Who starts it; whoever runs the tests where absent. */
  readonly operator: OtherUser | undefined;
  /** Where the app lies, so that its processes are told from others. */
  readonly appFolder: () => string;
  /** Belongs to the operator; holds the data folder. */
  readonly folder: () => string;
  /** What starts it: the app itself, or what brings it up and ends. */
  readonly command: () => readonly [command: string, ...args: string[]];
  /** Brings the newer version in place of the older one. */
  readonly upgrade: () => Promise<void>;
}

export const dataFolderOf = ({ folder }: Pick<Installation, 'folder'>) => path.join(folder(), 'data');

export async function filesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

/** Ends what a test that failed halfway left running. */
export async function endAllOf({ appFolder }: Pick<Installation, 'appFolder'>): Promise<void> {
  await run('pkill', ['-KILL', '-f', `^${appFolder()}/`], { timeoutMs: 10_000 });
}

/** From the first start of the older version, through a consent, to the newer one that goes on where it stood. */
export function tellUpgrade(installation: Installation): void {
  const { world, packages, operator } = installation;
  const inData = (name: string) => path.join(dataFolderOf(installation), name);
  const log = () => readFile(inData('logs/keeper.log'), 'utf8');
  const settings = async () => {
    const { window: _position, ...kept } = JSON.parse(await readFile(inData('settings.json'), 'utf8'));
    return kept;
  };
  const history = () => readFile(inData('history/myshop.jsonl'), 'utf8');

  /** As the operator does: as themselves, without any switch. */
  const start = async (): Promise<RunningProcess> => {
    const { desktop, opener, shopEnv } = world();
    const [own, ...ownArgs] = installation.command();
    const [command, args] = operator ? asUser(operator, own, ownArgs) : [own, ownArgs];
    // What it starts keeps its output, so that goes into a file nobody waits for.
    return startProcess(command, args, {
      cwd: installation.folder(),
      logFile: path.join(installation.folder(), 'output.log'),
      env: {
        ...desktop.env,
        PATH: `${opener.binFolder}:${desktop.env.PATH}`,
        ...shopEnv,
        KV_REDIS_URL: undefined,
        CAFE24_KEEPER_HOME: dataFolderOf(installation),
      },
    });
  };
  const quit = async (started: RunningProcess) => {
    await clickInTray(world(), KOREAN.quit);
    await iconGone(world());
    await eventually('the end of its processes', async () => {
      const found = await run('pgrep', ['-f', `^${installation.appFolder()}/`], { timeoutMs: 10_000 });
      return found.code === 1;
    });
    await started.exited;
    expect(
      started.child.exitCode,
      await readFile(path.join(installation.folder(), 'output.log'), 'utf8'),
    ).toBe(0);
  };
  const healthy = async () => {
    const item = await world().tray.waitItem();
    await eventually('a healthy shop', async () => (await item.toolTip()).includes(KOREAN.healthy));
  };

  test('starts, and its operator connects a shop', async () => {
    const started = await start();
    const tab = await beginConsent(world());
    expect(await decide(tab, 'approve')).toBe('consent.connected');
    await tab.close();
    await healthy();
    expect(await log()).toContain(`started ${packages().olderVersion} `);
    await quit(started);
  });

  test('is upgraded, and goes on with the settings, the journal, the history and the store that were there', async () => {
    const before = {
      settings: await settings(),
      history: await history(),
      journal: await filesIn(inData('journal')),
      store: await filesIn(inData('store')),
      keys: await filesIn(inData('keys')),
    };
    expect(before.journal.length).toBeGreaterThan(0);
    expect(before.store.length).toBeGreaterThan(0);
    expect(before.history).toContain('"kind":"connected"');
    const requests = (await world().simulator.requests()).length;
    await installation.upgrade();

    const started = await start();
    await healthy();
    expect(await log()).toContain(`started ${packages().version} `);
    expect((await world().simulator.requests()).length).toBe(requests);
    await quit(started);
    expect(await settings()).toEqual(before.settings);
    expect((await history()).startsWith(before.history)).toBe(true);
    expect(await filesIn(inData('journal'))).toEqual(expect.arrayContaining([...before.journal]));
    expect(await filesIn(inData('store'))).toEqual(before.store);
    expect(await filesIn(inData('keys'))).toEqual(before.keys);
  });
}
