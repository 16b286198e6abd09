import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { until } from '../tests/support/poll.ts';
import { type RunningProcess, run, startProcess } from './child-process.ts';
import { startSessionBus, waitForName } from './session-bus.ts';
import { type ScreenSize, startVirtualDisplay } from './virtual-display.ts';

export interface DesktopOptions {
  /**
   * `bare`: a display and a session bus; whoever uses it plays tray host and notification daemon.
   * `panel`: also a window manager, a panel with a real tray, and a notification daemon that draws.
   */
  readonly kind: 'bare' | 'panel';
  readonly size?: ScreenSize;
}

export interface Desktop {
  /** The whole environment for programs on it. Of ours only PATH and the user's name are in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly busAddress: string;
  readonly display: string;
  /** Its private folder, with the logs of its parts; gone after `stop`. */
  readonly folder: string;
  stop(): Promise<void>;
}

type Teardown = () => Promise<void>;

const CONFIG_SOURCE = path.join(import.meta.dirname, 'desktop');
const READY_TIMEOUT_MS = 20_000;
const BACKGROUND = '#7f8a94';

/** True where a person can see a window that we open. */
export function hasDisplay(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return os.platform() !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Brings up a private desktop for programs that need one, apart from a desktop that may be running: its own display,
 * bus, home and XDG folders. Needs the packages `display` and `bus`, for a panel also `panel`.
 */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'desktop-'));
  const teardowns: Teardown[] = [
    // The last programs may still write while they go.
    () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  ];
  const stop = async () => {
    for (const teardown of teardowns.splice(0).reverse()) await teardown();
  };
  try {
    const folders = await makeFolders(folder);
    const display = await startVirtualDisplay(folder, folders, options.size ?? { width: 1280, height: 800 });
    teardowns.push(display.stop);
    const onDisplay = { ...folders, DISPLAY: display.display, XAUTHORITY: display.authorityFile };
    const bus = await startSessionBus(folder, onDisplay, options.kind === 'panel' ? ['org.xfce.Xfconf'] : []);
    teardowns.push(bus.stop);
    const env = { ...onDisplay, DBUS_SESSION_BUS_ADDRESS: bus.address };
    if (options.kind === 'panel') await startPanel(folder, env, bus.address, teardowns);
    return { env, busAddress: bus.address, display: display.display, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A desktop for as long as `use` takes. */
export async function withDesktop<T>(
  options: DesktopOptions,
  use: (desktop: Desktop) => Promise<T>,
): Promise<T> {
  const desktop = await startDesktop(options);
  try {
    return await use(desktop);
  } finally {
    await desktop.stop();
  }
}

async function makeFolders(folder: string): Promise<Record<string, string>> {
  const folders = {
    HOME: path.join(folder, 'home'),
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    XDG_DATA_HOME: path.join(folder, 'data'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_RUNTIME_DIR: path.join(folder, 'run'),
  };
  for (const each of Object.values(folders)) await mkdir(each, { mode: 0o700 });
  const kept = ['PATH', 'USER', 'LOGNAME', 'LANG'].flatMap((name) => {
    const value = process.env[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    LANG: 'C.UTF-8',
    ...Object.fromEntries(kept),
    ...folders,
    XDG_CURRENT_DESKTOP: 'XFCE',
    // Accessibility services would be started over the bus, and are not there.
    NO_AT_BRIDGE: '1',
  };
}

async function startPanel(
  folder: string,
  env: Readonly<Record<string, string>>,
  busAddress: string,
  teardowns: Teardown[],
): Promise<void> {
  const panelConfig = path.join(folder, 'config/xfce4/xfconf/xfce-perchannel-xml');
  await mkdir(panelConfig, { recursive: true });
  await copyFile(path.join(CONFIG_SOURCE, 'xfce4-panel.xml'), path.join(panelConfig, 'xfce4-panel.xml'));
  const start = async (command: string, args: readonly string[]): Promise<RunningProcess> => {
    const started = await startProcess(command, args, { env, logFile: path.join(folder, `${command}.log`) });
    teardowns.push(() => started.stop());
    return started;
  };
  // Black, as X starts, swallows the edges of windows and menus in pictures.
  await run('xsetroot', ['-solid', BACKGROUND], { env, timeoutMs: 5_000 });
  await start('openbox', ['--sm-disable']);
  await start('xfce4-panel', ['--disable-wm-check']);
  await start('dunst', ['-config', path.join(CONFIG_SOURCE, 'dunstrc')]);
  await waitForName(busAddress, 'org.kde.StatusNotifierWatcher', READY_TIMEOUT_MS);
  await waitForName(busAddress, 'org.freedesktop.Notifications', READY_TIMEOUT_MS);
  await until(() => hasWindowManager(env), { timeoutMs: READY_TIMEOUT_MS, what: 'the window manager' });
}

async function hasWindowManager(env: Readonly<Record<string, string>>): Promise<boolean> {
  const asked = await run('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], { env, timeoutMs: 5_000 });
  return asked.code === 0 && asked.stdout.includes('window id');
}
