/** The three forms of `KV_REDIS_URL` (README.md, "Connect a real shop"), taken apart and put together again. */

export interface RedisHost {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

interface RedisCommon {
  readonly tls: boolean;
  readonly hosts: readonly RedisHost[];
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
}

export type RedisAddress =
  | (RedisCommon & { readonly kind: 'single' })
  /** Several hosts with commas; a cluster has database 0 only. */
  | (RedisCommon & { readonly kind: 'cluster' })
  /** The credentials are Redis's own, not those of the sentinels. */
  | (RedisCommon & { readonly kind: 'sentinel'; readonly master: string });

const SCHEMES = {
  redis: { tls: false, sentinel: false, port: 6379 },
  rediss: { tls: true, sentinel: false, port: 6379 },
  'redis+sentinel': { tls: false, sentinel: true, port: 26379 },
} as const;

const FORM = /^(?<scheme>[a-z+]+):\/\/(?:(?<user>[^/]*)@)?(?<hosts>[^@/?#\s]+)(?:\/(?<path>[^?#\s]*))?$/;
const HOST = /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<name>[a-z0-9._-]+))(?::(?<port>\d{1,5}))?$/i;

/** The address, or null when the text is none of the three forms. Nothing is guessed and no part is skipped. */
export function parseRedisUrl(text: string): RedisAddress | null {
  const parts = FORM.exec(text)?.groups;
  const scheme = parts?.scheme;
  if (!parts || !scheme || !isScheme(scheme)) return null;
  const { tls, sentinel, port } = SCHEMES[scheme];
  const hosts = parts.hosts?.split(',').map((host) => parseHost(host, port)) ?? [];
  if (!hosts.every((host) => host !== null)) return null;
  const credentials = parseCredentials(parts.user ?? '');
  const segments = (parts.path ?? '').split('/').filter((segment) => segment !== '');
  const master = sentinel ? decoded(segments.shift() ?? '') : null;
  const database = parseDatabase(segments);
  if (!credentials || database === null) return null;
  const common = { tls, hosts, ...credentials, database };
  if (sentinel) return master ? { kind: 'sentinel', ...common, master } : null;
  if (hosts.length === 1) return { kind: 'single', ...common };
  return database === 0 ? { kind: 'cluster', ...common } : null;
}

/** The address as text that may be shown and stored: without user and password. */
export function redisPlaceOf(address: RedisAddress): string {
  return format(address, '');
}

/** The address as a URL again, with its credentials. */
export function redisUrlOf(address: RedisAddress): string {
  const { username, password } = address;
  const user = encodeURIComponent(username ?? '');
  const pass = password === null ? '' : `:${encodeURIComponent(password)}`;
  return format(address, user || pass ? `${user}${pass}@` : '');
}

function format(address: RedisAddress, credentials: string): string {
  const scheme = address.kind === 'sentinel' ? 'redis+sentinel' : address.tls ? 'rediss' : 'redis';
  const hosts = address.hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  const master = address.kind === 'sentinel' ? `/${encodeURIComponent(address.master)}` : '';
  return `${scheme}://${credentials}${hosts.join(',')}${master}/${address.database}`;
}

function isScheme(scheme: string): scheme is keyof typeof SCHEMES {
  return Object.hasOwn(SCHEMES, scheme);
}

function parseHost(text: string, defaultPort: number): RedisHost | null {
  const groups = HOST.exec(text)?.groups;
  const host = groups?.six ?? groups?.name;
  if (!host) return null;
  const port = groups?.port === undefined ? defaultPort : Number(groups.port);
  return port >= 1 && port <= 65_535 ? { host: host.toLowerCase(), port } : null;
}

function parseCredentials(text: string): Pick<RedisCommon, 'username' | 'password'> | null {
  const colon = text.indexOf(':');
  const username = decoded(colon === -1 ? text : text.slice(0, colon));
  const password = colon === -1 ? '' : decoded(text.slice(colon + 1));
  if (username === null || password === null) return null;
  return { username: username || null, password: password || null };
}

function parseDatabase(segments: readonly string[]): number | null {
  if (segments.length === 0) return 0;
  const [only, more] = segments;
  return more === undefined && only !== undefined && /^\d{1,4}$/.test(only) ? Number(only) : null;
}

/** Percent-decoded, or null where the encoding is broken. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
