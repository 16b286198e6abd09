import type { TrayView } from '../../../shared/tray-view.ts';

/** Panels are light or dark by themselves; a Mac colours a template image as it needs. */
export type Panel = 'light' | 'dark' | 'template';

export interface TrayPicture {
  /** Below the build's icon folder. */
  readonly file: string;
  readonly scaleFactor: number;
}

/** Windows draws 16 pixels, times the screen's scale. */
const WINDOWS_SIZES = [
  [16, 1],
  [24, 1.5],
  [32, 2],
  [48, 3],
] as const;

/** The pictures that make one icon (names as `scripts/make-icons.ts` writes them), the plainest first. */
export function trayPicturesOf(
  icon: TrayView['icon'],
  panel: Panel,
  platform: NodeJS.Platform,
  screenScale: number,
): readonly TrayPicture[] {
  const shape = icon.toLowerCase().replaceAll('_', '-');
  const picture = (size: number, scaleFactor: number): TrayPicture => ({
    file: `tray/${panel}/${shape}-${size}.png`,
    scaleFactor,
  });
  if (panel === 'template') {
    return [
      { file: `tray/template/${shape}Template.png`, scaleFactor: 1 },
      { file: `tray/template/${shape}Template@2x.png`, scaleFactor: 2 },
    ];
  }
  if (platform === 'win32') return WINDOWS_SIZES.map(([size, scaleFactor]) => picture(size, scaleFactor));
  // Over the bus goes one picture, and the panel scales it.
  return [picture(screenScale > 1 ? 48 : 24, 1)];
}
