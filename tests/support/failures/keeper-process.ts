/** Starts and drives `keeper-worker.ts`; every process it starts is gone when the test is over. */
import { fork } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { withoutProductNames } from '../../../scripts/product-environment.ts';
import { bundled } from '../bundled.ts';
import { shopEnvironment } from '../command-line.ts';
import { until } from '../poll.ts';
import {
  type Armed,
  type Asked,
  type Command,
  type Said,
  STARTED,
  WORKER_ARMED,
  WORKER_EPHEMERAL,
  WORKER_RECORD,
  type WorkerView,
} from './worker-protocol.ts';

export interface KeeperProcessOptions {
  readonly apiOrigin: string;
  /** null: the local store of `home`. */
  readonly redisUrl: string | null;
  /** The data folder. */
  readonly home: string;
  /** The scene's record file. */
  readonly record: string;
  readonly armed?: readonly Armed[];
  readonly ephemeral?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The program it is started through; Node itself if absent. */
  readonly launcher?: { readonly execPath: string; readonly execArgv: readonly string[] };
}

export interface KeeperProcess {
  readonly pid: number;
  /** The view after its first look; null where it died in it. */
  readonly started: Promise<WorkerView | null>;
  /** The answer; null where it died meanwhile. A process that stands still is waited for. */
  ask(command: Command): Promise<WorkerView | null>;
  /** As `ask`, for a process that is to live. */
  demand(command: Command): Promise<WorkerView>;
  /** The points it stood at and the grants of others it saw, as it said them. */
  readonly said: readonly Said[];
  /** Resolves when it stands at its armed point. */
  arrived(point: Armed['point']): Promise<void>;
  hasExited(): boolean;
  readonly exited: Promise<unknown>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
}

const ANSWER_MS = 60_000;

export async function startKeeper(options: KeeperProcessOptions): Promise<KeeperProcess> {
  const { home, record, armed = [], ephemeral = false } = options;
  const output = openSync(path.join(path.dirname(record), 'output.txt'), 'a');
  const child = fork(await bundled('tests/support/failures/keeper-worker.ts'), {
    ...(options.launcher && { ...options.launcher, execArgv: [...options.launcher.execArgv] }),
    stdio: ['ignore', output, output, 'ipc'],
    env: {
      ...withoutProductNames(process.env),
      ...shopEnvironment(options),
      CAFE24_KEEPER_HOME: home,
      [WORKER_RECORD]: record,
      [WORKER_ARMED]: JSON.stringify(armed),
      [WORKER_EPHEMERAL]: ephemeral ? '1' : '0',
      ...options.env,
    },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('no process was started');
  const said: Said[] = [];
  const waiting = new Map<number, (said: Said | null) => void>();
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  // Not `events.once`: that would end with the error of a message to one that just died, and nobody heard of its exit.
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve())).then(() => {
    for (const resolve of waiting.values()) resolve(null);
    waiting.clear();
  });
  child.on('message', (message: Said) => {
    said.push(message);
    if (message.kind !== 'answer' && message.kind !== 'failed') return;
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  // A message to one that just died is no error of the test's.
  child.on('error', () => {});

  function answerTo(id: number): Promise<WorkerView | null> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the keeper ${pid} did not answer within ${ANSWER_MS} ms`)),
        ANSWER_MS,
      );
      const settle = (answer: Said | null) => {
        clearTimeout(timer);
        if (answer?.kind === 'failed') reject(new Error(answer.error));
        else resolve(answer?.kind === 'answer' ? answer.view : null);
      };
      if (hasExited()) settle(null);
      else waiting.set(id, settle);
    });
  }

  const started = answerTo(STARTED);
  started.catch(() => {});
  let lastId = STARTED;
  async function ask(command: Command): Promise<WorkerView | null> {
    const id = ++lastId;
    const answer = answerTo(id);
    if (child.connected) child.send({ id, command } satisfies Asked);
    return await answer;
  }
  return {
    pid,
    started,
    ask,
    async demand(command) {
      const view = await ask(command);
      if (!view) throw new Error(`the keeper ${pid} is gone`);
      return view;
    },
    said,
    async arrived(point) {
      await until(() => said.some((each) => each.kind === 'at' && each.point === point), {
        timeoutMs: 20_000,
        what: point,
      });
    },
    hasExited,
    exited,
    async kill() {
      child.kill('SIGKILL');
      if (!hasExited()) await exited;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}
