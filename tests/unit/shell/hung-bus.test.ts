import { createServer } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchTrayHost } from '../../../electron/adapters/tray/tray-host.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { SILENT } from '../../support/keeper-bench.ts';

it('a bus that lets us in and then says nothing does not hold up the start of the keeper', async () => {
  const socket = path.join(await temporaryFolder(), 'bus');
  const server = createServer((each) => {
    each.once('data', () => each.write('OK 1234\r\n'));
    each.on('error', () => {});
    onTestFinished(() => void each.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  const host = await watchTrayHost({
    platform: 'linux',
    env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` },
    log: SILENT,
  });
  onTestFinished(() => host.stop());
  expect(host.isThere()).toBe(false);
});
