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
