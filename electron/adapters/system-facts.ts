/** What kind of machine this is, as far as it decides what works: for diagnostics. */
import os from 'node:os';
import type { App, Notification, SafeStorage } from 'electron';
import type { Fact } from '../core/diagnostics.ts';
import type { DataFolder } from './data-folder.ts';
import type { Keyring } from './secrets/safe-storage.ts';

export interface SystemFactsParts {
  readonly app: Pick<App, 'isPackaged'>;
  readonly safeStorage: Pick<SafeStorage, 'getSelectedStorageBackend'>;
  /** As the vault asks it: Electron's own `isEncryptionAvailable` holds everything up while a keyring is locked. */
  readonly keyring: Pick<Keyring, 'available'>;
  readonly notification: Pick<typeof Notification, 'isSupported'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataFolder: DataFolder;
  /** Null while nobody has looked. */
  hasTray(): boolean | null;
}

export async function systemFactsOf(parts: SystemFactsParts): Promise<readonly Fact[]> {
  const { versions, platform, arch } = process;
  const { env, dataFolder } = parts;
  return [
    ['Electron', `${versions.electron} (Chrome ${versions.chrome}, Node ${versions.node})`],
    ['platform', `${platform} ${os.release()} ${arch}`],
    ['desktop', env.XDG_CURRENT_DESKTOP ?? '-'],
    ['session', env.XDG_SESSION_TYPE ?? '-'],
    ['packaged', String(parts.app.isPackaged)],
    ['keyring', await keyringOf(parts)],
    ['tray', wordOf(parts.hasTray())],
    ['notices', wordOf(parts.notification.isSupported())],
    [
      'data folder',
      `${dataFolder.folder}, ${dataFolder.keeps ? 'keeps' : `keeps nothing: ${dataFolder.why}`}`,
    ],
  ];
}

/** Only Linux has a choice of keyrings; elsewhere there is the system's. */
async function keyringOf({ safeStorage, keyring }: SystemFactsParts): Promise<string> {
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : process.platform;
  return `${backend}, ${(await keyring.available()) ? 'available' : 'not available'}`;
}

function wordOf(isThere: boolean | null): string {
  return isThere === null ? 'unknown' : isThere ? 'supported' : 'not supported';
}
