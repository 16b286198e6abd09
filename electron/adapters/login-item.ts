/** Whether the system starts the app, hidden, when the person logs in. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { App } from 'electron';
import { done, failed, type Result } from '../../shared/result.ts';
import { diskCodeOf } from './durable-file.ts';
import type { Environment } from './environment.ts';

/** No window, only the tray. */
const ARGS = ['--hidden'];
const ENTRY = 'cafe24-token-keeper.desktop';

export interface LoginItem {
  isOn(): boolean;
  set(on: boolean): Promise<Result<void>>;
}

export function createLoginItem(options: {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings' | 'isPackaged' | 'getAppPath'>;
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly execPath: string;
}): LoginItem {
  const { app, platform, env } = options;
  // From a checkout the runtime must be told which app to run.
  const args = app.isPackaged ? ARGS : [app.getAppPath(), ...ARGS];
  if (platform === 'linux') {
    // An AppImage runs from a mount that is gone at the next login.
    return autostartEntry(env, [env.APPIMAGE || options.execPath, ...args]);
  }
  return {
    isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
    async set(on) {
      app.setLoginItemSettings({ openAtLogin: on, args });
      return done(undefined);
    },
  };
}

/**
 * The desktops' common way (freedesktop.org, Desktop Application Autostart); Electron's own call does nothing on Linux.
 */
function autostartEntry(env: Environment, command: readonly string[]): LoginItem {
  const config = env.XDG_CONFIG_HOME;
  const base = config && path.isAbsolute(config) ? config : path.join(homedir(), '.config');
  const file = path.join(base, 'autostart', ENTRY);
  return {
    isOn: () => existsSync(file),
    async set(on) {
      try {
        if (!on) await rm(file, { force: true });
        else {
          await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
          await writeFile(file, desktopEntryOf(command));
        }
        return done(undefined);
      } catch (error) {
        return failed(diskCodeOf(error));
      }
    },
  };
}

/** Pure. */
export function desktopEntryOf(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Cafe24 Token Keeper',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Quoting of the Desktop Entry Specification, "The Exec key": first its own, then that of a string value. */
function quoted(word: string): string {
  const escaped = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${escaped.replaceAll('\\', '\\\\')}"`;
}
