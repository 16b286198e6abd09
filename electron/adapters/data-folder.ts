import path from 'node:path';

const NAME = 'cafe24-token-keeper';

/**
 * The data folder (design, section 2): `CAFE24_KEEPER_HOME`, else the app's folder under the platform's appData. Plain
 * Node, so that the command line finds the same one.
 */
export function dataFolderOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env.CAFE24_KEEPER_HOME) return path.resolve(env.CAFE24_KEEPER_HOME);
  switch (platform) {
    case 'win32':
      return path.join(env.APPDATA || path.join(home, 'AppData', 'Roaming'), NAME);
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', NAME);
    default:
      return path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), NAME);
  }
}
