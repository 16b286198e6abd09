/** What kept a request from being sent, as one of our codes and as a word for the log. */
import type { Code } from '../../../shared/codes.ts';
import { ProxyError } from './tunnel.ts';

/** The cause in a word: codes and names only, never a header or a body. */
export function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof ProxyError) return `proxy ${error.reason}: ${error.detail}`;
  const code = (error as NodeJS.ErrnoException).code;
  const cause = error.cause === undefined ? '' : `: ${detailOf(error.cause)}`;
  return `${code ?? error.name}${cause}`;
}

/** Which of our codes a failure to connect is. */
export function codeOf(error: unknown): Code {
  const barrier = barrierOf(error);
  if (barrier !== null) return barrier;
  switch (wordOf(error)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'network.dns';
    case 'ECONNREFUSED':
      return 'network.refused';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'TimeoutError':
      return 'network.timeout';
    default:
      return 'network.unreachable';
  }
}

/** What stands between here and there: a proxy, or TLS that is not what it should be; null for anything else. */
export function barrierOf(error: unknown): Code | null {
  if (error instanceof ProxyError) return PROXY_CODES[error.reason];
  const found = TLS_CODES.find(([pattern]) => pattern.test(wordOf(error)));
  if (found) return found[1];
  return error instanceof Error && error.cause !== undefined ? barrierOf(error.cause) : null;
}

const PROXY_CODES = {
  unreachable: 'network.proxy_unreachable',
  auth: 'network.proxy_auth',
  refused: 'network.proxy_refused',
  unusable: 'network.proxy_unusable',
} as const satisfies Record<ProxyError['reason'], Code>;

/** The words of OpenSSL's X509_V_ERR_... and of Node, for certificates and for all else that TLS can end with. */
const TLS_CODES: readonly (readonly [RegExp, Code])[] = [
  [/^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_UNTRUSTED|CERT_SIGNATURE_|INVALID_CA)/, 'network.tls_untrusted'],
  [/^(ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/, 'network.tls_hostname'],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)/, 'network.tls_expired'],
  [/^(ERR_TLS|CERT_|EPROTO|ERR_SSL)/, 'network.tls'],
];

function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
