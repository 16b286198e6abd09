import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bundled } from '../../support/bundled.ts';
import type { StorePlace } from './open-store.ts';

export interface Racer {
  /** Resolved when it has read the store once and waits. */
  readonly ready: Promise<void>;
  go(): void;
  readonly report: Promise<{ readonly won: readonly number[]; readonly failures: readonly string[] }>;
  stop(): Promise<void>;
}

/** A process of its own that races for the generations of a mall. */
export async function startRacer(place: StorePlace, mall: string, generations: number): Promise<Racer> {
  const child = spawn(process.execPath, [await bundled('tests/integration/stores/racer.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new Error(`a racer ended early: ${stderr}`);
    return line.value;
  };
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify({ place, mall, generations })}\n`);
  const ready = nextLine().then(() => {});
  const report = ready.then(nextLine).then((line) => JSON.parse(line));
  report.catch(() => {});
  return {
    ready,
    go: () => child.stdin.write('go\n'),
    report,
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
