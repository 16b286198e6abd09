/**
 * The main key's text, `cafe24:oauth:MALL`: four documented fields and whatever other programs added. The added fields
 * are carried as raw text, so that a 17-digit number or an empty array comes back byte for byte (docs/guarantees.md, row
 * 23).
 */
import { type Node, parseTree } from 'jsonc-parser';
import { parseCafe24Time } from './korean-time.ts';
import type { TokenSet } from './token-set.ts';

/** A field of another program: its name and its value as the raw JSON text that stood there. */
export type ExtraField = readonly [name: string, rawValue: string];

export interface StoredText {
  readonly tokens: Omit<TokenSet, 'refreshTokenExpiresAt'> & {
    readonly refreshTokenExpiresAt: number | null;
  };
  readonly extras: readonly ExtraField[];
}

const OURS = new Set(['access_token', 'expires_at', 'refresh_token', 'refresh_token_expires_at']);

/** Stands for an `expires_at` that is missing or no time: the access token counts as expired. */
export const NO_EXPIRY = 0;

/**
 * Reads the stored text. Times are epoch ms; text in Cafe24's own form is read as well, since programs that store the
 * token answer as it came exist. What is usable is used: a missing access token is `''`, its missing end `NO_EXPIRY`,
 * a missing refresh deadline null.
 *
 * @returns null for rubbish: no JSON object, or no refresh token in it
 */
export function parseStored(text: string): StoredText | null {
  const fields = rawFieldsOf(text);
  if (!fields) return null;
  const value = valuesOf(fields);
  const accessToken = value('access_token');
  const refreshToken = value('refresh_token');
  if (typeof refreshToken !== 'string' || refreshToken === '') return null;
  return {
    tokens: {
      accessToken: typeof accessToken === 'string' ? accessToken : '',
      refreshToken,
      expiresAt: timeOf(value('expires_at')) ?? NO_EXPIRY,
      refreshTokenExpiresAt: timeOf(value('refresh_token_expires_at')),
    },
    extras: [...fields].filter(([name]) => !OURS.has(name)),
  };
}

/**
 * Until when programs can use a text that is rubbish to us: it has an access token, and no refresh token.
 *
 * @returns epoch ms; `NO_EXPIRY` where there is nothing to use
 */
export function servedUntil(text: string): number {
  const fields = rawFieldsOf(text);
  if (!fields) return NO_EXPIRY;
  const value = valuesOf(fields);
  const accessToken = value('access_token');
  const isUsable = typeof accessToken === 'string' && accessToken !== '';
  return (isUsable && timeOf(value('expires_at'))) || NO_EXPIRY;
}

/** The text to store: the four fields first, then the other programs' fields as they were. */
export function writeStored(tokens: TokenSet, extras: readonly ExtraField[]): string {
  const ours = JSON.stringify({
    access_token: tokens.accessToken,
    expires_at: tokens.expiresAt,
    refresh_token: tokens.refreshToken,
    refresh_token_expires_at: tokens.refreshTokenExpiresAt,
  });
  const theirs = extras.map(([name, raw]) => `,${JSON.stringify(name)}:${raw}`).join('');
  return `${ours.slice(0, -1)}${theirs}}`;
}

/** The object's fields by name with their raw values; the last of a repeated name counts, as in JSON.parse. */
function rawFieldsOf(text: string): Map<string, string> | null {
  let root: Node | undefined;
  try {
    JSON.parse(text); // stricter than the tolerant tree below: comments and trailing commas are rubbish here
    root = parseTree(text); // overflows the stack where something is nested thousands of levels deep
  } catch {
    return null;
  }
  if (root?.type !== 'object') return null;
  const fields = new Map<string, string>();
  for (const property of root.children ?? []) {
    const [key, value]: (Node | undefined)[] = property.children ?? [];
    if (key && value) fields.set(String(key.value), text.slice(value.offset, value.offset + value.length));
  }
  return fields;
}

function valuesOf(fields: ReadonlyMap<string, string>): (name: string) => unknown {
  return (name) => {
    const raw = fields.get(name);
    return raw === undefined ? undefined : JSON.parse(raw);
  };
}

function timeOf(value: unknown): number | null {
  // Milliseconds with a fraction are what some languages make of a time.
  if (typeof value === 'number') {
    const whole = Math.trunc(value);
    return Number.isSafeInteger(whole) && whole > 0 ? whole : null;
  }
  if (typeof value !== 'string') return null;
  if (/^\d{12,15}$/.test(value)) return Number(value);
  return parseCafe24Time(value);
}
