/** A TypeScript file of the tests in a process of its own, told what to do by its arguments. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { bundled } from './bundled.ts';

export interface OtherProcess {
  readonly pid: number;
  /** The next line it wrote to stdout; rejects with its stderr when it ends before. */
  nextLine(): Promise<string>;
  /** Lets a process that waits on its stdin go on. */
  go(): void;
  /** Ends it at once, wherever it is; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts FILE, named from the project's folder, with ARGS; it is killed when the test is over. */
export async function startProcess(file: string, ...args: readonly string[]): Promise<OtherProcess> {
  const child = spawn(process.execPath, [await bundled(file), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('no process was started');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  const gone = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    pid,
    async nextLine() {
      const line = await lines.next();
      if (line.done) throw new Error(`${file} ended early: ${stderr}`);
      return line.value;
    },
    go: () => child.stdin.write('go\n'),
    kill,
  };
}
