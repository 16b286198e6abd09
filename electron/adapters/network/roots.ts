/** Which certificate authorities TLS connections trust: the runtime's own and, added to them, the operating system's. */
import { readFileSync } from 'node:fs';
import tls, { type SecureContext } from 'node:tls';
import type { Log } from '../../ports.ts';
import type { Environment } from '../environment.ts';

/** Where Linux distributions keep their bundle: Debian, Fedora, openSUSE, Alpine. */
const LINUX_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g;

export interface RootsOptions {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * What the system trusts, PEM: by the runtime where it can tell (Node 22.15 and later), else on Linux from the system's
 * bundle, which `SSL_CERT_FILE` may name; and always `NODE_EXTRA_CA_CERTS`.
 */
export function systemRoots({ env, platform, log }: RootsOptions): readonly string[] {
  const told = rootsOfRuntime();
  const bundles = env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : LINUX_BUNDLES;
  // A runtime that can tell may still know no bundle but its own build's.
  const isBundleRead = platform === 'linux' && (told.length === 0 || env.SSL_CERT_FILE);
  const bundled = isBundleRead ? firstBundle(bundles, log) : [];
  const extra = env.NODE_EXTRA_CA_CERTS ? firstBundle([env.NODE_EXTRA_CA_CERTS], log) : [];
  return [...told, ...bundled, ...extra];
}

/** What TLS connections are checked with: built at the first use, since reading some 150 certificates takes a while. */
export function createTrust(roots: () => readonly string[]): () => SecureContext {
  let context: SecureContext | null = null;
  return () => {
    context ??= tls.createSecureContext({
      ca: distinct([...tls.rootCertificates, ...roots()]),
      minVersion: 'TLSv1.2',
    });
    return context;
  };
}

function rootsOfRuntime(): readonly string[] {
  // The types are those of the oldest supported runtime.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => readonly string[] };
  try {
    return getCACertificates?.('system') ?? [];
  } catch {
    // A runtime built without it.
    return [];
  }
}

function firstBundle(files: readonly string[], log: Pick<Log, 'warn'>): readonly string[] {
  for (const file of files) {
    try {
      return readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // One that was named outright should be there.
      if (files.length === 1) log.warn('network', `the certificates of ${file} cannot be read: ${code}`);
    }
  }
  return [];
}

function distinct(certificates: readonly string[]): string[] {
  const bySubstance = new Map(certificates.map((pem) => [pem.replaceAll(/\s/g, ''), pem]));
  return [...bySubstance.values()];
}
