/**
 * Whether the desktop shows trays, watched. On Linux an icon made while no panel runs becomes one of the old X kind,
 * which today's panels do not show, and stays so. So panels are watched for on the session bus.
 */
import type { Log } from '../../ports.ts';
import { connectSessionBus, type SessionBus } from './session-bus.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const HOST_APPEARED = `type='signal',interface='${WATCHER}',member='StatusNotifierHostRegistered'`;
const OWNER_CHANGED = `type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${WATCHER}'`;

export interface TrayHost {
  /** Whether a tray icon made now would be seen. */
  isThere(): boolean;
  /** Calls back when a panel appears, also one in the place of another. */
  onAppear(listener: () => void): () => void;
  stop(): void;
}

/** Everywhere but on Linux the system itself is the host. */
const ALWAYS_THERE: TrayHost = { isThere: () => true, onAppear: () => () => {}, stop: () => {} };

/** Looks once, then keeps watching. Resolves within seconds, also without a session bus (then there is no host). */
export async function watchTrayHost(options: {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}): Promise<TrayHost> {
  const { platform, env, log } = options;
  if (platform !== 'linux') return ALWAYS_THERE;

  const listeners = new Set<() => void>();
  let there = false;

  const bus = await connectSessionBus(env, () => {
    there = false;
    log.warn('tray', 'the session bus is gone');
  });
  if (bus === null) log.warn('tray', 'no session bus: no tray');

  const look = async (): Promise<void> => {
    const was = there;
    there = bus !== null && (await hasHost(bus));
    if (there && !was) {
      log.info('tray', 'a panel is there');
      for (const listener of [...listeners]) listener();
    }
  };

  bus?.onSignal(({ member, body }) => {
    // A new owner knows nothing of what was registered with the old one.
    if (member === 'NameOwnerChanged') there = false;
    if (member === 'StatusNotifierHostRegistered' || body[2] !== '') void look();
  });
  // At once, for the bus takes them in this order: a panel that comes after the look is told by a signal.
  await Promise.all([bus?.matchSignals(OWNER_CHANGED), bus?.matchSignals(HOST_APPEARED), look()]);

  return {
    isThere: () => there,
    onAppear(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    stop() {
      listeners.clear();
      bus?.close();
    },
  };
}

async function hasHost(bus: SessionBus): Promise<boolean> {
  const answer = await bus.call({
    destination: WATCHER,
    path: WATCHER_PATH,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    args: [WATCHER, 'IsStatusNotifierHostRegistered'],
  });
  return answer?.[0] === true;
}
