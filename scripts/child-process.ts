import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Readable } from 'node:stream';
import { until } from '../tests/support/poll.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Environment;
  /** The command is killed, with everything it started, after this long. */
  readonly timeoutMs: number;
  /** `inherit` shows the output as it comes; the default collects it. */
  readonly output?: 'collect' | 'inherit';
}

export interface RunResult {
  /** null when a signal, such as the timeout's, ended it. */
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. A command that is not installed throws (ENOENT); any exit code is a value. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const inherit = options.output === 'inherit';
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ? { ...options.env } : process.env,
      stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
      detached: true,
    });
    const untrack = killOnExit(child);
    let timedOut = false;
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child, 'SIGKILL');
    }, options.timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      untrack();
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      untrack();
      resolve({ code, timedOut, stdout, stderr });
    });
  });
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Environment;
  /** stdout and stderr are appended here; without it they are dropped. */
  readonly logFile?: string;
  /** Written to stdin at once, for what must not stand in an argument list. */
  readonly stdin?: string;
  /** One more pipe, as file descriptor 3, that the process writes to. */
  readonly extraPipe?: true;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<void>;
  hasExited(): boolean;
  /** SIGTERM to the whole group, SIGKILL after `graceMs` (default 3 s). Resolves once it is gone. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a process that serves until it is stopped. It leads its own group, which is killed when we exit, and on
 * Linux the kernel ends the leader even when we are killed ourselves: a broken run leaves nothing behind.
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<RunningProcess> {
  const log = options.logFile ? openSync(options.logFile, 'a', 0o600) : undefined;
  const [file, argv] = boundToOurLife(command, args);
  const child = spawn(file, argv, {
    cwd: options.cwd,
    env: options.env ? { ...options.env } : process.env,
    stdio: [
      options.stdin === undefined ? 'ignore' : 'pipe',
      log ?? 'ignore',
      log ?? 'ignore',
      ...(options.extraPipe ? (['pipe'] as const) : []),
    ],
    detached: true,
  });
  if (log !== undefined) closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const untrack = killOnExit(child);
  void exited.then(untrack);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  if (options.stdin !== undefined) child.stdin?.end(options.stdin);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    pid,
    exited,
    hasExited,
    async stop(graceMs = 3_000) {
      // The group may outlive its leader, so it is signalled in any case.
      killGroup(child, 'SIGTERM');
      const timer = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
      killGroup(child, 'SIGKILL');
    },
  };
}

export interface Announcement {
  readonly timeoutMs: number;
  /** Who announces itself, for the error: "the session bus". */
  readonly what: string;
  /** The process's log, for the error. */
  readonly logFile: string;
}

/**
 * The line that a server started with `extraPipe` writes there once it serves. Throws where it ends before, or says
 * nothing in time; it is not stopped then.
 */
export async function announcedLine(
  server: RunningProcess,
  { timeoutMs, what, logFile }: Announcement,
): Promise<string> {
  let announced = '';
  (server.child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
    announced += text;
  });
  const line = await until(
    () => {
      if (announced.includes('\n')) return announced.slice(0, announced.indexOf('\n'));
      return server.hasExited() && 'ended';
    },
    { timeoutMs, what },
  );
  if (line === 'ended') throw new Error(`${what} ended; it said: ${await readFile(logFile, 'utf8')}`);
  return line;
}

/**
 * Runs a program as if it had been started from the terminal instead of us, and returns its exit code. A signal that
 * asks us to end is left to the program, which ends in its own order; a second one is not waited for.
 */
export async function runAttached(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: Environment },
): Promise<number> {
  const child = spawn(command, args, { cwd: options.cwd, env: { ...options.env }, stdio: 'inherit' });
  const asked = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let signals = 0;
  const forward = () => {
    signals += 1;
    child.kill(signals === 1 ? 'SIGTERM' : 'SIGKILL');
  };
  const endWithUs = () => child.kill('SIGKILL');
  for (const signal of asked) process.on(signal, forward);
  process.on('exit', endWithUs);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 0 : 1)));
    });
  } finally {
    for (const signal of asked) process.off(signal, forward);
    process.off('exit', endWithUs);
  }
}

const SETPRIV = '/usr/bin/setpriv';

function boundToOurLife(command: string, args: readonly string[]): readonly [string, readonly string[]] {
  if (os.platform() !== 'linux' || !existsSync(SETPRIV)) return [command, args];
  return [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // A negative id means the whole group; Windows has none.
    process.kill(os.platform() === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const running = new Set<ChildProcess>();

function killOnExit(child: ChildProcess): () => void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(child);
  return () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  };
}

function killAll(): void {
  for (const child of running) killGroup(child, 'SIGKILL');
}
