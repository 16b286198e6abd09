import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type NativeImage, nativeImage, screen } from 'electron';
import type { TrayView } from '../../../shared/tray-view.ts';
import type { Log } from '../../ports.ts';
import { type Panel, trayPicturesOf } from './tray-image-file.ts';

/** Loads each icon once. A missing picture is a broken build: told in the log, and the icon stays empty. */
export function trayImageLoader(options: {
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}): (icon: TrayView['icon'], panel: Panel) => NativeImage {
  const { folder, platform, log } = options;
  const loaded = new Map<string, NativeImage>();

  const load = (icon: TrayView['icon'], panel: Panel): NativeImage => {
    const image = nativeImage.createEmpty();
    const scale = screen.getPrimaryDisplay().scaleFactor;
    for (const { file, scaleFactor } of trayPicturesOf(icon, panel, platform, scale)) {
      try {
        image.addRepresentation({ scaleFactor, buffer: readFileSync(path.join(folder, file)) });
      } catch (error) {
        log.error('tray', `${file} could not be loaded: ${(error as NodeJS.ErrnoException).code}`);
      }
    }
    if (panel === 'template') image.setTemplateImage(true);
    return image;
  };

  return (icon, panel) => {
    const key = `${icon}/${panel}`;
    const image = loaded.get(key) ?? load(icon, panel);
    loaded.set(key, image);
    return image;
  };
}
