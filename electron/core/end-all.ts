/**
 * Ends what runs, step after step and each step's parts together, whatever becomes of a single one: what would run on is
 * a second keeper beside the next. Then throws the first that went wrong.
 */
export async function endAll(...steps: readonly (() => readonly Promise<void>[])[]): Promise<void> {
  const wrong: PromiseRejectedResult[] = [];
  for (const step of steps) {
    const ends = await Promise.allSettled(step());
    wrong.push(...ends.filter((end) => end.status === 'rejected'));
  }
  if (wrong[0]) throw wrong[0].reason;
}

/** What comes of something that runs; where nothing does, it is ended: whoever tries again begins another. */
export async function orEnd<Running extends { stop(): Promise<void> }, T>(
  running: Running,
  use: (running: Running) => Promise<T>,
): Promise<T> {
  try {
    return await use(running);
  } catch (bug) {
    await running.stop();
    throw bug;
  }
}
