import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createReleaseFeed } from '../../../electron/adapters/release-feed.ts';
import { networkOf } from '../../support/networks.ts';

const network = networkOf();
const askReleaseFeed = createReleaseFeed(() => network);

let server: http.Server | undefined;
const heard: http.IncomingHttpHeaders[] = [];

afterEach(() => {
  server?.close();
  heard.length = 0;
});

async function serve(answer: (path: string, response: http.ServerResponse) => void): Promise<string> {
  server = http.createServer((request, response) => {
    heard.push(request.headers);
    answer(request.url ?? '', response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
}

test('a feed is read, through a redirect as release hosts make them, and hears nothing of who asks', async () => {
  const address = await serve((path, response) => {
    if (path === '/feed') response.writeHead(302, { location: '/latest.json' }).end();
    else response.end('{"version":"0.2.0"}');
  });
  expect(await askReleaseFeed(address)).toEqual({ ok: true, value: '{"version":"0.2.0"}' });
  expect(Object.keys(heard[1] ?? {}).sort()).toEqual(['connection', 'host']);
});

test.each<[string, (path: string, response: http.ServerResponse) => void]>([
  ['redirects in a circle', (_path, response) => void response.writeHead(302, { location: '/feed' }).end()],
  [
    'redirects to a place no feed may be',
    (_path, response) => void response.writeHead(302, { location: 'http://example.com/' }).end(),
  ],
  ['is missing', (_path, response) => void response.writeHead(404).end()],
  ['does not end', (_path, response) => void response.end('x'.repeat(200_000))],
])('a feed that %s is no feed', async (_what, answer) => {
  expect(await askReleaseFeed(await serve(answer))).toMatchObject({ ok: false, code: 'network.unreachable' });
});
