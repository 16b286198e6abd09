import type { Result } from '../../../../shared/result.ts';

/** The value, or an error that names the code: for steps that a test takes for granted. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code} ${result.detail ?? ''}`);
  return result.value;
}
