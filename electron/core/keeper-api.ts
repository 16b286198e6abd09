/** What the rest of the core may ask of a mall's keeper (the actor of `keeper.ts`). */
import type { Code } from '../../shared/codes.ts';
import type { Params } from '../../shared/snapshot.ts';
import type { KnownSet } from '../../shared/token-set.ts';

/** An authorization code to exchange; it lives one minute and redeems no refresh token. */
export interface Consent {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | null;
}

/** How an exchange ended: `consent.connected`, `consent.saved_not_shared`, `consent.other_mall`, `client.secret_wrong`, ... */
export interface Outcome {
  readonly code: Code;
  readonly params: Params;
}

export interface ConsentTaker {
  /** Exchanges at once: waits at most 8 s for the store or a running refresh, journals, posts, publishes. */
  exchange(consent: Consent): Promise<Outcome>;
}

export interface Disconnector {
  /**
   * Revokes the grant at Cafe24, then forgets it: in the store, and in every journal that learns of it. Where Cafe24
   * does not confirm (`disconnect.not_revoked`) nothing is forgotten, unless `anyway`.
   */
  disconnect(how: { readonly anyway: boolean }): Promise<Outcome>;
}

/** A change of the grant in the store, as the wait for a consent needs it. */
export interface GrantWatch {
  /**
   * Calls back when the store comes to hold a set of another grant than at the start of the watch that this install
   * did not get by `exchange`: another program's or another keeper's consent. A refresh of the same grant never
   * calls back. Returns its remover.
   */
  onForeignGrant(listener: (set: KnownSet) => void): () => void;
}
