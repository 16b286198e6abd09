import { type BrowserWindowConstructorOptions, nativeTheme, screen } from 'electron';
import type { ShellMemory } from '../../core/presenter.ts';
import { openingPlaceOf, type Size } from './window-place.ts';

const USUAL: Size = { width: 420, height: 680 };
const LEAST: Size = { width: 380, height: 480 };
const BACKGROUND = { light: '#f6f6f4', dark: '#1b1c1e' } as const;

export interface WindowMaking {
  readonly preload: string;
  /** A file; on Windows and Macs the app's own icon is used. */
  readonly icon: string;
  readonly memory: ShellMemory;
  readonly developerTools: boolean;
}

/** The page's own colour, so that nothing flashes before its first paint. */
export function backgroundOf(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

/** How the window is made; the page's side of it is closed in every way Electron offers. */
export function windowOptionsOf({
  preload,
  icon,
  memory,
  developerTools,
}: WindowMaking): BrowserWindowConstructorOptions {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  return {
    ...openingPlaceOf(memory.windowPlace(), areas, USUAL, LEAST),
    minWidth: LEAST.width,
    minHeight: LEAST.height,
    show: false,
    maximizable: false,
    fullscreenable: false,
    autoHideMenuBar: true,
    ...(process.platform === 'linux' ? { icon } : {}),
    backgroundColor: backgroundOf(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      // The spell checker downloads its dictionaries.
      spellcheck: false,
      devTools: developerTools,
    },
  };
}
