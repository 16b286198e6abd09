/** The schema main parses every intent with. The window never imports this: it would carry the validator along. */
import { z } from 'zod';
import { type Intent, NOTICE_EVENTS } from './ipc.ts';
import { LOCALES } from './locale.ts';
import { MALL_ID } from './mall-id.ts';

const mall = z.string().regex(MALL_ID);

/** Longest text a paste may hold: a redirected URL has a few hundred characters. */
const LONGEST_PASTE = 8192;

const intent = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('subscribe') }),
  z.strictObject({ do: z.literal('reauthorize'), mall }),
  z.strictObject({ do: z.literal('cancel'), mall }),
  z.strictObject({ do: z.literal('open-again'), mall }),
  z.strictObject({ do: z.literal('copy-link'), mall }),
  z.strictObject({ do: z.literal('paste'), mall, text: z.string().max(LONGEST_PASTE) }),
  z.strictObject({ do: z.literal('paste-clipboard'), mall }),
  z.strictObject({ do: z.literal('refresh'), mall }),
  z.strictObject({ do: z.literal('test'), mall }),
  z.strictObject({ do: z.literal('disconnect'), mall, anyway: z.boolean() }),
  z.strictObject({ do: z.literal('history'), mall }),
  z.strictObject({ do: z.literal('diagnostics') }),
  z.strictObject({ do: z.literal('copy-diagnostics') }),
  z.strictObject({ do: z.literal('open-logs') }),
  z.strictObject({ do: z.literal('close') }),
  z.strictObject({ do: z.literal('open-release') }),
  z.strictObject({ do: z.literal('set-locale'), locale: z.enum(LOCALES) }),
  z.strictObject({ do: z.literal('notice'), id: z.int().positive(), event: z.enum(NOTICE_EVENTS) }),
  z.strictObject({ do: z.literal('violation'), directive: z.string().regex(/^[a-z-]{1,40}$/) }),
]);

// Both directions: a member missing on either side does not compile.
type Parsed = z.infer<typeof intent>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const complete: Same<Parsed['do'], Intent['do']> = true;
void complete;

/** The intent, or null for anything that is not one. */
export function parseIntent(value: unknown): Intent | null {
  const parsed = intent.safeParse(value);
  return parsed.success ? parsed.data : null;
}
