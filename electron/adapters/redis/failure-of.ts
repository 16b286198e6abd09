import type { Code } from '../../../shared/codes.ts';
import { type Failure, failed } from '../../../shared/result.ts';
import { barrierOf } from '../network/failure.ts';

/** What a server's refusal starts with, or holds where a script was refused (Redis 6 wraps it). */
const REFUSALS: readonly (readonly [RegExp, Code])[] = [
  [/\bOOM\b/, 'store.full'],
  [/\b(READONLY|MISCONF|NOREPLICAS)\b/, 'store.readonly'],
  // Redis 7.0 has no word of its own for what a script may not do.
  [
    /\b(NOAUTH|WRONGPASS|NOPERM)\b|invalid (username-)?password|user executing the script can't|DB index/,
    'store.denied',
  ],
];

/**
 * An error of ioredis as a failure with a code. Only the kind of the error becomes the detail: a server's text may
 * quote arguments back, and arguments are tokens.
 */
export function failureOf(error: unknown): Failure {
  const cause = rootOf(error);
  if (!(cause instanceof Error)) return failed('store.unreachable');
  if (cause.name !== 'ReplyError')
    return failed(barrierOf(cause) === null ? 'store.unreachable' : 'store.tls', kindOf(cause));
  const refusal = REFUSALS.find(([pattern]) => pattern.test(cause.message));
  return failed(refusal?.[1] ?? 'store.unreachable', /^[A-Z]+(?: [a-z ]{1,40})?/.exec(cause.message)?.[0]);
}

/** Whether the server spoke as a replica: the connection leads to the wrong place. */
export function isReplicaAnswer(error: Error): boolean {
  return error.name === 'ReplyError' && /\bREADONLY\b/.test(error.message);
}

/** Whether the server refused the database's number; ioredis goes on with the first one all the same. */
export function isWrongDatabase(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && /\bDB index\b/.test(error.message);
}

/** Whether the client refused a command itself: nothing was sent, the connection is just closing. */
export function isUnsent(error: unknown): boolean {
  return error instanceof Error && /^(Stream isn't writeable|Cluster isn't ready)/.test(error.message);
}

/** A cluster, and a client that gave up, wrap the error that says why. */
function rootOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { lastNodeError } = error as { readonly lastNodeError?: unknown };
  return lastNodeError ? rootOf(lastNodeError) : error;
}

function kindOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error.name === 'Error' ? error.message.slice(0, 80) : error.name;
}
