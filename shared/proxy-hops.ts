/**
 * Where a connection goes: straight, or through a proxy. Pure readings of what a system or an environment says about it;
 * who may use them is `reachesDirectly`'s business.
 */
import { isLoopbackHost } from './loopback.ts';
import { percentDecoded } from './percent-decoded.ts';

/** A proxy that is asked for a tunnel with CONNECT (RFC 9110, section 9.3.6). */
export interface ProxyHop {
  readonly kind: 'proxy';
  /** Whether the proxy itself is spoken to over TLS. */
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Only an environment's proxy brings any. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** One way to a target. `unusable` is named, not skipped: who set it up is to be told. */
export type Hop = ProxyHop | { readonly kind: 'direct' } | { readonly kind: 'unusable' };

const DIRECT: Hop = { kind: 'direct' };
const UNUSABLE: Hop = { kind: 'unusable' };

/** Proxies are for https to other machines: this machine, and with it the simulator, is never reached through one. */
export function reachesDirectly({ protocol, hostname }: URL): boolean {
  return protocol !== 'https:' || isLoopbackHost(hostname);
}

/**
 * The answer of a proxy script or of a system's settings, `PROXY a:8080; DIRECT`: hops in the order in which they are to
 * be tried.
 */
export function hopsOfSystem(answer: string): readonly Hop[] {
  const hops = answer
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(hopOfSystem);
  return hops.length === 0 ? [DIRECT] : hops;
}

function hopOfSystem(part: string): Hop {
  const [kind = '', address = ''] = part.split(/\s+/);
  switch (kind.toUpperCase()) {
    case 'DIRECT':
      return DIRECT;
    case 'PROXY':
    case 'HTTP':
      return proxyOf(`http://${address}`);
    case 'HTTPS':
      return proxyOf(`https://${address}`);
    default:
      // SOCKS, QUIC and what is yet to come.
      return UNUSABLE;
  }
}

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** `HTTPS_PROXY` unless `NO_PROXY` names the target; lower-case names win, as with other programs. */
export function hopsOfEnvironment(env: ProxyEnvironment, url: URL): readonly Hop[] {
  const proxy = proxyOfEnvironment(env);
  if (proxy === null || isExempt(named(env, 'no_proxy'), url)) return [DIRECT];
  return [proxy];
}

/** The environment's proxy whatever the target; null where it names none. */
export function proxyOfEnvironment(env: ProxyEnvironment): Hop | null {
  const text = named(env, 'https_proxy');
  if (text === '') return null;
  return proxyOf(text.includes('://') ? text : `http://${text}`);
}

function proxyOf(text: string): Hop {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return UNUSABLE;
  const tls = url.protocol === 'https:';
  return {
    kind: 'proxy',
    tls,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    credentials:
      url.username === ''
        ? null
        : { user: percentDecoded(url.username), password: percentDecoded(url.password) },
  };
}

/**
 * `NO_PROXY`: names with commas or spaces between. A name stands for itself and all below it, `*` for everything, and a
 * port narrows it.
 */
function isExempt(list: string, { hostname, port }: URL): boolean {
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry === '*' || isNamedBy(entry, host, port || '443'));
}

const ENTRY = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/;

function isNamedBy(entry: string, host: string, port: string): boolean {
  // An IPv6 address without brackets is no name with a port.
  const [, six, name, onlyPort] = ENTRY.exec(entry) ?? [];
  const bare = (six ?? name ?? entry).replace(/^\*?\./, '');
  if (bare === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
  return host === bare || host.endsWith(`.${bare}`);
}

function named(env: ProxyEnvironment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim();
}
