import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';
import { startBrowser } from '../../support/system-browser.ts';

describe('the system browser', () => {
  let folder: string;
  let certificates: Certificates;
  let server: https.Server;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'browser-'));
    certificates = await makeCertificates(['relay.example.test']);
    server = https.createServer({ cert: certificates.cert, key: certificates.key }, (request, response) => {
      response.end(`<h1>${request.headers.host?.split(':')[0]}</h1>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `https://relay.example.test:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await certificates?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test('opens an https page of this test by its host name', async () => {
    const browser = await startBrowser({
      profile: path.join(folder, 'trusting'),
      localHosts: ['relay.example.test'],
      trustedKeyHashes: [certificates.publicKeyHash],
    });
    try {
      const page = await browser.open(origin);
      expect(await page.locator('h1').textContent()).toBe('relay.example.test');
    } finally {
      await browser.stop();
    }
  });

  test('a key that is not named is refused', async () => {
    const browser = await startBrowser({
      profile: path.join(folder, 'strict'),
      localHosts: ['relay.example.test'],
      trustedKeyHashes: [Buffer.alloc(32, 7).toString('base64')],
    });
    try {
      await expect(browser.open(origin)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
    } finally {
      await browser.stop();
    }
  });
});
