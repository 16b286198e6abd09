import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectToBus, leaveBus, startSessionBus } from '../../../scripts/session-bus.ts';
import { findProgram } from '../../../scripts/system-packages.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'session-bus-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A dbus-daemon before the real one on PATH, that runs `lines` first; `$socket` is where the bus will be. */
async function withDaemon(...lines: readonly string[]): Promise<Record<string, string | undefined>> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  const script = [
    '#!/bin/sh',
    `socket='${folder}/bus'`,
    ...lines,
    `exec '${findProgram('dbus-daemon')}' "$@"`,
  ];
  await writeFile(path.join(bin, 'dbus-daemon'), script.join('\n'));
  await chmod(path.join(bin, 'dbus-daemon'), 0o755);
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
}

test('is waited for until it serves, not until its socket is there', async () => {
  const bus = await startSessionBus(folder, await withDaemon('touch "$socket"', 'sleep 0.5', 'rm "$socket"'));
  try {
    leaveBus(await connectToBus(bus.address));
  } finally {
    await bus.stop();
  }
});

test('that ends at once says why', async () => {
  const started = startSessionBus(folder, await withDaemon('echo no room >&2', 'exit 1'));
  await expect(started).rejects.toThrow('the session bus ended; it said: no room');
});

test('that nobody serves is an error for who connects, not a wait without end', async () => {
  await expect(connectToBus(`unix:path=${folder}/bus`)).rejects.toThrow('no bus answers at');
});

test('that refuses is an error too: what lies there takes no connection', async () => {
  const socket = path.join(folder, 'bus');
  await writeFile(socket, '');
  await expect(connectToBus(`unix:path=${socket}`)).rejects.toThrow('no bus answers at');
});
