/** The schema main parses every intent with. The window never imports this: it would carry the validator along. */
import { z } from 'zod';
import { type Intent, NOTICE_EVENTS } from './ipc.ts';
import { LOCALES } from './locale.ts';
import { MALL_ID } from './mall-id.ts';
import { CHANNELS } from './warnings.ts';

const mall = z.string().regex(MALL_ID);

/** Longest text a paste may hold: a redirected URL has a few hundred characters. */
const LONGEST_PASTE = 8192;

/** Far above any value that is right, so that a person is told what is wrong with theirs. */
const value = z.string().max(4096);
const secret = value.nullable();
/** A `.env` has a few kilobytes. */
const LONGEST_ENV = 65_536;

const shop = z.strictObject({
  mall,
  clientId: value,
  clientSecret: secret,
  redirectUri: value,
  scopes: value,
  pkce: z.boolean(),
});
const store = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local') }),
  z.strictObject({ kind: z.literal('redis'), url: value, password: secret }),
]);
const channels = z.strictObject({
  slackWebhookUrl: secret,
  smtpUrl: secret,
  alertEmailFrom: value,
  alertEmailTo: value,
  heartbeatUrl: secret,
});

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
  z.strictObject({ do: z.literal('licences') }),
  z.strictObject({ do: z.literal('save-relay-page') }),
  z.strictObject({ do: z.literal('test-warning'), mall, channel: z.enum(CHANNELS) }),
  z.strictObject({ do: z.literal('set-locale'), locale: z.enum(LOCALES).nullable() }),
  z.strictObject({ do: z.literal('set-start-at-login'), on: z.boolean() }),
  z.strictObject({ do: z.literal('save-shop'), shop }),
  z.strictObject({ do: z.literal('rename-shop'), mall, shop }),
  z.strictObject({ do: z.literal('set-paused'), mall, on: z.boolean() }),
  z.strictObject({ do: z.literal('remove-shop'), mall }),
  z.strictObject({ do: z.literal('save-store'), store }),
  z.strictObject({ do: z.literal('save-channels'), channels }),
  z.strictObject({ do: z.literal('import-env'), text: z.string().max(LONGEST_ENV) }),
  z.strictObject({ do: z.literal('try-store'), store, mall: mall.nullable() }),
  z.strictObject({ do: z.literal('try-redirect'), uri: value }),
  z.strictObject({ do: z.literal('close') }),
  z.strictObject({ do: z.literal('open-release') }),
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
