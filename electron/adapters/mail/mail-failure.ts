import type { NodemailerError } from 'nodemailer';
import type { Code } from '../../../shared/codes.ts';
import { type Failure, failed } from '../../../shared/result.ts';

const LONGEST_QUOTE = 200;

/** What TLS itself says, under the one code that every broken socket has. */
const TLS_TROUBLE = /^(ERR_TLS|ERR_SSL|EPROTO$)|CERT|SIGNATURE|SELF_SIGNED/;
/** Replies that mean that nobody is signed in, or not as it should be (RFC 4954, section 6). */
const AUTH_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/**
 * A failure of nodemailer as ours; the detail is the server's own answer, or the cause in a word. Anything that did not
 * come out of a conversation with a server is a bug, and is thrown on.
 */
export function failureOf(error: unknown, redact: (text: string) => string): Failure {
  if (!isMailError(error)) throw error;
  const answer = error.response ?? `${causeOf(error)}: ${error.message}`;
  // Redacted before it is cut, so that no half of a secret is left.
  const detail = redact(answer).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_QUOTE);
  return failed(codeOf(error), detail);
}

/** Whether the connection could not be made safe; nothing was sent over it. */
export function isTlsFailure({ code }: Failure): boolean {
  return code === 'channel.mail_tls';
}

function codeOf(error: NodemailerError): Code {
  const { code, responseCode: reply } = error;
  if (code === 'ETLS' || TLS_TROUBLE.test(causeOf(error))) return 'channel.mail_tls';
  // 4yz is "not now" (RFC 5321, section 4.2.1), 5yz is "not so".
  if (reply !== undefined && reply >= 400 && reply < 500) return 'channel.busy';
  if (code === 'EAUTH' || code === 'ENOAUTH' || (reply !== undefined && AUTH_REPLIES.has(reply)))
    return 'channel.mail_auth';
  if ((reply !== undefined && reply >= 500) || code === 'EENVELOPE' || code === 'EMESSAGE')
    return 'channel.mail_refused';
  return 'channel.unreachable';
}

function causeOf(error: NodemailerError): string {
  return error.originalCode ?? error.code ?? error.name;
}

function isMailError(error: unknown): error is NodemailerError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
