/** The tray icon: a projection of a view, made again when the panel appears that was missing at first. */
import { Menu, type NativeImage, nativeTheme, Tray } from 'electron';
import type { TrayAction, TrayView } from '../../../shared/tray-view.ts';
import type { Log } from '../../ports.ts';
import type { TrayHost } from './tray-host.ts';
import type { Panel } from './tray-image-file.ts';
import { menuTemplateOf, usableCommandOf } from './tray-menu.ts';

export interface TrayIcon {
  /** Shows this. Cheap when nothing changed: only what differs is handed to the system. */
  render(view: TrayView): void;
  destroy(): void;
}

export function createTrayIcon(options: {
  readonly platform: NodeJS.Platform;
  readonly host: TrayHost;
  readonly image: (icon: TrayView['icon'], panel: Panel) => NativeImage;
  readonly log: Log;
  readonly onAction: (action: TrayAction) => void;
  /** The left click, where the system tells of it. */
  readonly onClick: () => void;
}): TrayIcon {
  const { platform, host, image, log, onAction, onClick } = options;
  let tray: Tray | null = null;
  let wasMadeForHost = false;
  let wanted: TrayView | null = null;
  /** What the system was given last; empty for a new icon. */
  let shown: { readonly icon?: string; readonly tooltip?: string; readonly menu?: string } = {};

  const project = (): void => {
    if (wanted === null) return;
    const panel = panelOf(platform);
    const next = {
      icon: `${wanted.icon}/${panel}`,
      tooltip: wanted.tooltip,
      menu: JSON.stringify(wanted.menu),
    };
    if (tray === null) {
      tray = new Tray(image(wanted.icon, panel));
      wasMadeForHost = host.isThere();
      // A Mac opens the menu on every click.
      if (platform !== 'darwin') tray.on('click', onClick);
    } else if (next.icon !== shown.icon) {
      tray.setImage(image(wanted.icon, panel));
    }
    if (next.tooltip !== shown.tooltip) tray.setToolTip(wanted.tooltip);
    if (next.menu !== shown.menu) {
      const template = menuTemplateOf(wanted.menu, (clicked) => {
        const usable = wanted && usableCommandOf(wanted, clicked);
        log.info('tray', `${clicked.id} clicked${usable ? '' : ', though it cannot be used now'}`);
        if (usable) onAction(usable.action);
      });
      tray.setContextMenu(Menu.buildFromTemplate(template));
    }
    shown = next;
  };

  const remove = (): void => {
    tray?.destroy();
    tray = null;
    shown = {};
  };

  const forgetHost = host.onAppear(() => {
    // A panel in the place of another is told by Chromium itself.
    if (wasMadeForHost) return;
    remove();
    project();
  });
  nativeTheme.on('updated', project);

  return {
    render(view) {
      wanted = view;
      project();
    },
    destroy() {
      forgetHost();
      nativeTheme.off('updated', project);
      wanted = null;
      remove();
    },
  };
}

function panelOf(platform: NodeJS.Platform): Panel {
  if (platform === 'darwin') return 'template';
  // Windows colours its taskbar apart from its windows; older runtimes cannot tell.
  const dark =
    (nativeTheme.shouldUseDarkColorsForSystemIntegratedUI as boolean | undefined) ??
    nativeTheme.shouldUseDarkColors;
  return dark ? 'dark' : 'light';
}
