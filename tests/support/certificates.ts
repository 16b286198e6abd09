import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/child-process.ts';

export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** For `https.createServer`. */
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  /** SHA-256 of the server's public key, base64: what Chromium is told to accept, and nothing else. */
  readonly publicKeyHash: string;
  remove(): Promise<void>;
}

/**
 * A throw-away authority and a server certificate by it, for DNS names and IP addresses, valid for two days, or, where
 * asked, until yesterday.
 */
export async function makeCertificates(
  names: readonly string[],
  { isExpired = false } = {},
): Promise<Certificates> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'certificates-'));
  const file = (name: string) => path.join(folder, name);
  const openssl = async (...args: string[]) => {
    const { code, stderr } = await run('openssl', args, { cwd: folder, timeoutMs: 30_000 });
    if (code !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    await openssl(
      ...['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2'],
      ...['-subj', '/CN=Throw-away test authority', '-addext', 'keyUsage=critical,keyCertSign'],
    );
    await openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=test');
    const alternatives = names.map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`));
    await writeFile(
      file('extensions'),
      `subjectAltName=${alternatives.join(',')}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`,
    );
    await openssl(
      ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-days', isExpired ? '-1' : '2', '-extfile', 'extensions', '-out', 'server.pem'],
    );
    const cert = await readFile(file('server.pem'), 'utf8');
    const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
    return {
      caFile: file('ca.pem'),
      certFile: file('server.pem'),
      keyFile: file('server.key'),
      cert,
      key: await readFile(file('server.key'), 'utf8'),
      ca: await readFile(file('ca.pem'), 'utf8'),
      publicKeyHash: createHash('sha256').update(publicKey).digest('base64'),
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
