import path from 'node:path';
import { z } from 'zod';
import { run } from '../child-process.ts';
import { withoutProductNames } from '../product-environment.ts';
import type { Trial } from '../trial.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../dist/cli.js');
const TIMEOUT_MS = 30_000;

const statusSchema = z.object({
  state: z.string(),
  reason: z.string().nullable(),
  refresh_token_expires_at: z.number().nullable(),
  expires_at: z.number().nullable(),
  store: z.object({ kind: z.string(), reachable: z.boolean().nullable() }),
});

/** What `status --json` says of the store, with the exit code it ended with. */
export type StoreStatus = z.infer<typeof statusSchema> & { readonly exitCode: number | null };

export interface StoreView {
  status(): Promise<StoreStatus>;
  /** The access token that `token` prints; empty where it prints none. Never to be shown. */
  token(): Promise<string>;
}

/** The trial's store as another program sees it: through the command line, a process of its own. */
export function viewStore(trial: Trial): StoreView {
  const ask = (args: readonly string[]) =>
    run(process.execPath, [PROGRAM, ...args], {
      cwd: trial.folder,
      env: { ...withoutProductNames(process.env), ...trial.productEnv },
      timeoutMs: TIMEOUT_MS,
    });
  return {
    async status() {
      const { code, stdout, stderr } = await ask(['status', '--json']);
      const [line = ''] = stdout.split('\n');
      if (line === '') throw new Error(`status --json said nothing (exit code ${code}): ${stderr}`);
      return { ...statusSchema.parse(JSON.parse(line)), exitCode: code };
    },
    token: async () => (await ask(['token'])).stdout.trim(),
  };
}
