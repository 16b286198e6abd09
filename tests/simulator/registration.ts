import { isIP } from 'node:net';

/** An app as it is registered in Cafe24 Developers. */
export interface SimulatorClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** The scopes ticked for the app; asking for any other one blocks the consent. */
  readonly scopes: readonly string[];
  /** PKCE with S256 is always understood; with this it is also demanded. Default: not demanded. */
  readonly pkceRequired?: boolean;
}

export interface SimulatorMall {
  readonly mallId: string;
  /** The representative operator, the only account whose consent Cafe24 accepts. */
  readonly ownerId: string;
}

/** Every app may read its own settings, whatever was ticked (docs/cafe24.md, 13). */
export const DEFAULT_SCOPE = 'mall.read_application';

/** Obviously not a real secret, so that it may be printed and pasted. */
export const DEFAULT_CLIENT_SECRET = 'simulator-secret-not-real';

export const DEFAULT_REDIRECT_URI = 'https://relay.example.test/cafe24/';

/** Registered as well for the default client once loopback redirect URIs are allowed. */
export const DEFAULT_LOOPBACK_REDIRECT_URI = 'http://127.0.0.1:17424/api/auth/cafe24/callback';

export const DEFAULT_CLIENT: SimulatorClient = {
  clientId: 'simulatorClient0000001',
  clientSecret: DEFAULT_CLIENT_SECRET,
  redirectUris: [DEFAULT_REDIRECT_URI],
  scopes: ['mall.read_product', 'mall.write_product', 'mall.read_store', 'mall.read_order'],
};

export const DEFAULT_MALL: SimulatorMall = { mallId: 'myshop', ownerId: 'owner' };

/** The shop the operator turns out to be signed in to when only one mall is configured. */
export const OTHER_MALL: SimulatorMall = { mallId: 'othershop', ownerId: 'other-owner' };

const MAX_REDIRECT_URIS = 10;
const MAX_REDIRECT_URI_BYTES = 150;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Why Cafe24 Developers would not register this redirect URI, or null where it would (docs/cafe24.md, 6).
 *
 * Whether `https://localhost` can be registered is not known; the simulator refuses it, so that nothing
 * comes to depend on it, unless loopback URIs are allowed as a whole.
 */
export function whyNotRegistrable(redirectUri: string, allowLoopback: boolean): string | null {
  if (Buffer.byteLength(redirectUri) > MAX_REDIRECT_URI_BYTES) {
    return `longer than ${MAX_REDIRECT_URI_BYTES} bytes`;
  }
  if (!URL.canParse(redirectUri)) return 'not a URL';
  const { protocol, hostname } = new URL(redirectUri);
  if (LOOPBACK_HOSTS.has(hostname)) {
    const webScheme = protocol === 'http:' || protocol === 'https:';
    return allowLoopback && webScheme ? null : 'a loopback address cannot be registered';
  }
  if (protocol !== 'https:') return 'not https';
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return 'an IP address, not a domain name';
  if (!bare.includes('.')) return 'not a domain name';
  return null;
}

/** Throws where Cafe24 Developers would refuse to register the list: a test's mistake, not an outcome. */
export function assertRegistrable(redirectUris: readonly string[], allowLoopback: boolean): void {
  if (redirectUris.length > MAX_REDIRECT_URIS) {
    throw new Error(`at most ${MAX_REDIRECT_URIS} redirect URIs per app, not ${redirectUris.length}`);
  }
  for (const uri of redirectUris) {
    const reason = whyNotRegistrable(uri, allowLoopback);
    if (reason !== null) throw new Error(`redirect URI ${uri} cannot be registered: ${reason}`);
  }
}
