/** Warnings by mail: one message over one connection, once. */
import type { SecureContext } from 'node:tls';
import { createTransport } from 'nodemailer';
import type { MailChannel } from '../../../shared/configuration.ts';
import { done, type Result } from '../../../shared/result.ts';
import type { WarningMessage } from '../../../shared/warning-message.ts';
import type { Log, Notifier } from '../../ports.ts';
import { createRedactor } from '../log/redactor.ts';
import { failureOf, isTlsFailure } from './mail-failure.ts';
import { mailOf } from './mail-of.ts';
import {
  type Encryption,
  parseSmtpUrl,
  type SmtpLimits,
  type SmtpServer,
  transportOptionsOf,
} from './smtp-options.ts';

/** How long one mail may take in all: the alerter's claim must still stand when the outcome is known. */
export const MAIL_TIMEOUT_MS = 75_000;

export interface MailOptions extends MailChannel, Partial<Omit<SmtpLimits, 'secureContext'>> {
  /** Which authorities are trusted; asked for when a mail leaves. */
  readonly trust: () => SecureContext;
  /** Told when some of several recipients were refused: the mail counts as sent then. */
  readonly log?: Pick<Log, 'warn'>;
  readonly timeoutMs?: number;
}

/**
 * Sends once and says what came of it; repeating is the alerter's business. Credentials leave only over TLS with a
 * certificate that was checked, or to this machine. Nothing stays open afterwards.
 */
export function createMailNotifier(options: MailOptions): Notifier {
  const { from, to, log, timeoutMs = MAIL_TIMEOUT_MS } = options;
  const server = parseSmtpUrl(options.smtpUrl);
  const redact = redactorOf(options.smtpUrl, server);
  const limits = {
    connectMs: options.connectMs ?? 15_000,
    replyMs: options.replyMs ?? 45_000,
  };

  async function attempt(
    message: WarningMessage,
    encryption: Encryption,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const transport = createTransport(
      transportOptionsOf(server, encryption, { ...limits, secureContext: options.trust() }),
    );
    try {
      const {
        accepted,
        rejected,
        rejectedErrors = [],
      } = await transport.sendMail({
        ...mailOf(message),
        from,
        to: [...to],
        headers: {
          // A machine's mail: nobody's absence notice answers it (RFC 3834, section 5; the other for Exchange).
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
        },
        signal,
      });
      if (rejected.length > 0) {
        const answers = redact(rejectedErrors.map(({ response }) => response ?? '').join('; '));
        const all = accepted.length + rejected.length;
        log?.warn('alerts', `${rejected.length} of ${all} recipients refused: ${answers}`, message.mall);
      }
      return done(undefined);
    } catch (error) {
      return failureOf(error, redact);
    } finally {
      transport.close();
    }
  }

  return {
    channel: 'mail',
    async send(message) {
      const signal = AbortSignal.timeout(timeoutMs);
      const first = await attempt(message, server.encryption, signal);
      // A mail server on one's own machine often has a certificate that nobody signed; nothing was sent over it.
      const isLocalTrouble = server.encryption === 'preferred' && !first.ok && isTlsFailure(first);
      return isLocalTrouble ? await attempt(message, 'none', signal) : first;
    },
  };
}

function redactorOf(smtpUrl: string, { user, password }: SmtpServer): (text: string) => string {
  const redactor = createRedactor();
  redactor.learn(smtpUrl);
  redactor.learn(new URL(smtpUrl).password);
  redactor.learn(password);
  // As AUTH PLAIN sends it (RFC 4616); AUTH LOGIN's form is learned with the password.
  redactor.learn(`\0${user ?? ''}\0${password}`);
  return redactor.redact;
}
