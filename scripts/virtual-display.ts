import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { announcedLine, type Environment, startProcess } from './child-process.ts';

export interface VirtualDisplay {
  /** `:N`, a number that was free. */
  readonly display: string;
  readonly authorityFile: string;
  stop(): Promise<void>;
}

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** Starts Xvfb. Only who can read its authority file may connect, as on a real desktop. */
export async function startVirtualDisplay(
  folder: string,
  env: Environment,
  size: ScreenSize,
): Promise<VirtualDisplay> {
  const authorityFile = path.join(folder, 'xauthority');
  await writeFile(authorityFile, authorityEntry(randomBytes(16)), { mode: 0o600 });
  await makeSocketFolder();
  const logFile = path.join(folder, 'xvfb.log');
  const server = await startProcess(
    'Xvfb',
    [
      ...['-displayfd', '3'],
      ...['-screen', '0', `${size.width}x${size.height}x24`],
      ...['-auth', authorityFile],
      ...['-nolisten', 'tcp'],
      '-noreset',
    ],
    { env, logFile, extraPipe: true },
  );
  try {
    const number = await announcedLine(server, { timeoutMs: 15_000, what: 'the virtual display', logFile });
    return { display: `:${number}`, authorityFile, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** One MIT-MAGIC-COOKIE-1 for every host and display number: [family, address, number, name, data], see Xau(3). */
function authorityEntry(cookie: Buffer): Buffer {
  const counted = (data: Buffer) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(data.length);
    return Buffer.concat([length, data]);
  };
  const familyWild = Buffer.from([0xff, 0xff]);
  const empty = counted(Buffer.alloc(0));
  return Buffer.concat([
    familyWild,
    empty,
    empty,
    counted(Buffer.from('MIT-MAGIC-COOKIE-1')),
    counted(cookie),
  ]);
}

/** A bare machine lacks it, and Xvfb makes it only as root. */
async function makeSocketFolder(): Promise<void> {
  const folder = '/tmp/.X11-unix';
  const made = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (made) await chmod(folder, 0o1777);
}
