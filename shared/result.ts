import type { Code } from './codes.ts';

/** An expected failure, as a value. `detail` is for whoever looks for the cause; a log gets `codesIn` it where it holds another machine's words. */
export interface Failure {
  readonly ok: false;
  readonly code: Code;
  readonly detail?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(code: Code, detail?: string): Failure {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}

/** For the default branch of a switch over a union: does not compile when a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}

/**
 * What of a detail may stand in a log: its leading codes, as in `550 5.7.1` or `ECONNREFUSED`. The words after them are
 * another machine's, and may hold anything (docs/guarantees.md, row 45).
 */
export function codesIn(detail: string): string {
  return /^(?:\d{3}(?: \d\.\d{1,3}\.\d{1,3})?|[A-Z][A-Z0-9_]+)/.exec(detail)?.[0] ?? '';
}
