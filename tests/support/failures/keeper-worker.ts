/**
 * A keeper as a process of its own, long-lived and without a window: the product's own core and scheduler over a real
 * store and the simulator, driven by the test over IPC. Environment: the product's variables, and those of
 * `worker-protocol.ts`.
 */
import { appendFileSync } from 'node:fs';
import { openDataFolder } from '../../../electron/adapters/data-folder.ts';
import { createClosedVault } from '../../../electron/adapters/secrets/closed-vault.ts';
import { readSettingsFile } from '../../../electron/adapters/settings/read-settings-file.ts';
import { realTimers } from '../../../electron/adapters/timers.ts';
import { composeCore, openLogging } from '../../../electron/compose-core.ts';
import { NO_HISTORY } from '../../../electron/core/historian.ts';
import { type KeeperView, usableAccess } from '../../../electron/core/keeper.ts';
import { judgeAttempt } from '../../../electron/core/knowledge.ts';
import { mallSnapshotOf } from '../../../electron/core/mall-snapshot.ts';
import { refreshNow } from '../../../electron/core/refresh-now.ts';
import { startScheduler } from '../../../electron/core/scheduler.ts';
import type { Attempt } from '../../../electron/ports.ts';
import type { Code } from '../../../shared/codes.ts';
import { generationOf } from '../../../shared/meta.ts';
import { underWatch } from './points.ts';
import {
  type Armed,
  type Asked,
  type Command,
  type Point,
  type RecordLine,
  type Said,
  STARTED,
  WORKER_ARMED,
  WORKER_EPHEMERAL,
  WORKER_RECORD,
  type WorkerView,
} from './worker-protocol.ts';

const { env, pid } = process;
const folder = env.CAFE24_KEEPER_HOME;
const recordFile = env[WORKER_RECORD];
if (!folder || !recordFile || !process.send)
  throw new Error('to be started by tests/support/failures/keeper-process.ts');

function say(said: Said): void {
  process.send?.(said);
}

/** Appended by one system call, so that not even a kill right after it takes the line back. */
function note(line: RecordLine): void {
  appendFileSync(String(recordFile), `${JSON.stringify(line)}\n`);
}

// ---------------------------------------------------------------- where it dies, stands still or waits

let armed = JSON.parse(env[WORKER_ARMED] ?? '[]') as readonly Armed[];
let goOn: () => void = () => {};

async function at(point: Point): Promise<void> {
  const found = armed.find((each) => each.point === point);
  if (point.startsWith('before ')) note({ event: 'call', pid, name: point.slice('before '.length) });
  if (!found) return;
  armed = armed.filter((each) => each !== found);
  if (found.deed !== 'wait') {
    if (found.deed === 'SIGSTOP') say({ kind: 'at', point });
    process.kill(pid, found.deed);
    return;
  }
  await new Promise<void>((resolve) => {
    goOn = resolve;
    say({ kind: 'at', point });
  });
}

function written(attempt: Attempt): void {
  if (attempt.kind === 'refresh' && attempt.outcome === 'open' && attempt.presentedHash !== null) {
    const { presentedHash, tries, why } = attempt;
    note({ event: 'intent', pid, presentedHash, tries, why });
  }
  const { set } = judgeAttempt(attempt);
  if (attempt.kind !== 'adopted' && attempt.outcome === 'answered' && set)
    note({ event: 'journaled', pid, refreshTokenHash: set.refreshTokenHash });
}

// ---------------------------------------------------------------- the product

const dataFolder = await openDataFolder(folder);
const core = await composeCore({
  env,
  cwd: folder,
  packaged: false,
  dataFolder,
  settings: await readSettingsFile(folder),
  vault: createClosedVault(),
  ephemeral: env[WORKER_EPHEMERAL] === '1',
  locale: () => 'en',
  logging: openLogging(dataFolder, { name: `keeper-${pid}`, console: false }),
  through: (ports) => underWatch(ports, { at, written }),
});
const { clock, keepers } = core;
const keeper = onlyOf(keepers);
const scheduler = startScheduler({ keepers: () => keepers, clock, timers: realTimers });
const forgetJump = clock.onJump(() => {
  void keeper.wake();
  scheduler.tick();
});
keeper.onForeignGrant(() => say({ kind: 'foreign-grant' }));

function onlyOf<T>([only]: readonly T[]): T {
  if (only === undefined) throw new Error('no mall is configured');
  return only;
}

function viewOf(view: KeeperView, outcome: Code | null): WorkerView {
  const { sight, state, set, waitsFor, plannedAt, isNeighbourAtWork, happened } = view;
  return {
    now: clock.now(),
    skewMs: clock.skewMs(),
    isTimeVerified: clock.verified(),
    state: state?.state ?? null,
    reason: state?.reason ?? null,
    generation: sight?.store.kind === 'up' ? generationOf(sight.store.view.meta) : null,
    storeCode: sight?.store.kind === 'down' ? sight.store.code : null,
    waitsFor,
    plannedAt,
    isNeighbourAtWork,
    happened: [...happened.keys()],
    notices: noticesOf(view),
    set: set && {
      refreshTokenHash: set.refreshTokenHash,
      isStored: sight?.newest?.kind === 'set' && sight.newest.fromStore,
      isAccessUsable: usableAccess(view, clock.now()) !== null,
      expiresAt: set.expiresAt,
      refreshTokenExpiresAt: set.refreshTokenExpiresAt,
      deadlineSource: set.deadlineSource,
      scopes: set.scopes,
      userId: set.userId,
    },
    outcome,
  };
}

function noticesOf(view: KeeperView): readonly Code[] {
  const { notices } = mallSnapshotOf({
    configuration: onlyOf(core.configuration.malls),
    view,
    store: { kind: 'redis', place: '', warnings: [] },
    flow: { phase: 'idle', last: null },
    cannotReauthorize: null,
    doing: null,
    history: NO_HISTORY,
    lastAction: null,
    now: clock.now(),
  });
  return notices.map(({ code }) => code);
}

async function perform(command: Command): Promise<WorkerView> {
  switch (command.do) {
    case 'look':
      await clock.verify();
      return viewOf(await keeper.look(), null);
    case 'glance':
      return viewOf(await keeper.look(), null);
    case 'refresh': {
      await clock.verify();
      const { code } = await refreshNow(keeper, clock, realTimers);
      return viewOf(keeper.view(), code);
    }
    case 'wake':
      await clock.verify();
      return viewOf(await keeper.wake(), null);
    case 'view':
      return viewOf(keeper.view(), null);
    case 'exchange': {
      const { code } = await keeper.exchange({ ...command, codeVerifier: null });
      return viewOf(keeper.view(), code);
    }
    case 'arm':
      armed = [...armed, command.armed];
      return viewOf(keeper.view(), null);
    case 'disarm':
      armed = [];
      return viewOf(keeper.view(), null);
    case 'go':
      goOn();
      return viewOf(keeper.view(), null);
    case 'stop':
      scheduler.stop();
      forgetJump();
      await core.stop();
      return viewOf(keeper.view(), null);
  }
}

async function answer(id: number, work: Promise<WorkerView>): Promise<void> {
  say(
    await work.then(
      (view): Said => ({ kind: 'answer', id, view }),
      (error: unknown): Said => ({
        kind: 'failed',
        id,
        error: error instanceof Error ? (error.stack ?? '') : String(error),
      }),
    ),
  );
}

process.on('message', (asked: Asked) => {
  void answer(asked.id, perform(asked.command)).then(() => {
    if (asked.command.do === 'stop') process.disconnect();
  });
});
process.on('disconnect', () => process.exit(0));
await answer(STARTED, perform({ do: 'look' }));
