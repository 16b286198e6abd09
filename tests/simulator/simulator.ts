import type { DeadlineKind, IssuedSet, Revocation } from './cafe24-state.ts';
import type { Fault, ParsedFault } from './faults.ts';
import type { TimeForm } from './korean-time.ts';
import type { SimulatorClient, SimulatorMall } from './registration.ts';
import type { TokenBody } from './token-body.ts';
import type { TokenRequestRecord } from './token-record.ts';

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: DEFAULT_CLIENT, with DEFAULT_LOOPBACK_REDIRECT_URI added under `allowLoopbackRedirect`. */
  readonly clients?: readonly SimulatorClient[];
  /** Default: DEFAULT_MALL. */
  readonly malls?: readonly SimulatorMall[];
  readonly allowLoopbackRedirect?: boolean;
  /** Default `rolling`, as in every measurement. */
  readonly deadline?: DeadlineKind;
  /** Epoch ms; default the real time. */
  readonly startAt?: number;
  /** `GET /__clock` answers 404: programs go by the Date of its answers, as at the real Cafe24. */
  readonly hidesClock?: boolean;
  readonly timeForm?: TimeForm;
  /** Adds `expires_in` and `refresh_token_expires_in`, which no measured answer has. */
  readonly withExpiresIn?: boolean;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
}

/** An issued set together with the documented JSON that states it. */
export interface IssuedAnswer extends IssuedSet {
  readonly body: TokenBody;
}

export interface IssueOverrides {
  readonly clientId?: string | undefined;
  readonly userId?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** When the consent was given and the set issued; default now. May lie in the past. */
  readonly issuedAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly refreshTokenExpiresAt?: number | undefined;
  /** When the refresh token really dies, where that is not at its stated deadline. */
  readonly diesAt?: number | undefined;
}

/** What a hook sees of the token request it runs inside of. */
export interface TokenRequestContext {
  readonly mallId: string;
  readonly clientId: string | null;
  readonly grantType: string | null;
  readonly refreshToken: string | null;
  readonly code: string | null;
  /** What was issued; null in the phase `before`. */
  readonly issued: IssuedSet | null;
}

/** `before`: nothing was checked yet. `after-apply`: a set was issued, and its answer has not left yet. */
export type HookPhase = 'before' | 'after-apply';
export type TokenRequestHook = (context: TokenRequestContext) => Promise<void> | void;

export interface Simulator {
  /** For example `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** The value for CAFE24_API_ORIGIN: the origin and literally `/{mall_id}`. */
  readonly apiOrigin: string;

  now(): number;
  setNow(at: number): void;
  advance(ms: number): void;

  /** Every POST to the token endpoint, in the order of arrival. */
  readonly requests: readonly TokenRequestRecord[];
  /** Every POST to the revocation endpoint that was in order, oldest first. */
  readonly revocations: readonly Revocation[];
  readonly faults: {
    add(fault: Fault): void;
    clear(): void;
    pending(): readonly ParsedFault[];
  };
  /** Runs a hook inside every token request; returns the function that removes it. */
  onTokenRequest(phase: HookPhase, hook: TokenRequestHook): () => void;

  /** Mints a valid set, as an earlier consent would have. Counts as no request. */
  issue(mallId: string, overrides?: IssueOverrides): IssuedAnswer;
  /** Redeems a refresh token as another program would, beside the record; throws where it is refused. */
  rotateElsewhere(mallId: string, refreshToken: string): IssuedAnswer;
  /** Whether a token would be accepted now. */
  isLive(token: string): boolean;

  /** Re-issues the client secret: every token of the app is dead at once. */
  revokeSecret(clientId: string, newSecret: string): void;
  setDeadline(kind: DeadlineKind): void;
  /** Changes what is registered for an app: redirect URIs, ticked scopes, whether PKCE is demanded. */
  updateClient(clientId: string, change: Partial<Omit<SimulatorClient, 'clientId' | 'clientSecret'>>): void;
  /** Removes the app from the mall: 403 from the Admin API, "Uninstalled app" from the token endpoint. */
  uninstall(mallId: string): void;
  reinstall(mallId: string): void;
  /** Forgets tokens, codes, limits, faults and the record; apps, malls and the clock stay. */
  reset(): void;

  close(): Promise<void>;
}
