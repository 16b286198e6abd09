/**
 * Takes secrets out of a text before it is logged (docs/guarantees.md, row 45). Two nets: exact values that were learned
 * while running, and the forms in which OAuth secrets travel. When in doubt it hides too much: a log line is
 * replaceable.
 */
import { isCode } from '../../../shared/codes.ts';
import { MALL_STATES } from '../../../shared/mall-state.ts';

export interface Redactor {
  /** From now on this value is hidden, as it is and in the encodings in which it may appear. */
  learn(secret: string): void;
  /** The same for one of the many tokens that come and go: of these only the latest are remembered. */
  learnToken(token: string): void;
  redact(text: string): string;
}

const HIDDEN = '[hidden]';
/** Shorter ones would hide ordinary words. A real secret is never that short. */
const SHORTEST_SECRET = 6;
/** Tokens are learned for as long as the app runs: the oldest, long dead, make room. In forms, of which each has a few. */
const MOST_TOKEN_FORMS = 4000;

export function createRedactor(): Redactor {
  const kept = new Set<string>();
  const ofTokens = new Set<string>();
  let longestFirst: readonly string[] | null = null;
  return {
    learn(secret) {
      longestFirst = null;
      for (const form of formsOf(secret)) kept.add(form);
    },
    learnToken(token) {
      longestFirst = null;
      for (const form of formsOf(token)) {
        ofTokens.delete(form);
        ofTokens.add(form);
      }
      for (const oldest of ofTokens) {
        if (ofTokens.size <= MOST_TOKEN_FORMS) break;
        ofTokens.delete(oldest);
      }
    },
    redact(text) {
      let safe = text;
      // A secret may contain another.
      longestFirst ??= [...kept, ...ofTokens].sort((a, b) => b.length - a.length);
      for (const secret of longestFirst) {
        safe = safe.replaceAll(secret, HIDDEN);
      }
      return redactForms(safe);
    },
  };
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < SHORTEST_SECRET) return [];
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ _: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ];
}

/** Names whose value is always a secret, in a query, a form, JSON or an object printed for a person. */
const SECRET_NAMES =
  'access_?token|refresh_?token|id_?token|client_?secret|code_?verifier|password|passwd|nonce|token';
/** Names that also stand for harmless things: our own codes and states, error codes of the system. */
const AMBIGUOUS_NAMES = 'code|state';

/** `=` or `:`, also percent-encoded, with the quotes of JSON or of printed objects around it, escaped or not. */
const SEPARATOR = String.raw`(?:\\*["'])?\s*(?:=|:|%3[dDaA])\s*`;
const QUOTED = String.raw`"(?:[^"\\]|\\.)*|'(?:[^'\\]|\\.)*|\\+["'][^"'\\]*`;
const BARE = String.raw`[^\s&"'\\<>,;(){}\[\]]+`;

const NAMED_SECRET = new RegExp(`((?<![a-z0-9])(?:${SECRET_NAMES})${SEPARATOR})(${QUOTED}|${BARE})`, 'gi');
/** Bare values only after `=`: "code: 12" is how people write. */
const AMBIGUOUS_SECRET = new RegExp(
  String.raw`((?<![a-z0-9_-])(?:${AMBIGUOUS_NAMES})(?:${SEPARATOR}(?=\\*["'])|(?:=|%3[dD])))(${QUOTED}|${BARE})`,
  'gi',
);
const AUTHORIZATION = /((?:proxy-)?authorization\\*["']?\s*[:=]\s*\\*["']?)(?:[a-z]+\s+)?[^\s"'\\,;]+/gi;
const SCHEME = /\b(Bearer|Basic)(\s+|%20|\+)[A-Za-z0-9+/=._~%-]{8,}/gi;
/** A token is about 22 opaque characters (docs/cafe24.md, 11); after the word it is hidden without a separator too. */
const TOKEN_AFTER_WORD = /(\btoken["']?[\s:=]+["']?)[A-Za-z0-9_-]{20,}/gi;
const COOKIE = /((?:set-)?cookie\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"']+/gi;
const FLOW_COOKIE = /\b(ctk_[\w-]+=)[^\s;"']+/gi;
const URL_CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/"'<>]*@/gi;
const WEBHOOK_PATH = /\b(https?:\/\/hooks\.slack(?:-gov)?\.com)\/[^\s"'<>]+/gi;

function redactForms(text: string): string {
  return text
    .replace(URL_CREDENTIALS, `$1${HIDDEN}@`)
    .replace(WEBHOOK_PATH, `$1/${HIDDEN}`)
    .replace(COOKIE, `$1${HIDDEN}`)
    .replace(FLOW_COOKIE, `$1${HIDDEN}`)
    .replace(AUTHORIZATION, `$1${HIDDEN}`)
    .replace(SCHEME, `$1 ${HIDDEN}`)
    .replace(NAMED_SECRET, (_, name: string, value: string) => name + hide(value))
    .replace(AMBIGUOUS_SECRET, (whole, name: string, value: string) =>
      isHarmless(unquoted(value)) ? whole : name + hide(value),
    )
    .replace(TOKEN_AFTER_WORD, `$1${HIDDEN}`);
}

/** Keeps the opening quote, so that the closing one still has its partner. */
function hide(value: string): string {
  return `${/^\\*["']?/.exec(value)?.[0] ?? ''}${HIDDEN}`;
}

function unquoted(value: string): string {
  return value.replace(/^\\*["']/, '');
}

/** Our own codes and states, HTTP statuses, and error names of the system (ECONNRESET). */
function isHarmless(value: string): boolean {
  return (
    isCode(value) ||
    (MALL_STATES as readonly string[]).includes(value) ||
    /^(?:\d{1,3}|E[A-Z]{3,17}|(?:ERR|UND_ERR)_[A-Z_]{3,40})$/.test(value)
  );
}
