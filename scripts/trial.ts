import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { until } from '../tests/support/poll.ts';
import { startProcess } from './child-process.ts';
import { withoutProductNames } from './product-environment.ts';

const PROJECT = path.resolve(import.meta.dirname, '..');

const announcementSchema = z.object({
  origin: z.url(),
  apiOrigin: z.string(),
  mallIds: z.array(z.string()).min(1),
  clientId: z.string(),
  redirectUris: z.array(z.string()).min(1),
});

export interface Trial {
  /** Holds everything that the trial writes; gone after `stop`. */
  readonly folder: string;
  /** Where the simulator's clock, commands and records are. */
  readonly simulatorOrigin: string;
  readonly mallId: string;
  /** The product's own names, for the app's environment. No Redis: the embedded local store. */
  readonly productEnv: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A shop to try the app with: a simulator of its own, and a folder of its own for everything else. */
export async function startTrial(): Promise<Trial> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'token-keeper-trial-'));
  await mkdir(path.join(folder, 'data'), { mode: 0o700 });
  const logFile = path.join(folder, 'simulator.log');
  const secret = randomBytes(24).toString('base64url');
  const simulator = await startProcess(
    process.execPath,
    [
      ...[path.join(PROJECT, 'scripts/run-ts.mjs'), path.join(PROJECT, 'tests/simulator/main.ts')],
      ...['--port', '0', '--allow-loopback-redirect'],
      ...['--redirect-uri', `http://127.0.0.1:${await findFreePort()}/api/auth/cafe24/callback`],
    ],
    {
      cwd: PROJECT,
      env: { ...withoutProductNames(process.env), CAFE24_CLIENT_SECRET: secret },
      logFile,
    },
  );
  const stop = async () => {
    await simulator.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    const line = await until(
      async () => {
        const said = await readFile(logFile, 'utf8');
        return /^SIMULATOR (.+)$/m.exec(said)?.[1] ?? (simulator.hasExited() && said);
      },
      { timeoutMs: 30_000, what: 'the simulator' },
    );
    if (simulator.hasExited()) throw new Error(`the simulator ended; it said:\n${line}`);
    const { origin, apiOrigin, mallIds, clientId, redirectUris } = announcementSchema.parse(JSON.parse(line));
    const [mallId = '', redirectUri = ''] = [mallIds[0], redirectUris[0]];
    return {
      folder,
      simulatorOrigin: origin,
      mallId,
      productEnv: {
        CAFE24_API_ORIGIN: apiOrigin,
        CAFE24_MALL_ID: mallId,
        CAFE24_CLIENT_ID: clientId,
        CAFE24_CLIENT_SECRET: secret,
        CAFE24_REDIRECT_URI: redirectUri,
        CAFE24_KEEPER_HOME: path.join(folder, 'data'),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A registered redirect URI names its port; one that nothing else listens on lets several trials run side by side. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
