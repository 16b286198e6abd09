import type { Log } from '../../../electron/ports.ts';

/** A log that keeps its lines for the test instead of writing them. */
export function quietLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const keep = (area: string, what: string): void => void lines.push(`[${area}] ${what}`);
  return { lines, info: keep, warn: keep, error: keep };
}
