/** What is awaited did not come in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** What `work` ends with, or a `TimeoutError` after `timeMs`; the work itself goes on unheard. */
export async function within<T>(timeMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError('no answer in time')), timeMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
