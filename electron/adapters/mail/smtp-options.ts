import type { SecureContext } from 'node:tls';
import type { SMTPTransportOptions } from 'nodemailer';
import { isLoopbackHost } from '../../../shared/loopback.ts';
import { percentDecoded } from '../../../shared/percent-decoded.ts';

/**
 * `tls` from the first byte; `starttls` or nothing is sent; `preferred`: STARTTLS where the server offers it, for this
 * machine alone, where nobody listens in; `none` although it is offered.
 */
export type Encryption = 'tls' | 'starttls' | 'preferred' | 'none';

/** What is known of a mail server: from `SMTP_URL` alone, whose query and path are refused before it comes here. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly encryption: Exclude<Encryption, 'none'>;
  readonly user: string | null;
  readonly password: string;
}

/** The ports that RFC 8314 names for submission. */
const TLS_PORT = 465;
const STARTTLS_PORT = 587;

/** `smtps://` or `smtp://`, checked (`readSmtpUrl`); user and password may be percent-encoded. */
export function parseSmtpUrl(smtpUrl: string): SmtpServer {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isTls = protocol === 'smtps:';
  return {
    host,
    port: port === '' ? (isTls ? TLS_PORT : STARTTLS_PORT) : Number(port),
    encryption: isTls ? 'tls' : isLoopbackHost(host) ? 'preferred' : 'starttls',
    user: username === '' ? null : percentDecoded(username),
    password: percentDecoded(password),
  };
}

export interface SmtpLimits {
  /** For each step to a session: the name, the connection, the greeting. */
  readonly connectMs: number;
  /** For each reply afterwards. A server may think long about a mail it was given (RFC 5321, section 4.5.3.2). */
  readonly replyMs: number;
  /** Which authorities are trusted. */
  readonly secureContext: SecureContext;
}

export function transportOptionsOf(
  server: SmtpServer,
  encryption: Encryption,
  limits: SmtpLimits,
): SMTPTransportOptions {
  const { host, port, user, password } = server;
  return {
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(user === null ? {} : { auth: { user, pass: password } }),
    // Said outright: an environment variable must not switch it off.
    tls: { rejectUnauthorized: true, secureContext: limits.secureContext },
    dnsTimeout: limits.connectMs,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    socketTimeout: limits.replyMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
    debug: false,
  };
}
