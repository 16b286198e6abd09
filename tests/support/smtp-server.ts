/** A real SMTP server on this machine: TLS, STARTTLS, authentication, refusals by their codes, and silence. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Certificates } from './certificates.ts';

export type SmtpStep = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

export interface SmtpServerOptions {
  /** `plain` offers no STARTTLS. */
  readonly encryption: 'tls' | 'starttls' | 'plain';
  /** Needed for all but `plain`. */
  readonly certificates?: Pick<Certificates, 'cert' | 'key'>;
  /** Only this account may send; nobody needs one where absent. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly now?: () => number;
}

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire, byte for byte. */
  readonly raw: string;
  readonly isEncrypted: boolean;
  readonly user: string | null;
  /** By `now` of the options. */
  readonly at: number;
}

export interface SmtpTestServer {
  readonly host: string;
  readonly port: number;
  /** Mails that were taken, in order. */
  readonly mails: readonly ReceivedMail[];
  /** Every account that was presented, right or wrong, and whether the connection was encrypted. */
  readonly presented: readonly { readonly user: string; readonly isEncrypted: boolean }[];
  connections(): number;
  /** Answers the step so, until `behave`. For `rcpt` only to addresses that hold `whom`. */
  refuse(step: SmtpStep, code: number, text: string, whom?: string): void;
  /** Says nothing at the step, until `behave`. */
  hang(step: SmtpStep): void;
  behave(): void;
  /** Runs in the handler of the next mail: it was taken, and the sender is not told before this is over. */
  onceTaken(hook: () => Promise<void> | void): void;
  stop(): Promise<void>;
}

type Trouble =
  | { readonly kind: 'refuse'; readonly code: number; readonly text: string; readonly whom: string }
  | { readonly kind: 'hang' };

export async function startSmtpServer(options: SmtpServerOptions): Promise<SmtpTestServer> {
  const { encryption, certificates, account, host = '127.0.0.1', now = Date.now } = options;
  const mails: ReceivedMail[] = [];
  const presented: { user: string; isEncrypted: boolean }[] = [];
  const troubles = new Map<SmtpStep, Trouble>();
  let count = 0;
  let atNext: (() => Promise<void> | void) | null = null;

  /** Goes on with `proceed`, unless trouble is planned for this step. */
  function at(step: SmtpStep, done: (error?: Error) => void, proceed: () => void, who = ''): void {
    const trouble = troubles.get(step);
    if (trouble?.kind === 'hang') return;
    if (trouble?.kind === 'refuse' && who.includes(trouble.whom)) {
      done(Object.assign(new Error(trouble.text), { responseCode: trouble.code }));
    } else proceed();
  }

  function receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error) => void,
  ): void {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        raw: Buffer.concat(chunks).toString('utf8'),
        isEncrypted: session.secure,
        user: typeof session.user === 'string' ? session.user : null,
        at: now(),
      });
      const hook = atNext;
      atNext = null;
      Promise.resolve(hook?.()).then(() => done(), done);
    });
  }

  const server = new SMTPServer({
    ...(certificates ? { cert: certificates.cert, key: certificates.key } : {}),
    secure: encryption === 'tls',
    disabledCommands: [...(encryption === 'plain' ? ['STARTTLS'] : []), ...(account ? [] : ['AUTH'])],
    authOptional: !account,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 200,
    logger: false,
    onConnect(_session, done) {
      count += 1;
      at('connect', done, () => done());
    },
    onAuth({ username = '', password }, session, done) {
      presented.push({ user: username, isEncrypted: session.secure });
      at('auth', done, () => {
        const isRight = username === account?.user && password === account.password;
        done(
          null,
          isRight ? { user: username } : { responseCode: 535, message: '5.7.8 Username or password wrong' },
        );
      });
    },
    onMailFrom({ address }, _session, done) {
      at('mail', done, () => done(), address);
    },
    onRcptTo({ address }, _session, done) {
      at('rcpt', done, () => done(), address);
    },
    onData(stream, session, done) {
      const trouble = troubles.has('data');
      if (trouble) stream.resume();
      at('data', done, () => receive(stream, session, done));
    },
  });
  // A client that breaks off is part of the tests.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, host, () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    host,
    port,
    mails,
    presented,
    connections: () => count,
    refuse: (step, code, text, whom = '') => void troubles.set(step, { kind: 'refuse', code, text, whom }),
    hang: (step) => void troubles.set(step, { kind: 'hang' }),
    behave: () => troubles.clear(),
    onceTaken(hook) {
      atNext = hook;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
