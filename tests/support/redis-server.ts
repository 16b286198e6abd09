import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type RunningProcess, startProcess } from '../../scripts/child-process.ts';
import { findProgram } from '../../scripts/system-packages.ts';
import { until } from './poll.ts';

export interface RedisOptions {
  /** A unix socket instead of a port on 127.0.0.1. */
  readonly listen?: 'port' | 'unix-socket';
  readonly password?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
  /** Every write is on disk before its answer, so that `restart` finds it again. */
  readonly keepsData?: boolean;
  /** More lines of redis.conf, such as `maxmemory 2mb` and `maxmemory-policy noeviction`. */
  readonly config?: readonly string[];
}

export interface RedisServer {
  /** What ioredis takes: a URL, with the password where there is one, or the path of the unix socket. */
  readonly url: string;
  /** 0 when it listens on a unix socket. */
  readonly port: number;
  readonly logFile: string;
  pid(): number;
  /** SIGKILL: as if the machine lost power. */
  kill(): Promise<void>;
  /** Up again at the same address after `kill` or while running. */
  restart(): Promise<void>;
  /** Connections stay open and nothing answers, until `resume`. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Starts a real redis-server of its own; `REDIS_SERVER` names another binary than the one on PATH. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const binary = process.env.REDIS_SERVER ?? findProgram('redis-server');
  if (!binary) throw new Error('no redis-server on PATH, and REDIS_SERVER is not set');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'redis-'));
  const logFile = path.join(folder, 'redis.log');
  const socket = path.join(folder, 'redis.sock');
  const onSocket = options.listen === 'unix-socket';

  const start = async (port: number): Promise<RunningProcess> => {
    // The configuration comes by stdin, so that a password is in no argument list.
    const server = await startProcess(binary, ['-'], {
      cwd: folder,
      logFile,
      stdin: configurationOf(options, { folder, port, socket: onSocket ? socket : undefined }),
    });
    const state = await until(
      async () => {
        if (server.hasExited()) return 'ended';
        return (await accepts(onSocket ? { path: socket } : { host: '127.0.0.1', port })) && 'serving';
      },
      { timeoutMs: 15_000, what: 'redis-server' },
    ).catch(() => 'silent');
    if (state === 'serving') return server;
    await server.stop(0);
    throw new Error(`redis-server is ${state}; it said:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
  };

  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const { server: first, port } = await (onSocket ? startOn(0, start) : onFreePort(start)).catch(
    async (error: unknown) => {
      await removeFolder();
      throw error;
    },
  );
  let server = first;
  const end = async () => {
    signal(server, 'SIGKILL');
    await server.exited;
  };
  return {
    url: urlOf(options, onSocket ? socket : port),
    port,
    logFile,
    pid: () => server.pid,
    kill: end,
    async restart() {
      await end();
      server = await start(port);
    },
    pause: () => signal(server, 'SIGSTOP'),
    resume: () => signal(server, 'SIGCONT'),
    async stop() {
      await end();
      await removeFolder();
    },
  };
}

function configurationOf(
  options: RedisOptions,
  place: { readonly folder: string; readonly port: number; readonly socket: string | undefined },
): string {
  const { tls } = options;
  return [
    'bind 127.0.0.1',
    `dir ${place.folder}`,
    'save ""',
    ...(options.keepsData ? ['appendonly yes', 'appendfsync always'] : []),
    ...(place.socket ? ['port 0', `unixsocket ${place.socket}`, 'unixsocketperm 700'] : []),
    ...(tls
      ? [
          'port 0',
          `tls-port ${place.port}`,
          `tls-cert-file ${tls.certFile}`,
          `tls-key-file ${tls.keyFile}`,
          `tls-ca-cert-file ${tls.caFile}`,
          'tls-auth-clients no',
        ]
      : place.socket
        ? []
        : [`port ${place.port}`]),
    ...(options.password ? [`requirepass ${JSON.stringify(options.password)}`] : []),
    ...(options.config ?? []),
    '',
  ].join('\n');
}

function urlOf(options: RedisOptions, address: string | number): string {
  const login = options.password ? `:${encodeURIComponent(options.password)}@` : '';
  if (typeof address === 'string') return address;
  return `${options.tls ? 'rediss' : 'redis'}://${login}127.0.0.1:${address}`;
}

interface Started {
  readonly server: RunningProcess;
  readonly port: number;
}
type Start = (port: number) => Promise<RunningProcess>;

async function startOn(port: number, start: Start): Promise<Started> {
  return { server: await start(port), port };
}

/** The port is free when asked, and may be taken a moment later by a neighbour: then another one. */
async function onFreePort(start: Start, attempts = 3): Promise<Started> {
  try {
    return await startOn(await findFreePort(), start);
  } catch (error) {
    if (attempts === 1) throw error;
    return onFreePort(start, attempts - 1);
  }
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function accepts(address: net.NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

function signal(server: RunningProcess, name: NodeJS.Signals): void {
  if (!server.hasExited()) server.child.kill(name);
}
