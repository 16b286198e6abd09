import path from 'node:path';
import { type NativeImage, nativeImage } from 'electron';
import type { TrayView } from '../../../shared/tray-view.ts';
import type { Log } from '../../ports.ts';
import type { Panel } from './tray.ts';

/** Where the build puts a tray picture; the `@2x` beside it is found by Electron. */
export function trayImageFileOf(icon: TrayView['icon'], panel: Panel): string {
  const shape = icon.toLowerCase().replaceAll('_', '-');
  // On a Mac the name's ending is what makes it a template.
  return panel === 'template' ? `tray-${shape}Template.png` : `tray-${shape}-${panel}.png`;
}

/** Loads each picture once. A missing one is a broken build: told in the log, and the icon stays empty. */
export function trayImageLoader(
  folder: string,
  log: Log,
): (icon: TrayView['icon'], panel: Panel) => NativeImage {
  const loaded = new Map<string, NativeImage>();
  return (icon, panel) => {
    const file = trayImageFileOf(icon, panel);
    const known = loaded.get(file);
    if (known) return known;
    const image = nativeImage.createFromPath(path.join(folder, file));
    if (image.isEmpty()) log.error('tray', `no picture ${file}`);
    if (panel === 'template') image.setTemplateImage(true);
    loaded.set(file, image);
    return image;
  };
}
