import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import dbus from 'dbus-next';
import type { Environment } from '../../scripts/child-process.ts';
import { connectToBus, leaveBus, startSessionBus } from '../../scripts/session-bus.ts';

const NAME = 'org.freedesktop.login1';
const MANAGER = `${NAME}.Manager`;

/** Plays systemd-logind on a system bus of its own: tells of sleep, waking and shutdown as it does. */
export interface Logind {
  /** DBUS_SYSTEM_BUS_ADDRESS for the programs of this machine. */
  readonly busAddress: string;
  /** What programs asked it to wait for, each as `sleep` or `shutdown`. */
  asked(): readonly string[];
  sleep(): void;
  wake(): void;
  shutdown(): void;
  stop(): Promise<void>;
}

class Manager extends dbus.interface.Interface {
  readonly asked: string[] = [];

  /** A lock is a file descriptor, which this bus library cannot send: as where policy grants nobody a lock. */
  Inhibit(what: string, _who: string, _why: string, _mode: string): never {
    this.asked.push(what);
    throw new dbus.DBusError('org.freedesktop.DBus.Error.AccessDenied', 'no locks here');
  }
  PrepareForSleep(isStarting: boolean): boolean {
    return isStarting;
  }
  PrepareForShutdown(isStarting: boolean): boolean {
    return isStarting;
  }
}
Manager.configureMembers({
  methods: { Inhibit: { inSignature: 'ssss', outSignature: 'h' } },
  signals: { PrepareForSleep: { signature: 'b' }, PrepareForShutdown: { signature: 'b' } },
});

export async function startLogind(parent: string, env: Environment): Promise<Logind> {
  const folder = path.join(parent, 'system-bus');
  await mkdir(folder, { recursive: true });
  const daemon = await startSessionBus(folder, env);
  const bus = await connectToBus(daemon.address);
  const manager = new Manager(MANAGER);
  bus.export('/org/freedesktop/login1', manager);
  await bus.requestName(NAME, 0);
  return {
    busAddress: daemon.address,
    asked: () => [...manager.asked],
    sleep: () => void manager.PrepareForSleep(true),
    wake: () => void manager.PrepareForSleep(false),
    shutdown: () => void manager.PrepareForShutdown(true),
    async stop() {
      leaveBus(bus);
      await daemon.stop();
    },
  };
}
