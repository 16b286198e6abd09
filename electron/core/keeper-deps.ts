import type { Code } from '../../shared/codes.ts';
import type {
  ClientCredentials,
  Clock,
  Identity,
  Journal,
  Log,
  Timers,
  TokenEndpoint,
  TokenStore,
} from '../ports.ts';

/** What one mall's keeper works with. Getters are read at every look, so that a changed setting counts at once. */
export interface KeeperDeps {
  readonly mall: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly store: TokenStore;
  readonly journal: Journal;
  readonly endpoint: TokenEndpoint;
  readonly identity: Identity;
  readonly log: Log;
  /** The credentials at hand; null while they are not configured. */
  client(): ClientCredentials | null;
  fingerprintOf(client: ClientCredentials): string;
  /** Why refresh tokens must not be redeemed here (a data folder that keeps nothing, say); null when they may. */
  mayNotRedeem(): Code | null;
  /** A look is not to become a request, although one is due: who asks for the state uses no token for that. */
  readonly onlyLooks: boolean;
  /** False for the first minutes without a server's Date: no deadline is concluded to have passed. */
  isClockTrusted(): boolean;
  /** Names a secret to the redacting logger before anything can speak of it. */
  learn(secret: string): void;
}
