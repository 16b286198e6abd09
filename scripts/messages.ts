/** An obstacle that a person can remove: its message is shown without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** One line about what the script does, on stderr, so that stdout stays the answer. */
export function say(line: string): void {
  process.stderr.write(`[setup] ${line}\n`);
}

/**
 * Runs a script: its number is the exit code, a SetupError is told plainly, anything else is a bug and keeps its
 * stack. A signal ends the script through `exit`, so that what it started is stopped; but while a program that it
 * runs in the foreground listens too, the signal is that program's.
 */
export async function runScript(script: () => Promise<number>): Promise<never> {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
  try {
    process.exit(await script());
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exit(1);
  }
}
