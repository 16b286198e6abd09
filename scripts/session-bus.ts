import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import dbus from 'dbus-next';
import { until } from '../tests/support/poll.ts';
import { announcedLine, type Environment, startProcess } from './child-process.ts';

export interface SessionBus {
  readonly address: string;
  stop(): Promise<void>;
}

const SERVICES = '/usr/share/dbus-1/services';
const GREETING_TIMEOUT_MS = 15_000;

/**
 * A private session bus in `folder`. It starts no service by itself but the named ones: what a machine happens to
 * have installed (a keyring that asks for a password, another notification daemon) stays out.
 */
export async function startSessionBus(
  folder: string,
  env: Environment,
  services: readonly string[] = [],
): Promise<SessionBus> {
  const activated = path.join(folder, 'services');
  await mkdir(activated, { recursive: true });
  for (const name of services) {
    const file = path.join(SERVICES, `${name}.service`);
    if (existsSync(file)) await copyFile(file, path.join(activated, `${name}.service`));
  }
  const socket = path.join(folder, 'bus');
  const config = path.join(folder, 'bus.conf');
  await writeFile(config, busConfiguration(socket, activated));
  const logFile = path.join(folder, 'bus.log');
  const daemon = await startProcess(
    'dbus-daemon',
    ['--nofork', `--config-file=${config}`, '--print-address=3'],
    { env, logFile, extraPipe: true },
  );
  try {
    // Its socket is there a moment before anybody may connect to it.
    await announcedLine(daemon, { timeoutMs: 15_000, what: 'the session bus', logFile });
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return { address: `unix:path=${socket}`, stop: () => daemon.stop() };
}

/** Leaves the bus. What still comes in finds nobody: the library would answer it into its closed stream, and throw. */
export function leaveBus(bus: dbus.MessageBus): void {
  bus.send = () => {};
  bus.disconnect();
}

function busConfiguration(socket: string, activated: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${activated}</servicedir>
  <policy context="default">
    <!-- Who may open the socket is said by its folder alone. -->
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}

/**
 * A connection of our own, once the bus has greeted it. Throws where none serves at the address. A bus that ends later
 * takes its connections along, which is no error to report.
 */
export async function connectToBus(address: string): Promise<dbus.MessageBus> {
  const bus = dbus.sessionBus({ busAddress: address });
  bus.on('error', () => {});
  try {
    await once(bus, 'connect', { signal: AbortSignal.timeout(GREETING_TIMEOUT_MS) });
  } catch (error) {
    leaveBus(bus);
    throw new Error(`no bus answers at ${address}`, { cause: error });
  }
  return bus;
}

/** Waits until somebody owns the name, as a panel owns org.kde.StatusNotifierWatcher once it shows a tray. */
export async function waitForName(address: string, name: string, timeoutMs: number): Promise<void> {
  const bus = await connectToBus(address);
  try {
    const ask = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'NameHasOwner',
      signature: 's',
      body: [name],
    };
    await until(async () => (await bus.call(new dbus.Message(ask)))?.body[0] === true, {
      timeoutMs,
      what: `an owner of ${name}`,
      everyMs: 100,
    });
  } finally {
    leaveBus(bus);
  }
}
