import type { Code } from './codes.ts';

/** An expected failure, as a value. `detail` is for the log only: it is never shown and is redacted on the way. */
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
