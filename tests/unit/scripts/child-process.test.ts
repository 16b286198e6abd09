import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announcedLine, run, startProcess } from '../../../scripts/child-process.ts';
import { until } from '../../support/poll.ts';

function isAlive(pid: number): boolean {
  try {
    // A zombie waits for its parent only; it runs no more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('child processes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'processes-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const pidIn = (file: string) =>
    until(async () => Number((await readFile(path.join(folder, file), 'utf8')).trim()), {
      timeoutMs: 5_000,
      what: 'a process id',
    });
  const isGone = (pid: number) => until(() => !isAlive(pid), { timeoutMs: 5_000, what: 'its end' });

  test('a command that ends gives its code and both outputs', async () => {
    const result = await run('sh', ['-c', 'echo out; echo err >&2; exit 3'], { timeoutMs: 5_000 });
    expect(result).toEqual({ code: 3, timedOut: false, stdout: 'out\n', stderr: 'err\n' });
  });

  test('a command that is not installed throws', async () => {
    await expect(run('no-such-program-here', [], { timeoutMs: 5_000 })).rejects.toThrow('ENOENT');
  });

  test('past its time a command is killed with what it started', async () => {
    const script = `sleep 60 & echo $! > ${folder}/child; wait`;
    const result = await run('sh', ['-c', script], { timeoutMs: 300 });
    expect([result.code, result.timedOut]).toEqual([null, true]);
    await isGone(await pidIn('child'));
  });

  test('stop ends the whole group, also one that ignores SIGTERM', async () => {
    const script = `trap '' TERM; sleep 60 & echo $! > ${folder}/stubborn; wait; sleep 60`;
    const started = await startProcess('sh', ['-c', script]);
    const child = await pidIn('stubborn');
    await started.stop(100);
    expect(started.hasExited()).toBe(true);
    await isGone(child);
  });

  test('stdin carries what must not stand in an argument list', async () => {
    const logFile = path.join(folder, 'cat.log');
    const started = await startProcess('cat', [], { stdin: 'secret', logFile });
    await started.exited;
    expect(await readFile(logFile, 'utf8')).toBe('secret');
  });

  test('a server is waited for until it says on its extra pipe that it serves', async () => {
    const logFile = path.join(folder, 'server.log');
    const announced = async (script: string, timeoutMs: number) => {
      const server = await startProcess('sh', ['-c', script], { logFile, extraPipe: true });
      try {
        return await announcedLine(server, { timeoutMs, what: 'the server', logFile });
      } finally {
        await server.stop(0);
      }
    };
    expect(await announced('printf 12 >&3; sleep 0.1; echo 34 >&3; sleep 60', 5_000)).toBe('1234');
    await expect(announced('echo no room >&2; exit 1', 5_000)).rejects.toThrow(
      'the server ended; it said: no room',
    );
    await expect(announced('sleep 60', 200)).rejects.toThrow('the server did not come within 200 ms');
  });

  test('when we are killed without warning, what we started goes with us', async () => {
    const parent = await startProcess(process.execPath, [
      path.resolve('scripts/run-ts.mjs'),
      path.join(import.meta.dirname, 'fixtures/start-and-wait.ts'),
      path.join(folder, 'orphan'),
    ]);
    const orphan = await pidIn('orphan');
    expect(isAlive(orphan)).toBe(true);
    parent.child.kill('SIGKILL');
    await isGone(orphan);
    await parent.stop(0);
  });
});
