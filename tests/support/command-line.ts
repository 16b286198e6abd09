/** Runs the built command line as its users do: a process of its own with its own data folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type RunningProcess, run, startProcess } from '../../scripts/child-process.ts';
import { withoutProductNames } from '../../scripts/product-environment.ts';
import { DEFAULT_CLIENT, DEFAULT_CLIENT_SECRET, DEFAULT_REDIRECT_URI } from '../simulator/registration.ts';

const CLI = path.resolve(import.meta.dirname, '../../dist/cli.js');

export interface CommandLine {
  readonly folder: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): ReturnType<typeof run>;
  /** The same as a process that is not waited for, so that it can be stopped or killed on its way. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunningProcess>;
  remove(): Promise<void>;
}

export interface Connection {
  readonly apiOrigin: string;
  /** null: the local store of the data folder. */
  readonly redisUrl: string | null;
  readonly mall?: string;
}

/** The variables of one shop at the simulator. */
export function shopEnvironment({
  apiOrigin,
  redisUrl,
  mall = 'myshop',
}: Connection): Record<string, string> {
  return {
    CAFE24_MALL_ID: mall,
    CAFE24_CLIENT_ID: DEFAULT_CLIENT.clientId,
    CAFE24_CLIENT_SECRET: DEFAULT_CLIENT_SECRET,
    CAFE24_REDIRECT_URI: DEFAULT_REDIRECT_URI,
    CAFE24_API_ORIGIN: apiOrigin,
    ...(redisUrl === null ? {} : { KV_REDIS_URL: redisUrl }),
  };
}

/** A machine of its own: a new data folder. `folder` shares another's, as a second process on the same machine. */
export async function createCommandLine(connection: Connection, shared?: string): Promise<CommandLine> {
  const folder = shared ?? (await mkdtemp(path.join(os.tmpdir(), 'cli-')));
  const optionsWith = (env: Readonly<Record<string, string>> = {}) => ({
    cwd: folder,
    env: {
      ...withoutProductNames(process.env),
      ...shopEnvironment(connection),
      CAFE24_KEEPER_HOME: path.join(folder, 'home'),
      ...env,
    },
  });
  return {
    folder,
    run: (args, env) => run(process.execPath, [CLI, ...args], { timeoutMs: 60_000, ...optionsWith(env) }),
    start: (args, env) => startProcess(process.execPath, [CLI, ...args], optionsWith(env)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
