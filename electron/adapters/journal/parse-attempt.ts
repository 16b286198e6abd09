/** A journaled attempt as it was written, or null: the schema of one opened file. */
import { z } from 'zod';
import { CODES } from '../../../shared/codes.ts';
import { MALL_ID } from '../../../shared/mall-id.ts';
import type { Attempt } from '../../ports.ts';

const time = z.number();
const text = z.string();
/** A reason only explains: one that this version does not know must not cost the tokens beside it. */
const reason = z.enum(CODES).nullable().catch(null);

const knownSet = z.object({
  accessToken: text,
  expiresAt: time,
  refreshToken: text,
  refreshTokenExpiresAt: time,
  refreshTokenHash: text,
  issuedAt: time,
  grant: z.object({ id: text, at: time }),
  parent: text.nullable(),
  deadlineSource: z.enum(['server', 'kept', 'estimated']),
  deadlineKind: z.enum(['rolling', 'fixed', 'unknown']),
  scopes: z.array(text),
  userId: text.nullable(),
});

const intent = z.object({
  hash: text,
  at: time,
  owner: text,
  tries: z.number().int(),
  triedAt: time,
  outcome: z.enum(['open', 'lost', 'refused', 'blocked', 'limited']),
  reason,
  retryAt: time.nullable(),
  client: text.nullable(),
  lostHost: text.nullable(),
  afterBlock: reason,
});

const answer = z.object({
  status: z.number().int(),
  date: time.nullable(),
  retryAfterMs: z.number().nullable(),
  body: text,
  receivedAt: time,
});

const attempt = z.object({
  id: text,
  mall: text.regex(MALL_ID),
  owner: text,
  kind: z.enum(['refresh', 'consent', 'adopted', 'disconnect']),
  openedAt: time,
  outcome: z.enum(['proving', 'open', 'not_sent', 'lost', 'answered', 'adopted']),
  parent: knownSet.nullable(),
  tries: z.number().int(),
  why: reason,
  before: intent.nullable(),
  // Older files lack it.
  follows: time.nullable().default(null),
  answer: answer.nullable(),
  offline: z.boolean(),
  settledAt: time.nullable(),
  wiped: z.boolean(),
  presentedHash: text.nullable(),
});

// Both directions: a field missing on either side does not compile.
type Parsed = z.infer<typeof attempt>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const complete: Same<keyof Parsed, keyof Attempt> = true;
void complete;

/** What a file of the journal holds once it is opened; null where it is no attempt. */
export function parseAttempt(opened: string): Attempt | null {
  try {
    const parsed = attempt.safeParse(JSON.parse(opened));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
