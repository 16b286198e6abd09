/**
 * What comes back from a consent, read from what a browser or a person hands over: parameters of a callback, or a
 * pasted address, code or page text. Pure reading: whether the state is the right one is decided elsewhere.
 */
import type { Code } from './codes.ts';

export type ConsentReply =
  /** `state` is null where none was given: a bare code. */
  | { readonly kind: 'code'; readonly code: string; readonly state: string | null }
  | {
      readonly kind: 'error';
      readonly error: string;
      readonly description: string | null;
      readonly state: string | null;
    }
  | { readonly kind: 'unreadable'; readonly state: string | null };

const NOTHING: ConsentReply = { kind: 'unreadable', state: null };

/** Far above any redirected address (a local callback is bounded at 16 KB), far below a pasted document. */
const MAX_PASTED_CHARACTERS = 16_384;
/** Codes seen are about 22 opaque characters; only what cannot be one is refused. */
const CODE = /^[A-Za-z0-9._~+/=-]{10,512}$/;
/** In running text a code must be longer than the words around it. */
const CODE_AMONG_WORDS = /^[A-Za-z0-9._~+/=-]{16,512}$/;

/** Reads the parameters of a callback. An error outweighs a code; a repeated parameter counts once. */
export function parseCallback(get: (name: string) => string | null | undefined): ConsentReply {
  const state = get('state') || null;
  const error = get('error');
  if (error) return { kind: 'error', error, description: plainDescription(get('error_description')), state };
  const code = get('code');
  return code && CODE.test(code) ? { kind: 'code', code, state } : { kind: 'unreadable', state };
}

/** Reads what a person pasted: an address, its query alone, a bare code, or the relay page's text around a code. */
export function parsePasted(text: string): ConsentReply {
  if (text.length > MAX_PASTED_CHARACTERS) return NOTHING;
  const trimmed = text
    .replace(/\u200b|\u200c|\u200d|\ufeff/g, '')
    .trim()
    .replace(/^["'“”‘’`<]{1,4}/, '')
    .replace(/["'“”‘’`>,;]{1,4}$/, '')
    .trim();
  const query = queryIn(trimmed);
  if (query !== null) return parseCallback((name) => query.get(name));
  const code = codeIn(trimmed);
  return code === null ? NOTHING : { kind: 'code', code, state: null };
}

/** The query of an address, of `?code=...`, or of `code=...&state=...`; null where there is none. */
function queryIn(text: string): URLSearchParams | null {
  // A terminal or a mail breaks long addresses over lines: white space inside one is never meant.
  const address = /^https?:\/\//i.test(text) ? text.replace(/\s+/g, '') : /https?:\/\/\S+/i.exec(text)?.[0];
  if (address !== undefined) {
    const bare = address.replace(/["'“”‘’`<>)\]]+$/, '');
    return URL.canParse(bare) ? new URL(bare.replaceAll('&amp;', '&')).searchParams : null;
  }
  if (!/(?:^|[?&])(?:code|error)=/.test(text)) return null;
  return new URLSearchParams(text.replace(/\s+/g, '').replace(/^[^?]*\?/, ''));
}

function codeIn(text: string): string | null {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const joined = lines.join('');
  if ((lines.length === 1 ? CODE : CODE_AMONG_WORDS).test(joined)) return joined;
  const words = text.split(/\s+/).filter((word) => CODE_AMONG_WORDS.test(word));
  return words.length === 1 ? (words[0] ?? null) : null;
}

/** Cafe24 sends some descriptions encoded twice (`The%2Bscope%2Badded...`); reads those as well as plain ones. */
export function plainDescription(raw: string | null | undefined): string | null {
  if (!raw) return null;
  if (!/%[0-9A-Fa-f]{2}/.test(raw)) return /\s/.test(raw) ? raw : raw.replaceAll('+', ' ');
  try {
    return decodeURIComponent(raw.replaceAll('+', ' ')).replaceAll('+', ' ');
  } catch {
    return raw;
  }
}

const ERRORS: Readonly<Record<string, Code>> = {
  access_denied: 'consent.denied',
  invalid_scope: 'consent.invalid_scope',
  invalid_request: 'consent.invalid_request',
  unsupported_response_type: 'consent.invalid_request',
};

/** Our code for the `error` of the authorization endpoint; one that nobody has seen is `consent.failed`. */
export function codeOfConsentError(error: string): Code {
  return Object.hasOwn(ERRORS, error) ? (ERRORS[error] ?? 'consent.failed') : 'consent.failed';
}
