import { describe, expect, it } from 'vitest';
import { createAdminApi } from '../../../electron/adapters/admin-api.ts';
import { HOUR, openSimulator } from '../../simulator/test-helpers.ts';
import { networkOf } from '../../support/networks.ts';
import { answering, httpAnswer, openRawServer } from './raw-server.ts';

const network = networkOf();

describe('a call of the Admin API', () => {
  it('carries the access token alone, no API version, and leaves no connection behind', async () => {
    const server = await openRawServer(answering(httpAnswer('200 OK', {}, '{"count":3}')));
    const api = createAdminApi({ apiOrigin: `http://127.0.0.1:${server.port}/{mall_id}`, network });
    expect(await api.get('myshop', '/admin/products/count', 'the-token')).toEqual({
      kind: 'answered',
      status: 200,
      body: '{"count":3}',
    });
    const sent = server.connections[0]?.received ?? '';
    expect(sent).toMatch(/^GET \/myshop\/api\/v2\/admin\/products\/count HTTP\/1\.1\r\n/);
    expect(sent).toMatch(/^authorization: Bearer the-token\r$/m);
    expect(sent).toMatch(/^connection: close\r$/im);
    expect(sent).not.toMatch(/x-cafe24-api-version/i);
  });

  it.each(['/admin/products/count', '/admin/webhooks/setting'])(
    '%s tells a live token from a dead one',
    async (path) => {
      const simulator = await openSimulator();
      const { accessToken } = simulator.issue('myshop');
      const api = createAdminApi({ apiOrigin: simulator.apiOrigin, network });
      expect(await api.get('myshop', path, accessToken)).toMatchObject({ kind: 'answered', status: 200 });
      simulator.advance(2 * HOUR);
      expect(await api.get('myshop', path, accessToken)).toMatchObject({ kind: 'answered', status: 401 });
      expect(simulator.requests).toEqual([]);
    },
  );

  it('of a shop that removed the app is answered, not failed', async () => {
    const simulator = await openSimulator();
    const { accessToken } = simulator.issue('myshop');
    simulator.uninstall('myshop');
    const api = createAdminApi({ apiOrigin: simulator.apiOrigin, network });
    expect(await api.get('myshop', '/admin/products/count', accessToken)).toMatchObject({ status: 403 });
  });

  it.each([
    ['a host that nobody knows', 'https://{mall_id}.invalid', 'network.dns'],
    ['a port where nobody listens', 'http://127.0.0.1:1/{mall_id}', 'network.refused'],
  ])('to %s fails with its code', async (_, apiOrigin, code) => {
    const result = await createAdminApi({ apiOrigin, network }).get('myshop', '/admin/store', 'the-token');
    expect(result).toMatchObject({ kind: 'failed', code });
    expect(JSON.stringify(result)).not.toContain('the-token');
  });

  it('that is cut off fails, and does not follow a redirect', async () => {
    const cut = await openRawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')),
    );
    const api = createAdminApi({ apiOrigin: `http://127.0.0.1:${cut.port}/{mall_id}`, network });
    expect(await api.get('myshop', '/admin/store', 't')).toMatchObject({ kind: 'failed' });
    const target = await openRawServer(answering(httpAnswer('200 OK', {})));
    const moved = await openRawServer(
      answering(httpAnswer('302 Found', { Location: `http://127.0.0.1:${target.port}/` })),
    );
    const other = createAdminApi({ apiOrigin: `http://127.0.0.1:${moved.port}/{mall_id}`, network });
    expect(await other.get('myshop', '/admin/store', 't')).toMatchObject({ status: 302 });
    expect(target.connections).toEqual([]);
  });
});
