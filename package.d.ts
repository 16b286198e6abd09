/** The package's types. `tests/unit/package` proves that they are those of `electron/index.ts`. */

export interface TokenKeeperOptions {
  /** Where the variables of the README are looked up; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The shop, where several are configured. */
  readonly mall?: string;
  /** The data folder; default `CAFE24_KEEPER_HOME`, else the platform's place. */
  readonly dataDir?: string;
  /** How old what is remembered may be, in ms: at most and by default five minutes; 0 asks the store each time. */
  readonly maxAgeMs?: number;
}

export interface ExpiryReport {
  readonly mall: string;
  /** `UNKNOWN` where neither the store nor this machine could tell. */
  readonly state:
    | 'NEEDS_REAUTH'
    | 'BLOCKED'
    | 'UNCONFIRMED'
    | 'CRITICAL'
    | 'EXPIRING'
    | 'HEALTHY'
    | 'UNKNOWN';
  /** A code of the README; null when all is well. */
  readonly reason: string | null;
  /** The refresh token's deadline, epoch ms; null when the shop was never connected. */
  readonly refreshTokenExpiresAt: number | null;
  /** Warnings that left with this check, as `stage:channel`, and those that failed, with their code. */
  readonly sent: readonly string[];
  readonly failed: readonly { readonly warning: string; readonly code: string }[];
  /** What the command line's `check-expiry` would have ended with: 0, 1, 3 or 4. */
  readonly exitCode: number;
}

/** No valid access token can be had now. `code` says why, as in the README. */
export declare class TokenUnavailable extends Error {
  override readonly name: 'TokenUnavailable';
  readonly code: string;
  constructor(code: string);
}

/** A valid access token: from memory for at most five minutes, else from the store, refreshed first where it expired. */
export declare function getAccessToken(options?: TokenKeeperOptions): Promise<string>;

/** The daily check: the state, and the warnings that are due by Slack and mail. `refresh: false` redeems nothing. */
export declare function checkExpiry(
  options?: TokenKeeperOptions & { readonly refresh?: boolean },
): Promise<ExpiryReport>;

/** Closes every connection of this package; a program that is to end calls it last. */
export declare function close(): Promise<void>;
